"""Rows of a table as a table, the row that was cited and the quoted words in it marked."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter, eq

from index.document import Document
from index.formats.tables import CellOffsets, cell_offsets, row_text
from index.formats.text import normalise
from index.original import TableRow
from index.passage import Span
from ui import wording
from ui.escape import html_text
from ui.marking import Marks
from ui.view import View

AROUND = 12  # rows above and below the one that is cited
MORE_ROWS = 40  # that one press on "more" adds
MAX_ROWS = 400
MAX_ROW_CHARACTERS = 20_000
MAX_CELLS = 20_000
MAX_CHARACTERS = 300_000


def rows_asked(document: Document, marks: Marks, view: View) -> range:
    """Numbers of the rows that are shown, from 0 through all tables of the document."""
    n_rows = len(document.places)
    if view.last > view.first:
        first, last = min(view.first, n_rows), min(view.last, n_rows)
        if last - first > MAX_ROWS:
            up = view.here < (first + last) // 2
            first, last = (first, first + MAX_ROWS) if up else (last - MAX_ROWS, last)
        return range(first, last)
    cited = row_at(document, marks.centre().start)
    below = AROUND + 1 if marks.current else MORE_ROWS
    return range(max(cited - AROUND, 0), min(cited + below, n_rows))


def row_at(document: Document, offset: int) -> int:
    """Number of the row that holds a character."""
    return max(bisect_right(document.places, offset, key=attrgetter("start")) - 1, 0)


def row_span(document: Document, number: int) -> Span:
    """Where the text of a row stands."""
    places = document.places
    end = places[number + 1].start if number + 1 < len(places) else len(document.text)
    start = places[number].start
    return Span(start, start + len(document.text[start:end].rstrip()))


def grid_html(
    document: Document, shown: range, rows: Sequence[TableRow], marks: Marks, *, here: int = -1
) -> str:
    """The rows of the table that is cited, below the names of their columns.

    Args:
        document: Whose text the places stand in.
        shown: The rows' numbers.
        rows: What its file holds there.
        marks: The places.
        here: The row that the reader came from.

    Raises:
        ValueError: The text is not of these rows, or a place does not stand in a cell.
    """
    if len(rows) != len(shown) or not rows:
        raise ValueError("other rows than those of the text")
    cited = min(max(row_at(document, marks.centre().start), shown.start), shown.stop - 1)
    main = rows[cited - shown.start]
    n_columns = max(len(row.cells) for row in rows)
    if max(n_columns * len(rows), len(main.names)) > MAX_CELLS:
        raise ValueError("more columns than a table can show")
    n_characters = row_span(document, shown.stop - 1).end - row_span(document, shown.start).start
    if n_characters + sum(map(len, main.names)) > MAX_CHARACTERS:
        raise ValueError("more words than a table can show")
    names = _names_html(document, cited, main, marks)
    body = []
    for number, row in zip(shown, rows, strict=True):
        if _of_one_table(row, main):
            kind = "q-row-now" if marks.current and number == cited else ""
            kind += " q-here" if number == here else ""
            cells = _cells_html(document, number, row, marks, n_columns)
            body.append(f"<tr class='{kind.strip()}'><th scope='row'>{row.number}</th>{cells}</tr>")
    sheet = html_text(wording.sheet_label(main.sheet)) if main.sheet else ""
    caption = f"<caption dir='auto'>{sheet}</caption>" if sheet else ""
    head = f"<thead><tr><th scope='col'>{wording.ROW}</th>{names}</tr></thead>"
    made = f"<table class='q-grid'>{caption}{head}<tbody>{''.join(body)}</tbody></table>"
    in_view = marks.current and row_at(document, marks.centre().start) in shown
    if in_view and "class='q-now'" not in made:
        raise ValueError("a quote between two cells")
    return made


def _of_one_table(row: TableRow, other: TableRow) -> bool:
    """Whether rows of one sheet have columns of the same names, as far as both have names."""
    return row.sheet == other.sheet and all(map(eq, row.names, other.names))


def _names_html(document: Document, cited: int, row: TableRow, marks: Marks) -> str:
    """The names of the columns; what the text says of them in the cited row can be marked."""
    start, end = row_span(document, cited)
    whole = marks.centre().start <= start and end <= marks.centre().end
    said = {} if whole else {each.column: each for each in _offsets(document, cited, row)}
    cells = []
    for column, name in enumerate(row.names):
        bare = normalise(name).rstrip(":")
        shown = html_text(name)
        if column in said and (at := said[column].name) is not None:
            shown = marks.html(document.text, start + at, start + at + len(bare))
        cells.append(f"<th scope='col' dir='auto'>{shown}</th>")
    return "".join(cells)


def _cells_html(
    document: Document, number: int, row: TableRow, marks: Marks, n_columns: int
) -> str:
    start = row_span(document, number).start
    said = {each.column: each for each in _offsets(document, number, row)}
    cells = []
    for column in range(n_columns):
        inner = ""
        if column in said:
            at = start + said[column].cell
            inner = marks.html(document.text, at, at + len(normalise(row.cells[column])))
        cells.append(f"<td dir='auto'>{inner}</td>")
    return "".join(cells)


def _offsets(document: Document, number: int, row: TableRow) -> Iterator[CellOffsets]:
    """Where the row's cells stand in its text, which has to be made of them."""
    cells, names = [list(map(normalise, each)) for each in (row.cells, row.names)]
    start, end = row_span(document, number)
    if end - start > MAX_ROW_CHARACTERS:
        raise ValueError("a row too long for a table")
    if document.text[start:end] != row_text(cells, names):
        raise ValueError("other rows than those of the text")
    return cell_offsets(cells, names)
