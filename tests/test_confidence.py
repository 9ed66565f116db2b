"""Tests of qa.confidence: what speaks for an answer, and the probability made of it."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelMissing
from index.passage import Passage
from index.search import Hit
from qa.confidence import MAX_MARGIN, Confidence, features, plain
from qa.reader import Candidate


def candidate(text: str, *, score: float, passage: int = 1, at: int = 0) -> Candidate:
    """A candidate that stands `at` an offset of a passage about drones."""
    whole = "x" * at + text + " were drones that Lavrov cited"
    where = Passage(passage, f"{passage}.txt", 0, len(whole), whole)
    hit = Hit(passage=where, document_title="News", score=0.9, cosine=0.6, bm25=4.0)
    return Candidate(hit=hit, start=at, end=at + len(text), score=score, probability=0.5)


def test_features_of_a_worked_example() -> None:
    candidates = [
        candidate("91 drones", score=9.0),
        candidate("the 91 drones", score=8.0, passage=2),
        candidate("40 boats", score=5.0, passage=3),
    ]
    values = features("How many drones did Lavrov cite?", candidates, n_unknown=1)
    assert values["span"] == pytest.approx(8 * math.tanh(9 / 8))
    assert values["probability"] == 1.0  # of both that say the same
    assert values["behind"] == 0.0
    assert values["margin"] == pytest.approx(math.log(5))  # the second says the same
    assert values["agreement"] == pytest.approx(math.log(2))
    assert values["covered"] == 1.0  # drones, Lavrov, cite(d)
    assert values["unknown"] == pytest.approx(1 / 3)
    assert values["bm25"] == pytest.approx(4 / 3)


def test_overlapping_spans_of_one_place_are_one_answer() -> None:
    candidates = [candidate("91 drones", score=9.0), candidate("91", score=8.5)]
    values = features("How many?", candidates, n_unknown=0)
    assert values["margin"] == pytest.approx(math.log1p(MAX_MARGIN))
    assert values["agreement"] == 0.0


@given(st.floats(-1e6, 1e6), st.floats(-10, 10), st.floats(-10, 10))
def test_a_probability_lies_between_0_and_1(value: float, weight: float, bias: float) -> None:
    confidence = Confidence({"span": weight}, bias, 0.5, 0.05)
    assert 0 < confidence.probability({"span": value}) < 1


def test_a_probability_is_the_logistic_function_of_the_weighted_sum() -> None:
    confidence = Confidence({"span": 0.5, "margin": 0.25}, -1.0, 0.5, 0.05)
    assert confidence.probability({"span": 2.0, "margin": 4.0}) == pytest.approx(
        1 / (1 + math.exp(-1))
    )


def test_the_shipped_confidence_fits_the_features_and_states_its_target() -> None:
    confidence = Confidence.load()
    names = features("Who?", [candidate("91", score=1.0)], n_unknown=0).keys()
    assert confidence.weights.keys() <= names
    assert 0 < confidence.threshold < 1
    assert confidence.target_error <= 0.1
    assert confidence.weights["span"] > 0


def test_a_missing_or_damaged_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"confidence\.json"):
        Confidence.load(tmp_path)
    (tmp_path / "confidence.json").write_text('{"weights": 3}', encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"confidence\.json"):
        Confidence.load(tmp_path)


def test_plain_leaves_out_what_makes_no_difference() -> None:
    assert plain("The “91” Drones,") == plain("91 drones") == "91 drones"
