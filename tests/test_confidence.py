"""Tests of qa.confidence: the probability made of the evidence, and where it is kept."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DamagedIndex, ModelMissing
from qa.confidence import FILE_NAME, Confidence, Cost
from qa.evidence import FEATURES
from qa.reader import SpanReader

BLANK = Confidence({}, bias=0.0, threshold=0.5, target_error=0.05, reader="r@1", fitted_on="none")
WHOLE = replace(BLANK, weights=dict.fromkeys(FEATURES, 0.25))


@given(st.floats(-1e6, 1e6), st.floats(-10, 10), st.floats(-10, 10))
def test_a_probability_lies_between_0_and_1(value: float, weight: float, bias: float) -> None:
    confidence = replace(BLANK, weights={"span": weight}, bias=bias)
    assert 0 < confidence.probability({"span": value}) < 1


def test_a_probability_is_the_logistic_function_of_the_weighted_sum() -> None:
    confidence = replace(BLANK, weights={"span": 0.5, "margin": 0.25}, bias=-1.0)
    assert confidence.probability({"span": 2.0, "margin": 4.0}) == pytest.approx(
        1 / (1 + math.exp(-1))
    )


def test_the_shipped_confidence_is_of_the_shipped_reader_and_states_its_target() -> None:
    confidence = Confidence.load()
    assert confidence.weights.keys() == set(FEATURES)
    assert confidence.reader == SpanReader().fingerprint
    assert 0 < confidence.threshold < 1
    assert confidence.target_error <= 0.1
    assert confidence.weights["probability"] > 0


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    WHOLE.save(tmp_path)
    assert Confidence.load(tmp_path) == WHOLE
    assert Confidence.beside(tmp_path, reader="r@1") == WHOLE


def test_costs_are_kept_and_a_file_without_any_is_read(tmp_path: Path) -> None:
    priced = replace(WHOLE, costs=(Cost(0.5, 0.2, 0.1), Cost(0.9, 0.04, 0.5)))
    priced.save(tmp_path)
    assert Confidence.load(tmp_path) == priced
    values = json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8"))
    del values["costs"]
    (tmp_path / FILE_NAME).write_text(json.dumps(values), encoding="utf-8")
    assert Confidence.load(tmp_path) == WHOLE


def test_a_cost_lies_between_those_of_its_neighbours() -> None:
    priced = replace(WHOLE, costs=(Cost(0.5, 0.2, 0.1), Cost(0.9, 0.04, 0.5)))
    cost = priced.cost(0.6)
    assert cost is not None
    assert cost == pytest.approx(Cost(0.6, 0.16, 0.2))
    assert priced.cost(0.9) == pytest.approx(Cost(0.9, 0.04, 0.5))
    assert priced.cost(0.95) is None
    assert WHOLE.cost(0.6) is None


def test_an_index_without_a_calibration_has_none(tmp_path: Path) -> None:
    assert Confidence.beside(tmp_path, reader="r@1") is None


def test_a_calibration_of_another_reader_is_passed_over_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    WHOLE.save(tmp_path)
    assert Confidence.beside(tmp_path, reader="r@2") is None
    assert "quoth calibrate" in caplog.text


DAMAGED = {
    "no JSON": "{",
    "no object": "[]",
    "no weights": '{"weights": 3}',
    "another feature": json.dumps({"weights": {"charm": 1.0}, "bias": 0, "threshold": 0.5,
                                   "target_error": 0.1, "reader": "r@1", "fitted_on": ""}),
    "no number": json.dumps({"weights": dict.fromkeys(FEATURES, 0.0), "bias": math.nan,
                             "threshold": 0.5, "target_error": 0.1, "reader": "r@1",
                             "fitted_on": ""}),
    "costs that do not ascend": json.dumps({"weights": dict.fromkeys(FEATURES, 0.0), "bias": 0,
                                            "threshold": 0.5, "target_error": 0.1,
                                            "reader": "r@1", "fitted_on": "",
                                            "costs": [[0.5, 0.1, 0.1], [0.4, 0.1, 0.1]]}),
}  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ModelMissing, match=r"confidence\.json"):
        Confidence.load(tmp_path)
    with pytest.raises(DamagedIndex, match=r"confidence\.json.*quoth calibrate"):
        Confidence.beside(tmp_path, reader="r@1")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"confidence\.json"):
        Confidence.load(tmp_path)
