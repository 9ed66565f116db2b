"""Rows of a sheet, each with the names of its columns, table by table."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from index.formats.header import WINDOW, Above, header

Row = tuple[int, list[str]]


class NamedRow(NamedTuple):
    """A row of a table.

    Attributes:
        number: As a person sees it.
        cells: Its cells.
        names: Of its columns; empty for what stands above the header, and a header alone.
    """

    number: int
    cells: list[str]
    names: list[str]


def named_rows(rows: Iterable[Row]) -> Iterator[NamedRow]:
    """The rows that a text shows, each with the names of its columns.

    Those of tables are their headers, which are no rows of their own but where no row follows;
    without a header they are a spreadsheet's letters. Behind a blank row another table may begin.

    Args:
        rows: Numbers, as a person sees them, and cells of those rows that are not empty.
    """
    ahead = _Ahead(rows)
    names: list[str] = []
    above: Above | None = None
    alone: NamedRow | None = None
    while ahead.rows:
        at = ahead.header(above) if ahead.behind_blank else None
        if at is None:
            number, cells = ahead.take()
            above, alone = above or Above(()), None
            above.add(cells)
            yield NamedRow(number, cells, names or _letters(len(cells)))
            continue
        if alone is not None:
            yield alone
        for _ in range(at):
            yield NamedRow(*ahead.take(), names=[])
        number, names = ahead.take()
        above, alone = Above(names), NamedRow(number, names, [])
    if alone is not None:
        yield alone


class _Ahead:
    """The next rows of a sheet, `WINDOW` at a time.

    Attributes:
        rows: They, the next one first.
        behind_blank: Whether the next one is the first of all, or stands behind a blank row.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rest = iter(rows)
        self.rows = deque(islice(self._rest, WINDOW))
        self.behind_blank = True

    def take(self) -> Row:
        """The next row, behind which one more is seen."""
        taken = self.rows.popleft()
        self.rows.extend(islice(self._rest, 1))
        self.behind_blank = bool(self.rows) and self.rows[0][0] > taken[0] + 1
        return taken

    def header(self, above: Above | None) -> int | None:
        """Which of the next rows names the columns of a table that begins with them.

        Args:
            above: The table above them, if there is one.
        """
        return self._first_header() if above is None else self._next_header(above)

    def _first_header(self) -> int | None:
        """The first block of rows that has a header, with the titles and forms above it.

        A header may stand apart from its rows; where no row follows, it is alone.
        """
        seen: list[list[str]] = []
        at = None
        for block in self._blocks():
            earliest = max(len(seen) - 1, 0)
            seen += block
            at = header(seen)
            if at is not None and at < earliest:
                return None
            if at is not None and at < len(seen) - 1:
                return at
        return at

    def _next_header(self, above: Above) -> int | None:
        """The next block's, with a title above it, if it begins another table."""
        blocks = self._blocks()
        rows = next(blocks)
        n_titles = 0
        if all(sum(map(bool, row)) == 1 for row in rows):
            n_titles = len(rows)
            rows += next(blocks, [])
        at = header(rows)
        if at is None or not n_titles <= at < len(rows) - 1:
            return None
        return at if above.ends_at(rows[at], rows[at + 1 :]) else None

    def _blocks(self) -> Iterator[list[list[str]]]:
        """The cells of the next rows, parted where blank rows part them."""
        block: list[list[str]] = []
        last = None
        for number, cells in self.rows:
            if last is not None and number > last + 1:
                yield block
                block = []
            block.append(cells)
            last = number
        yield block


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


def column_number(letters: str) -> int:
    """The number, from 0, of the column that a spreadsheet calls by letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
