"""Tests of index.formats.layout: lines with places become paragraphs."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from index.formats.layout import Line, paragraphs, words


def column(*texts: str, left: float = 50, top: float = 700, step: float = 12) -> list[Line]:
    """Lines below each other, each five points wide a character."""
    return [
        Line(text, left, left + 5 * len(text), top - step * number, 10)
        for number, text in enumerate(texts)
    ]


def joined(lines: list[Line]) -> list[str]:
    return paragraphs(lines, known=words([lines]))


def test_a_sentence_goes_on_in_the_next_column() -> None:
    left = column("The ferry to Holm leaves", "from the eastern quay and", top=112)
    right = column("takes an hour in calm sea.", left=300)
    assert joined(left + right) == [
        "The ferry to Holm leaves from the eastern quay and takes an hour in calm sea."
    ]


def test_a_new_sentence_in_the_next_column_is_a_new_paragraph() -> None:
    lines = column("The ferry leaves.", top=112) + column("Holm is an island.", left=300)
    assert joined(lines) == ["The ferry leaves.", "Holm is an island."]


def test_an_indented_line_begins_a_paragraph() -> None:
    first, second = column("The ferry leaves at six each day.", "It takes an hour in calm seas.")
    assert joined([first, second._replace(left=65, right=215)]) == [f"{first.text}\n{second.text}"]


def test_an_items_second_line_is_indented() -> None:
    first, second = column("• The ferry leaves from the quay and", "takes an hour in calm sea.")
    assert joined([first, second._replace(left=65)]) == [f"{first.text} {second.text}"]


def test_short_lines_stay_lines() -> None:
    assert joined(column("Roses", "Violets and other garden plants", "Sugar")) == [
        "Roses\nViolets and other garden plants\nSugar"
    ]


def test_a_broken_word_is_looked_up_in_the_document() -> None:
    broken, rest = column("a co", "operation of towns")
    lines = [broken._replace(hyphenated=True), rest]
    assert paragraphs(lines, known=Counter(["co-operation"])) == ["a co-operation of towns"]
    assert paragraphs(lines, known=Counter(["cooperation"])) == ["a cooperation of towns"]


def test_a_superscript_does_not_break_its_line() -> None:
    first = Line("The area is 5 km", 50, 130, 700, 10)
    raised = Line("2", 130, 134, 703, 6)
    rest = Line("in all.", 136, 170, 700, 10)
    assert joined([first, raised, rest]) == ["The area is 5 km 2 in all."]


def test_no_sentence_goes_on_from_a_header_or_with_a_footer() -> None:
    header, body = column("The harbour of Holm", "and the quay of Skarn", step=60)
    assert joined([header, body]) == ["The harbour of Holm and the quay of Skarn"]
    assert joined([header._replace(beside=True), body]) == [header.text, body.text]
    assert joined([header, body._replace(beside=True)]) == [header.text, body.text]


def test_a_word_that_a_page_breaks_does_not_go_on_with_the_footer() -> None:
    broken, footer = column("an extraordi", "Harbour report", step=60)
    lines = [broken._replace(hyphenated=True), footer._replace(beside=True)]
    assert joined(lines) == ["an extraordi-", "Harbour report"]


lines = st.builds(
    Line,
    text=st.text(alphabet="ab -|.•1A", min_size=1).map(str.strip).filter(bool),
    left=st.floats(0, 600),
    right=st.floats(0, 600),
    bottom=st.floats(0, 800),
    height=st.floats(1, 40),
    hyphenated=st.booleans(),
)


@given(st.lists(lines, max_size=30))
def test_every_letter_of_a_page_stands_in_its_paragraphs(page: list[Line]) -> None:
    found = "".join(paragraphs(page, known=words([page])))
    letters = "".join(line.text for line in page)
    assert [c for c in found if c.isalnum()] == [c for c in letters if c.isalnum()]
