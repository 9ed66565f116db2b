"""Tests of index.formats.turns: what tells a text from a stack of forms."""

import pytest

from index.formats.layout import Line
from index.formats.turns import Text, kind_of

ENDS = "The ferry to Holm leaves from the eastern quay and"
GOES_ON = "takes an hour in calm sea, as the old ferries did."


def page(*texts: str) -> list[Line]:
    return [Line(text, 50, 50 + 5 * len(text), 700 - 12 * n, 10) for n, text in enumerate(texts)]


def test_a_sentence_that_goes_on_makes_a_text() -> None:
    assert kind_of([page("The quay", ENDS), page(GOES_ON, "The end.")]) is Text.FLOWING


def test_a_note_below_the_sentence_does_not_hide_it() -> None:
    assert kind_of([page(ENDS, "1 In summer."), [], page(GOES_ON)]) is Text.FLOWING


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (ENDS + ".", GOES_ON),
        (ENDS, GOES_ON.capitalize()),
        ("The ferry", GOES_ON),
        (ENDS, "an hour"),
    ],
)
def test_pages_without_such_a_sentence_may_stand_by_themselves(upper: str, lower: str) -> None:
    wide = "Every page of this document has a line as long as this"
    assert kind_of([page(wide + ".", upper), page(lower, wide)]) is Text.PARTED


def test_one_such_sentence_in_a_hundred_pages_is_no_text() -> None:
    others = [page(f"{'abcdefghijk'[n % 11]} is written to.") for n in range(100)]
    assert kind_of([page(ENDS), page(GOES_ON), *others]) is Text.PARTED


@pytest.mark.parametrize(
    "texts",
    [
        ["Customer: Alpenrose", "Customer: Bergfink", "Customer: Cimbra"],
        ["Invoice 7", "Invoice 18", "Invoice 25"],
        ["Night in Skarn", "Night in Holm", "Night in Mossby"],
    ],
)
def test_pages_whose_lines_begin_alike_are_forms(texts: list[str]) -> None:
    assert kind_of([page("The firm", text) for text in texts]) is Text.ALIKE
    moved = [page(text)[0]._replace(bottom=20 * n) for n, text in enumerate(texts)]
    assert kind_of([[line] for line in moved]) is Text.PARTED


def test_a_document_without_text_has_no_turns() -> None:
    assert kind_of([]) is Text.PARTED
    assert kind_of([[], []]) is Text.PARTED
