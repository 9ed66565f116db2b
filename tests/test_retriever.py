"""Tests of training.retriever: questions are drawn to the passages that answer them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.body import load_body
from training.data import Row
from training.pack import Packed, Packer
from training.retriever import loss, mixed, pairs, vectors

N = 90
PLACES = [f"Place{i}" for i in range(N)]


@pytest.fixture(scope="module")
def packed() -> Packed:
    rows = []
    for i, place in enumerate(PLACES):
        context = f"The mill of {place} was built in {1700 + i}. It ground oats for {place}."
        start = context.index(str(1700 + i))
        rows.append(Row(f"When was the mill of {place} built?", context, ((start, start + 4),)))
    packer = Packer()
    packer.add("squad", rows)
    packer.add("qamr", rows[:3])
    return packer.packed()


def test_batches_hold_every_question_of_the_span_sets_once_with_its_passage(packed: Packed) -> None:
    n_trained = int(((packed.set_of == 0) & ~packed.held_out).sum())
    batches = list(pairs(packed))
    assert sum(len(each.questions) for each in batches) == n_trained
    assert 0 < n_trained < N
    for each in batches:
        n = len(each.questions)
        assert each.right.shape == (n, len(each.passages))
        assert each.right[np.arange(n), np.arange(n)].all()
        assert each.right.sum() == n  # no other place's passage answers
        assert len(each.passages) > n  # what words found stands beside them


def test_the_same_seed_gives_the_same_batches(packed: Packed) -> None:
    one, other = (next(pairs(packed)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.questions, other.questions, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(one.passages, other.passages, strict=True))


def test_what_answers_too_is_no_negative() -> None:
    questions = torch.eye(2)
    passages = torch.stack([questions[0], questions[1], questions[0]])
    right = torch.tensor([[True, False, True], [False, True, False]])
    alone = loss(questions, passages[:2], right[:, :2])
    assert loss(questions, passages, right) == pytest.approx(float(alone), abs=1e-6)
    assert loss(questions, passages, right & torch.tensor([True, True, False])) > alone + 0.3


def test_vectors_do_not_depend_on_what_they_are_padded_with() -> None:
    body = load_body().eval()
    short, long = np.array([101, 2054, 102]), np.array([101, *[2054] * 30, 102])
    with torch.inference_mode():
        both, alone = vectors(body, [short, long]), vectors(body, [short])
    assert torch.allclose(both[0], alone[0], atol=0.02)
    assert torch.allclose(both.norm(dim=1), torch.ones(2), atol=1e-4)


def test_a_share_lies_between_the_published_and_the_learned(tmp_path: Path) -> None:
    published = load_body().state_dict()
    learned = {name: weight + 1 for name, weight in published.items()}
    torch.save({"body": learned}, tmp_path / "checkpoint.pt")
    name = "layers.0.query.weight"
    for share in (0.0, 0.25, 1.0):
        found = mixed(tmp_path, share).state_dict()[name]
        assert torch.allclose(found, published[name] + share, atol=1e-5)
