"""An index that follows its folder as it changes; the only door to watchfiles."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import Change
from watchfiles import watch as events

from index.errors import IndexBusy
from index.ignore import FILE_NAME as IGNORE_FILE
from index.mirror import Changes
from index.progress import Progress
from index.search import Index

# Events closer together than this are one change; what an editor writes comes in several.
DEBOUNCE_MS = 400
# So often the folder is read through although no event came: network folders send none.
PATIENCE_MS = 10_000


def watch(
    index: Index, *, progress: Progress | None = None, stop: Event | None = None
) -> Iterator[Changes]:
    """Syncs now and whenever the folder changes; gives what each sync did, the first always.

    A sync after the first that changed nothing is not given, and one that another process's
    writing prevents is done again within seconds.

    Args:
        index: The index, of a folder.
        progress: As of `Index.sync`.
        stop: Ends it when it is set.

    Raises:
        ValueError: The index mirrors no folder.
        FolderUnusable: The folder is missing or cannot be read.
        IndexBusy: Another process is writing the index at the first sync.
    """
    last = index.sync(progress=progress)
    yield last
    for _ in _disturbances(index, stop):
        with suppress(IndexBusy):
            changes = index.sync(progress=progress)
            if changes.any or changes.skipped != last.skipped:
                yield changes
            last = changes


def _disturbances(index: Index, stop: Event | None) -> Iterator[object]:
    """Comes whenever a file may have changed."""
    folder = index.documents
    assert folder is not None  # a sync has gone before

    def is_seen(_: Change, name: str) -> bool:
        path = Path(name)
        if path.is_relative_to(index.folder) or not path.is_relative_to(folder):
            return False
        parts = path.relative_to(folder).parts
        return not any(part.startswith(".") and part != IGNORE_FILE for part in parts)

    return events(
        folder,
        watch_filter=is_seen,
        debounce=DEBOUNCE_MS,
        rust_timeout=PATIENCE_MS,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    )
