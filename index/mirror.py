"""A folder against the catalogue: what was added, changed, renamed, removed."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import FolderUnusable
from index.formats import SUFFIXES
from index.ignore import FILE_NAME as IGNORE_FILE
from index.ignore import Rules
from index.location import holds_index

# Nanoseconds; Linux before 6.13 counts in 4 or 10 milliseconds.
TICK = 20_000_000


class FileState(NamedTuple):
    """What tells an unchanged file: its size in bytes and two times in nanoseconds since 1970.

    Attributes:
        size: Of the content.
        modified: When the content was written, as the file says.
        changed: When the content or the name was: two files of one size and age that swap their
            names would else look as they were.
    """

    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "FileState":
        """The state that the system reports."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def settled(self, now: int) -> "FileState":
        """The state by which a later look tells whether the file was written since.

        A file written within a tick of the file system's clock may be written again within it and
        look the same: then no state will do, and the file is read again.

        Args:
            now: When the file was looked at, in nanoseconds since 1970.
        """
        return self if self.changed < now - TICK else self._replace(changed=0)


class Known(NamedTuple):
    """What the catalogue remembers of a file."""

    digest: str
    state: FileState


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why."""

    document_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds now.

    Attributes:
        files: State of each file that a reader exists for, by document id, in order.
        skipped: Files that none exists for, or that may not be followed, and faults of rules.
    """

    files: dict[str, FileState]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be done to make the catalogue equal the folder, in order of document id.

    Attributes:
        read: Files to load: new ones, and ones whose size or time differs.
        renamed: Old id by new id, for files whose bytes stood under another name that is gone.
        removed: Documents whose file is gone.
        unchanged: How many files are as they were.
    """

    read: tuple[str, ...]
    renamed: dict[str, str]
    removed: tuple[str, ...]
    unchanged: int


class Change(NamedTuple):
    """What a sync did to one document.

    Attributes:
        what: "added", "changed", "renamed" or "removed".
        document_id: The document, by its name after the sync; one that was removed, before it.
        was: Its name before, when it was renamed; else empty.
    """

    what: str
    document_id: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a sync did, in numbers of documents, and what it left out.

    Attributes:
        documents: The same by name, in order of document id.
    """

    added: int = 0
    changed: int = 0
    renamed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = field(default=())
    documents: tuple[Change, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """One line: the counts that are not zero, or that nothing changed."""
        counts = self._counts() | {"skipped": len(self.skipped)}
        return ", ".join(f"{n} {what}" for what, n in counts.items() if n) or "no documents"

    @property
    def any(self) -> bool:
        """Whether the index differs from what it was."""
        return bool(self.added or self.changed or self.renamed or self.removed)

    def to_dict(self) -> dict[str, Any]:
        """The changes as JSON values."""
        return self._counts() | {"skipped": [asdict(each) for each in self.skipped]}

    def _counts(self) -> dict[str, Any]:
        kinds = ("added", "changed", "renamed", "removed", "unchanged")
        return {kind: getattr(self, kind) for kind in kinds}


def scan(folder: Path, *, leave_out: Path) -> Scan:
    """What a folder and the folders below it hold.

    Hidden names are passed over, what a `.quothignore` in one of the folders names, and folders
    that are indexes themselves.

    Args:
        folder: The documents folder.
        leave_out: A folder that is passed over too: the index itself, which may be empty yet.

    Raises:
        FolderUnusable: The folder is missing or cannot be read.
    """
    files: dict[str, FileState] = {}
    skipped: list[Skipped] = []
    for entry, document_id in _walk(folder, "", leave_out, skipped, Rules()):
        if reason := _reason_to_skip(entry, document_id, folder):
            skipped.append(Skipped(_printable(document_id), reason))
            continue
        with suppress(OSError):  # it vanished since the folder was listed: then it is not there
            files[document_id] = FileState.of(entry.stat())
    in_order = {document_id: files[document_id] for document_id in sorted(files)}
    return Scan(in_order, tuple(sorted(skipped, key=lambda each: each.document_id)))


def plan(files: Mapping[str, FileState], known: Mapping[str, Known], *, folder: Path) -> Plan:
    """What must be done; a file's bytes are read only to tell whether it was renamed.

    Args:
        files: State of each readable file that the folder holds, in order of document id.
        known: What the catalogue remembers, by document id.
        folder: The documents folder.
    """
    gone = {document_id: entry for document_id, entry in known.items() if document_id not in files}
    gone_by_size: dict[int, dict[str, str]] = {}
    for document_id, entry in sorted(gone.items(), reverse=True):
        gone_by_size.setdefault(entry.state.size, {})[entry.digest] = document_id
    read: list[str] = []
    renamed: dict[str, str] = {}
    for document_id, state in files.items():
        if document_id in known:
            if known[document_id].state != state:
                read.append(document_id)
            continue
        candidates = gone_by_size.get(state.size, {})
        old = candidates.pop(digest_of(folder / document_id), None) if candidates else None
        if old is None:
            read.append(document_id)
        else:
            renamed[document_id] = old
    removed = tuple(sorted(set(gone) - set(renamed.values())))
    unchanged = len(files) - len(read) - len(renamed)
    return Plan(tuple(read), renamed, removed, unchanged)


def _walk(
    folder: Path, below: str, leave_out: Path, skipped: list[Skipped], rules: Rules
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Every entry that is no folder, with its document id; unreadable folders are reported.

    Names are kept as strings: a path of each of many files would take longer than to list them.

    Args:
        folder: The documents folder.
        below: Document id of the folder in it that is listed, with a slash; empty for itself.
        leave_out: A folder that is passed over.
        skipped: Takes the reports.
        rules: What the folders above it have to be passed over.
    """
    entries = _listed(folder, below, skipped)
    rules = _rules_in(entries, below, rules, skipped)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        document_id = below + entry.name
        if not entry.is_dir(follow_symlinks=False):
            if not rules.ignore(document_id):
                yield entry, document_id
        elif Path(entry.path) != leave_out and not rules.ignore(document_id + "/"):
            yield from _walk(folder, document_id + "/", leave_out, skipped, rules)


def _listed(folder: Path, below: str, skipped: list[Skipped]) -> list[os.DirEntry[str]]:
    """The entries of one folder, by name; none of an index, and of one that is unreadable."""
    try:
        with os.scandir(folder / below) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        if not below:
            raise _unusable(folder, error) from error
        skipped.append(Skipped(_printable(below), f"cannot be read ({error.strerror})"))
        return []
    is_index = below and holds_index(entry.name for entry in entries)
    return [] if is_index else entries


def _unusable(folder: Path, error: OSError) -> FolderUnusable:
    """That the documents folder cannot be listed."""
    if isinstance(error, FileNotFoundError):
        return FolderUnusable(
            f"The folder '{folder}' is gone: it was moved, renamed or deleted. Put it back, or "
            "name another."
        )
    return FolderUnusable(
        f"Cannot read the folder '{folder}' ({error.strerror}). Allow it, or name another."
    )


def _rules_in(
    entries: Sequence[os.DirEntry[str]], below: str, rules: Rules, skipped: list[Skipped]
) -> Rules:
    """The rules in a folder, by those above it and its own file; faults of it are reported."""
    for entry in entries:
        if entry.name == IGNORE_FILE:
            rules, fault = rules.within(entry, below)
            if fault:
                skipped.append(Skipped(_printable(below + entry.name), fault))
    return rules


def _reason_to_skip(entry: os.DirEntry[str], document_id: str, folder: Path) -> str | None:
    """Why an entry cannot be a document; None when it may be one."""
    reason = None
    try:
        document_id.encode()
        if entry.is_symlink():
            reason = _fault_of_link(Path(entry.path), folder)
        elif not stat.S_ISREG(entry.stat().st_mode):
            reason = "not a regular file"
    except UnicodeEncodeError:
        reason = "a file name that is not UTF-8; rename it"
    except OSError:
        reason = "vanished while the folder was listed"
    suffix = os.path.splitext(entry.name)[1]  # noqa: PTH122 - see _walk
    if reason is None and suffix.lower() not in SUFFIXES:
        reason = f"no reader for '{suffix or entry.name}' files"
    return reason


def _printable(name: str) -> str:
    """A name whose bytes are no UTF-8 with these written as escapes."""
    return name.encode(errors="backslashreplace").decode()


def _fault_of_link(link: Path, folder: Path) -> str | None:
    """Why a symbolic link is not followed; None when it leads to a file in the folder."""
    if not link.exists():
        return "a symbolic link that leads nowhere"
    if not link.resolve().is_relative_to(folder.resolve()):
        return "a symbolic link that leads out of the folder"
    return None if link.is_file() else "a symbolic link to no regular file"


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
