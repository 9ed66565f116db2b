"""Tests of index.spelling: one slip, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from index.spelling import may_be_misspelled, one_slip

WORDS = st.text("abcz", max_size=6)


def distance(one: str, other: str) -> int:
    """Letters to add, take, change or exchange with the next, each once: restricted Damerau."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            least = min(rows[-1][j], row[-1]) + 1, rows[-1][j - 1] + (letter != wanted)
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], wanted):
                least += (rows[-2][j - 2] + 1,)
            row.append(min(least))
        rows.append(row)
    return rows[-1][-1]


@given(WORDS, WORDS)
def test_what_is_one_slip_away_is_meant_and_nothing_else(one: str, other: str) -> None:
    assert (other in one_slip(one)) == (distance(one, other) == 1)


def test_the_four_kinds_of_slip() -> None:
    assert {"cable", "tale", "tablet", "talbe"} <= one_slip("table")


def test_figures_short_words_and_what_is_no_word_are_taken_as_they_are() -> None:
    words = ("1742", "v2x4", "cat", "a" * 31, "cats", "a" * 30)
    assert list(map(may_be_misspelled, words)) == [False] * 4 + [True] * 2
