"""EM and F1 keep to the official SQuAD evaluation, the other formulae to their papers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.metrics import (
    calibration_error,
    exact_match,
    f1,
    is_right,
    normalised,
    percentile,
    reliability,
    risk_at,
    risk_coverage_area,
    risks,
    threshold_for,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Eiffel Tower!", "eiffel tower"),
        ("  a\tsaw,  an axe ", "saw axe"),
        ("U.S.", "us"),
        ("the-a", "thea"),  # punctuation goes first, so no article is left to drop
        ("theatre", "theatre"),
        ("“91” drones", "“91” drones"),  # only ASCII punctuation goes
        ("a, an; the", ""),
    ],
)
def test_normalising_follows_the_official_order(text, expected):
    assert normalised(text) == expected


def test_exact_match_takes_the_best_answer():
    assert exact_match("The Denver Broncos.", ["Carolina Panthers", "denver broncos"])
    assert not exact_match("Broncos", ["Denver Broncos"])


def test_f1_of_a_worked_example():
    """Three words against two with two in common: precision 2/3, recall 1, F1 .8."""
    assert f1("the big Denver Broncos", ["Denver Broncos"]) == pytest.approx(0.8)


def test_f1_counts_repeats_once_each():
    """`b b` and `b c`: one in common of two and two, F1 1/2."""
    assert f1("b b", ["b c"]) == pytest.approx(0.5)


def test_f1_takes_the_best_answer():
    assert f1("two delegates", ["each brotherhood elects two delegates", "two delegates"]) == 1.0


def test_without_answers_silence_is_right():
    assert exact_match("", [])
    assert f1("", []) == 1.0
    assert f1("91 drones", []) == 0.0
    assert not is_right("91 drones", [])


def test_an_answer_that_is_only_an_article_is_no_answer():
    assert f1("the", ["The"]) == 1.0
    assert f1("something", ["the"]) == 0.0


@given(st.text(), st.lists(st.text(), max_size=3))
def test_f1_stays_between_exact_match_and_one(prediction, answers):
    assert float(exact_match(prediction, answers)) <= f1(prediction, answers) <= 1.0


@given(st.text())
def test_a_text_matches_itself(text):
    assert exact_match(text, [text])
    assert f1(text, [text]) == 1.0


def test_percentiles_interpolate():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="no times"):
        percentile([], 0.5)


def test_calibration_error_of_a_worked_example():
    """Of .9 said twice and right once the gap is .4, of .1 said twice and never right .1."""
    probability, right = [0.9, 0.9, 0.1, 0.1], [True, False, False, False]
    assert calibration_error(probability, right) == pytest.approx(0.5 * 0.4 + 0.5 * 0.1)
    rows = reliability(probability, right)
    assert rows == pytest.approx(np.array([[0.5, 0.1, 0.0], [0.5, 0.9, 0.5]]))


def test_certainty_that_is_always_right_has_no_calibration_error():
    assert calibration_error([1.0, 1.0, 0.0], [True, True, False]) == 0.0


def test_risks_of_a_worked_example():
    """Right, wrong, right by falling score: 0 of 1, 1 of 2, 1 of 3 wrong."""
    score, right = [0.2, 0.9, 0.5], [True, True, False]
    assert risks(score, right) == pytest.approx([0, 1 / 2, 1 / 3])
    assert risk_coverage_area(score, right) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert risk_at(score, right, coverage=0.67) == pytest.approx(1 / 2)


def test_answers_that_cannot_be_told_apart_share_their_risk():
    """Whatever their order: two of one score, one wrong, are each half wrong."""
    for right in ([True, False], [False, True]):
        assert risks([0.7, 0.7], right) == pytest.approx([0.5, 0.5])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_the_whole_risk_is_the_share_of_wrong_answers(answers):
    score, right = zip(*answers, strict=True)
    assert risks(score, right)[-1] == pytest.approx(1 - np.mean(right))
    assert 0 <= calibration_error(score, right) <= 1


def test_a_threshold_lets_pass_what_keeps_to_the_target():
    score, wrong = [0.9, 0.8, 0.7, 0.6], [0, 1, 0, 0]
    assert threshold_for(score, wrong, target=0.25) == 0.6
    assert threshold_for(score, wrong, target=0.2) == 0.9
    assert threshold_for([0.9], [1], target=0.2) == 1.0


def test_of_equal_scores_all_pass_a_threshold_or_none():
    assert threshold_for([0.9, 0.5, 0.5, 0.5], [0, 0, 1, 1], target=0.3) == 0.9
