"""Tests of index.progress: a bar for who waits at a terminal, and for nobody else."""

import io
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from index.progress import Bar, Pace


class Terminal(io.StringIO):
    """A terminal that remembers what it showed."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def shown(stream: io.StringIO, *, patience: float, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with Bar(patience=patience) as bar:
        bar(1, 4, "reading a.txt")
        bar(4, 4, "reading " + "b" * 99)
    return stream.getvalue()


def test_a_terminal_that_waits_sees_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(Terminal(), patience=-1, monkeypatch=monkeypatch)
    assert "4/4" in text
    assert "b" * 32 in text
    assert "b" * 33 not in text


def test_the_rate_is_of_the_part_that_is_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", stream)
    with Bar(patience=-1) as bar:
        for done in range(0, 101, 50):
            bar(done, 100, "reading")
            time.sleep(0.3)
        before = stream.getvalue()
        bar(0, 10_000, "encoding passages")
        time.sleep(0.3)
    assert "/s" in before
    assert "/s" not in stream.getvalue()[len(before) :]


def test_a_pace_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pace = Pace()
    assert pace(0, 900) == ""
    now = 102.0
    assert pace(100, 900) == "50/s, 0:16 left"
    assert pace(0, 8_000) == "", "another part begins"
    now = 132.0
    assert pace(10, 40) == "20/min, 1:30 left"


def test_what_is_quick_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(Terminal(), patience=60, monkeypatch=monkeypatch) == ""


def test_what_is_no_terminal_is_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(io.StringIO(), patience=-1, monkeypatch=monkeypatch) == ""


def test_a_files_name_is_shown_and_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with Bar(patience=-1) as bar:
        bar(1, 2, "reading [/x][red]\x1b[31m\x07.txt")
    assert "reading [/x][red]\N{REPLACEMENT CHARACTER}[31m" in stream.getvalue()
    assert "\x1b[31m" not in stream.getvalue()


def test_an_interruption_that_was_ignored_is_raised_at_the_next_call() -> None:
    with Bar() as bar:
        bar(1, 4, "reading a.txt")
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            bar(2, 4, "reading b.txt")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with Bar() as other:
        other(1, 4, "reading a.txt")


def test_who_handles_interruptions_already_does_so_under_a_bar(
    request: pytest.FixtureRequest,
) -> None:
    told: list[int] = []
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    signal.signal(signal.SIGINT, lambda number, _: told.append(number))
    with Bar() as bar:
        signal.raise_signal(signal.SIGINT)
        bar(1, 4, "reading a.txt")
    assert told == [signal.SIGINT]


def test_a_bar_of_another_thread_leaves_interruptions_alone() -> None:
    handlers = []
    with ThreadPoolExecutor() as pool, Bar():
        before = signal.getsignal(signal.SIGINT)

        def entered() -> None:
            with Bar() as bar:
                bar(1, 4, "reading a.txt")
                handlers.append(signal.getsignal(signal.SIGINT))

        pool.submit(entered).result()
        assert handlers == [before]
        assert signal.getsignal(signal.SIGINT) == before
