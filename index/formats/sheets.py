"""XLSX files: each row of each sheet, with the names of its columns."""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any

from index.errors import UnreadableFile
from index.formats.archive import opened
from index.formats.composer import Composer
from index.formats.formulas import uncomputed
from index.formats.merged import Merged
from index.formats.named import Row, named_rows
from index.formats.parsed import Parsed, Part
from index.formats.shown import shown
from index.formats.tables import one_line, row_text
from index.formats.title import own_title

MAX_ROWS = 1_048_576  # of one sheet, which is Excel's own limit
MAX_CELLS = 10_000_000  # of all sheets, empty ones between others included

_WORKBOOK = "xl/workbook.xml"
_ON_LOAD = re.compile(rb"""\bfullCalcOnLoad=["'](?:1|true)["']""")


def read_xlsx(content: bytes) -> Parsed:
    """A workbook, hidden sheets included; formulas give the values that were last computed.

    A formula that was never computed stands there itself, "=C4*2", and no value in its place.

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
    budget, merged = _Budget(), Merged()
    on_load = _is_computed_on_load(workbook)
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # as they are stated, which may be wrong
        # What openpyxl does not tell of a sheet that it reads row by row stands in the XML.
        with _xml(sheet) as xml:
            formulas = uncomputed(xml, on_load=on_load)
        with _xml(sheet) as xml:
            yield sheet.title, merged.rows(budget.rows(sheet, formulas), xml)


def _is_computed_on_load(workbook: Any) -> bool:
    """Whether the file says so: openpyxl takes it for granted."""
    archive = workbook._archive
    return _WORKBOOK in archive.namelist() and bool(_ON_LOAD.search(archive.read(_WORKBOOK)))


def _xml(sheet: Any) -> IO[bytes]:
    file: IO[bytes] = sheet.parent._archive.open(sheet._worksheet_path)
    return file


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

    def rows(self, sheet: Any, formulas: Mapping[int, list[tuple[int, str]]]) -> Iterator[Row]:
        """The rows of a sheet that are not empty.

        Args:
            sheet: The sheet.
            formulas: Column and text of those that stand for the values of their cells, by row.
        """
        for number, row in enumerate(sheet.iter_rows(min_row=1, min_col=1), start=1):
            self._left -= len(row)
            if number > MAX_ROWS or self._left < 0:
                raise UnreadableFile(
                    f"more than {MAX_ROWS:,} rows in a sheet or {MAX_CELLS:,} cells; split it"
                )
            cells = [_shown(cell) for cell in row]
            for column, formula in formulas.get(number, ()):
                if column < len(cells):
                    cells[column] = one_line(formula)
            if any(cells):
                yield number, cells


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    is_number = isinstance(value, int | float)  # whose format alone counts, and is slow to look up
    return one_line(shown(value, cell.number_format if is_number else "General"))
