"""Tests of benchmarks.starting: a start is timed until the page is there, and its table says so."""

from pathlib import Path

import pytest
from browsing import browser
from playwright.sync_api import Browser

from benchmarks.starting import markdown, opened, served

__all__ = ["browser"]  # a fixture


@pytest.mark.browser
def test_a_start_is_timed_and_weighed(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "index") as (address, seconds):
        seen = opened(browser, address)
    assert seconds > 0
    assert seen["paint"] > 0
    assert seen["ready"] > 0
    assert seen["requests"] > 10
    assert seen["bytes"] > 100_000, "gradio's own scripts are counted"


def test_a_server_that_ends_is_no_start(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("no folder")
    with pytest.raises(RuntimeError, match=r"did not answer: .*index"), served(tmp_path / "index"):
        pass


def test_the_table_gives_median_and_slowest_beside_what_must_be_reached() -> None:
    one = {"server": 3.0, "paint": 0.5, "ready": 2.0, "requests": 40, "bytes": 1_500_000}
    slow = {"server": 4.0, "paint": 0.9, "ready": 6.0, "requests": 42, "bytes": 1_500_000}
    machine = {"date": "2030-01-01", "cores": 2, "cpu": "a mill", "load": 0.1}
    table = markdown({"machine": machine, "runs": [one, slow, one]})
    assert "| until the server answers, s | 3.00 | 4.00 | 5 |" in table
    assert "| then until the browser shows something, s | 0.50 | 0.90 | 2 |" in table
    assert "listed and looked through, s | 2.00 | 6.00 |  |" in table
    assert "| what is sent, MB | 1.50 | 1.50 | |" in table
    assert "| in requests | 40 | 42 | |" in table
    assert "3 starts" in table
