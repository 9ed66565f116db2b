"""Tests of training.recurring: sentences with a gap, and where the rest of the text fills it."""

import numpy as np
import pytest

from training.recurring import GAP, pieces_of, recurring

TEXT = (
    "The ferry at Orrest Landing was sold in 1889 to two brothers. Nobody had wanted it before. "
    "They moved it from Orrest Landing to the mouth of the river after the second flood. In 1889 "
    "the river had no bridge, and carts waited for hours on both of its banks."
)


def _all(text: str) -> set[tuple[str, str]]:
    rows = [row for seed in range(20) for row in recurring(text, np.random.default_rng(seed))]
    return {(row.question, answer) for row in rows for answer in row.answers}


def test_what_recurs_is_asked_for_and_stands_in_the_rest() -> None:
    for seed in range(20):
        for row in recurring(TEXT, np.random.default_rng(seed)):
            assert GAP in row.question
            assert row.question.replace(GAP, row.answers[0]) in TEXT
            assert row.question.replace(GAP, row.answers[0]) not in row.context
            assert len(set(row.answers)) == 1


def test_names_numbers_and_words_that_recur_are_found_whole() -> None:
    answers = {answer for _, answer in _all(TEXT)}
    assert answers == {"Orrest Landing", "1889", "river"}


def test_a_span_is_taken_out_of_the_sentence_everywhere() -> None:
    text = "The weir of Skarn made Skarn a rich and noisy town. Masons went to Skarn on foot."
    assert ("The weir of [MASK] made [MASK] a rich and noisy town.", "Skarn") in _all(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One sentence alone about one mill and one mill only.",
        "It was there. It was not there. There it was.",
        "A mill stood. The mill fell.",
    ],
)
def test_nothing_is_asked_where_nothing_recurs_or_too_little_is_said(text: str) -> None:
    assert recurring(text, np.random.default_rng(0)) == []


def test_a_long_sentence_keeps_the_words_about_its_gap() -> None:
    text = "Word " + "after word " * 60 + "came to Dunmere " + "before word " * 60 + "ended."
    asked = {question for question, _ in _all(f"{text} Dunmere is where all masons lived.")}
    (cut,) = (question for question in asked if "masons" not in question)
    assert "came to [MASK] before word" in cut
    assert 100 < len(cut) < 260


def test_a_text_is_read_in_runs_that_cover_it() -> None:
    text = " ".join(
        f"The mill number {n} was built in {1700 + n} of grey stone." for n in range(90)
    )
    runs = pieces_of(text)
    assert len(runs) > 1
    assert "".join(runs).replace(" ", "") == text.replace(" ", "")
