"""What a catalogue holds, read: documents, passages, vectors and changes."""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import numpy as np

from index.document import Document
from index.errors import DamagedIndex
from index.formats import Place
from index.mirror import FileState, Known
from index.passage import Passage, Words
from index.schema import REMEDY, checksum, translated
from index.scope import Scope

_T = TypeVar("_T")


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
    added: Sequence[int]
    removed: Sequence[int]


class Holdings:
    """Everything that a connection can read of a catalogue."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @translated()
    def meta(self) -> dict[str, str]:
        """What the index remembers of its making."""
        return dict(self._connection.execute("SELECT key, value FROM meta"))

    @translated()
    def sequence(self) -> int:
        """Number of the last change; 0 before the first."""
        row = self._connection.execute("SELECT max(sequence) FROM changes").fetchone()
        return row[0] or 0

    @translated()
    def n_documents(self) -> int:
        """How many documents there are."""
        return int(self._connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    @translated()
    def n_passages(self) -> int:
        """How many passages there are."""
        return int(self._connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    @translated()
    def known_files(self) -> dict[str, Known]:
        """What is remembered of each document that has a file."""
        rows = self._connection.execute(
            "SELECT id, digest, size, modified, changed FROM documents WHERE size IS NOT NULL"
        )
        return {row[0]: Known(row[1], FileState(*row[2:])) for row in rows}

    @translated()
    def rejected_files(self) -> dict[str, tuple[FileState, str]]:
        """State and fault of each file that could not be read as it stood."""
        rows = self._connection.execute("SELECT id, size, modified, changed, reason FROM rejected")
        return {row[0]: (FileState(*row[1:4]), row[4]) for row in rows}

    @translated()
    def dimensions(self) -> int:
        """Length of a vector; 0 while there is none."""
        row = self._connection.execute("SELECT length(vector) / 2 FROM vectors LIMIT 1").fetchone()
        return int(row[0]) if row else 0

    @translated()
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

    @translated()
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

    @translated()
    def has_file(self, document_id: str) -> bool:
        """Whether there is a document of that id, and it was read from a file."""
        asked = "SELECT 1 FROM documents WHERE id = ? AND size IS NOT NULL"
        return self._connection.execute(asked, (document_id,)).fetchone() is not None

    @translated()
    def stored(self, document_id: str) -> list[Stored]:
        """A document's passages as they are stored, in order."""
        rows = self._connection.execute(
            "SELECT p.id, d.id, p.start, p.end, p.text, p.page, p.place, p.heading, p.vector, "
            "v.vector FROM documents d JOIN passages p ON p.document = d.number "
            "LEFT JOIN vectors v ON v.key = p.vector WHERE d.id = ? ORDER BY p.start, p.id",
            (document_id,),
        )
        return [Stored(Passage(*row[:7]), *row[7:]) for row in rows]

    @translated()
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

    @translated()
    def has_title_with(self, word: str) -> bool:
        """Whether a document's title holds a word, in capitals or not."""
        row = self._connection.execute(
            "SELECT 1 FROM documents WHERE instr(lower(title), ?) LIMIT 1", (word.lower(),)
        ).fetchone()
        return row is not None

    @translated()
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

    @translated()
    def ids(self) -> Sequence[int]:
        """Every passage's id, ascending, in 8 bytes each: there may be very many."""
        rows = self._connection.execute("SELECT id FROM passages ORDER BY id")
        return array("q", (row[0] for row in rows))

    @translated()
    def documents_in(self, scope: Scope) -> list[int]:
        """Numbers of the documents that a scope admits."""
        rows = self._connection.execute(
            "SELECT number, id, format, coalesce(modified, added) FROM documents"
        )
        return scope.chosen(rows)

    @translated()
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

    @translated()
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

    @translated()
    def changes(self, since: int) -> Delta:
        """What happened to passages after a sequence number."""
        rows = self._connection.execute(
            "SELECT passage, max(added), min(added), max(sequence) FROM changes "
            "WHERE sequence > ? GROUP BY passage ORDER BY passage",
            (since,),
        )
        sequence, added, removed = since, array("q"), array("q")
        for passage, most, least, last in rows:
            sequence = max(sequence, last)
            if least == 1:
                added.append(passage)
            elif most == 0:
                removed.append(passage)
        return Delta(sequence, added, removed)

    @translated()
    def keys_without_vector(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys under which no vector lies."""
        missing = set(keys)
        for some in _batches(sorted(missing)):
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(f"SELECT key FROM vectors WHERE key IN ({marks})", some)
            missing.difference_update(row[0] for row in rows)
        return missing


def _time(nanoseconds: int) -> datetime:
    """A moment; of a time before 1970 or that no calendar holds, the nearest one."""
    latest = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
    return datetime.fromtimestamp(min(max(nanoseconds / 1e9, 0), latest), UTC)


def _batches(values: Sequence[_T], size: int = 500) -> Iterator[list[_T]]:
    """The values in lists short enough for one statement."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
