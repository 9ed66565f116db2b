"""Tests of index.formats.headings: the path that names a part of a document."""

from hypothesis import given
from hypothesis import strategies as st

from index.formats.headings import MAX_HEADINGS, MAX_PART_CHARACTERS, Heading, paths
from index.formats.parsed import Place


def test_a_path_leads_from_the_highest_heading_down() -> None:
    levels = [(1, "Setup"), (3, "On Linux"), (2, "On macOS"), (1, "Use")]
    headings = [Heading(10 * n, level, name) for n, (level, name) in enumerate(levels)]
    assert paths(headings, title=None) == (
        Place(0, "Setup"),
        Place(10, "Setup › On Linux"),
        Place(20, "Setup › On macOS"),
        Place(30, "Use"),
    )


def test_the_title_leads_no_path_and_alone_names_nothing() -> None:
    headings = [Heading(0, 1, "The  Hive"), Heading(9, 2, "Wax"), Heading(20, 2, "The hive")]
    assert paths(headings, title="The hive") == (Place(9, "Wax"), Place(20, "The hive"))
    assert paths([Heading(0, 1, "x" * 200)], title="x" * 120) == ()


def test_the_titles_heading_ends_the_part_before_it() -> None:
    headings = [Heading(0, 1, "Thanks"), Heading(9, 1, "The hive")]
    assert paths(headings, title="The hive") == (Place(0, "Thanks"), Place(9, "The hive"))


def test_a_heading_that_says_the_one_above_again_is_said_once() -> None:
    headings = [Heading(0, 1, "Wax"), Heading(5, 2, "wax"), Heading(9, 3, "Cells")]
    assert [place.name for place in paths(headings, title=None)] == ["Wax", "Wax", "Wax › Cells"]


def test_a_heading_without_words_is_none() -> None:
    assert paths([Heading(0, 1, " "), Heading(3, 2, "Wax")], title=None) == (Place(3, "Wax"),)


def test_a_long_part_is_cut_at_a_word() -> None:
    (words, word) = paths([Heading(0, 1, "long word " * 20), Heading(9, 1, "x" * 200)], title=None)
    assert words.name == "long word " * 5 + "long…"
    assert word.name == "x" * (MAX_PART_CHARACTERS - 1) + "…"


def test_more_headings_than_help_anybody_give_no_places() -> None:
    headings = [Heading(n, 1, "a") for n in range(MAX_HEADINGS + 1)]
    assert len(paths(headings[1:], title=None)) == MAX_HEADINGS
    assert paths(headings, title=None) == ()


@given(st.lists(st.tuples(st.integers(1, 6), st.text(max_size=80))), st.none() | st.text())
def test_every_place_stands_at_a_heading_and_ends_with_its_words(
    known: list[tuple[int, str]], title: str | None
) -> None:
    headings = [Heading(n, *each) for n, each in enumerate(known)]
    for place in paths(headings, title=title):
        name = " ".join(headings[place.start].name.split())
        assert place.name
        assert place.name.split(" › ")[-1].rstrip("…") in name or " › " in name
