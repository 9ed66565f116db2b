"""Files that the page took out of the documents folder: kept for a while, and put back."""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

KEPT_DAYS = 30
_NOTE_NAME = "note.json"
_FILE_NAME = "file"
_KEY = re.compile(r"\w{1,40}")


class Kept(NamedTuple):
    """A file that was removed and can be put back.

    Attributes:
        key: What it is put back by.
        document_id: Where it stood below the documents folder.
        removed: When, in seconds since 1970.
    """

    key: str
    document_id: str
    removed: float


class Removed:
    """The folder in which removed files lie, a folder for each; it is made when it is needed."""

    def __init__(self, folder: Path) -> None:
        """Keep them here."""
        self._folder = folder

    def take(self, document_id: str, documents: Path) -> Kept:
        """Moves the file of a document out of the documents folder.

        What it was goes on disk before the file goes, so that nothing is lost in between.

        Raises:
            ValueError: The id names no file inside the folder.
            OSError: It cannot be moved, and stays where it is.
        """
        path = documents / document_id
        if not _is_inside(path, documents) or not (path.is_file() or path.is_symlink()):
            raise ValueError(f"There is no file '{document_id}' in the documents folder.")
        self._folder.mkdir(exist_ok=True)
        place = self._folder / token_hex(8)
        place.mkdir(mode=0o700)
        kept = Kept(place.name, document_id, time.time())
        try:
            note = {"document_id": document_id, "removed": kept.removed}
            (place / _NOTE_NAME).write_text(json.dumps(note), encoding="utf-8")
            _move(path, place / _FILE_NAME)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return kept

    def put_back(self, key: str, documents: Path) -> str:
        """Moves a removed file back to where it stood, and gives its document's id.

        Raises:
            ValueError: No such file is kept, or another one stands in its place.
            OSError: It cannot be moved, and is kept.
        """
        place = self._folder / key
        kept = self._read(place) if _KEY.fullmatch(key) else None
        if kept is None:
            raise ValueError("This file is no longer kept.")
        target = documents / kept.document_id
        if not _is_inside(target, documents):
            raise ValueError(f"The folder of '{kept.document_id}' leads out of the documents.")
        if os.path.lexists(target):
            raise ValueError(
                f"Another file named '{kept.document_id}' is there now. Rename it or remove it, "
                "then put this one back."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(place / _FILE_NAME, target)
        shutil.rmtree(place, ignore_errors=True)
        return kept.document_id

    def kept(self) -> list[Kept]:
        """Every file that can be put back, the last one removed first."""
        return sorted(self._every(), key=lambda each: -each.removed)

    def forget_old(self) -> None:
        """Deletes for good what was removed more than `KEPT_DAYS` ago."""
        for each in list(self._every()):
            if time.time() - each.removed > KEPT_DAYS * 86_400:
                shutil.rmtree(self._folder / each.key, ignore_errors=True)

    def _every(self) -> Iterator[Kept]:
        with suppress(OSError), os.scandir(self._folder) as places:
            for place in places:
                if kept := self._read(Path(place.path)):
                    yield kept

    def _read(self, place: Path) -> Kept | None:
        """What lies in a folder of a removed file; None when its file has not come or has gone."""
        try:
            note = json.loads((place / _NOTE_NAME).read_text(encoding="utf-8"))
            there = os.path.lexists(place / _FILE_NAME)
            kept = Kept(place.name, str(note["document_id"]), float(note["removed"]))
            return kept if there else None
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _is_inside(path: Path, folder: Path) -> bool:
    return path.parent.resolve().is_relative_to(folder.resolve())


def _move(path: Path, target: Path) -> None:
    """Moves a file or a link; between file systems by a copy that stands whole before it goes."""
    try:
        path.rename(target)
    except OSError:
        try:
            shutil.copy2(path, target, follow_symlinks=False)
        except OSError:
            target.unlink(missing_ok=True)
            raise
        path.unlink()
