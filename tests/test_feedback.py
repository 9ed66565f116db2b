"""Tests of index.feedback: what the best passages have in common counts for long questions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEncoder
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from index.feedback import topicality, with_feedback
from index.search import Index

RANDOM = np.random.default_rng(5)
VECTORS = RANDOM.standard_normal((41, 4)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
SCORES = st.dictionaries(st.integers(0, 40), st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.8]))


def vectors_of(ids: Sequence[int]) -> np.ndarray:
    return VECTORS[list(ids)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many drones did Lavrov cite?", 0.0),
        ("Which ships sank near the northern coast, carrying salt?", 0.4),
        ("infantile autism.", 1.0),
        ("Did he swim?", 0.0),
        ("the flow of air over slender wings with blunt leading edges at high speed, heated", 1.0),
    ],
)
def test_a_long_question_describes_a_topic_and_what_asks_nothing_names_one(
    question: str, expected: float
) -> None:
    assert topicality(question) == pytest.approx(expected)


@given(SCORES, st.integers(1, 45))
def test_only_the_head_gains_and_stays_above(scores: dict[int, float], head: int) -> None:
    gained = with_feedback(scores, vectors_of, weight=1.0, head=head)
    assert gained.keys() == scores.keys()
    assert all(gained[each] >= scores[each] - 1e-9 for each in scores)
    ranked = sorted(scores.values(), reverse=True)
    for each, score in scores.items():
        if score < ranked[min(head, len(ranked)) - 1]:
            assert gained[each] == score


@given(st.integers(2, 60), st.integers(0, 2**32 - 1))
def test_passages_alike_gain_alike_wherever_they_stand(n: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).standard_normal((n, 384)).astype(np.float32)
    vectors[-1] = vectors[0]
    gained = with_feedback(
        dict.fromkeys(range(n), 0.5), lambda ids: vectors[list(ids)], weight=1.0, head=n
    )
    assert gained[0] == gained[n - 1]


@given(SCORES)
def test_ids_decide_nothing(scores: dict[int, float]) -> None:
    gained = with_feedback(scores, vectors_of, weight=1.0)
    other = {40 - each: score for each, score in scores.items()}
    turned = with_feedback(other, lambda ids: VECTORS[[40 - i for i in ids]], weight=1.0)
    assert gained == pytest.approx({40 - each: score for each, score in turned.items()}, abs=1e-5)


def test_the_gain_is_the_product_with_the_likely_mean() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    gained = with_feedback({0: 0.9, 1: 0.4, 2: 0.4}, lambda ids: vectors[list(ids)], weight=0.5)
    assert gained[0] > 0.9 + 0.49  # it is nearly all of the mean; the least alike is 1
    assert gained[1] == 0.4
    assert gained[2] == pytest.approx(0.4 + 0.5 * 0.6, abs=1e-3)


def test_of_two_passages_that_fit_a_long_question_the_one_alike_the_best_is_first(
    tmp_path: Path,
) -> None:
    question = "salt barrels ropes sails anchors masts rigging of northern merchant ships"
    texts = {
        "a.txt": f"{question.capitalize()}.",
        "b.txt": "Ropes and sails, anchors and masts: rigging of merchant vessels.",
        "c.txt": "Ropes and sails, anchors and masts: merchant taxes of Lisbon.",
    }
    with Index.create(tmp_path / "index", encoder=WordEncoder()) as index:
        for name, text in texts.items():
            index.insert(Document(id=name, digest="", title="", text=text))
        short = index.search("ropes and sails", k=3)
        long = index.search(question, k=3)
    assert len(short) == 3
    assert [hit.passage.document_id for hit in long] == ["a.txt", "b.txt", "c.txt"]
    assert long[1].score - long[2].score > 0.05
