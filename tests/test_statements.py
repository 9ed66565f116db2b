"""Tests of qa.statements: sentences, rows of tables, items of lists and headlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.statements import sentences_around

PIECES = st.sampled_from(["The mill", "was built.", "- item", "| a | b |", "Dr.", "in 1902", "# T"])
GAPS = st.sampled_from([" ", "\n", "\n\n", "\t", "   "])
TEXTS = st.lists(st.tuples(PIECES, GAPS), min_size=1, max_size=12).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
) | st.text(min_size=1, max_size=60)


def stated(text: str, within: str) -> str:
    """What `sentences_around` gives for the first place where some words stand."""
    start, end = sentences_around(text, text.index(within), text.index(within) + len(within))
    return text[start:end]


@given(TEXTS, st.data())
def test_sentences_lie_around_the_span_and_around_themselves(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = sentences_around(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)
    assert sentences_around(text, first, last) == (first, last)


def test_sentences_around_a_span_are_whole_and_all_that_it_touches() -> None:
    text = "One came. Two stayed at home. Three left early. Four slept."
    start, end = sentences_around(text, text.index("home"), text.index("early"))
    assert text[start:end] == "Two stayed at home. Three left early."


def test_a_sentence_goes_on_over_the_end_of_a_full_line() -> None:
    text = (
        "The mill was sold in 1903. Its wheel was\nbroken by the flood of the year, and\nVell wept."
    )
    assert stated(text, "flood") == text[text.index("Its") :]


@pytest.mark.parametrize("marker", ["- ", "* ", "• ", "1. ", "12) "])
def test_an_item_of_a_list_is_a_sentence_without_its_marker(marker: str) -> None:
    items = ["a tent for two persons", "5 litres of water", "Close the gate"]
    text = "Bring:\n" + "\n".join(marker + item for item in items) + "\n\nThen go."
    for item in items:
        assert stated(text, item[2:6]) == item
    assert stated(text, "Then") == "Then go."


@pytest.mark.parametrize(
    "row", ["Orl\t12,000\t40 km2", "| Orl | 12,000 | 40 km2 |", "Orl     12,000     40 km2"]
)
def test_a_row_of_a_table_is_a_sentence(row: str) -> None:
    text = f"Towns of the coast\n{row.replace('Orl', 'City')}\n{row}\n{row.replace('Orl', 'Vell')}"
    assert stated(text, "Orl") == row
    assert stated(text, "Towns") == "Towns of the coast"


@pytest.mark.parametrize(
    "text",
    [
        "Museum reopens\nThe museum was closed for two years. It opened on Monday.",
        "# Museum reopens\nthe museum was closed for two years.",
        "Museum reopens\n\nIt was closed.",
        "It was closed for two years, as the roof had been torn.\nMuseum reopens\nVisitors came.",
    ],
)
def test_a_headline_without_a_full_stop_is_a_sentence(text: str) -> None:
    assert stated(text, "reopens") == "Museum reopens"


def test_a_sentence_of_a_long_passage_is_found_at_its_beginning_middle_and_end() -> None:
    said = [f"Boat number {n} came into the harbour of Vell at dawn." for n in range(200)]
    text = " ".join(said)
    for n in (0, 100, 199):
        assert stated(text, f"number {n} ") == said[n]
