"""The sync that goes on: one at a time, seen and stopped by everybody who looks at the page."""

from collections.abc import Callable
from threading import Event, Lock
from typing import NamedTuple, TypeVar

from index.errors import SyncStopped
from index.progress import Progress
from ui import wording

EACH_SECONDS = 0.2

Given = TypeVar("Given")


class Far(NamedTuple):
    """How far a sync is; what a `Progress` is told."""

    done: int
    total: int
    what: str


class Ongoing:
    """Has syncs come one after the other; those who wait are told how far the present one is."""

    def __init__(self) -> None:
        """None goes on."""
        self._turn = Lock()
        self._stopping = Event()
        self._far: Far | None = None

    @property
    def far(self) -> Far | None:
        """How far the sync is that goes on; None when there is none."""
        return self._far

    def stop(self) -> None:
        """End the sync that goes on; what it has embedded is kept for the next."""
        self._stopping.set()

    def run(self, sync: Callable[[Progress], Given], progress: Progress, *others: Event) -> Given:
        """What a sync gives, once those before it are over.

        Args:
            sync: The sync, which is to tell its progress.
            progress: Told how far it is, and before it how far the one is that goes on.
            others: Once one of them is set, it ends as by `stop`.

        Raises:
            SyncStopped: It was stopped, or another before it while this one waited.
        """

        def tell(far: Far | None) -> None:
            if any(stopping.is_set() for stopping in (self._stopping, *others)):
                raise SyncStopped(wording.SYNC_STOPPED)
            if far and far.total:
                progress(*far)

        def follow(done: int, total: int, what: str) -> None:
            self._far = Far(done, total, what)
            tell(self._far)

        while not self._turn.acquire(timeout=EACH_SECONDS):
            tell(self._far)
        try:
            self._stopping.clear()
            self._far = Far(0, 0, "")
            return sync(follow)
        finally:
            self._far = None
            self._turn.release()
