"""Files that people bring to the documents folder or take away from it."""

import os
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Literal, NamedTuple

from index.document import MAX_BYTES, load
from index.errors import UnreadableFile
from index.formats import SUFFIXES
from index.ignore import FILE_NAME as IGNORE_FILE
from index.ignore import Rules

MAX_MEGABYTES = MAX_BYTES // 1_000_000
_MAX_NAME_BYTES = 150
_FAMILIES = (
    "plain text, Markdown, reStructuredText, HTML, PDF, EPUB, Word, PowerPoint, Excel, CSV, JSON, "
    "e-mails, notebooks and source code"
)
_FORBIDDEN = re.compile('[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069<>:"/\\\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # by Windows


class Received(NamedTuple):
    """What became of one file that was brought.

    Attributes:
        name: Its name in the folder.
        outcome: What was done with it.
        reason: Why it was refused, with what to do.
        passed_over: Whether the folder's `.quothignore` names it, so that it is not indexed.
    """

    name: str
    outcome: Literal["added", "replaced", "unchanged", "refused"]
    reason: str = ""
    passed_over: bool = False

    def __str__(self) -> str:
        but = f", but {IGNORE_FILE} passes it over" if self.passed_over else ""
        match self.outcome:
            case "added":
                return f"{self.name} was added{but}."
            case "replaced":
                return f"{self.name} was there already and has been replaced{but}."
            case "unchanged":
                return f"{self.name} is there already, with the same content{but}."
            case _:
                return f"{self.name} was refused: {self.reason}"


def receive(file: Path, folder: Path) -> Received:
    """Moves a file that was uploaded into the documents folder, under a safe name.

    The name is kept as far as it can be; the file never lands outside the folder. One that
    stands there under the same name is replaced, in one step, and the outcome says so.
    """
    name = safe_name(file.name)
    if reason := refused(file, name):
        return Received(name, "refused", reason)
    target = folder / name
    if target.is_dir():
        return Received(name, "refused", "a folder has this name. Rename the file.")
    there = target.exists()
    if there and target.read_bytes() == file.read_bytes():
        return Received(name, "unchanged", passed_over=_is_passed_over(name, folder))
    try:
        load(file, folder=file.parent)
    except UnreadableFile as error:
        return Received(name, "refused", f"{error}.")
    part = folder / f".{name}.part"
    try:
        shutil.copyfile(file, part)
        part.replace(target)
    except OSError as error:
        return Received(name, "refused", f"{error.strerror or error}. Make room, or allow writing.")
    finally:
        part.unlink(missing_ok=True)
    outcome: Literal["replaced", "added"] = "replaced" if there else "added"
    return Received(name, outcome, passed_over=_is_passed_over(name, folder))


def refused(file: Path, name: str) -> str:
    """Why a file is not taken, with what to do; an empty text when it is taken."""
    suffix = Path(name).suffix
    if suffix.lower() not in SUFFIXES:
        kind = f"{suffix} files" if suffix else "files without a suffix"
        return f"Quoth does not read {kind}. It reads {_FAMILIES}."
    megabytes = file.stat().st_size / 1e6
    if megabytes > MAX_MEGABYTES:
        return f"{megabytes:,.0f} MB are more than {MAX_MEGABYTES} MB. Split it."
    return ""


def _is_passed_over(name: str, folder: Path) -> bool:
    """Whether the rules in the folder itself name a file of it."""
    with os.scandir(folder) as listing:
        rules = next((each for each in listing if each.name == IGNORE_FILE), None)
    return rules is not None and Rules().within(rules, "")[0].ignore(name)


def safe_name(name: str) -> str:
    """A file name made from any text: the last part of a path, visible, not hidden, not long."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = _FORBIDDEN.sub("", name).strip(" .")
    stem, suffix = Path(name).stem, Path(name).suffix
    while len((stem + suffix).encode(errors="replace")) > _MAX_NAME_BYTES and stem:
        stem = stem[:-1]
    name = (stem.rstrip(" .") + suffix)[:_MAX_NAME_BYTES]
    if not name or _RESERVED.fullmatch(name):
        name = f"document {name}".rstrip()
    return name


def remove(document_id: str, folder: Path) -> str:
    """Deletes the file of a document from the folder, and says so.

    Raises:
        ValueError: The id names no file inside the folder.
    """
    path = folder / document_id
    inside = path.parent.resolve().is_relative_to(folder.resolve())
    if not inside or not (path.is_file() or path.is_symlink()):
        raise ValueError(f"There is no file '{document_id}' in the documents folder.")
    path.unlink()
    return f"{document_id} was removed."
