"""The formulae of evaluation: EM, F1, calibration error, risk and coverage, percentiles.

Source of EM and F1: Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of
    Text, section 6.1, in the rules of its official evaluation script (version 2.0: Rajpurkar et al.
    2018).
"""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

RIGHT_F1 = 0.5  # an answer that shares this much with one that people gave counts as right

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """A text in lower case, without punctuation, articles and spare white space, in this order."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether a prediction equals an answer, once both are normalised.

    Without answers the right prediction is an empty one.
    """
    return normalised(prediction) in _comparable(answers)


def f1(prediction: str, answers: Sequence[str]) -> float:
    """Harmonic mean of the words' precision and recall, for the answer where it is highest.

    Words are counted with their repeats. Without answers the right prediction is an empty one.
    """
    words = normalised(prediction).split()
    return max(_f1(words, answer.split()) for answer in _comparable(answers))


def is_right(prediction: str, answers: Sequence[str]) -> bool:
    """Whether a prediction shares enough with an answer to be no error: F1 of 0.5 or more."""
    return f1(prediction, answers) >= RIGHT_F1


def calibration_error(probability: ArrayLike, right: ArrayLike, *, n_bins: int = 15) -> float:
    """Expected calibration error over bins of equal width, from 0 to 1.

    Args:
        probability: Probability (n) that an answer is right.
        right: Whether it is (n).
        n_bins: How many bins.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3.
    """
    bins = reliability(probability, right, n_bins=n_bins)
    return float(np.sum(bins[:, 0] * np.abs(bins[:, 1] - bins[:, 2])))


def reliability(
    probability: ArrayLike, right: ArrayLike, *, n_bins: int = 15
) -> NDArray[np.float64]:
    """Rows (share of all answers, mean probability, share right) of the bins that hold any."""
    said, truth = np.asarray(probability, float), np.asarray(right, float)
    bins = np.minimum((said * n_bins).astype(int), n_bins - 1)
    rows = [
        (np.mean(bins == each), said[bins == each].mean(), truth[bins == each].mean())
        for each in np.unique(bins)
    ]
    return np.array(rows, float).reshape(-1, 3)


def risks(score: ArrayLike, right: ArrayLike) -> NDArray[np.float64]:
    """Item i: the share of wrong answers among the i + 1 of the highest scores.

    Answers of equal score cannot be told apart: each counts with the mean of them all.

    Source: El-Yaniv and Wiener 2010, On the Foundations of Noise-free Selective Classification.
    """
    scored, wrong = np.asarray(score, float), 1 - np.asarray(right, float)
    _, group, size = np.unique(-scored, return_inverse=True, return_counts=True)
    mean = np.bincount(group, weights=wrong) / size
    return np.asarray(np.cumsum(mean[np.sort(group)]) / np.arange(1, len(wrong) + 1), float)


def risk_coverage_area(score: ArrayLike, right: ArrayLike) -> float:
    """Mean, over all coverages, of the share of wrong answers among the most certain.

    Source: Geifman and El-Yaniv 2017, Selective Classification for Deep Neural Networks.
    """
    return float(risks(score, right).mean())


def risk_at(score: ArrayLike, right: ArrayLike, *, coverage: float) -> float:
    """Share of wrong answers among the most certain, where `coverage` of all are given."""
    every = risks(score, right)
    return float(every[max(round(coverage * len(every)), 1) - 1])


def threshold_for(score: ArrayLike, wrong: ArrayLike, *, target: float) -> float:
    """The least score that, with all above it, keeps the mean of `wrong` to the target.

    Args:
        score: Scores (n), at most 1.
        wrong: Whether each is wrong, or the chance of it (n).
        target: The mean to keep to.

    Returns:
        A score, or 1 when even the highest does not keep to it.
    """
    scored = np.asarray(score, float)
    order = np.argsort(-scored, kind="stable")
    descending, n = scored[order], np.arange(1, len(scored) + 1)
    kept = np.cumsum(np.asarray(wrong, float)[order]) / n <= target
    kept[:-1] &= descending[1:] < descending[:-1]  # of equal scores all pass, or none
    return float(descending[kept].min(initial=1.0))


def percentile(seconds: Iterable[float], share: float) -> float:
    """The time that a share of all times stays below: .5 for the median, .95 for p95.

    Between two of the times it is interpolated linearly.

    Raises:
        ValueError: There are no times.
    """
    times = list(seconds)
    if not times:
        raise ValueError("There are no times to take a percentile of. Measure one or more.")
    return float(np.quantile(times, share))


def _comparable(answers: Sequence[str]) -> list[str]:
    """The answers, normalised, without those of which nothing is left; an empty one for none."""
    return [text for text in map(normalised, answers) if text] or [""]


def _f1(words: Sequence[str], others: Sequence[str]) -> float:
    n_common = (Counter(words) & Counter(others)).total()
    if not words or not others:
        return float(words == others)
    return 2 * n_common / (len(words) + len(others))
