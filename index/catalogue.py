"""SQLite: the truth about documents, passages, vectors and changes."""

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

import numpy as np

from index.document import Document
from index.errors import DamagedIndex, FolderUnusable, IndexBusy, IndexMissing, StaleIndex
from index.formats import Place
from index.mirror import FileState, Known
from index.passage import Passage, Span, Words
from index.scope import Scope

_T = TypeVar("_T")

SCHEMA = 3
FILE_NAME = "catalogue.sqlite"
_MAPPED_BYTES = 1 << 29
_CACHED_KILOBYTES = 64_000
# Key of the number of passages that were dropped since unused vectors were.
_DROPPED = "dropped"
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


class Entry(NamedTuple):
    """One document of the catalogue, without its text.

    Attributes:
        document_id: Path below the documents folder.
        title: What a reader would call it.
        n_characters: Length of its text.
        n_passages: How many passages it is cut into.
        inserted: Whether it came from Python and has no file.
        format: Its file's suffix without the dot, in lower case: "pdf".
        size: Of its file, in bytes; None when it has none.
        modified: When its file was last written; None when it has none.
        added: When it came into the index.
    """

    document_id: str
    title: str
    n_characters: int
    n_passages: int
    inserted: bool
    format: str
    size: int | None
    modified: datetime | None
    added: datetime


class Found(NamedTuple):
    """A passage with the title of its document."""

    passage: Passage
    document_title: str


class Stored(NamedTuple):
    """A passage as it is stored, with what belongs to it.

    Attributes:
        passage: The passage.
        heading: Title and headings above it.
        key: What its vector is known by.
        vector: float16 numbers; None when none lies under the key.
    """

    passage: Passage
    heading: str
    key: bytes
    vector: bytes | None


class Delta(NamedTuple):
    """What happened to passages since some sequence number; ids ascend.

    A passage that was added and removed since stands in neither list.
    """

    sequence: int
    added: list[int]
    removed: list[int]


_UNWRITABLE = tuple(
    f"SQLITE_{what}" for what in ("READONLY", "CANTOPEN", "FULL", "PERM", "IOERR", "NOLFS")
)


@contextmanager
def _translated(path: Path | None = None) -> Iterator[None]:
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


