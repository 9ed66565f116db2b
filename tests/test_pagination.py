"""Tests of index.formats.pagination: which number in a margin is its page's."""

import pytest

from index.formats.pagination import MAX_OFFSET, Reading, readings
from index.formats.turns import Text


def counted(text: str, *, page: int = 3, n_pages: int = 12, kind: Text = Text.PARTED) -> list[str]:
    """What a row says without its page's number."""
    found = readings(text, page=page, n_pages=n_pages, kind=kind)
    return [reading.words for reading in found if reading.offset is not None]


@pytest.mark.parametrize("kind", Text)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3", "#"),
        ("- 3 -", "- # -"),
        ("[3]", "[#]"),
        ("3 / 12", "# / 12"),
        ("3 of 12", "# of 12"),
        ("Page 3", "Page #"),
        ("Page 3 of 12", "Page # of 12"),
        ("Seite 3 von 12", "Seite # von 12"),
        ("p. 3", "p. #"),
        ("Page | 3", "Page | #"),
        ("Page 503", "Page #"),
    ],
)
def test_a_number_that_is_alone_or_named_is_its_pages(text: str, words: str, kind: Text) -> None:
    assert counted(text, kind=kind) == [words]


@pytest.mark.parametrize("kind", Text)
@pytest.mark.parametrize(
    "text",
    ["Invoice 3", "Day 3", "Chapter 3", "Statement 503", "3 ships", "Pages of 3", "U.S. 3", "3.50"],
)
def test_a_number_beside_a_word_is_what_the_word_says(text: str, kind: Text) -> None:
    assert counted(text, kind=kind) == []


@pytest.mark.parametrize(
    "text", ["Harbour report | 3", "3 | Harbour report", "Harbour report – 3", "3 · Harbour"]
)
def test_a_number_that_stands_apart_is_its_pages_where_the_text_flows(text: str) -> None:
    assert counted(text, kind=Text.FLOWING) == [text.replace("3", "#")]
    assert counted(text, kind=Text.PARTED) == []
    assert counted(text, kind=Text.ALIKE) == []


def test_a_number_of_all_is_its_pages_where_both_are_right() -> None:
    assert counted("Harbour report | 3/12") == ["Harbour report | #/12"]
    assert counted("Harbour report | 3/12", n_pages=13) == []
    assert counted("Harbour report | 3/12", page=4) == []
    assert counted("Harbour report 3/12") == []


@pytest.mark.parametrize("text", ["Harbour report, page 3", "Page 3 of 12 | Harbour report"])
def test_a_header_may_name_its_page(text: str) -> None:
    assert counted(text) == [text.replace("3", "#")]
    assert counted(text, kind=Text.ALIKE) == []


def test_a_bare_number_far_from_its_page_is_none_of_a_page_unless_the_text_flows() -> None:
    assert counted(str(3 + MAX_OFFSET)) == ["#"]
    assert counted("1003") == []
    assert counted("1003", kind=Text.FLOWING) == ["#"]


def test_of_pages_that_are_alike_no_words_repeat() -> None:
    text = "Payment in 30 days"
    assert list(readings(text, page=3, n_pages=4, kind=Text.PARTED)) == [Reading(text)]
    assert list(readings(text, page=3, n_pages=4, kind=Text.ALIKE)) == []
