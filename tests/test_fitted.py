"""Tests of training.fitted: a student gives what its body gives, and nothing in it is loud."""

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.body import Body, load_body
from training.data import Row
from training.fitted import BATCH, _calm_channels, _reach, _refit, _typical, fit, texts
from training.pack import Packer
from training.student import Student

FIRST, LAST = 101, 102


def drawn(n_batches: int, seed: int) -> list[Tensor]:
    """Batches of texts of common words in no order."""
    chance = torch.Generator().manual_seed(seed)
    batches = []
    for _ in range(n_batches):
        length = int(torch.randint(8, 40, (), generator=chance))
        ids = torch.randint(2_000, 6_000, (BATCH, length), generator=chance)
        ids[:, 0], ids[:, -1] = FIRST, LAST
        batches.append(ids)
    return batches


@pytest.fixture(scope="module")
def body() -> Body:
    return load_body().eval()


@pytest.fixture(scope="module")
def fitted(body: Body) -> Student:
    return fit(body, drawn(20, seed=1))


@torch.no_grad()
def distance(student: Student, body: Body, ids: Tensor) -> float:
    """One less the mean cosine of the student's vectors with the body's."""
    ours = torch.cat([student(each[None]) for each in ids])
    theirs = body(ids, torch.ones_like(ids), torch.zeros_like(ids)).mean(1)
    return 1 - float(functional.cosine_similarity(ours, theirs, dim=-1).mean())


def test_the_fit_makes_good_what_was_exchanged(body: Body, fitted: Student) -> None:
    other = drawn(1, seed=2)[0]
    assert distance(fitted, body, other) < distance(Student(body), body, other) / 3 < 0.01


@torch.no_grad()
def test_neurons_that_shouted_at_the_first_piece_no_longer_do(body: Body, fitted: Student) -> None:
    for student, shouts in ((Student(body), True), (fitted, False)):
        x = student.begin(drawn(1, seed=3)[0])
        loudest = []
        for layer in student.layers:
            between = layer.between(layer.gathered(x), x)
            spread = layer.spread(between)
            loudest.append(float(_reach([spread[:, :1]]).max() / _typical([spread])))
            x = layer.after(spread, between)
        assert max(loudest) > 3 if shouts else max(loudest) < 2, loudest


@torch.no_grad()
def test_calm_channels_leave_the_neurons_as_they_are(body: Body) -> None:
    layer, chance = Student(body).layers[0], torch.Generator().manual_seed(4)
    x = torch.randn(BATCH, 9, 384, generator=chance).clamp(-2, 2)
    x[..., 7] /= 10
    x[:, 0, 7] = 50
    before, gain = layer.inner(x), layer.gain_between.clone()
    calmed = _calm_channels(layer, [x])[0]
    assert calmed.abs().max() == pytest.approx(2, abs=1e-3)
    assert torch.equal(calmed[..., :7], x[..., :7])
    assert torch.allclose(layer.inner(calmed), before, atol=1e-3)
    changed = layer.gain_between != gain
    assert changed.nonzero().flatten().tolist() == [7]


@torch.no_grad()
def test_a_product_is_fitted_to_what_is_wanted() -> None:
    chance = torch.Generator().manual_seed(5)
    wanted, found = nn.Linear(6, 3), nn.Linear(6, 3)
    seen = [torch.randn(4, n, 6, generator=chance) for n in (5, 9)]
    _refit(found, seen, [wanted(x) for x in seen])
    assert torch.allclose(found.weight, wanted.weight, atol=1e-3)
    assert torch.allclose(found.bias, wanted.bias, atol=1e-3)


@torch.no_grad()
def test_an_error_counts_by_its_weight() -> None:
    product = nn.Linear(1, 1)
    seen, wanted = [torch.zeros(1, 2, 1)], [torch.tensor([[[1.0], [4.0]]])]
    _refit(product, seen, wanted, weights=[torch.tensor([[[1.0], [0.0]]])])
    assert float(product.bias) == pytest.approx(1, abs=1e-3)


def test_texts_are_whole_passages_and_questions_or_their_beginnings() -> None:
    rows = []
    for i in range(3 * BATCH):
        context = f"The mill of Place{i} was built in {1700 + i} and ground oats for {i} years."
        start = context.index(str(1700 + i))
        rows.append(Row(f"When was mill {i} built?", context, ((start, start + 4),)))
    packer = Packer()
    packer.add("squad", rows)
    packed = packer.packed()
    held = {
        tuple(pieces[start:end].tolist())
        for pieces, bounds in (
            (packed.passages, packed.passage_bounds),
            (packed.questions, packed.question_bounds),
        )
        for start, end in pairwise(bounds)
    }
    beginnings = {each[:n] for each in held for n in range(3, len(each) + 1)}
    batches = texts(packed, n_batches=2)
    assert len(batches) == 2
    for batch in batches:
        assert len(batch) == BATCH
        for ids in batch.tolist():
            assert (ids[0], ids[-1]) == (FIRST, LAST)
            assert tuple(ids[1:-1]) in beginnings
    assert len(batches[0][0]) < len(batches[1][0])  # texts of like length are together
