"""XLSX files: each row of each sheet, with the names of its columns."""

import warnings
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from index.errors import UnreadableFile
from index.formats.archive import opened
from index.formats.composer import Composer
from index.formats.parsed import Parsed
from index.formats.shown import shown
from index.formats.tables import WINDOW, header, one_line, row_text
from index.formats.title import own_title

MAX_ROWS = 1_048_576  # of one sheet, which is Excel's own limit
MAX_CELLS = 10_000_000  # of all sheets, empty ones between others included

Row = tuple[int, list[str]]


def read_xlsx(content: bytes) -> Parsed:
    """A workbook, hidden sheets included; formulas give the values that were last computed.

    Raises:
        UnreadableFile: It is encrypted, damaged, or grows too large.
    """
    with opened(content, "XLSX") as file, warnings.catch_warnings():
        from openpyxl import load_workbook  # noqa: PLC0415 - only an XLSX needs it

        warnings.simplefilter("ignore")  # about parts that hold no cells
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        composer = Composer()
        budget = _Budget()
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # as they are stated, which may be wrong
            add_rows(composer, budget.rows(sheet), sheet=sheet.title)
        return composer.parsed(title=own_title(workbook.properties.title))


def add_rows(composer: Composer, rows: Iterable[Row], *, sheet: str | None = None) -> None:
    """Adds a table's rows, each apart, behind the names of their columns.

    Args:
        composer: What they are added to.
        rows: Numbers, as a person sees them, and cells of those rows that are not empty.
        sheet: The name of the sheet they stand in.
    """
    where = f"sheet {sheet}, row" if sheet is not None else "row"
    rows = iter(rows)
    first = list(islice(rows, WINDOW))
    at = header([cells for _, cells in first])
    alone = at is not None and at == len(first) - 1
    names: list[str] = first[at][1] if at is not None else []
    gap = "\n\n"
    for order, (number, cells) in enumerate(chain(first, rows)):
        if order == at and not alone:
            continue
        composer.place_apart(f"{where} {number}")
        above = at is not None and order <= at
        named = [] if above else (names if at is not None else _letters(len(cells)))
        composer.add(row_text(cells, named), gap=gap)
        gap = "\n"


def _letters(n_columns: int) -> list[str]:
    """The names of a sheet's columns: A, ..., Z, AA, AB, ..."""
    letters = []
    for column in range(1, n_columns + 1):
        name, rest = "", column
        while rest:
            rest, letter = divmod(rest - 1, 26)
            name = chr(ord("A") + letter) + name
        letters.append(name)
    return letters


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
