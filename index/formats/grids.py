"""Tables of an HTML page that hold data: their rows, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from index.formats.nodes import BLOCKS, CELLS, LEVELS, characters, is_shown
from index.formats.raised import raised
from index.formats.tables import TableLine, one_line, table_lines

MAX_SPAN = 1000  # rows or columns, as browsers have it
MAX_CELLS = 1_000_000  # of a page, those that reach over several rows counted in each


@dataclass(slots=True)
class _Cell:
    """A cell while its words are gathered.

    Attributes:
        is_header: Whether it names a row or a column.
        n_rows: How many rows it reaches over.
        n_columns: How many columns.
        pieces: Its words and what parts them.
    """

    is_header: bool
    n_rows: int
    n_columns: int
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table while its rows are gathered.

    Attributes:
        rows: The cells of each row.
        caption: The words above it, as a cell.
        is_layout: Whether it holds tables or headings: then it sets a page, and no data.
    """

    rows: list[list[_Cell]] = field(default_factory=list)
    caption: _Cell | None = None
    is_layout: bool = False


class Grid(NamedTuple):
    """A table as it is said.

    Attributes:
        caption: The words above it; empty without any.
        lines: Its rows.
    """

    caption: str
    lines: list[TableLine]


class _Spot(NamedTuple):
    """What a node stands in; a caption is gathered as a cell is."""

    table: _Table | None
    cell: _Cell | None
    is_raised: bool = False


def grids(body: LexborNode) -> dict[int, Grid]:
    """Each table below a node whose rows can say the names of their columns, by its address.

    Its first row of more than one cell is all header cells; or there are three columns and three
    rows below the first, which is all words, and all figures below it in one of the columns.
    """
    budget = MAX_CELLS
    found = {}
    for address, table in _tables(body).items():
        if table.is_layout:
            continue
        rows = list(_cells(table.rows, budget))
        budget -= sum(map(len, rows))
        if len(rows) < len(table.rows):
            break  # too many cells: said in part, the table would lose its rest
        at = _names_at(table.rows)
        lines = table_lines(rows, names_at=at) if at is not None or _is_wide(rows) else []
        if any(line.named for line in lines):
            found[address] = Grid(_words(table.caption), lines)
    return found


def _tables(body: LexborNode) -> dict[int, _Table]:
    """Each table below a node that is shown, with its cells, by its address."""
    tables: dict[int, _Table] = {}
    spots: dict[int, _Spot] = {}
    for node in body.traverse(include_text=True):
        parent = node.parent
        spot = spots.get(parent.mem_id) if parent is not None else None
        if node.mem_id == body.mem_id:
            spots[node.mem_id] = _Spot(None, None)
        elif spot and node.tag == "-text":
            _say(characters(node), spot)
        elif spot and is_shown(node):
            spots[node.mem_id] = _below(node, spot, tables)
    return tables


def _below(node: LexborNode, spot: _Spot, tables: dict[int, _Table]) -> _Spot:
    """What a node's children stand in."""
    table, cell = spot.table, spot.cell
    if node.tag == "table":
        if table:
            table.is_layout = True
        tables[node.mem_id] = table = _Table()
        return _Spot(table, None)
    if table and node.tag == "tr":
        table.rows.append([])
    elif table and table.rows and node.tag in CELLS:
        cell = _Cell(node.tag == "th", _span(node, "rowspan"), _span(node, "colspan"))
        table.rows[-1].append(cell)
    elif table and node.tag == "caption":
        cell = table.caption = _Cell(is_header=False, n_rows=1, n_columns=1)
    elif table and node.tag in LEVELS:
        table.is_layout = True
    if cell and (node.tag in BLOCKS or node.tag == "br"):
        cell.pieces.append(" ")
    return _Spot(table, cell, spot.is_raised or node.tag == "sup")


def _say(text: str, spot: _Spot) -> None:
    if spot.cell:
        said = raised("".join(spot.cell.pieces[-3:]), text) if spot.is_raised else text
        spot.cell.pieces.append(said)


def _span(node: LexborNode, name: str) -> int:
    """Over how many rows or columns a cell reaches; 0 rows are all that follow."""
    value = (node.attributes.get(name) or "1").strip()
    span = int(value[:4]) if value.isdecimal() and value.isascii() else 1
    return min(span or MAX_SPAN, MAX_SPAN) if name == "rowspan" else min(max(span, 1), MAX_SPAN)


def _cells(rows: list[list[_Cell]], budget: int) -> Iterator[list[str]]:
    """The cells' words; one that reaches over rows stands in each, over columns in the first.

    A row that ends before a column that is reached has empty cells up to it.
    Rows end when the budget of cells is spent.
    """
    reaching: dict[int, tuple[str, int]] = {}  # by column: words, and how many rows are left
    for row in rows:
        cells: list[str] = []
        for cell in row:
            while len(cells) in reaching:
                _take(cells, reaching)
            words = _words(cell)
            for said in islice((words, *[""] * (cell.n_columns - 1)), max(budget - len(cells), 0)):
                if cell.n_rows > 1:
                    reaching[len(cells)] = (said, cell.n_rows - 1)
                cells.append(said)
        last = max(reaching, default=-1)
        while len(cells) <= last:
            _take(cells, reaching)
        budget -= len(cells)
        if budget <= 0:
            return
        yield cells


def _words(cell: _Cell | None) -> str:
    return one_line("".join(cell.pieces)) if cell else ""


def _take(cells: list[str], reaching: dict[int, tuple[str, int]]) -> None:
    """The next cell of a row, from one above that reaches over it; empty if none does."""
    words, left = reaching.pop(len(cells), ("", 1))
    if left > 1:
        reaching[len(cells)] = (words, left - 1)
    cells.append(words)


def _names_at(rows: list[list[_Cell]]) -> int | None:
    """Index of the first row of more than one cell, if all in it are header cells."""
    for at, row in enumerate(rows):
        if sum(bool(_words(cell)) for cell in row) > 1:
            return at if all(cell.is_header for cell in row) else None
    return None


def _is_wide(rows: list[list[str]]) -> bool:
    """Whether a table without header cells has rows and columns enough, one of them of figures."""
    used = {column for row in rows for column, cell in enumerate(row) if cell}
    below = ([row[column : column + 1] for row in rows[1:]] for column in used)
    return min(len(used), len(rows) - 1) > 2 and any(
        all(any(map(str.isdigit, cell[0])) for cell in column if cell and cell[0])
        for column in below
    )
