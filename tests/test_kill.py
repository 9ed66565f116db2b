"""Tests of killed processes: whatever moment one dies at, nothing is lost and nothing is half."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.faults import Tally, main
from benchmarks.kills import faults, trial
from benchmarks.nursery import HashEncoder
from index.search import Index

KILLS = 300 if os.environ.get("CI") else 30


def test_after_any_kill_an_index_holds_what_was_acknowledged_and_heals(in_memory: Path) -> None:
    tally = Tally()
    with trial(in_memory, seed=1) as tried:
        while tally.killed < KILLS:
            tally.add(tried)
    assert tally.broken == []
    assert tally.acknowledged > KILLS / 20
    assert len(tally.at) >= 10


# That a broken promise is seen


def one_document(place: Path) -> Index:
    """An index of a document of two passages."""
    (place / "library").mkdir()
    text = "\n\n".join(f"{number} " + "mill " * 80 for number in ("One", "Two"))
    (place / "library" / "a.txt").write_text(text, encoding="utf-8")
    index = Index.create(place / "index", documents=place / "library", encoder=HashEncoder())
    index.sync()
    return index


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("DELETE FROM passages WHERE id = 1", "passage 1 is in the log alone"),
        ("UPDATE passages SET start = 2 WHERE id = 1", "its text is not characters 2 to"),
        ("DELETE FROM vectors", "has no vector"),
    ],
)
def test_a_half_state_is_seen(in_memory: Path, statement: str, seen: str) -> None:
    with one_document(in_memory) as index:
        assert list(faults(index.folder)) == []
        index._catalogue._connection.execute("PRAGMA foreign_keys = OFF")
        index._catalogue._connection.execute(statement)
        assert any(seen in fault for fault in faults(index.folder))


def test_the_figures_of_a_run_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["faults", "--kills", "3", "--out", str(tmp_path)])
    assert main() == 0
    kept = json.loads((tmp_path / "faults.json").read_text())
    assert (kept["killed"], sum(kept["at"].values()), kept["broken"]) == (3, 3, [])
    written = (tmp_path / "faults.md").read_text()
    assert "| processes killed while they worked on an index | 3 |" in written
    assert capsys.readouterr().out.startswith(written)
