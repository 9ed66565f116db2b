"""Tests of index.formats.grids: rows of an HTML table carry the names of its columns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from index.formats import Place
from index.formats.html import read_html
from index.formats.parsed import Parsed
from index.passage import split

HEAD = "<table><tr><th>Port<th>Fee"


def read(body: str) -> Parsed:
    return read_html(f"<!doctype html><body>{body}".encode())


def passages(parsed: Parsed) -> list[str]:
    document = Document("a.html", "", "", parsed.text, places=parsed.places)
    return [parsed.text[start:end] for start, end in split(document)]


def test_rows_are_passages_and_the_caption_stands_above_them() -> None:
    parsed = read(
        "<h2>North</h2><p>Two.</p><table><caption>Fees of <b>2024</b></caption><thead>"
        "<tr><th>Port<th>Fee</thead><tr><td>Skarn<td>6 <i>euros</i><tr><td>Holm<td>9 euros</table>"
        "So far."
    )
    assert passages(parsed) == [
        "North\n\nTwo.\n\nFees of 2024",
        "Port is Skarn, Fee is 6 euros",
        "Port is Holm, Fee is 9 euros",
        "So far.",
    ]


def test_places_of_rows_are_named_and_what_follows_is_too() -> None:
    parsed = read(
        f"{HEAD}<tr><td>Skarn<td>6</table><h2>South</h2>"
        f"{HEAD}<tr><td>Holm<td>9</table><p>So far.{HEAD}<tr><td>Vell<td>7</table>"
    )
    assert parsed.text == (
        "Port is Skarn, Fee is 6\n\nSouth\n\nPort is Holm, Fee is 9\n\nSo far.\n\n"
        "Port is Vell, Fee is 7"
    )
    assert parsed.places == (
        Place(0, "table 1, row 2", apart=True),
        Place(25, "below table 1", apart=True),
        Place(25, "South"),
        Place(32, "South › table 2, row 2", apart=True),
        Place(56, "South › below table 2", apart=True),
        Place(65, "South › table 3, row 2", apart=True),
    )


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("<tr><th>Skarn<td>6", "Port is Skarn, Fee is 6"),
        (
            "<tr><td rowspan=2>Skarn<td>6<tr><td>9",
            "Port is Skarn, Fee is 6\nPort is Skarn, Fee is 9",
        ),
        (
            "<tr><td rowspan=0>Skarn<td>6<tr><td>9",
            "Port is Skarn, Fee is 6\nPort is Skarn, Fee is 9",
        ),
        (
            "<th>Zone<tr><td>Skarn<td>6<td rowspan=2>North<tr><td>Ulm<tr><td>Bo<td>8<td>South",
            "Port is Skarn, Fee is 6, Zone is North\nPort is Ulm, Zone is North\n"
            "Port is Bo, Fee is 8, Zone is South",
        ),
        (
            "<th>Zone<tr><td>Ulm<td rowspan=3>6<td rowspan=2>North<tr><tr><td>Bo",
            "Port is Ulm, Fee is 6, Zone is North\nFee is 6, Zone is North\nPort is Bo, Fee is 6",
        ),
        ("<tr><td>Ska&shy;rn<td>Cafe&#769;", "Port is Skarn, Fee is Caf\u00e9"),
        ("<tr><td colspan=2>closed", "Port is closed"),
        ("<tr><td>Skarn<br>north<td><p>6</p><p>euros</p>", "Port is Skarn north, Fee is 6 euros"),
        ("<tr><td>Skarn<sup>1</sup><td>6<sup>2</sup>", "Port is Skarn ¹, Fee is 6 ²"),
        ("<tr><td>Skarn<td><s>7</s>6<tr hidden><td>x<td>y", "Port is Skarn, Fee is 6"),
        ("", "Port | Fee"),
        ("<tr><td><td>", "Port | Fee"),
        ("<tr><td>x<td><table><tr><td>y</table>", "Port | Fee\n\nx\n\ny"),
        ("<tr><td>x<td><h3>y</h3>", "Port | Fee\n\nx\n\ny"),
    ],
)
def test_a_header_row_names_the_columns(rows: str, text: str) -> None:
    assert read(f"{HEAD}{rows}</table>").text == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            [
                ["Port", "Sea", "Fee"],
                ["Skarn", "north", "6"],
                ["Holm", "east", "9"],
                ["Vell", "", "7"],
            ],
            "Port is Skarn, Sea is north, Fee is 6\nPort is Holm, Sea is east, Fee is 9\n"
            "Port is Vell, Fee is 7",
        ),
        (
            [["Back", "Up", "Next"], ["1. Ports", "Home", "3. Fees"]],
            "Back | Up | Next\n\n1. Ports | Home | 3. Fees",
        ),
        ([["a", "b", "c"], ["d", "e", "f"]], "a | b | c\n\nd | e | f"),
        ([["Port", "Fee"], ["Skarn", "6"]], "Port | Fee\n\nSkarn | 6"),
        ([], ""),
    ],
)
def test_without_header_cells_a_column_of_figures_tells_data(
    rows: list[list[str]], text: str
) -> None:
    body = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in rows)
    assert read(f"<table>{body}</table>").text == text


def test_a_title_over_all_columns_names_none() -> None:
    title = "<table><tr><th colspan=2>Fees"
    assert read(f"{title}<tr><th>Port<th>Fee<tr><td>Skarn<td>6</table>").text == (
        "Fees\nPort is Skarn, Fee is 6"
    )
    assert read(f"{title}<tr><td>Back<td>Next</table>").text == "Fees\n\nBack | Next"


def test_a_form_has_header_cells_in_each_row_and_names_no_column() -> None:
    assert read("<table><tr><th>Port<td>Skarn<tr><th>Fee<td>6</table>").text == (
        "Port | Skarn\n\nFee | 6"
    )


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999", "1000"])
def test_spans_without_end_cost_nothing(span: str) -> None:
    cells = f"<td rowspan={span} colspan={span}>x" * 50
    parsed = read(f"{HEAD}{f'<tr>{cells}' * 300}</table>")
    assert len(parsed.text) < 10_000_000


def test_a_table_with_too_many_cells_is_read_as_text_and_loses_none() -> None:
    rows = "".join(f"<tr><th colspan=1000>Part {i}<tr><td>a{i}<td>{i}" for i in range(1_100))
    parsed = read(f"{HEAD}{rows}</table>")
    assert parsed.text.startswith("Port | Fee\n\nPart 0\n\na0 | 0\n\n")
    assert parsed.text.endswith("\n\nPart 1099\n\na1099 | 1099")
    assert parsed.places == ()


TAGS = re.findall(
    r"\S+", "<table> </table> <tr> <td> <th> <caption> <sup> <h2> <s> <p> <br> 12 Port a, x"
)


@given(st.lists(st.sampled_from(TAGS), max_size=60).map("".join))
def test_any_table_gives_places_in_its_text(body: str) -> None:
    parsed = read(f"{HEAD}<tr><td>Skarn<td>6</table>{body}")
    starts = [place.start for place in parsed.places]
    assert starts == sorted(starts)
    assert all(0 <= start < len(parsed.text) for start in starts)
    assert "".join("".join(passages(parsed)).split()) == "".join(parsed.text.split())
