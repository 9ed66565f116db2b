"""The merged cells of a workbook: one value that counts for each row that its cell reaches over."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import IO

from index.formats.named import Row, column_number

MAX_REPEATED = 1_000_000  # characters in a workbook, and columns that are added for them
MAX_BYTES = 4_000_000  # of a sheet's list of merged cells, about 100,000 of them

_CHUNK = 1 << 20
_LIST = re.compile(rb"<(?:\w+:)?mergeCells[\s>]")
_OVERLAP = 100  # bytes: the list's tag may stand across two chunks
_RANGE = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z]{1,3})(\d{1,7}):[A-Z]+(\d{1,7})["']""")


class Merged:
    """Repeats the values of cells that are merged over several rows."""

    def __init__(self) -> None:
        self._left = MAX_REPEATED

    def rows(self, rows: Iterable[Row], sheet: IO[bytes]) -> Iterator[Row]:
        """The rows of a sheet, each with the values that reach into it from above.

        They go into the first column of the merged ones, and only into rows that hold cells of
        their own. What is beyond `MAX_REPEATED` stands in the first row alone.

        Args:
            rows: Those that are not empty.
            sheet: The XML that they stand in.
        """
        begin = _spans(sheet)
        reaching: dict[int, tuple[int, str]] = {}
        for number, cells in rows:
            for column, (last, value) in list(reaching.items()):
                if number > last or not self._repeat(value, cells, column):
                    del reaching[column]
            for column, last in begin.get(number, ()):
                if column < len(cells) and cells[column]:
                    reaching[column] = last, cells[column]
            yield number, cells

    def _repeat(self, value: str, cells: list[str], column: int) -> bool:
        """Puts a value into an empty cell of a row; False when there is no more room."""
        n_added = max(column + 1 - len(cells), 0)
        if n_added or not cells[column]:
            self._left -= len(value) + n_added
            if self._left < 0:
                return False
            cells += [""] * n_added
            cells[column] = value
        return True


def _spans(sheet: IO[bytes]) -> dict[int, list[tuple[int, int]]]:
    """Column, from 0, and last row of the cells that are merged downwards, by their first row.

    The list stands behind the rows, so it is looked for in the bytes: to parse them once more
    would take as long as to read the rows.
    """
    spans = defaultdict(list)
    for column, first, last in _RANGE.findall(_list(sheet)):
        if int(last) > int(first):
            spans[int(first)].append((column_number(column.decode()), int(last)))
    return dict(spans)


def _list(sheet: IO[bytes]) -> bytes:
    """The list of merged cells in a sheet's XML, in the encodings that spreadsheets use for it."""
    before = b""
    while chunk := sheet.read(_CHUNK):
        before += chunk
        if found := _LIST.search(before):
            return (before[found.start() :] + sheet.read(MAX_BYTES))[:MAX_BYTES]
        before = before[-_OVERLAP:]
    return b""
