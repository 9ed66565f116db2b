"""Tests of the source pane: each format is shown as it is, and what is marked is the quote."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from conftest import WordEncoder
from hypothesis import given
from hypothesis import strategies as st
from test_pdf import HARBOUR, LIGHT, pages
from test_render import HOSTILE, Seen

from index.document import Document
from index.formats.parsed import Place
from index.formats.tables import cell_offsets, row_text
from index.original import Originals, TableRow
from index.passage import Span
from index.search import Index
from ui.flow import (
    MAX_SHOWN_CHARACTERS,
    MAX_SHOWN_LINES,
    MORE_CHARACTERS,
    SHOWN_LINES,
    window,
)
from ui.grid import MAX_CELLS, MAX_CHARACTERS, grid_html, rows_asked
from ui.marking import Marks
from ui.originals import file_headers, file_link_html, media_type
from ui.source import document_pane
from ui.view import View

PORTS = "Port,Fee in euros,Master\nSkarn,6,Ole\nHolm,9,Ingrid\nVarn,12,Per\n"


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    (library / "harbour.pdf").write_bytes(pages([HARBOUR, LIGHT], title="The harbour"))
    (library / "ports.csv").write_text(PORTS, encoding="utf-8")
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        index.sync()
        yield index


def quoted(document: Document | None, *quotes: str) -> tuple[Document, Marks]:
    """A document with some of its words marked, the first as the current place."""
    assert document is not None
    starts = [document.text.index(quote) for quote in quotes]
    spans = [Span(start, start + len(quote)) for start, quote in zip(starts, quotes, strict=True)]
    return document, Marks(spans, 1)


def marked(markup: str, kind: str = "q-now") -> list[str]:
    """The words of the marks of a kind."""
    found = re.findall(rf"<mark[^>]*class='{kind}[^>]*>(.*?)</mark>", markup)
    return [unescape(re.sub("<[^>]*>", "", words)) for words in found]


def buttons(markup: str) -> dict[str, View]:
    """What the pane's buttons ask for, by their names; those that lead nowhere are left out."""
    found = re.findall(r"class='q-go[^']*' value='([^']*)' data-go='([^']*)'([^>]*)>", markup)
    return {
        name: View.parse(unescape(value)) for value, name, more in found if "disabled" not in more
    }


# ---- pages ----


def test_a_page_is_shown_with_the_quote_under_a_rectangle(
    index: Index, originals: Originals
) -> None:
    document, marks = quoted(index.document("harbour.pdf"), "island of Holm")
    pane = document_pane(document, marks=marks, originals=originals)
    assert "class='q-picture'" in pane
    assert marked(pane) == ["island of Holm"]
    assert re.search(r"q-box' style='left:[\d.]+%;top:[\d.]+%;width:[\d.]+%;height:[\d.]+%'", pane)
    assert "Page 2 of 2" in pane
    asked = buttons(pane)
    assert asked["page-before"].page == 1
    assert "page-after" not in asked
    assert asked["form"].form == "text"


def test_a_page_turned_away_from_the_quote_says_nothing_of_it(
    index: Index, originals: Originals
) -> None:
    document, marks = quoted(index.document("harbour.pdf"), "island of Holm")
    view = View(place="1.c1", page=1)
    pane = document_pane(document, marks=marks, view=view, originals=originals)
    assert "Page 1 of 2" in pane
    assert marked(pane) == []
    assert "q-note" not in pane
    assert buttons(pane)["page-after"] == View(place="1.c1", page=2)


def test_the_text_of_a_page_is_one_press_away(index: Index, originals: Originals) -> None:
    document, marks = quoted(index.document("harbour.pdf"), "island of Holm")
    view = View(place="1.c1", form="text")
    pane = document_pane(document, marks=marks, view=view, originals=originals)
    assert "q-picture" not in pane
    assert marked(pane) == ["island of Holm"]
    assert buttons(pane)["form"] == View(place="1.c1")


def test_a_pdf_that_changed_is_shown_as_the_text_that_was_read(
    index: Index, originals: Originals, library: Path
) -> None:
    document, marks = quoted(index.document("harbour.pdf"), "1911")
    (library / "harbour.pdf").write_bytes(b"%PDF-1.7 nothing")
    pane = document_pane(document, marks=marks, originals=originals)
    assert "Shown as text" in pane
    assert marked(pane) == ["1911"]
    (library / "harbour.pdf").unlink()
    assert "q-open" not in document_pane(document, marks=marks, originals=originals)


