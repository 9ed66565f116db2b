"""Tests of index.formats.code: blocks of lines that stand together, named by their lines."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.errors import UnreadableFile
from index.formats.code import BLOCK_CHARACTERS, read_code
from index.formats.parsed import Place
from index.passage import TARGET_CHARACTERS, split


def blocks(text: str) -> dict[str, str]:
    """The text of each block, by its name."""
    parsed = read_code(text.encode())
    edges = [*(place.start for place in parsed.places), len(parsed.text)]
    return {
        place.name: parsed.text[start:end]
        for place, (start, end) in zip(parsed.places, pairwise(edges), strict=True)
    }


def function(name: str, n_lines: int) -> str:
    return f"def {name}():\n" + "    total += the_price_of(it)\n" * n_lines


def test_a_block_is_as_long_as_a_passage() -> None:
    assert BLOCK_CHARACTERS == TARGET_CHARACTERS


def test_a_short_file_is_one_block() -> None:
    assert read_code(b"\n\nx = 1\n\ny = 2\n").places == (Place(2, "lines 3–5", apart=True),)
    assert read_code(b"x = 1").places == (Place(0, "line 1", apart=True),)


def test_functions_are_kept_whole_and_packed_together_while_there_is_room() -> None:
    first, second, third = (function(name, 8) for name in ("first", "second", "third"))
    found = blocks(f"{first}\n\n{second}\n\n{third}")
    assert list(found) == ["lines 1–9", "lines 12–20", "lines 23–31"]
    assert [text.strip() for text in found.values()] == [first[:-1], second[:-1], third[:-1]]
    assert list(blocks(f"{first}\n\n{function('second', 5)}")) == ["lines 1–17"]


def test_a_long_function_is_cut_behind_an_empty_line_and_its_end_begins_no_block() -> None:
    inside = "    total += the_price_of(it)\n" * 7
    found = blocks(f"function f() {{\n{inside}\n{inside}\n{inside}\n}}\n\ng()\n")
    assert [text.split("\n")[0].strip() for text in found.values()] == [
        "function f() {",
        "total += the_price_of(it)",
    ]
    assert list(found) == ["lines 1–16", "lines 18–28"]


def test_lines_without_empty_ones_are_cut_where_they_end() -> None:
    log = "".join(f"2026-11-22 09:{n:02}:00 the pump ran\n" for n in range(60))
    found = blocks(log)
    assert "".join(found.values()) == log
    assert all(text.endswith("\n") for text in found.values())
    assert all(len(text) <= BLOCK_CHARACTERS + 1 for text in found.values())


def test_a_line_longer_than_a_block_is_one_alone() -> None:
    found = blocks(f"a = 1\n{'x' * 2000}\nb = 2\n")
    assert list(found) == ["line 1", "line 2", "line 3"]


LINES = st.sampled_from(["def f():", "    return 1", "", "}", "  ", "x" * 300, "y" * 900, "\tz"])


@given(st.lists(LINES, max_size=60).map("\n".join))
def test_blocks_hold_all_words_once_in_order_under_their_own_lines(text: str) -> None:
    parsed = read_code(text.encode())
    assert parsed.text == text
    lines = text.split("\n")
    found = blocks(text)
    assert "".join(found.values()).split() == text.split()
    for name, block in found.items():
        first, _, last = name.split()[1].partition("–")
        assert lines[int(first) - 1 : int(last or first)] == block.rstrip().split("\n")
        assert len(block.rstrip()) <= max(BLOCK_CHARACTERS, *map(len, lines))


@pytest.mark.parametrize("piece", ["\n", " ", "a\n", "a\n\n", "}\n", "  \n", "\n" + "b" * 490])
def test_a_megabyte_of_anything_is_cut_at_once(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert read_code(text.encode()).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_reason(content: bytes) -> None:
    try:
        parsed = read_code(content)
    except UnreadableFile:
        return
    assert parsed.title is None
    assert all(place.apart for place in parsed.places)


@pytest.mark.parametrize("name", ["mill.py", "mill.YAML", "mill.log"])
def test_passages_of_code_are_its_blocks(library: Path, name: str) -> None:
    functions = [function(f"f{n}", 12) for n in range(9)]
    (library / name).write_text("\n\n".join(functions), "utf-8")
    document = load(library / name, folder=library)
    spans = split(document)
    assert [document.text[start:end] + "\n" for start, end in spans] == functions
    assert document.place(spans[1].start) == "lines 16–28"
    assert document.heading(spans[1].start) == ""
    assert document.title == "mill"
