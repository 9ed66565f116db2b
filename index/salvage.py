"""What can be read of a damaged catalogue, as files: documents from Python stand nowhere else."""

import json
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from index.catalogue import Catalogue
from index.errors import FolderUnusable, IndexMissing, StaleIndex
from index.progress import Progress
from index.schema import FILE_NAME, SCHEMA, checksum

LIST_NAME = "salvaged.jsonl"
_COPY = ".catalogue"
_MAX_NAME = 40
_UNSAFE = re.compile(r"[^\w.-]")
# A damaged counter may say anything.
_MOST_NUMBERS = 1_000_000
# Where SQLite's file holds the size of a page, and the number that says whether the count of
# pages in it can be believed: https://www.sqlite.org/fileformat.html#the_database_header
_PAGE_SIZE, _COUNT_VALID_FOR = slice(16, 18), slice(92, 96)


@dataclass(frozen=True, slots=True)
class Salvage:
    """What became of the documents of a catalogue, by id.

    Attributes:
        saved: Documents that were written as they had been.
        damaged: Documents that were written and are not as they had been.
        lost: Documents that could not be read; "number 7" where the id could not either.
    """

    saved: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The ids as JSON values."""
        return asdict(self)


class _Row(NamedTuple):
    """A row of `documents`, as its columns are called."""

    id: str
    digest: str
    title: str
    text: str
    page_starts: str
    places: str
    entitled: int
    checksum: int
    size: int | None


def salvage(folder: Path, *, to: Path, progress: Progress) -> Salvage:
    """Write every document that can be read of an index, sound or damaged, into a new folder.

    Each becomes a text file; each line of `salvaged.jsonl` gives the file, id, title and digest
    of one, whether it was inserted from Python, and whether it is intact. The index is left as it
    is.

    Args:
        folder: The index folder.
        to: A folder that is missing or empty; it needs room for a copy of the catalogue too.
        progress: Called with how much is done, of how much, and what is being done.

    Raises:
        IndexMissing: There is no catalogue.
        StaleIndex: It was written by another version.
        FolderUnusable: The new folder is not empty, or there is no room in it.
    """
    if not Catalogue.stands_in(folder):
        raise IndexMissing(f"No index in '{folder}'. Name the one to save from: --index")
    try:
        to.mkdir(parents=True, exist_ok=True)
        if any(to.iterdir()):
            raise FolderUnusable(f"'{to}' is not empty. Name a new folder: --to")
        (to / _COPY).mkdir()
        try:
            with closing(_opened(folder, to / _COPY)) as connection:
                return _write(connection, to, progress)
        finally:
            shutil.rmtree(to / _COPY)
    except OSError as error:
        raise FolderUnusable(
            f"Cannot save the index '{folder}' in '{to}' ({error.strerror or error}). Make room, "
            "or name another folder: --to"
        ) from error


def _opened(folder: Path, copy: Path) -> sqlite3.Connection:
    """A copy of a catalogue, with the first page of an empty one where its own is damaged.

    That page says where each table begins, which is the same in every catalogue.
    """
    path = copy / FILE_NAME
    for name in (FILE_NAME, FILE_NAME + "-wal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(folder / name, copy / name)
    connection = _connected(path)
    try:
        connection.execute("SELECT checksum FROM documents LIMIT 0")
    except sqlite3.DatabaseError:
        _require_schema(connection, folder)
        connection.close()
        (copy / "empty").mkdir()
        Catalogue.create(copy / "empty", meta={}).close()
        page = bytearray((copy / "empty" / FILE_NAME).read_bytes())
        del page[int.from_bytes(page[_PAGE_SIZE], "big") :]
        page[_COUNT_VALID_FOR] = bytes(4)
        with path.open("r+b") as file:
            file.write(page)
        connection = _connected(path)
    return connection


def _connected(path: Path) -> sqlite3.Connection:
    """A connection that reads files that are too short, and texts that are no UTF-8."""
    connection = sqlite3.connect(path)
    connection.text_factory = lambda content: content.decode(errors="replace")
    connection.execute("PRAGMA writable_schema = ON")
    return connection


def _require_schema(connection: sqlite3.Connection, folder: Path) -> None:
    with suppress(sqlite3.DatabaseError):
        row = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        if row and row[0].isdecimal() and row[0] != str(SCHEMA):
            raise StaleIndex(
                f"The index '{folder}' has schema {row[0]}, this version saves {SCHEMA}. "
                "Use the version that wrote it."
            )


def _write(connection: sqlite3.Connection, to: Path, progress: Progress) -> Salvage:
    """Write what can be read of each document."""
    names, numbers = _listed(connection)
    found = Salvage()
    with (to / LIST_NAME).open("w", encoding="utf-8") as listing:
        for n, number in enumerate(numbers):
            progress(n, len(numbers), "saving documents")
            try:
                row = _row(connection, number)
            except (sqlite3.DatabaseError, ValueError):
                found.lost.append(names.get(number, f"number {number}"))
                continue
            if row is None:
                if number in names:
                    found.lost.append(names[number])
                continue
            intact = checksum(*row[1:7]) == row.checksum
            (found.saved if intact else found.damaged).append(row.id)
            name = f"{number:06}-{_UNSAFE.sub('_', row.id.removesuffix('.txt'))[:_MAX_NAME]}.txt"
            (to / name).write_text(row.text, encoding="utf-8", newline="")
            told: dict[str, object] = {"file": name, "id": row.id, "title": row.title}
            told |= {"digest": row.digest, "inserted": row.size is None, "intact": intact}
            listing.write(json.dumps(told, ensure_ascii=False) + "\n")
    return found


def _listed(connection: sqlite3.Connection) -> tuple[dict[int, str], Sequence[int]]:
    """Ids of the documents that must be there, by number, and the numbers that may be."""
    names, complete = _pairs(
        connection, "SELECT number, id FROM documents INDEXED BY sqlite_autoindex_documents_1", "id"
    )
    cut, _ = _pairs(
        connection,
        "SELECT DISTINCT document, '' FROM passages INDEXED BY passages_of_document",
        "1",
    )
    names = {number: f"number {number}" for number in cut} | names
    if complete:
        return names, sorted(names)
    latest, _ = _pairs(
        connection, "SELECT seq, name FROM sqlite_sequence WHERE name = 'documents'", "1"
    )
    last = min(max([*names, *latest], default=0), _MOST_NUMBERS)
    return names, sorted({*names, *range(1, last + 1)})


def _pairs(connection: sqlite3.Connection, select: str, order: str) -> tuple[dict[int, str], bool]:
    """Rows of a number and a text, from both ends up to a damaged page; whether these are all."""
    found: dict[int, str] = {}
    for direction in ("ASC", "DESC"):
        try:
            for number, text in connection.execute(f"{select} ORDER BY {order} {direction}"):
                found[int(number)] = str(text)
        except (sqlite3.DatabaseError, ValueError, TypeError):
            continue
        return found, True
    return found, False


def _row(connection: sqlite3.Connection, number: int) -> _Row | None:
    """A document's row; None when there is none of that number.

    Raises:
        ValueError: What is there is no document.
    """
    columns = ", ".join(_Row._fields)
    rows = connection.execute(f"SELECT {columns} FROM documents WHERE number = ?", (number,))
    row = rows.fetchone()
    if row is not None and not all(isinstance(value, str) for value in row[:4]):
        raise ValueError(f"no texts in row {number}")
    return _Row(*row) if row is not None else None