# ---- tables ----


def test_a_row_is_shown_in_its_table(index: Index, originals: Originals) -> None:
    document, marks = quoted(index.document("ports.csv"), "9")
    pane = document_pane(document, marks=marks, originals=originals)
    assert re.findall(r"<th scope='col'[^>]*>([^<]*)</th>", pane) == [
        *("Row", "Port", "Fee in euros", "Master")
    ]
    row = re.search(r"<tr class='q-row-now'>(.*?)</tr>", pane)
    assert row is not None
    assert Seen(row[1]).text == "3Holm9Ingrid"
    assert marked(pane) == ["9"]
    assert marked(document_pane(document, marks=marks), "q-now") == ["9"]


def test_a_quote_that_names_its_column_is_marked_there_too(
    index: Index, originals: Originals
) -> None:
    document, marks = quoted(index.document("ports.csv"), "euros is 9, Master is Ing")
    pane = document_pane(document, marks=marks, originals=originals)
    assert marked(pane) == ["euros", "Master", "9", "Ing"]


def test_a_quote_between_two_cells_is_shown_in_the_text(index: Index, originals: Originals) -> None:
    document, marks = quoted(index.document("ports.csv"), " is ")
    pane = document_pane(document, marks=marks, originals=originals)
    assert "q-grid" not in pane
    assert marked(pane) == [" is "]


def test_rows_that_are_not_the_texts_are_refused() -> None:
    document = Document("a.csv", "0", "A", "Fee is 6", places=(Place(0, "row 2", apart=True),))
    marks = Marks([Span(7, 8)], 1)
    row = TableRow(None, 2, ("6",), ("Fee",))
    assert marked(grid_html(document, range(1), [row], marks)) == ["6"]
    for other in (row._replace(cells=("7",)), row._replace(names=("Toll",))):
        with pytest.raises(ValueError, match="other rows"):
            grid_html(document, range(1), [other], marks)
    with pytest.raises(ValueError, match="other rows"):
        grid_html(document, range(1), [], marks)


def test_rows_of_another_table_do_not_stand_below_this_ones_names() -> None:
    rows = [
        TableRow(None, 1, ("Pumps",), ()),
        TableRow(None, 3, ("P1", "30"), ("Pump", "Flow")),
        TableRow(None, 6, ("V2", "Steel"), ("Valve", "Material")),
    ]
    lines = [row_text(row.cells, row.names) for row in rows]
    text = "\n".join(lines)
    places = tuple(Place(text.index(line), "row", apart=True) for line in lines)
    document = Document("a.csv", "0", "A", text, places=places)
    start = text.index("Steel")
    made = grid_html(document, range(3), rows, Marks([Span(start, start + 5)], 1))
    assert marked(made) == ["Steel"]
    assert "Valve" in made
    assert "Pumps" in made
    assert "P1" not in made


cells = st.lists(st.sampled_from(["", "6", "a b", "x:", " is ", ", ", "<b>"]), max_size=5)


@given(cells, cells)
def test_a_cell_stands_where_its_offset_says(row: list[str], names: list[str]) -> None:
    text = row_text(row, names)
    if any(cell != cell.strip() or ": | " in cell for cell in row):
        return
    for offsets in cell_offsets(row, names):
        cell = row[offsets.column]
        assert text[offsets.cell :].startswith(cell)
        if offsets.name is not None:
            assert text[offsets.name :].startswith(names[offsets.column].rstrip(":"))


def test_many_rows_are_shown_in_parts() -> None:
    places = tuple(Place(2 * n, f"row {n + 1}", apart=True) for n in range(2_000))
    document = Document("a.csv", "0", "A", "x\n" * 2_000, places=places)
    marks = Marks([Span(1_000, 1_001)], 1)
    around = rows_asked(document, marks, View())
    assert 500 in around
    assert len(around) == 25
    above = rows_asked(document, marks, View(first=448, last=513, here=488))
    assert (above.start, above.stop) == (448, 513)
    assert len(rows_asked(document, marks, View(first=0, last=999_999, here=1_900))) == 400


# ---- text ----


