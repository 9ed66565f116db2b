"""The file that a document was read from: its bytes, its pages as they are printed, its rows."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar

from index.document import Document, content_of
from index.errors import UnreachableFile, UnreadableFile
from index.formats import PARTS, Part
from index.parsing import Limits, Parser
from index.placing import Box, PrintedLine
from index.search import Index

LIMITS = Limits(seconds=10)  # somebody waits
MAX_KEPT = 16  # pages, and ranges of rows, that were shown last
_WHOLE = 100_000  # as `index.formats.printed` counts
_Made = TypeVar("_Made")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of a document as it is printed.

    Attributes:
        picture: A PNG.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        n_pages: How many pages the document has.
        lines: What is printed, in the order of the file.
    """

    picture: bytes
    width: int
    height: int
    n_pages: int
    lines: tuple[PrintedLine, ...]


class TableRow(NamedTuple):
    """A row of a table.

    Attributes:
        sheet: The name of its sheet; None in a file that has but one table.
        number: As a spreadsheet counts it.
        cells: Its cells.
        names: Of its columns; empty for the header and what stands above it.
    """

    sheet: str | None
    number: int
    cells: tuple[str, ...]
    names: tuple[str, ...]


class Originals:
    """Gives originals of an index's documents, whatever thread asks.

    Files are read by a process of their own, which one thread starts and outlives: the process
    ends with the thread that started it.
    """

    def __init__(self, index: Index) -> None:
        """Start nothing yet."""
        self._index = index
        self._parser = Parser(limits=LIMITS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="originals")
        self._kept = lru_cache(MAX_KEPT)(self._part)

    def close(self) -> None:
        """End the process; nothing can be asked any more."""
        self._thread.submit(self._parser.close)
        self._thread.shutdown()

    def has_file(self, document_id: str) -> bool:
        """Whether the document was read from a file of the folder that is still there."""
        path = self._index.file(document_id)
        return path is not None and path.is_file()

    def content(self, document_id: str) -> bytes:
        """The bytes of the document's file as it stands now.

        Raises:
            UnreadableFile: It leads out of the folder, or is too large.
            UnreachableFile: There is none, or it may not be opened.
        """
        path, folder = self._index.file(document_id), self._index.documents
        if path is None or folder is None:
            raise UnreachableFile("no file of the folder")
        return content_of(path, folder)

    def has_pages(self, document: Document) -> bool:
        """Whether its pages can be shown as they are printed."""
        return _suffix(document.id) == ".pdf" and self.has_file(document.id)

    def has_rows(self, document: Document) -> bool:
        """Whether its rows can be shown as a table."""
        return _suffix(document.id) in PARTS.keys() - {".pdf"} and self.has_file(document.id)

    def page(self, document: Document, number: int) -> PrintedPage:
        """A page of a PDF, by its number from 1.

        Raises:
            UnreadableFile: The file is no longer the one that was read, or cannot be shown.
        """
        return self._shown(document, {"page": number}, _printed)

    def rows(self, document: Document, *, first: int, last: int) -> list[TableRow]:
        """Some rows of a document's tables, counted from 0 through all of them.

        Raises:
            UnreadableFile: As for `page`.
        """
        return self._shown(document, {"first": first, "last": last}, _rows)

    def _shown(
        self, document: Document, asked: Mapping[str, int], made: Callable[[Part], _Made]
    ) -> _Made:
        part = self._kept(document.id, document.digest, tuple(asked.items()))
        try:
            return made(part)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableFile("its reader gave no valid answer") from error

    def _part(self, document_id: str, digest: str, asked: tuple[tuple[str, int], ...]) -> Part:
        """A part of a file that is still the one that was read."""
        content = self.content(document_id)
        if hashlib.sha256(content).hexdigest() != digest:
            raise UnreadableFile("changed since it was read")
        reading = self._thread.submit(
            self._parser.part, content, suffix=_suffix(document_id), asked=dict(asked)
        )
        return reading.result()


def _suffix(document_id: str) -> str:
    return PurePath(document_id).suffix.lower()


def _printed(part: Part) -> PrintedPage:
    """The page that a part holds, when it is what it should be."""
    told = part.told
    width, height, n_pages = (_counted(told[name]) for name in ("width", "height", "pages"))
    if not part.content.startswith(_PNG):
        raise ValueError("no picture")
    lines = tuple(_line(*line) for line in told["lines"])
    return PrintedPage(part.content, width, height, n_pages, lines)


def _line(text: str, boxes: list[list[int] | None]) -> PrintedLine:
    if len(text) != len(boxes):
        raise ValueError("characters without their boxes")
    return PrintedLine(text, [_box(*box) if box else None for box in boxes])


def _box(*edges: int) -> Box:
    left, top, right, bottom = (edge / _WHOLE for edge in edges)
    return Box(left, top, right, bottom)


def _rows(part: Part) -> list[TableRow]:
    """The rows that a part holds, when they are what they should be."""
    return [_row(**row) for row in part.told["rows"]]


def _row(*, sheet: str | None, number: int, cells: list[Any], names: list[Any]) -> TableRow:
    if not all(isinstance(each, str) for each in (*cells, *names, sheet or "")):
        raise TypeError("cells that hold no text")
    return TableRow(sheet, _counted(number), tuple(cells), tuple(names))


def _counted(number: object) -> int:
    if type(number) is not int or number < 1:
        raise TypeError(f"{number!r} counts nothing")
    return number
