"""CSV and TSV files: each row, with the names of its columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from index.errors import UnreadableFile
from index.formats.composer import Composer
from index.formats.named import Row
from index.formats.parsed import Parsed, Part
from index.formats.sheets import add_rows, rows_part
from index.formats.tables import one_line
from index.formats.text import as_text, decode

_DELIMITERS = "\t;|,"  # of two that fit as well the earlier: a comma is often a decimal's
_SAMPLE = 200  # rows
_DECLARED = re.compile(r"sep=(.)\n", re.IGNORECASE)


def read_csv(content: bytes) -> Parsed:
    """A table of values; the delimiter is the one that parts most rows alike.

    Raises:
        UnreadableFile: It is no text, or has a cell without end.
    """
    return _read(*_parted(content))


def csv_rows(content: bytes, *, first: int, last: int) -> Part:
    """Some rows of a table, cell by cell, as `rows_part` gives them."""
    return rows_part([(None, _rows(*_parted(content)))], first=first, last=last)


def read_tsv(content: bytes) -> Parsed:
    """A table of values with tabs between them.

    Raises:
        UnreadableFile: It is no text, or has a cell without end.
    """
    return _read(_decode(content), "\t")


def tsv_rows(content: bytes, *, first: int, last: int) -> Part:
    """The same of a table with tabs."""
    return rows_part([(None, _rows(_decode(content), "\t"))], first=first, last=last)


def _parted(content: bytes) -> tuple[str, str]:
    """A table and what stands between its cells, as its first line may declare it."""
    text = _decode(content)
    declared = _DECLARED.match(text)
    text = text[declared.end() :] if declared else text
    return text, declared[1] if declared else delimiter(text)


def _rows(text: str, parted_by: str) -> Iterator[Row]:
    """The rows that are not empty."""
    numbered = enumerate(cells(text, parted_by), start=1)
    rows = ((number, [one_line(cell) for cell in row]) for number, row in numbered)
    return ((number, row) for number, row in rows if any(row))


def _read(text: str, parted_by: str) -> Parsed:
    composer = Composer()
    try:
        add_rows(composer, _rows(text, parted_by))
    except csv.Error as error:
        raise UnreadableFile(
            f"no table, or a quotation mark that never closes ({error})"
        ) from error
    return composer.parsed(title=None)


def cells(text: str, parted_by: str, *, strict: bool = False) -> Iterator[list[str]]:
    """The rows of a table; quotation marks hold a cell together if every one is closed.

    Args:
        text: The table.
        parted_by: What stands between cells.
        strict: Raise `csv.Error` where anything else follows a quotation mark that closes.
    """
    lines = StringIO(text, newline="")
    if text.count('"') % 2:
        return csv.reader(lines, delimiter=parted_by, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=parted_by, strict=strict)


def delimiter(text: str) -> str:
    """The character that parts the most rows into the same number of cells, more than one.

    One beside which every quotation mark that closes stands goes first.
    """

    def fitness(character: str) -> tuple[float, float]:
        return _uniform(text, character, strict=True), _uniform(text, character, strict=False)

    return max(_DELIMITERS, key=fitness)


def _uniform(text: str, character: str, *, strict: bool) -> float:
    """The share of rows that a delimiter parts as it does most; 0 where it parts none."""
    try:
        rows = islice(cells(text, character, strict=strict), _SAMPLE)
        widths = Counter(len(row) for row in rows if row)
    except csv.Error:
        return 0.0
    parted = {width: rows for width, rows in widths.items() if width > 1}
    return max(parted.values(), default=0) / max(widths.total(), 1)


def _decode(content: bytes) -> str:
    """The table's characters; in windows-1252, as old programs write it, if they are no UTF-8."""
    try:
        return decode(content)
    except UnreadableFile:
        if b"\0" in content:
            raise
        try:
            return as_text(content.decode("cp1252"))
        except UnicodeError as error:
            raise UnreadableFile("neither UTF-8 nor windows-1252; save it as UTF-8") from error
