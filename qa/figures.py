"""What answers to labelled questions are worth."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from qa.evaluate import Outcome
from qa.metrics import (
    calibration_error,
    exact_match,
    f1,
    percentile,
    risk_at,
    risk_coverage_area,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the answers to `n` questions are worth; a figure without a question to it is None.

    Attributes:
        n: Questions asked.
        exact_match: Of the best spans, nothing withheld, over answerable questions, in percent.
        f1: Likewise.
        exact_match_of_quote: Of the quotes that are shown: with units, whole sentences for why.
        f1_of_quote: Likewise.
        answerable: Questions that have an answer.
        answered: Questions that were answered.
        right: Answers given whose span has an F1 of .5 or more.
        refused_right: Refusals of questions that have no answer.
        refused_wrong: Refusals of questions that have one.
        wrong: Answers given that are not right.
        recall_at_1: Share of the answerable questions whose passage comes first, the passages in
            the order of their best spans: then it is the one cited.
        recall_at_5: Share of them whose passage is among the first 5.
        recall_at_20: Share of them whose passage is among the first 20.
        ece: Expected calibration error over 15 bins, from 0 to 1.
        aurc: Area under the risk-coverage curve, from 0 to 1; less is better.
        aurc_of_span: The same, had the reader's own probability decided.
        wrong_at_80_coverage: Share wrong of the four in five answers that are most certain.
        citations_exact: Share of the answers, given or withheld, whose every quote stands where
            it says, in the file read anew.
        seconds_p50: Median time of an answer.
        seconds_p95: Time that 95 in 100 answers stay below.
        threshold: Probability below which an answer was withheld.
    """

    n: int
    exact_match: float | None
    f1: float | None
    exact_match_of_quote: float | None
    f1_of_quote: float | None
    answerable: int
    answered: int
    right: int
    refused_right: int
    refused_wrong: int
    wrong: int
    recall_at_1: float | None
    recall_at_5: float | None
    recall_at_20: float | None
    ece: float
    aurc: float
    aurc_of_span: float
    wrong_at_80_coverage: float
    citations_exact: float | None
    seconds_p50: float
    seconds_p95: float
    threshold: float

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return asdict(self)


def figures(outcomes: Sequence[Outcome], *, threshold: float) -> Figures:
    """What answers are worth.

    Raises:
        ValueError: There are none.
    """
    if not outcomes:
        raise ValueError("No question was asked, so there is nothing to measure.")
    answerable = [each for each in outcomes if each.case.answers]
    given = [each for each in outcomes if each.given]
    n_right = sum(each.right for each in given)
    probability = [each.probability for each in outcomes]
    right = [each.right for each in outcomes]
    exact = [each.exact for each in outcomes if each.exact is not None]
    seconds = [each.seconds for each in outcomes]
    n_answerable_given = sum(each.given for each in answerable)
    return Figures(
        n=len(outcomes),
        exact_match=_mean([100 * exact_match(x.span or "", x.case.answers) for x in answerable]),
        f1=_mean([100 * f1(each.span or "", each.case.answers) for each in answerable]),
        exact_match_of_quote=_mean(
            [100 * exact_match(each.quote or "", each.case.answers) for each in answerable]
        ),
        f1_of_quote=_mean([100 * f1(each.quote or "", each.case.answers) for each in answerable]),
        answerable=len(answerable),
        answered=len(given),
        right=n_right,
        refused_right=len(outcomes) - len(answerable) - (len(given) - n_answerable_given),
        refused_wrong=len(answerable) - n_answerable_given,
        wrong=len(given) - n_right,
        recall_at_1=_recall(answerable, k=1),
        recall_at_5=_recall(answerable, k=5),
        recall_at_20=_recall(answerable, k=20),
        ece=calibration_error(probability, right),
        aurc=risk_coverage_area(probability, right),
        aurc_of_span=risk_coverage_area([each.span_probability for each in outcomes], right),
        wrong_at_80_coverage=risk_at(probability, right, coverage=0.8),
        citations_exact=_mean(exact),
        seconds_p50=percentile(seconds, 0.5),
        seconds_p95=percentile(seconds, 0.95),
        threshold=threshold,
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _recall(outcomes: Sequence[Outcome], *, k: int) -> float | None:
    return _mean([each.rank is not None and each.rank <= k for each in outcomes])
