"""Tests of index.placing: the characters of a text are found where they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passage import Span
from index.placing import Box, PrintedLine, rectangles


def ruled(*lines: str) -> list[PrintedLine]:
    """Lines of ten characters' breadth, one below the other, each character a tenth wide."""
    height = 1 / max(len(lines), 1)
    return [
        PrintedLine(
            line,
            [
                Box(left / 10, number * height, (left + 1) / 10, (number + 1) * height)
                for left in range(len(line))
            ],
        )
        for number, line in enumerate(lines)
    ]


def test_a_rectangle_holds_the_quoted_characters_and_no_other() -> None:
    (box,) = rectangles("The mill", ruled("The mill"), Span(4, 8))
    assert box == pytest.approx((0.4, 0, 0.8, 1))


def test_what_shows_nothing_takes_no_place() -> None:
    boxes = [Box(0, 0.2, 0.1, 0.5), None, Box(0.2, 0.1, 0.3, 0.4)]
    (box,) = rectangles("a b", [PrintedLine("a b", boxes)], Span(0, 3))
    assert box == Box(0, 0.1, 0.3, 0.5)
    assert rectangles("a b", [PrintedLine("a b", boxes)], Span(1, 2)) == []


def test_a_quote_that_runs_on_has_a_rectangle_in_each_line() -> None:
    boxes = rectangles("one\ntwo\nthree", ruled("one", "two", "three"), Span(2, 9))
    assert [round(box.left, 3) for box in boxes] == [0.2, 0, 0]
    assert [round(box.right, 3) for box in boxes] == [0.3, 0.3, 0.1]


def test_a_hyphen_between_two_lines_may_be_the_texts_alone() -> None:
    lines = ruled("well", "known")
    assert len(rectangles("well-known", lines, Span(0, 10))) == 2
    assert len(rectangles("well-\nknown", lines, Span(0, 11))) == 2
    assert rectangles("well-known", lines, Span(4, 5)) == []


def test_of_two_equal_lines_the_first_is_meant() -> None:
    lines = ruled("mill", "weir", "mill")
    (box,) = rectangles("mill\nweir", lines, Span(0, 4))
    assert box.top == 0
    (box,) = rectangles("weir\nmill", lines, Span(5, 9))
    assert box.top == pytest.approx(2 / 3)


@pytest.mark.parametrize("lines", [[], [""], ["", "mill", ""], ["mill"]])
def test_nothing_is_marked_of_nothing(lines: list[str]) -> None:
    assert rectangles("", ruled(*lines), Span(0, 0)) == []
    assert rectangles("mill", ruled(*lines), Span(4, 9)) == []


def test_words_that_are_not_on_the_page_have_no_rectangle() -> None:
    lines = [PrintedLine("one two", [None] * 7)]
    assert rectangles("three", lines, Span(0, 5)) == []
    assert rectangles("one two", lines, Span(0, 3)) == []


# Without hyphens: of "a" and "a-" it is open which of the two was kept.
lines_of_text = st.lists(st.text(alphabet="ab", min_size=1, max_size=4), min_size=1, max_size=8)


@given(lines_of_text, st.data())
def test_each_line_that_was_kept_is_found_in_its_place(
    lines: list[str], data: st.DataObject
) -> None:
    kept = [line for line in lines if data.draw(st.booleans())]
    text = "\n".join(kept)
    box = Box(0, 0, 1, 1)
    known = [PrintedLine(line, [box] * len(line)) for line in lines]
    for start in range(len(text)):
        marked = rectangles(text, known, Span(start, start + 1))
        assert bool(marked) == (text[start] != "\n")


def test_a_page_of_many_short_lines_is_soon_given_up() -> None:
    lines = [PrintedLine("a", [None])] * 5_000
    assert rectangles("a" * 4_999 + "b", lines, Span(0, 1)) == []
