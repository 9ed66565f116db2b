"""Tests of index.formats.composer: offsets of pages and places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.formats import Place
from index.formats.composer import MAX_CHARACTERS, Composer


def test_pieces_stand_behind_their_gaps_and_offsets_count_in_the_whole() -> None:
    composer = Composer()
    composer.page()
    composer.place("One")
    composer.add(" first\r\n")
    composer.page()
    composer.page()
    composer.place("dropped")
    composer.place_apart("Two")
    composer.add("second", gap="\n")
    composer.add("  ")
    composer.page()
    assert composer.parsed(title="T") == (
        "first\nsecond",
        "T",
        (0, 6, 6, 12),
        (Place(0, "One"), Place(6, "Two", apart=True)),
    )


@given(st.lists(st.text(alphabet="a\u0301e\n ", max_size=5)))
def test_each_place_begins_with_its_piece(pieces: list[str]) -> None:
    composer = Composer()
    for piece in pieces:
        composer.place_apart(piece)
        composer.add(piece)
    parsed = composer.parsed(title=None)
    starts = [place.start for place in parsed.places]
    assert starts == sorted(set(starts))
    for place in parsed.places:
        assert parsed.text.startswith(place.name.strip(), place.start)


def test_text_without_measure_is_refused() -> None:
    composer = Composer()
    composer.add("x" * MAX_CHARACTERS)
    with pytest.raises(UnreadableFile, match="more than 20 million characters of text; split it"):
        composer.add("x")
