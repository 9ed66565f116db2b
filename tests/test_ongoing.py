"""Tests of ui.ongoing: syncs come one after the other; all see and stop the one that goes on."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from index.errors import SyncStopped
from index.progress import Progress
from ui.ongoing import Far, Ongoing


@contextmanager
def syncing(ongoing: Ongoing) -> Iterator[tuple[Future[str], Event]]:
    """A sync in another thread, at the second of nine files until it may go on."""
    begun, may_go_on = Event(), Event()

    def sync(tell: Progress) -> str:
        tell(2, 9, "reading b.txt")
        begun.set()
        may_go_on.wait(30)
        tell(9, 9, "reading i.txt")
        return "done"

    with ThreadPoolExecutor() as pool:
        first = pool.submit(ongoing.run, sync, untold)
        begun.wait(30)
        try:
            yield first, may_go_on
        finally:
            may_go_on.set()


def untold(done: int, total: int, what: str) -> None:
    """Nobody is told how far it is."""


def test_who_waits_is_told_how_far_the_present_one_is_and_comes_next() -> None:
    ongoing, told = Ongoing(), []
    with syncing(ongoing) as (first, may_go_on):
        assert ongoing.far == Far(2, 9, "reading b.txt")

        def see(done: int, total: int, what: str) -> None:
            told.append((done, total, what))
            may_go_on.set()

        assert ongoing.run(lambda tell: "next", see) == "next"
        assert first.result() == "done"
    assert told[0] == (2, 9, "reading b.txt")
    assert ongoing.far is None


def test_a_stop_ends_the_present_one_and_not_the_next() -> None:
    ongoing = Ongoing()
    with syncing(ongoing) as (first, may_go_on):
        ongoing.stop()
        with pytest.raises(SyncStopped, match="as it was"):
            ongoing.run(lambda tell: "waited", untold)
        may_go_on.set()
        with pytest.raises(SyncStopped):
            first.result()
    assert ongoing.run(lambda tell: tell(1, 1, "reading a.txt") or "next", untold) == "next"


def test_who_waits_may_leave_alone() -> None:
    ongoing, left = Ongoing(), Event()
    left.set()
    with syncing(ongoing) as (first, may_go_on):
        with pytest.raises(SyncStopped):
            ongoing.run(lambda tell: "waited", untold, left)
        may_go_on.set()
        assert first.result() == "done"
