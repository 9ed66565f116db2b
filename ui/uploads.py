"""Files that people bring to the documents folder."""

import os
import re
import shutil
import unicodedata
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from index.document import MAX_BYTES, load
from index.errors import UnreadableFile
from index.formats import SUFFIXES
from index.ignore import FILE_NAME as IGNORE_FILE
from index.ignore import Rules
from index.parsing import Parser
from ui import wording
from ui.escape import without_unseen
from ui.removed import Kept, Removed

MAX_MEGABYTES = MAX_BYTES // 1_000_000
MAX_FILES = 2_000  # at once: what a browser sends in a few minutes
MAX_FOLDERS = 12  # one in another
_MAX_NAME_BYTES = 150
_MAX_SUFFIX_BYTES = 20
_MAX_PATH_BYTES = 800
_ZIP = b"PK\x03\x04"
# What a file of a format begins with, and how far into the file that may stand.
_BEGINS: dict[str, tuple[bytes, int]] = {
    ".pdf": (b"%PDF-", 1024),
    ".msg": (bytes.fromhex("d0cf11e0a1b11ae1"), 0),
    **dict.fromkeys((".docx", ".epub", ".pptx", ".xlsx"), (_ZIP, 0)),
}
_FORBIDDEN = re.compile('[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ud800-\udfff<>:"/\\\\|?*]')
_RESERVED = re.compile(  # by Windows
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])(\..*)?", re.IGNORECASE
)


class Brought(NamedTuple):
    """A file that somebody brings.

    Attributes:
        name: Its path below the folder that it was dropped with, or its name alone.
        size: In bytes, as the browser says.
        path: Where it was uploaded to; None when the browser did not send it, since it is of no
            format that is read, or too large.
    """

    name: str
    size: int
    path: Path | None


class Received(NamedTuple):
    """What became of one file that was brought.

    Attributes:
        name: Its name in the folder.
        outcome: What was done with it.
        reason: Why it was refused, with what to do.
        passed_over: Whether the folder's `.quothignore` names it, so that it is not indexed.
        kept: The file that it replaced.
    """

    name: str
    outcome: Literal["added", "replaced", "unchanged", "refused"]
    reason: str = ""
    passed_over: bool = False
    kept: Kept | None = None

    def __str__(self) -> str:
        return wording.received(self.name, self.outcome, self.reason, passed_over=self.passed_over)


def receive(
    brought: Brought, folder: Path, *, removed: Removed, parser: Parser | None = None
) -> Received:
    """Moves a file that was uploaded into the documents folder, under a safe name.

    The name is kept as far as it can be, with the folders it came in; the file never lands
    outside the folder. One that stands there under the same name is replaced, in one step, and
    kept; the outcome says so.

    Args:
        brought: The file.
        folder: The documents folder.
        removed: Where a file that is replaced is kept.
        parser: Of many files; by default one for this file alone.
    """
    name = safe_path(brought.name)
    file, target = brought.path, folder / name
    if reason := refused(brought, name) or _blocked(target, folder):
        return Received(name, "refused", reason)
    if file is None:
        return Received(name, "refused", wording.NOT_SENT)
    if target.is_file() and target.read_bytes() == file.read_bytes():
        return Received(name, "unchanged", passed_over=_is_passed_over(name, folder))
    try:
        load(file, folder=file.parent, parser=parser)
    except UnreadableFile as error:
        return Received(name, "refused", f"{error}.")
    try:
        kept = _placed(file, name, folder, removed)
    except OSError as error:
        return Received(name, "refused", wording.not_written(error))
    outcome: Literal["replaced", "added"] = "replaced" if kept else "added"
    return Received(name, outcome, passed_over=_is_passed_over(name, folder), kept=kept)


def _blocked(target: Path, folder: Path) -> str:
    """Why nothing can stand at a place in the folder; an empty text when something can."""
    try:
        inside = target.parent.resolve().is_relative_to(folder.resolve())
    except RuntimeError:  # a link that leads to itself
        inside = False
    if not inside:
        return wording.LINKED_FOLDER
    for above in target.relative_to(folder).parents:
        if (folder / above).exists() and not (folder / above).is_dir():
            return wording.file_in_the_way(above.as_posix())
    return wording.FOLDER_IN_THE_WAY if target.is_dir() else ""


def _placed(file: Path, name: str, folder: Path, removed: Removed) -> Kept | None:
    """Copies a file to its place, in one step, and gives what is kept of one that stood there."""
    target = folder / name
    part = target.with_name(f".{target.name}.part")
    kept = removed.copy(name, folder) if target.exists() else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, part)
        part.replace(target)
    except OSError:
        if kept:
            removed.forget(kept)
        raise
    finally:
        part.unlink(missing_ok=True)
    return kept


def refused(brought: Brought, name: str) -> str:
    """Why a file is not taken, with what to do; an empty text when it is taken."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        return wording.no_format(Path(name).suffix)
    megabytes = (brought.path.stat().st_size if brought.path else brought.size) / 1e6
    if megabytes > MAX_MEGABYTES:
        return wording.too_large(megabytes, MAX_MEGABYTES)
    if len(name.encode(errors="replace")) > _MAX_PATH_BYTES or name.count("/") > MAX_FOLDERS:
        return wording.TOO_DEEP
    if brought.path is None or _fits(brought.path, suffix):
        return ""
    return wording.unfit(suffix)


def _fits(file: Path, suffix: str) -> bool:
    """Whether a file begins as its format does, and was sent under its format's suffix."""
    if file.suffix.lower() != suffix:
        return False
    beginning, within = _BEGINS.get(suffix, (b"", 0))
    with file.open("rb") as opened:
        return beginning in opened.read(within + len(beginning))


def safe_path(path: str) -> str:
    """A path below a folder made from any text: every part of it is a safe name.

    A path with an absolute or upward part is cut to its last one: nobody is led astray by a
    folder that was not meant.
    """
    parts = re.split(r"[/\\]", path)
    if {"", ".", ".."} & set(parts) or re.match(r"[A-Za-z]:", path):
        parts = parts[-1:]
    return PurePosixPath(*map(safe_name, parts)).as_posix()


def _is_passed_over(name: str, folder: Path) -> bool:
    """Whether the rules in the folder itself name a file of it."""
    with os.scandir(folder) as listing:
        rules = next((each for each in listing if each.name == IGNORE_FILE), None)
    if rules is None:
        return False
    says = Rules().within(rules, "")[0]
    above = (f"{folder.as_posix()}/" for folder in PurePosixPath(name).parents[:-1])
    return says.ignore(name) or any(map(says.ignore, above))


def safe_name(name: str) -> str:
    """A file name made from any text: the last part of a path, visible, not hidden, not long."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = without_unseen(_FORBIDDEN.sub("", name)).strip(" .")
    stem, suffix = Path(name).stem, Path(name).suffix
    if len(suffix.encode()) > _MAX_SUFFIX_BYTES:
        stem, suffix = name, ""
    room = _MAX_NAME_BYTES - len(suffix.encode())
    name = stem.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix
    if not name or _RESERVED.fullmatch(name):
        name = f"document {name}".rstrip()
    return name