class Catalogue:
    """One connection to the catalogue of an index; not to be shared by threads unguarded."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def create(cls, folder: Path, *, meta: Mapping[str, str]) -> "Catalogue":
        """An empty catalogue in a folder that holds none; under the writer's lock.

        It is made under another name, so that a catalogue stands there whole or not at all.

        Args:
            folder: The index folder; it exists.
            meta: What the index must remember of its making.
        """
        path, draft = folder / FILE_NAME, folder / (FILE_NAME + ".draft")
        # A log that outlived its database would be taken for the new one's.
        for stale in (draft, folder / (FILE_NAME + "-wal"), folder / (FILE_NAME + "-shm")):
            stale.unlink(missing_ok=True)
        with _translated(path):
            with closing(sqlite3.connect(draft)) as connection:
                connection.execute("PRAGMA journal_mode = OFF")
                connection.executescript(f"BEGIN;{_TABLES}COMMIT;")
                rows = ({"schema": str(SCHEMA)} | dict(meta)).items()
                connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
                connection.commit()
            draft.replace(path)
            _keep_name(folder)
            return cls(_connect(path))

    @staticmethod
    def stands_in(folder: Path) -> bool:
        """Whether a folder holds a catalogue.

        Raises:
            FolderUnusable: The folder may not be looked into.
        """
        try:
            return (folder / FILE_NAME).is_file()
        except OSError as error:
            raise FolderUnusable(
                f"Cannot read the index folder '{folder}' ({error.strerror}). Allow it, or name "
                "another index: --index, or QUOTH_INDEX."
            ) from error

    @classmethod
    def open(cls, folder: Path) -> "Catalogue":
        """The catalogue that stands in a folder.

        Raises:
            IndexMissing: None stands there.
            StaleIndex: It was written by another version.
            DamagedIndex: It cannot be read.
            FolderUnusable: The folder may not be looked into.
        """
        path = folder / FILE_NAME
        if not cls.stands_in(folder):
            raise IndexMissing(f"No index in '{folder}'. Build one: quoth index DOCUMENTS_FOLDER")
        with _translated(path):
            catalogue = cls(_connect(path))
        try:
            schema = catalogue.meta().get("schema")
        except DamagedIndex:
            catalogue.close()
            raise
        if schema != str(SCHEMA):
            catalogue.close()
            raise StaleIndex(
                f"The index '{folder}' has schema {schema}, this version reads {SCHEMA}. "
                "Delete it and build it again: quoth index"
            )
        return catalogue

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one state."""
        with _translated():
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._end("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is on disk when it is left, or, if it fails, none of it."""
        with _translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        """End the transaction, unless it has ended: SQLite itself ends one that fails badly."""
        if self._connection.in_transaction:
            self._connection.execute(how)

    # What is known

    @_translated()
    def meta(self) -> dict[str, str]:
        """What the index remembers of its making."""
        return dict(self._connection.execute("SELECT key, value FROM meta"))

    @_translated()
    def sequence(self) -> int:
        """Number of the last change; 0 before the first."""
        row = self._connection.execute("SELECT max(sequence) FROM changes").fetchone()
        return row[0] or 0

    @_translated()
    def n_documents(self) -> int:
        """How many documents there are."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    @_translated()
    def n_passages(self) -> int:
        """How many passages there are."""
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    @_translated()
    def known_files(self) -> dict[str, Known]:
        """What is remembered of each document that has a file."""
        rows = self._connection.execute(
            "SELECT id, digest, size, modified, changed FROM documents WHERE size IS NOT NULL"
        )
        return {row[0]: Known(row[1], FileState(*row[2:])) for row in rows}

    @_translated()
    def rejected_files(self) -> dict[str, tuple[FileState, str]]:
        """State and fault of each file that could not be read as it stood."""
        rows = self._connection.execute("SELECT id, size, modified, changed, reason FROM rejected")
        return {row[0]: (FileState(*row[1:4]), row[4]) for row in rows}

    @_translated()
    def dimensions(self) -> int:
        """Length of a vector; 0 while there is none."""
        row = self._connection.execute("SELECT length(vector) / 2 FROM vectors LIMIT 1").fetchone()
        return int(row[0]) if row else 0

    @_translated()
    def entries(self) -> list[Entry]:
        """Every document, by id."""
        rows = self._connection.execute(
            "SELECT id, title, characters, "
            "(SELECT count(*) FROM passages WHERE document = number), size IS NULL, "
            "format, size, modified, added FROM documents ORDER BY id"
        )
        return [
            Entry(
                *(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6]),
                modified=None if row[7] is None else _time(row[7]),
                added=_time(row[8]),
            )
            for row in rows
        ]

    @_translated()
    def document(self, document_id: str) -> Document | None:
        """A document with its text; None when there is none of that id.

        Raises:
            DamagedIndex: It is not as it was written.
        """
        row = self._connection.execute(
            "SELECT id, digest, title, text, page_starts, places, entitled, checksum "
            "FROM documents WHERE id = ?",
            (document_id,),
        ).fetchone()
        if row is None:
            return None
        if row[0] != document_id or checksum(*row[1:7]) != row[7]:
            raise DamagedIndex(f"'{document_id}' is damaged in the index's catalogue. {REMEDY}")
        places = tuple(Place(start, name, bool(apart)) for start, name, apart in json.loads(row[5]))
        pages = tuple(json.loads(row[4]))
        return Document(row[0], row[1], row[2], row[3], pages, places, entitled=bool(row[6]))

    @_translated()
    def stored(self, document_id: str) -> list[Stored]:
        """A document's passages as they are stored, in order."""
        rows = self._connection.execute(
            "SELECT p.id, d.id, p.start, p.end, p.text, p.page, p.place, p.heading, p.vector, "
            "v.vector FROM documents d JOIN passages p ON p.document = d.number "
            "LEFT JOIN vectors v ON v.key = p.vector WHERE d.id = ? ORDER BY p.start, p.id",
            (document_id,),
        )
        return [Stored(Passage(*row[:7]), *row[7:]) for row in rows]

    @_translated()
    def faults(self) -> list[str]:
        """What SQLite and the log find wrong with the file; nothing when it is sound."""
        ask = self._connection.execute
        found = [row[0] for row in ask("PRAGMA integrity_check")]
        faults = [] if found == ["ok"] else found
        faults += [f"a row of {row[0]} has no {row[2]}" for row in ask("PRAGMA foreign_key_check")]
        logged = (
            "SELECT passage FROM (SELECT passage, added, max(sequence) FROM changes "
            "GROUP BY passage) WHERE added = 1"
        )
        unlogged = ask(f"SELECT id FROM passages EXCEPT {logged}")
        faults += [f"passage {each} is not in the log" for (each,) in unlogged]
        gone = ask(f"{logged} EXCEPT SELECT id FROM passages")
        return faults + [f"passage {each} is in the log alone" for (each,) in gone]

    @_translated()
    def has_title_with(self, word: str) -> bool:
        """Whether a document's title holds a word, in capitals or not."""
        row = self._connection.execute(
            "SELECT 1 FROM documents WHERE instr(lower(title), ?) LIMIT 1", (word.lower(),)
        ).fetchone()
        return row is not None

    @_translated()
    def passages(self, ids: Sequence[int]) -> dict[int, Found]:
        """Passages by id; ids of none are left out."""
        found = {}
        for some in _batches(ids):
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(
                "SELECT p.id, d.id, p.start, p.end, p.text, p.page, p.place, d.title "
                "FROM passages p JOIN documents d ON d.number = p.document "
                f"WHERE p.id IN ({marks})",
                some,
            )
            found.update({row[0]: Found(Passage(*row[:7]), row[7]) for row in rows})
        return found

    def words(self, ids: Sequence[int]) -> Iterator[Words]:
        """What of some passages is searched by words; to be read in a snapshot."""
        for some in _batches(ids):
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(
                f"SELECT id, document, heading, text FROM passages WHERE id IN ({marks})", some
            )
            yield from map(Words._make, rows)

    @_translated()
    def ids(self) -> list[int]:
        """Every passage's id, ascending."""
        rows = self._connection.execute("SELECT id FROM passages ORDER BY id")
        return [row[0] for row in rows]

    @_translated()
    def documents_in(self, scope: Scope) -> list[int]:
        """Numbers of the documents that a scope admits."""
        rows = self._connection.execute(
            "SELECT number, id, format, coalesce(modified, added) FROM documents"
        )
        return scope.chosen(rows)

    @_translated()
    def ids_of(self, numbers: Sequence[int]) -> list[int]:
        """Id of every passage of some documents, ascending."""
        found: list[int] = []
        for some in _batches(numbers):
            marks = ",".join("?" * len(some))
            found += (
                row[0]
                for row in self._connection.execute(
                    f"SELECT id FROM passages WHERE document IN ({marks})", some
                )
            )
        return sorted(found)

    def all_words(self) -> Iterator[Words]:
        """The same of every passage, by id; to be read in a snapshot."""
        rows = self._connection.execute(
            "SELECT id, document, heading, text FROM passages ORDER BY id"
        )
        yield from map(Words._make, rows)

    @_translated()
    def vectors(self, ids: Sequence[int]) -> np.ndarray:
        """Vectors as float32 array of shape (n, dimensions); row i is of passage `ids[i]`."""
        found: dict[int, bytes] = {}
        for some in _batches(ids):
            marks = ",".join("?" * len(some))
            found.update(
                self._connection.execute(
                    "SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.key = p.vector "
                    f"WHERE p.id IN ({marks})",
                    some,
                )
            )
        try:
            rows = [np.frombuffer(found[each], np.float16) for each in ids]
        except KeyError as error:
            raise DamagedIndex(f"Passage {error} has no vector. {REMEDY}") from error
        return np.stack(rows).astype(np.float32) if rows else np.empty((0, 0), np.float32)

    @_translated()
    def changes(self, since: int) -> Delta:
        """What happened to passages after a sequence number."""
        rows = self._connection.execute(
            "SELECT passage, max(added), min(added), max(sequence) FROM changes "
            "WHERE sequence > ? GROUP BY passage ORDER BY passage",
            (since,),
        ).fetchall()
        return Delta(
            max((row[3] for row in rows), default=since),
            [row[0] for row in rows if row[2] == 1],
            [row[0] for row in rows if row[1] == 0],
        )

    @_translated()
    def keys_without_vector(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys under which no vector lies."""
        missing = set(keys)
        for some in _batches(sorted(missing)):
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(f"SELECT key FROM vectors WHERE key IN ({marks})", some)
            missing.difference_update(row[0] for row in rows)
        return missing

    # What is written; each call stands in a transaction

    def add_vectors(self, keys: Sequence[bytes], vectors: np.ndarray) -> None:
        """Keep vectors; row i of the array of shape (n, dimensions) lies under `keys[i]`."""
        rows = zip(keys, (row.tobytes() for row in vectors.astype(np.float16)), strict=True)
        self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def put(
        self,
        document: Document,
        *,
        spans: Sequence[Span],
        keys: Sequence[bytes],
        state: FileState | None,
    ) -> None:
        """Write a document and its passages, in place of what stood under its id.

        A passage whose heading and text stood there before keeps its id.

        Args:
            document: The document.
            spans: Its passages.
            keys: Key of each passage's vector.
            state: The file's size and time; None for a document without a file.
        """
        number = self._upsert(document, state)
        kept: dict[tuple[bytes, str], list[int]] = {}
        for passage, *content in self._connection.execute(
            "SELECT id, vector, heading FROM passages WHERE document = ? ORDER BY start DESC",
            (number,),
        ):
            kept.setdefault((content[0], content[1]), []).append(passage)
        for span, key in zip(spans, keys, strict=True):
            where = (*span, document.page(span.start), document.place(span.start))
            heading = document.heading(span.start)
            if kept.get((key, heading)):
                self._connection.execute(
                    "UPDATE passages SET start = ?, end = ?, page = ?, place = ? WHERE id = ?",
                    (*where, kept[key, heading].pop()),
                )
                continue
            cursor = self._connection.execute(
                "INSERT INTO passages (document, start, end, page, place, heading, text, vector) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(number, *where, heading),
                    *(document.text[span.start : span.end], key),
                ),
            )
            self._log(cursor.lastrowid, added=1)
        self._drop([each for ids in kept.values() for each in ids])

    def rename(self, old: str, new: str) -> None:
        """Give a document another id; its passages and their ids stay."""
        self._connection.execute(
            "UPDATE documents SET id = ?, format = ? WHERE id = ?", (new, _format(new), old)
        )

    def remove(self, document_id: str) -> bool:
        """Take a document out; False when there is none of that id."""
        row = self._connection.execute(
            "SELECT number FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            return False
        passages = self._connection.execute("SELECT id FROM passages WHERE document = ?", row)
        self._drop([passage for (passage,) in passages.fetchall()])
        self._connection.execute("DELETE FROM documents WHERE number = ?", row)
        return True

    def set_rejected(self, files: Mapping[str, tuple[FileState, str]]) -> None:
        """Remember the files that could not be read, in place of those remembered before."""
        self._connection.execute("DELETE FROM rejected")
        rows = [(name, *state, reason) for name, (state, reason) in files.items()]
        self._connection.executemany("INSERT INTO rejected VALUES (?, ?, ?, ?, ?)", rows)

    def drop_unused_vectors(self, *, beyond: int) -> None:
        """Delete the vectors that no passage uses, if they may be more than `beyond`.

        There are at most as many as passages were dropped since the last time, but for what
        killed builds have embedded: to count them exactly would be to read all passages.
        """
        if int(self.meta().get(_DROPPED, 0)) > beyond:
            self._connection.execute(
                "DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM passages)"
            )
            self._connection.execute("DELETE FROM meta WHERE key = ?", (_DROPPED,))

    def _upsert(self, document: Document, state: FileState | None) -> int:
        shown = {
            "digest": document.digest,
            "title": document.title,
            "text": document.text,
            "page_starts": json.dumps(document.page_starts),
            "places": json.dumps(document.places),
            "entitled": int(document.entitled),
        }
        size, modified, changed = state or (None, None, None)
        row = shown | {
            "id": document.id,
            "checksum": checksum(*shown.values()),
            "characters": len(document.text),
            "format": _format(document.id),
            "size": size,
            "modified": modified,
            "changed": changed,
            "added": time.time_ns(),
        }
        written = ", ".join(f"{key} = excluded.{key}" for key in row if key not in ("id", "added"))
        (number,) = self._connection.execute(
            f"INSERT INTO documents ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) "
            f"ON CONFLICT (id) DO UPDATE SET {written} RETURNING number",
            tuple(row.values()),
        ).fetchone()
        return int(number)

    def _drop(self, ids: Sequence[int]) -> None:
        if ids:
            self._connection.execute(
                "INSERT INTO meta VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = value + excluded.value",
                (_DROPPED, str(len(ids))),
            )
        for passage in ids:
            self._connection.execute("DELETE FROM passages WHERE id = ?", (passage,))
            self._log(passage, added=0)

    def _log(self, passage: int | None, *, added: int) -> None:
        self._connection.execute(
            "INSERT INTO changes (passage, added) VALUES (?, ?)", (passage, added)
        )


def checksum(*values: object) -> int:
    """CRC-32 of what a row of `documents` holds, from its digest to `entitled`."""
    found = 0
    for value in values:
        found = zlib.crc32(f"{value}\0".encode(), found)
    return found


def _connect(path: Path) -> sqlite3.Connection:
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


def _format(document_id: str) -> str:
    """Suffix of a document's name without the dot, in lower case."""
    return PurePosixPath(document_id).suffix.lower().removeprefix(".")


def _time(nanoseconds: int) -> datetime:
    """A moment; of a time before 1970 or that no calendar holds, the nearest one."""
    latest = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
    return datetime.fromtimestamp(min(max(nanoseconds / 1e9, 0), latest), UTC)


def _keep_name(folder: Path) -> None:
    """Have a folder's new names on disk; where folders cannot be opened the system sees to it."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _batches(values: Sequence[_T], size: int = 500) -> Iterator[list[_T]]:
    """The values in lists short enough for one statement."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
