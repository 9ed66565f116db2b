"""Tests of index.formats.notebook: cells as places, and what the code printed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.errors import UnreadableFile
from index.formats.notebook import MAX_VALUES, read_notebook
from index.formats.parsed import Place
from index.passage import split


def cell(kind: str, source: str | list[str], *outputs: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    return written | ({"outputs": list(outputs), "execution_count": 1} if kind == "code" else {})


def notebook(*cells: dict[str, Any]) -> bytes:
    shape = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(shape).encode()


CELLS = (
    cell("code", []),
    cell("markdown", ["# Honey *harvest*\n", "\n", "Two years."]),
    cell(
        "code",
        "print(total)\ntable",
        {"output_type": "stream", "name": "stdout", "text": ["412", " kg\n"]},
        {
            "output_type": "execute_result",
            "data": {
                "text/plain": ["   year\n", "0  2025"],
                "text/html": "<table>",
                "image/png": "iVB",
            },
        },
    ),
    cell(
        "code",
        "1 / 0",
        {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "division by zero",
            "traceback": ["\x1b[0;31mZeroDivisionError\x1b[0m: division by zero", "line 1"],
        },
    ),
    cell("raw", "# No title\r\nraw"),
)


def test_cells_and_what_they_printed_stand_in_order_each_a_place() -> None:
    parsed = read_notebook(notebook(*CELLS))
    assert parsed.text == (
        "# Honey *harvest*\n\nTwo years.\n\n"
        "print(total)\ntable\n\n412 kg\n\n\n   year\n0  2025\n\n"
        "1 / 0\n\nZeroDivisionError: division by zero\nline 1\n\n"
        "# No title\nraw"
    )
    assert parsed.title == "Honey harvest"
    assert parsed.places == tuple(
        Place(parsed.text.index(words), f"cell {number}", apart=True)
        for words, number in [("# Honey", 2), ("print", 3), ("1 / 0", 4), ("# No", 5)]
    )


def test_the_title_is_the_first_heading_of_a_text_cell() -> None:
    cells = [cell("code", "# a comment"), cell("markdown", "words"), cell("markdown", "## Bees")]
    assert read_notebook(notebook(*cells)).title == "Bees"
    assert read_notebook(notebook(*cells[:2])).title is None


def test_no_passage_reaches_across_cells(library: Path) -> None:
    path = library / "harvest.ipynb"
    path.write_bytes(notebook(*(cell("markdown", f"The year {n} was good.") for n in range(9))))
    document = load(path, folder=library)
    spans = split(document)
    assert [document.text[slice(*span)] for span in spans] == [
        f"The year {n} was good." for n in range(9)
    ]
    assert document.place(spans[3].start) == "cell 4"
    assert document.heading(spans[3].start) == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no notebook: not JSON (Expecting value"),
        (notebook(*CELLS)[:-9], "no notebook: not JSON"),
        (b"[1, 2]", "no notebook: it has no list of cells"),
        (b'{"cells": 4}', "no notebook: it has no list of cells"),
        (b'{"worksheets": [], "nbformat": 3}', "a notebook of version 3; save it again in Jupyter"),
        (b"[" * 100_000, "no notebook: its JSON is nested too deep"),
        (b"[" + b"[]," * MAX_VALUES + b"[]]", f"a notebook of more than {MAX_VALUES:,} values"),
        (b"\0\1\2\3", "binary"),
    ],
)
def test_what_is_no_notebook_gives_its_reason(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_notebook(content)
    assert str(caught.value).startswith(why)


ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
KEYS = ["cell_type", "source", "outputs", "output_type", "text", "data", "text/plain", "traceback"]
ODD = st.dictionaries(
    st.sampled_from(KEYS), ANYTHING | st.sampled_from(["markdown", "code", "stream", "error"])
)


@given(st.lists(ODD | ODD.map(lambda output: {"outputs": [output]}) | ANYTHING))
def test_cells_of_any_shape_are_read_without_error(cells: list[Any]) -> None:
    try:
        parsed = read_notebook(notebook(*cells))
    except UnreadableFile:  # for its control characters
        return
    edges = [place.start for place in parsed.places]
    assert edges == sorted(set(edges))
    assert all(parsed.text[start:].strip() for start in edges)
