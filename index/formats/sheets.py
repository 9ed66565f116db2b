"""XLSX files: each row of each sheet, with the names of its columns."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from index.errors import UnreadableFile
from index.formats.archive import opened
from index.formats.composer import Composer
from index.formats.named import Row, named_rows
from index.formats.parsed import Parsed, Part
from index.formats.shown import shown
from index.formats.tables import one_line, row_text
from index.formats.title import own_title

MAX_ROWS = 1_048_576  # of one sheet, which is Excel's own limit
MAX_CELLS = 10_000_000  # of all sheets, empty ones between others included


def read_xlsx(content: bytes) -> Parsed:
    """A workbook, hidden sheets included; formulas give the values that were last computed.

    Raises:
        UnreadableFile: It is encrypted, damaged, or grows too large.
    """
    with _workbook(content) as workbook:
        composer = Composer()
        for name, rows in _sheets(workbook):
            add_rows(composer, rows, sheet=name)
        return composer.parsed(title=own_title(workbook.properties.title))


def xlsx_rows(content: bytes, *, first: int, last: int) -> Part:
    """Some rows of a workbook, cell by cell, as `rows_part` gives them."""
    with _workbook(content) as workbook:
        return rows_part(_sheets(workbook), first=first, last=last)


@contextmanager
def _workbook(content: bytes) -> Iterator[Any]:
    with opened(content, "XLSX") as file, warnings.catch_warnings():
        from openpyxl import load_workbook  # noqa: PLC0415 - only an XLSX needs it

        warnings.simplefilter("ignore")  # about parts that hold no cells
        yield load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _sheets(workbook: Any) -> Iterator[tuple[str, Iterator[Row]]]:
    """Name and rows of each sheet."""
    budget = _Budget()
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # as they are stated, which may be wrong
        yield sheet.title, budget.rows(sheet)


def add_rows(composer: Composer, rows: Iterable[Row], *, sheet: str | None = None) -> None:
    """Adds a table's rows, each apart, behind the names of their columns.

    Args:
        composer: What they are added to.
        rows: Numbers, as a person sees them, and cells of those rows that are not empty.
        sheet: The name of the sheet they stand in.
    """
    where = f"sheet {sheet}, row" if sheet is not None else "row"
    gap = "\n\n"
    for row in named_rows(rows):
        composer.place_apart(f"{where} {row.number}")
        composer.add(row_text(row.cells, row.names), gap=gap)
        gap = "\n"


def rows_part(sheets: Iterable[tuple[str | None, Iterator[Row]]], *, first: int, last: int) -> Part:
    """Some of the rows that `add_rows` adds, cell by cell.

    Args:
        sheets: Names and rows of the tables.
        first: The first that is given, among the rows of all tables, from 0.
        last: The last.
    """
    rows = ((name, row) for name, table in sheets for row in named_rows(table))
    told = [
        {"sheet": name, "number": row.number, "cells": row.cells, "names": row.names}
        for name, row in islice(rows, max(first, 0), last + 1)
    ]
    return Part({"rows": told})


class _Budget:
    """The cells that may still be read."""

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def rows(self, sheet: Any) -> Iterator[Row]:
        """The rows of a sheet that are not empty."""
        for number, row in enumerate(sheet.iter_rows(min_row=1, min_col=1), start=1):
            self._left -= len(row)
            if number > MAX_ROWS or self._left < 0:
                raise UnreadableFile(
                    f"more than {MAX_ROWS:,} rows in a sheet or {MAX_CELLS:,} cells; split it"
                )
            cells = [_shown(cell) for cell in row]
            if any(cells):
                yield number, cells


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    is_number = isinstance(value, int | float)  # whose format alone counts, and is slow to look up
    return one_line(shown(value, cell.number_format if is_number else "General"))
