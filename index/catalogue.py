"""SQLite: the truth about documents, passages, vectors and changes."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import numpy as np

from index.document import Document
from index.errors import DamagedIndex, FolderUnusable, IndexMissing, StaleIndex
from index.holdings import Entry, Holdings
from index.location import indexes_in
from index.mirror import FileState
from index.passage import Span
from index.schema import FILE_NAME, SCHEMA, checksum, connect, make, translated

__all__ = ["Catalogue", "Entry"]

# Key of the number of passages that were dropped since unused vectors were.
_DROPPED = "dropped"
_READING = "reading"
_N_SHOWN = 5


class Catalogue(Holdings):
    """One connection to the catalogue of an index; not to be shared by threads unguarded."""

    @classmethod
    def create(cls, folder: Path, *, meta: Mapping[str, str]) -> "Catalogue":
        """An empty catalogue in a folder that holds none; under the writer's lock.

        Args:
            folder: The index folder; it exists.
            meta: What the index must remember of its making.
        """
        with translated(folder / FILE_NAME):
            make(folder, meta=meta)
            return cls(connect(folder / FILE_NAME))

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
            raise IndexMissing(_missing(folder))
        with translated(path):
            catalogue = cls(connect(path))
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
        with translated():
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._end("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is on disk when it is left, or, if it fails, none of it."""
        with translated():
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

    def is_read_as(self, reading: int) -> bool:
        """Whether the files are read the way of that number, or marked to be."""
        return self.meta().get(_READING) == str(reading)

    def set_reading(self, reading: int) -> None:
        """Mark all files, those that could not be read too, to be read again the way of a number.

        A file that cannot be opened at the next sync stays marked, and so do those that a killed
        one did not come to.
        """
        for table in ("documents", "rejected"):
            self._connection.execute(f"UPDATE {table} SET changed = 0 WHERE changed IS NOT NULL")
        self._connection.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", (_READING, str(reading))
        )

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


def _missing(folder: Path) -> str:
    """That no index stands in a folder, and which do below it, as in `.quoth`."""
    names = [f"'{path}'" for path in indexes_in(folder)]
    if not names:
        return f"No index in '{folder}'. Build one: quoth index DOCUMENTS_FOLDER"
    shown, n_more = ", ".join(names[:_N_SHOWN]), len(names) - _N_SHOWN
    more = f" and {n_more} more" if n_more > 0 else ""
    return f"No index in '{folder}' itself; below it there is {shown}{more}. Name one of these."


def _format(document_id: str) -> str:
    """Suffix of a document's name without the dot, in lower case."""
    return PurePosixPath(document_id).suffix.lower().removeprefix(".")
