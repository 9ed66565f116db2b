"""Tests of qa.calibration: a confidence refitted to a user's own questions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calibration import MIN_QUESTIONS, Calibration, Judged, calibrate, costs, threshold
from qa.confidence import Confidence, Cost

SHIPPED = Confidence(
    {"span": 1.0}, bias=0.5, threshold=0.8, target_error=0.1, reader="r@1", fitted_on="others"
)


def logistic(logit: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logit)))


def refit(said: np.ndarray, right: np.ndarray, *, target_error: float = 0.1) -> Calibration:
    return calibrate(
        SHIPPED,
        [
            Judged(*each, answerable=True)
            for each in zip(said.tolist(), right.tolist(), strict=True)
        ],
        target_error=target_error,
        fitted_on="200 questions of mine.jsonl",
    )


def overconfident(n: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities whose logits are three times too large, and what is right by the true ones."""
    chance = np.random.default_rng(seed)
    true = chance.normal(0.5, 1.0, n)
    return logistic(3 * true), chance.random(n) < logistic(true)


def test_overconfidence_is_found_and_taken_back() -> None:
    """The true slope is a third and the shift 0; a thousand questions come near."""
    refitted = refit(*overconfident(1000))
    assert refitted.confidence.weights["span"] == pytest.approx(1 / 3, abs=0.08)
    assert refitted.after.ece < refitted.before.ece / 2
    assert refitted.before.wrong > 0.1
    assert refitted.after.wrong < refitted.before.wrong


def test_a_fit_that_holds_already_stays_nearly_as_it_is() -> None:
    chance = np.random.default_rng(1)
    true = chance.normal(0.5, 1.5, 1000)
    refitted = refit(logistic(true), chance.random(1000) < logistic(true))
    assert refitted.confidence.weights["span"] == pytest.approx(1.0, abs=0.15)


def test_few_questions_move_it_less_than_many() -> None:
    """The mean of twenty fits to the least number of questions, beside one of a thousand."""
    samples = [overconfident(MIN_QUESTIONS, seed=seed) for seed in range(20)]
    fits = [refit(*sample, target_error=0.4) for sample in samples]
    few = np.mean([each.confidence.weights["span"] for each in fits])
    many = refit(*overconfident(1000)).confidence.weights["span"]
    assert many < few < 1.0


def test_what_speaks_for_an_answer_and_the_order_of_answers_stay() -> None:
    refitted = refit(*overconfident(200)).confidence
    assert refitted.weights.keys() == SHIPPED.weights.keys()
    assert refitted.reader == SHIPPED.reader
    assert refitted.fitted_on == "200 questions of mine.jsonl"
    values = [{"span": value} for value in (-2.0, 0.0, 1.0, 3.0)]
    given = [refitted.probability(each) for each in values]
    assert given == sorted(given)


def test_questions_that_are_all_right_can_be_fitted() -> None:
    refitted = refit(overconfident(60)[0], np.ones(60, bool))
    assert refitted.n_right == 60
    assert refitted.after.answered >= 0.9


def test_a_target_out_of_reach_is_said_and_not_kept() -> None:
    with pytest.raises(ValueError, match="Even the most certain answer"):
        refit(overconfident(60)[0], np.zeros(60, bool))


def test_certainty_that_misleads_is_given_up() -> None:
    """The surer, the wronger: all are left with the share that is right."""
    said = np.linspace(0.05, 0.95, 200)
    right = np.arange(200) < 140
    refitted = refit(said, right, target_error=0.5)
    assert refitted.confidence.weights["span"] == 0.0
    assert refitted.confidence.probability({"span": 3.0}) == pytest.approx(0.69, abs=0.01)


def test_too_few_questions_are_refused_with_the_number_needed() -> None:
    said, right = overconfident(MIN_QUESTIONS - 8)
    with pytest.raises(ValueError, match=rf"{MIN_QUESTIONS} or more are needed. Add 8"):
        refit(said, right)


@pytest.mark.parametrize("target", [0.0, 1.0, -0.1, 5.0])
def test_a_target_that_is_no_share_is_refused(target: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        refit(*overconfident(100), target_error=target)


def test_the_threshold_of_a_worked_example() -> None:
    """Of .95, .85, .6 the expected errors are .05, .1, .2: for .1 the second still passes."""
    assert threshold(np.array([0.6, 0.95, 0.85]), 0.1001) == 0.85
    assert threshold(np.array([0.6, 0.95, 0.85]), 0.04) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0.01, 0.5))
def test_what_passes_a_threshold_is_expected_to_keep_the_target(
    said: list[float], target: float
) -> None:
    probability = np.array(said)
    passing = probability[probability >= threshold(probability, target)]
    if threshold(probability, target) < 1:
        assert np.mean(1 - passing) <= target + 1e-9


def test_the_confidence_in_force_is_judged_as_it_is() -> None:
    said, right = overconfident(400)
    before = refit(said, right).before
    given = said >= SHIPPED.threshold
    assert before.threshold == SHIPPED.threshold
    assert before.answered == pytest.approx(given.mean())
    assert before.wrong == pytest.approx(1 - right[given].mean())


def test_the_costs_of_a_worked_example() -> None:
    """Of .97, .93, .55, .2 the last two are wrong, and the third has no answer."""
    kept = costs([0.97, 0.93, 0.55, 0.2], [True, True, False, False], [True, True, False, True])
    by_threshold = {cost.threshold: cost for cost in kept}
    assert by_threshold[0.0] == Cost(0.0, wrong=0.5, refused=0.0)
    assert by_threshold[0.5] == Cost(0.5, wrong=pytest.approx(1 / 3), refused=pytest.approx(1 / 3))
    assert by_threshold[0.9] == Cost(0.9, wrong=0.0, refused=pytest.approx(1 / 3))
    assert by_threshold[0.96] == Cost(0.96, wrong=0.0, refused=pytest.approx(2 / 3))
    assert max(by_threshold) == 0.96


def test_a_refitted_confidence_says_what_other_thresholds_cost() -> None:
    refitted = refit(*overconfident(1000))
    refused = [cost.refused for cost in refitted.confidence.costs]
    assert refused == sorted(refused)
    said = refitted.confidence.cost(refitted.confidence.threshold)
    assert said is not None
    assert said.wrong == pytest.approx(refitted.after.wrong, abs=0.03)
