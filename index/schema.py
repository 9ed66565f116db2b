"""The catalogue's file: its tables, how it is opened, and what SQLite says when it cannot be."""

import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from index.errors import DamagedIndex, FolderUnusable, IndexBusy

SCHEMA = 4
FILE_NAME = "catalogue.sqlite"
_MAPPED_BYTES = 1 << 29
_CACHED_KILOBYTES = 64_000
REMEDY = (
    "Save what it still holds with quoth salvage --to FOLDER, then delete the index and build it "
    "again: quoth index"
)

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    title TEXT NOT NULL,
    entitled INTEGER NOT NULL,
    format TEXT NOT NULL,
    checksum INTEGER NOT NULL,  -- CRC-32 of all that a citation shows of it
    size INTEGER,      -- size, modified, changed: of the file; null for a document without one
    modified INTEGER,  -- times in nanoseconds since 1970
    changed INTEGER,
    added INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    page_starts TEXT NOT NULL,  -- what is long stands last: SQLite reads up to what is asked for
    places TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- AUTOINCREMENT: never used again
    document INTEGER NOT NULL REFERENCES documents (number),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    page INTEGER,
    place TEXT,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    vector BLOB NOT NULL
) STRICT;
CREATE INDEX passages_of_document ON passages (document, start);
-- With row numbers: keys are in no order, and a tree of whole vectors in theirs would be deep.
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) STRICT;
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    passage INTEGER NOT NULL,
    added INTEGER NOT NULL
) STRICT;
CREATE TABLE rejected (
    id TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_UNWRITABLE = tuple(
    f"SQLITE_{what}" for what in ("READONLY", "CANTOPEN", "FULL", "PERM", "IOERR", "NOLFS")
)


@contextmanager
def translated(path: Path | None = None) -> Iterator[None]:
    """Turn SQLite's complaints about a damaged or unwritable file into ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        where = f" '{path}'" if path else ""
        kind = getattr(error, "sqlite_errorname", "")
        if kind.startswith(_UNWRITABLE):
            raise FolderUnusable(
                f"The index's catalogue{where} cannot be written ({error}). Allow it, make room, "
                "or name another index: --index, or QUOTH_INDEX."
            ) from error
        if kind.startswith("SQLITE_BUSY"):
            raise IndexBusy(
                f"Another process is writing the index's catalogue{where}. Try again later."
            ) from error
        raise DamagedIndex(
            f"The index's catalogue{where} cannot be read ({error}). {REMEDY}"
        ) from error


def make(folder: Path, *, meta: Mapping[str, str]) -> None:
    """Write an empty catalogue's file into a folder, in place of what is left of another.

    It is made under another name, so that a catalogue stands there whole or not at all.
    """
    draft = folder / (FILE_NAME + ".draft")
    # A log that outlived its database would be taken for the new one's.
    for stale in (draft, folder / (FILE_NAME + "-wal"), folder / (FILE_NAME + "-shm")):
        stale.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.executescript(f"BEGIN;{_TABLES}COMMIT;")
        rows = ({"schema": str(SCHEMA)} | dict(meta)).items()
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        connection.commit()
    draft.replace(folder / FILE_NAME)
    _keep_name(folder)


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return, and whose readers never wait."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # A search reads some hundred rows here and there: so, in less than half of the time.
        connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
        connection.execute(f"PRAGMA cache_size = -{_CACHED_KILOBYTES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _keep_name(folder: Path) -> None:
    """Have a folder's new names on disk; where folders cannot be opened the system sees to it."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def checksum(*values: object) -> int:
    """CRC-32 of what a row of `documents` holds, from its digest to `entitled`."""
    found = 0
    for value in values:
        found = zlib.crc32(f"{value}\0".encode(), found)
    return found