def test_more_of_a_long_text_is_shown_on_both_sides() -> None:
    text = "word " * 200_000
    document = Document("a.txt", "0", "A", text)
    marks = Marks([Span(500_000, 500_004)], 1)
    pane = document_pane(document, marks=marks, view=View(place="1.c1"))
    asked = buttons(pane)
    above = document_pane(document, marks=marks, view=asked["above"])
    assert "class='q-here'" in above
    before, after = (window(text, marks.centre(), view) for view in (View(), asked["above"]))
    assert after.stop == before.stop
    assert before.start - MORE_CHARACTERS - 5 <= after.start <= before.start - MORE_CHARACTERS + 5
    assert buttons(above)["above"].first < after.start
    whole = window(text, marks.centre(), View(first=1, last=999_999, here=900_000))
    assert len(whole) <= MAX_SHOWN_CHARACTERS + 5
    assert 900_000 in whole


@pytest.mark.parametrize("n_lines", [5_000, 200_000])
def test_a_text_of_many_short_lines_is_shown_in_parts_and_read_to_its_end(n_lines: int) -> None:
    document = Document("a.py", "0", "A", ".\n" * n_lines + "last")
    pane = document_pane(document, view=View(document="a.py"))
    assert pane.count("class='q-line'") <= SHOWN_LINES
    steps = 0
    while (below := buttons(pane).get("below")) and steps < 5:
        pane = document_pane(document, view=below)
        assert pane.count("class='q-line'") <= MAX_SHOWN_LINES
        here = window(document.text, Span(0, 0), below)
        assert here.start <= below.here < here.stop
        assert here.stop - below.here >= min(MAX_SHOWN_LINES, len(document.text) - below.here)
        steps += 1
    assert n_lines > 5_000 or "last" in pane
    middle = document.text.index("last") - n_lines
    shown = window(document.text, Span(middle, middle + 3), View())
    assert shown.start < middle < middle + 3 < shown.stop


@pytest.mark.parametrize(
    ("n_names", "name", "n_cells", "cell", "fault"),
    [
        (2, "n" * MAX_CHARACTERS, 2, "a", "words"),
        (MAX_CELLS + 1, "n", 2, "a", "columns"),
        (2, "n", 2, "a" * 4_000, "words"),
    ],
)
def test_a_table_that_would_stop_a_browser_is_no_table(
    n_names: int, name: str, n_cells: int, cell: str, fault: str
) -> None:
    names, cells = (name,) * n_names, (cell,) * n_cells
    line = row_text(cells, names)
    text = "\n".join([line] * 50)
    places = tuple(Place(n * (len(line) + 1), f"row {n + 2}", apart=True) for n in range(50))
    document = Document("a.csv", "0", "A", text, places=places)
    rows = [TableRow(None, number + 2, cells, names) for number in range(50)]
    with pytest.raises(ValueError, match=f"more {fault} than a table"):
        grid_html(document, range(50), rows, Marks(()))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_is_a_value_and_no_markup(hostile: str) -> None:
    view = View(document=hostile)
    document = Document(hostile, "0", hostile, hostile + "\n" + "x " * 50_000)
    assert buttons(document_pane(document, view=view))["below"].document == hostile
    link = Seen(file_link_html(hostile + ".txt"))
    assert link.tags == ["a"]
    assert {name for name, _ in link.attributes} == {"class", "href", "target", "rel"}
    assert dict(link.attributes)["href"].startswith("source/file?id=")
    headers = file_headers(hostile, b"")
    assert not re.search(r"[^\x20-\x7e]", "".join(headers.values()))
    assert re.fullmatch(r"(inline|attachment); filename\*=UTF-8''[\w.~%-]*",
                        headers["Content-Disposition"])  # fmt: skip


# ---- files ----


@pytest.mark.parametrize(
    ("name", "kind", "opens"),
    [
        ("a.PDF", "application/pdf", True),
        ("a.txt", "text/plain; charset=utf-8", True),
        ("a.js", "text/plain; charset=utf-8", True),
        ("a.xml", "text/plain; charset=utf-8", True),
        ("a.html", "application/octet-stream", False),
        ("a.htm", "application/octet-stream", False),
        ("a.epub", "application/octet-stream", False),
        ("a.docx", "application/octet-stream", False),
    ],
)
def test_only_what_runs_no_script_is_opened(name: str, kind: str, opens: bool) -> None:  # noqa: FBT001
    assert media_type(name, b"text") == (kind, opens)
    headers = file_headers(name, b"text")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline" if opens else "attachment")
    assert ("target=" in file_link_html(name)) == opens
    assert ("download" in file_link_html(name)) != opens


def test_a_text_in_another_encoding_is_left_to_its_byte_order_mark() -> None:
    assert media_type("a.txt", "ü".encode("utf-16")) == ("text/plain", True)
