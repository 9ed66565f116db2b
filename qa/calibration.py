"""A confidence refitted to a user's own labelled questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.confidence import Confidence, Cost
from qa.metrics import calibration_error, threshold_for

MIN_QUESTIONS = 50
N_FOLDS = 10
# What the shipped fit counts for, as a number of questions that it explains just as well.
_PRIOR = 10.0
_MOST_CERTAIN = 1 - 1e-6
# Thresholds whose costs are kept; where answers are certain a small step changes much.
_THRESHOLDS = (*(n / 20 for n in range(19)), 0.92, 0.94, 0.96, 0.98, 0.99)

Floats = NDArray[np.float64]


class Judged(NamedTuple):
    """The best span of a question, judged.

    Attributes:
        probability: That it is right, as a confidence holds.
        right: Whether it is.
        answerable: Whether any can be.
    """

    probability: float
    right: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """What a confidence is worth on labelled questions.

    Attributes:
        threshold: Probability below which an answer is withheld.
        answered: Share of all questions that are answered.
        wrong: Share of the answers given that are wrong; 0 when none is given.
        ece: Expected calibration error over 15 bins.
    """

    threshold: float
    answered: float
    wrong: float
    ece: float

    @classmethod
    def of(cls, probability: Floats, right: Floats, threshold: float | Floats) -> "Worth":
        """What probabilities (n) are worth; each question may have a threshold of its own."""
        given = probability >= threshold
        return cls(
            threshold=float(np.mean(threshold)),
            answered=float(given.mean()),
            wrong=float(1 - right[given].mean()) if given.any() else 0.0,
            ece=calibration_error(probability, right),
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """A refitted confidence, and what it is worth beside the shipped one.

    Attributes:
        confidence: The refitted one.
        before: The shipped one, on the questions.
        after: The refitted one, on questions that a fit like it had not seen: each tenth of them
            is judged by a fit to the other nine.
        n: How many questions there were.
        n_right: How many of the best spans were right.
    """

    confidence: Confidence
    before: Worth
    after: Worth
    n: int
    n_right: int


def calibrate(
    confidence: Confidence,
    judged: Sequence[Judged],
    *,
    target_error: float,
    fitted_on: str,
) -> Calibration:
    """Refit how sure a confidence is, and its threshold; what speaks for an answer stays.

    The logit is stretched and shifted, which keeps the order of answers and needs few questions.

    Args:
        confidence: The shipped one; a refitted one would be drawn on again and again.
        judged: The best span of each question (n), with what the confidence gives to it.
        target_error: Share of wrong answers, among those given, to aim at.
        fitted_on: The questions in words.

    Raises:
        ValueError: There are fewer than `MIN_QUESTIONS`, or the target is no share or out of reach.

    Source: Platt 1999, Probabilistic Outputs for Support Vector Machines.
    """
    if not 0 < target_error < 1:
        raise ValueError(f"A target of {target_error} is no share. Give one between 0 and 1.")
    check_number(len(judged))
    said, truth, answerable = np.array(judged, float).T
    logit = _logit(said)
    slope, shift = _stretch(logit, truth)
    fitted = _probability(slope * logit + shift)
    least = 1 - fitted.max()
    if least > target_error:
        raise ValueError(
            f"Even the most certain answer to these questions has {least:.1%} against it: "
            f"a target of {target_error:.1%} would refuse all. Raise it: --target"
        )
    unseen, limits = _cross_validated(logit, truth, target_error)
    refitted = replace(
        confidence,
        weights={name: slope * weight for name, weight in confidence.weights.items()},
        bias=slope * confidence.bias + shift,
        threshold=threshold(fitted, target_error),
        target_error=target_error,
        fitted_on=fitted_on,
        costs=costs(unseen, truth, answerable),
    )
    return Calibration(
        confidence=refitted,
        before=Worth.of(said, truth, confidence.threshold),
        after=Worth.of(unseen, truth, limits),
        n=len(judged),
        n_right=int(truth.sum()),
    )


def check_number(n: int) -> None:
    """Raises a ValueError when there are too few questions to fit to."""
    if n < MIN_QUESTIONS:
        raise ValueError(
            f"There are {n} questions; {MIN_QUESTIONS} or more are needed. Add {MIN_QUESTIONS - n}."
        )


def threshold(probability: Floats, target_error: float) -> float:
    """The least probability above which the answers' mean chance to be wrong is the target's.

    By the probabilities themselves and not by the few labels above a threshold, which scatter. 1
    when even the most certain answer is too likely wrong.
    """
    return threshold_for(probability, 1 - probability, target=target_error)


def costs(probability: ArrayLike, right: ArrayLike, answerable: ArrayLike) -> tuple[Cost, ...]:
    """What thresholds come to, ascending, up to the last at which anything is answered.

    Args:
        probability: That the best span of each question (n) is right.
        right: Whether it is (n).
        answerable: Whether any can be (n).
    """
    said, truth = np.asarray(probability, float), np.asarray(right, bool)
    held = np.asarray(answerable, bool)
    return tuple(
        Cost(
            threshold=threshold,
            wrong=float(np.mean(~truth[said >= threshold])),
            refused=float(np.mean(said[held] < threshold)) if held.any() else 0.0,
        )
        for threshold in _THRESHOLDS
        if (said >= threshold).any()
    )


def _cross_validated(logit: Floats, right: Floats, target_error: float) -> tuple[Floats, Floats]:
    """Probability and threshold of each question by a fit to the nine tenths it is not in."""
    fold = np.arange(len(logit)) % N_FOLDS
    probability, limit = np.zeros_like(logit), np.zeros_like(logit)
    for each in range(N_FOLDS):
        seen, unseen = fold != each, fold == each
        slope, shift = _stretch(logit[seen], right[seen])
        probability[unseen] = _probability(slope * logit[unseen] + shift)
        limit[unseen] = threshold(_probability(slope * logit[seen] + shift), target_error)
    return probability, limit


def _stretch(logit: Floats, right: Floats) -> tuple[float, float]:
    """Slope and shift of highest likelihood, by Newton's method, drawn towards 1 and 0."""
    inputs = np.stack([logit, np.ones_like(logit)], axis=1)
    middle = np.array([1.0, 0.0])
    weight = middle.copy()
    pull = np.diag([_PRIOR * max(logit.var(), 1e-3) / 4, _PRIOR / 4])
    for _ in range(50):
        said = _probability(inputs @ weight)
        slope = inputs.T @ (said - right) + pull @ (weight - middle)
        curvature = inputs.T * (said * (1 - said)) @ inputs + pull
        step = np.linalg.solve(curvature, slope)
        weight = weight - step * min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-9))
    if weight[0] < 0:  # the order of the answers would turn over: none is surer than another
        share = (right.sum() + _PRIOR / 2) / (len(right) + _PRIOR)
        return 0.0, float(np.log(share / (1 - share)))
    return float(weight[0]), float(weight[1])


def _logit(probability: Floats) -> Floats:
    kept = np.clip(probability, 1 - _MOST_CERTAIN, _MOST_CERTAIN)
    return np.asarray(np.log(kept / (1 - kept)), float)


def _probability(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))), float)
