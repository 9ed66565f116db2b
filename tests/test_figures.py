"""Tests of qa.figures: what answers to labelled questions are worth."""

import pytest

from qa.cases import Case
from qa.evaluate import Outcome
from qa.figures import Figures, figures


def outcome(
    *,
    right: bool,
    probability: float,
    given: bool,
    answerable: bool = True,
    rank: int | None = 1,
    exact: bool | None = True,
    seconds: float = 0.1,
    quote: str | None = None,
) -> Outcome:
    """An outcome of which only the judgement counts."""
    return Outcome(
        case=Case("Who?", ("the miller",) if answerable else ()),
        span="the miller" if right else "nobody",
        start=None,
        quote=quote,
        passage=None,
        probability=probability,
        span_probability=0.5,
        given=given,
        rank=rank,
        exact=exact,
        seconds=seconds,
    )


def test_figures_of_a_worked_example() -> None:
    """One of each: right and given, right and withheld, wrong, refused rightly, given wrongly."""
    measured = figures(
        [
            outcome(right=True, probability=0.9, given=True, quote="the miller", seconds=0.1),
            outcome(right=True, probability=0.4, given=False, rank=3, seconds=0.2),
            outcome(right=False, probability=0.8, given=True, rank=None, seconds=0.3),
            outcome(right=False, probability=0.1, given=False, answerable=False, seconds=0.4),
            outcome(right=False, probability=0.7, given=True, answerable=False, exact=False),
        ],
        threshold=0.5,
    )
    assert (measured.n, measured.answerable, measured.answered) == (5, 3, 3)
    assert (measured.right, measured.wrong) == (1, 2)
    assert (measured.refused_right, measured.refused_wrong) == (1, 1)
    assert measured.exact_match == measured.f1 == pytest.approx(200 / 3)
    assert measured.exact_match_of_quote == pytest.approx(100 / 3)
    assert measured.recall_at_1 == pytest.approx(1 / 3)
    assert measured.recall_at_5 == measured.recall_at_20 == pytest.approx(2 / 3)
    assert measured.aurc == pytest.approx((0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5)
    assert measured.aurc_of_span == pytest.approx(3 / 5)  # all of one score
    assert measured.wrong_at_80_coverage == pytest.approx(2 / 4)
    assert measured.ece == pytest.approx((0.1 + 0.6 + 0.8 + 0.1 + 0.7) / 5)
    assert measured.citations_exact == pytest.approx(4 / 5)
    assert measured.seconds_p50 == pytest.approx(0.2)
    assert measured.threshold == 0.5


def test_without_answerable_questions_there_is_no_f1_and_no_recall() -> None:
    measured = figures(
        [outcome(right=False, probability=0.1, given=False, answerable=False, exact=None)],
        threshold=0.5,
    )
    assert measured.f1 is measured.exact_match is measured.recall_at_1 is None
    assert measured.citations_exact is None
    assert measured.refused_right == 1


def test_nothing_asked_is_nothing_measured() -> None:
    with pytest.raises(ValueError, match="No question was asked"):
        figures([], threshold=0.5)


def test_the_json_has_the_names_that_scripts_rely_on() -> None:
    """The keys are a promise; a new one may be added, none renamed."""
    promised = (
        "n exact_match f1 answerable answered right refused_right refused_wrong wrong recall_at_1 "
        "recall_at_5 recall_at_20 ece aurc wrong_at_80_coverage citations_exact seconds_p50 "
        "seconds_p95"
    )
    measured = figures([outcome(right=True, probability=0.9, given=True)], threshold=0.5)
    assert set(promised.split()) <= measured.to_dict().keys() == set(Figures.__slots__)
