"""Files that the page removed or replaced in the documents folder: kept for a while, put back."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from ui import wording

KEPT_DAYS = 30
_NOTE_NAME = "note.json"
_FILE_NAME = "file"
_KEY = re.compile(r"\w{1,40}")


class Kept(NamedTuple):
    """A file that was removed or replaced, and can be put back.

    Attributes:
        key: What it is put back by.
        document_id: Where it stood below the documents folder.
        removed: When, in seconds since 1970.
        replaced: Whether another came in its place.
    """

    key: str
    document_id: str
    removed: float
    replaced: bool = False


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
            raise ValueError(wording.no_such_file(document_id))
        return self._kept(document_id, lambda place: _move(path, place))

    def copy(self, document_id: str, documents: Path) -> Kept:
        """Keeps the file of a document as it is, before another comes in its place.

        Raises:
            OSError: It cannot be copied.
        """
        path = documents / document_id
        return self._kept(
            document_id,
            lambda place: shutil.copy2(path, place, follow_symlinks=False),
            replaced=True,
        )

    def forget(self, kept: Kept) -> None:
        """Deletes for good what is kept of a file."""
        shutil.rmtree(self._folder / kept.key, ignore_errors=True)

    def put_back(self, key: str, documents: Path) -> str:
        """Moves a file back to where it stood, and gives its document's id.

        What has come in the place of one that was replaced is kept in turn.

        Raises:
            ValueError: No such file is kept, or another one stands where one was removed.
            OSError: It cannot be moved, and is kept.
        """
        place = self._folder / key
        kept = self._read(place) if _KEY.fullmatch(key) else None
        if kept is None:
            raise ValueError(wording.NOT_KEPT)
        target = documents / kept.document_id
        if not _is_inside(target, documents):
            raise ValueError(wording.folder_leads_out(kept.document_id))
        if os.path.lexists(target):
            if target.is_dir() or not kept.replaced:
                raise ValueError(wording.another_there(kept.document_id))
            self.copy(kept.document_id, documents)
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
                self.forget(each)

    def _kept(
        self, document_id: str, bring: Callable[[Path], object], *, replaced: bool = False
    ) -> Kept:
        """A new folder with a file in it, and what it was."""
        self._folder.mkdir(exist_ok=True)
        place = self._folder / token_hex(8)
        place.mkdir(mode=0o700)
        kept = Kept(place.name, document_id, time.time(), replaced)
        try:
            note = {name: value for name, value in kept._asdict().items() if name != "key"}
            (place / _NOTE_NAME).write_text(json.dumps(note), encoding="utf-8")
            bring(place / _FILE_NAME)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return kept

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
            moment, replaced = float(note["removed"]), bool(note.get("replaced"))
            return Kept(place.name, str(note["document_id"]), moment, replaced) if there else None
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _is_inside(path: Path, folder: Path) -> bool:
    return path.parent.resolve().is_relative_to(folder.resolve())


def _move(path: Path, target: Path) -> None:
    """Moves a file or a link; between file systems by a copy that stands whole before it goes.

    A file that stands at the target is replaced in one step.
    """
    try:
        path.replace(target)
    except OSError:
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.copy2(path, part, follow_symlinks=False)
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        path.unlink()
