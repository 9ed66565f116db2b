"""Tests of index.formats.layout: lines with places become paragraphs."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from index.formats.layout import Line, paragraphs, without_repeats, words


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


def test_the_same_words_at_other_heights_are_no_header() -> None:
    pages = [column("Results", top=700 - 30 * number) for number in range(5)]
    assert without_repeats(pages) == pages


def test_numbers_that_do_not_count_pages_are_no_footer() -> None:
    pages = [column(f"Table {number}") for number in (3, 9, 4, 20)]
    assert without_repeats(pages) == pages


def test_two_pages_alike_show_no_header() -> None:
    pages = [column("Results"), column("Results")]
    assert without_repeats(pages) == pages


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


@given(st.lists(st.lists(lines, max_size=8), max_size=6))
def test_no_words_are_lost_with_the_headers(pages: list[list[Line]]) -> None:
    def shown(pages: list[list[Line]]) -> set[str]:
        return {
            "".join(c for c in line.text if c.isalpha()) for lines in pages for line in lines
        } - {""}

    assert shown(without_repeats(pages)) == shown(pages)
