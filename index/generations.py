"""The files of the words' view: a folder for each time it was built, and which of them holds."""

import json
import os
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from index.mirror import FileState
from index.untouched import known_whole, remember_whole

_STATE = "state.json"
_DRAFT = _STATE + ".draft"
_CHECKED = "checked.json"
_META = "meta.json"  # tantivy's own
_READ_AT_ONCE = 1 << 20


class State(NamedTuple):
    """What the saved view is.

    Attributes:
        layout: Which fields the files have.
        generation: Which folder of files holds.
        sequence: Number of the last change applied.
        n_removed: How many passages were removed since it was built.
        commit: tantivy's number of the commit that the files are of.
        checksums: CRC-32 of each file, by name.
    """

    layout: int
    generation: int
    sequence: int
    n_removed: int
    commit: int
    checksums: Mapping[str, int]


class Generations:
    """The folder of the words' view, with a numbered folder of tantivy's for each build."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def folder(self, state: State) -> Path:
        """Where the files of a state lie."""
        return self._folder / str(state.generation)

    def begin(self) -> tuple[int, Path]:
        """Number of a new generation, and its empty folder."""
        number = max(self._numbers(), default=0) + 1
        folder = self._folder / str(number)
        folder.mkdir(parents=True)
        return number, folder

    def discard_others(self, generation: int) -> None:
        """Delete the folders of all other generations."""
        for number in self._numbers():
            if number != generation:
                shutil.rmtree(self._folder / str(number), ignore_errors=True)

    def saved(self) -> State:
        """The state on disk; what is raised when it cannot be read is many things."""
        return State(**json.loads((self._folder / _STATE).read_text(encoding="utf-8")))

    def draft(self, state: State) -> State:
        """Write down the state of files as they lie, with their checksums; `settle` makes it hold.

        Raises:
            OSError: It cannot be written.
        """
        folder = self.folder(state)
        known = {name: crc for name, crc in state.checksums.items() if name != _META}
        checksums = {
            path.name: known.get(path.name) or _checksum(path)
            for path in folder.iterdir()
            if not path.name.startswith(".")
        }
        state = state._replace(commit=_commit(folder), checksums=checksums)
        with (self._folder / _DRAFT).open("w", encoding="utf-8") as file:
            json.dump(state._asdict(), file)
            file.flush()
            os.fsync(file.fileno())
        return state

    def settle(self) -> None:
        """Put the draft of the state in place of what stood there, in one step."""
        (self._folder / _DRAFT).replace(self._folder / _STATE)

    def at_rest(self, state: State) -> bool:
        """Whether the files are of the commit that they were saved with."""
        return _commit(self.folder(state)) == state.commit

    def are_whole(self, state: State) -> bool:
        """Whether the files are as they were saved, but for what another process adds just now.

        tantivy writes a file once; only its list of files changes, and its commit's number with it.
        What nobody has touched since it was found whole is not read again.
        """
        at_rest = self.at_rest(state)
        known, found = known_whole(self._folder / _CHECKED), {}
        for name, checksum in state.checksums.items():
            path = self.folder(state) / name
            if not at_rest and (name == _META or not path.exists()):
                continue
            found[name] = FileState.of(path.stat())
            if found[name] != known.get(name) and _checksum(path) != checksum:
                return False
        remember_whole(self._folder / _CHECKED, found)
        return True

    def fault(self) -> str | None:
        """What is wrong with the files as they lie; None when nothing is, or none do."""
        if not (self._folder / _STATE).exists():
            return None
        try:
            whole = self.are_whole(self.saved())
        except (OSError, ValueError, TypeError) as error:
            return f"cannot be read ({error})"
        return None if whole else "a file differs from its checksum"

    def _numbers(self) -> list[int]:
        names = (path.name for path in self._folder.glob("*") if path.is_dir())
        return [int(name) for name in names if name.isdecimal()]


def _checksum(path: Path) -> int:
    """CRC-32 of a file."""
    checksum = 0
    with path.open("rb") as file:
        while some := file.read(_READ_AT_ONCE):
            checksum = zlib.crc32(some, checksum)
    return checksum


def _commit(folder: Path) -> int:
    """Number of the last commit in a folder of tantivy's; -1 if none can be read."""
    try:
        return int(json.loads((folder / _META).read_bytes())["opstamp"])
    except (OSError, ValueError, TypeError, KeyError):
        return -1
