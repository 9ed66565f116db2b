"""Files that were found whole, and that nobody has touched since."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from index.mirror import FileState


def known_whole(path: Path) -> dict[str, FileState]:
    """State of each file when it was found whole, by name; a file in that state still is.

    A file that was changed as lately as this was remembered is left out: it may have been changed
    again within one tick of the clock, as nothing would tell.

    Args:
        path: The file that remembers it.
    """
    try:
        written = path.stat().st_mtime_ns
        kept = json.loads(path.read_text(encoding="utf-8"))
        states = {name: FileState(*state) for name, state in kept.items()}
        return {name: it for name, it in states.items() if max(it.modified, it.changed) < written}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember_whole(path: Path, states: Mapping[str, FileState]) -> None:
    """Remember files that were found whole, their states taken before they were read."""
    if states != known_whole(path):
        with suppress(OSError):  # where nothing may be written they are read each time
            path.write_text(json.dumps(states), encoding="utf-8")
