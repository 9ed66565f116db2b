"""The encoder's student fitted to its body, layer by layer, and made fit for 8 bits.

A product's weights in the student are those with which it gives what the body's gives, by least
squares over some hundred thousand pieces of text. In 8 bits all values of a text share one scale;
so what is louder than the rest is calmed first, and the fit makes good what that changes.

In all-MiniLM-L6-v2 that is one channel and one or two neurons of the lower layers, which speak at
the first piece only.

Source: Frantar and Alistarh 2022, Optimal Brain Compression (layers fitted one by one); Sun et
    al. 2024, Massive activations in large language models (what is loud, and where).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.body import Body
from training.body import Layer as BodyLayer
from training.pack import Packed
from training.retriever import CLASSIFY, SEPARATE
from training.student import MAX_PIECES, SLOPE, Layer, Student, attended, centred

BATCH, SEED = 32, 7
QUESTIONS = 0.2  # of the texts; the rest are passages
SHORTENED = 0.3  # of the passages: cut at any piece, so that texts of all lengths are seen

RIDGE = 1e-6  # of the mean square of what is read: how much a weight resists a change
# A neuron is loud that at the first piece is so many times as loud as the loudest elsewhere. So
# many take its place: each has this share of that loudness there, and the swish of -5 elsewhere.
LOUD, COPIES, CALM, SILENT = 1.3, 8, 0.8, -5.0
# From this layer on channels are evened out for query, key and value: a multiplication each, which
# the three below are not worth.
EVENED_FROM = 3

Batches = list[Tensor]


def texts(packed: Packed, *, n_batches: int) -> Batches:
    """Pieces (32, length) of texts of like length, cut to the shortest: nothing is padded."""
    chance = np.random.default_rng(SEED)
    n = n_batches * BATCH
    some = _some(packed.questions, packed.question_bounds, int(n * QUESTIONS), chance)
    passages = _some(packed.passages, packed.passage_bounds, n - len(some), chance)
    for text in passages:
        kept = int(chance.integers(3, len(text) + 1)) if chance.random() < SHORTENED else len(text)
        some.append(text[:kept])
    some.sort(key=len)
    return [_stacked(some[start : start + BATCH]) for start in range(0, n - BATCH + 1, BATCH)]


def _some(
    pieces: NDArray[np.uint16], bounds: NDArray[np.int64], n: int, chance: np.random.Generator
) -> list[NDArray[np.uint16]]:
    """Texts drawn by chance, of three pieces or more."""
    long = np.flatnonzero(np.diff(bounds) >= 3)
    return [pieces[bounds[i] : bounds[i + 1]] for i in chance.choice(long, n, replace=False)]


def _stacked(alike: Sequence[NDArray[np.uint16]]) -> Tensor:
    length = min(len(alike[0]), MAX_PIECES - 2)
    inner = np.stack([text[:length] for text in alike]).astype(np.int64)
    ends = ((0, 0), (CLASSIFY, SEPARATE))
    return torch.from_numpy(np.pad(inner, ((0, 0), (1, 1)), constant_values=ends))


@torch.no_grad()
def fit(body: Body, ids: Batches) -> Student:
    """The student of a body, fitted on texts' pieces (n, length)."""
    student = Student(body.eval())
    theirs = [body.embeddings(each, torch.zeros_like(each)) for each in ids]
    ours = [student.begin(each) for each in ids]
    constant = body.embeddings.LayerNorm.bias
    for n, (layer, own) in enumerate(zip(body.layers, student.layers, strict=True)):
        if n >= EVENED_FROM:
            _even_out(own, ours)
        theirs, ours = _first_half(layer, own, theirs, ours, constant)
        theirs, ours = _second_half(layer, own, theirs, ours)
        constant = layer.norm.bias
    return student


def _first_half(
    layer: BodyLayer, own: Layer, theirs: Batches, ours: Batches, constant: Tensor
) -> tuple[Batches, Batches]:
    """Fits what gathers, and gives what the body's second half reads and what the student's."""
    seen = ours if own.share is None else [x * own.share for x in ours]
    for theirs_of, product in (
        (layer.query, own.query),
        (layer.key, own.key),
        (layer.value, own.value),
    ):
        spare = 0 if product.bias is not None else theirs_of(constant)
        _refit(product, seen, [theirs_of(x) - spare for x in theirs])
    gathered = [own.gathered(x) for x in ours]
    wanted = [layer.mix(attended(layer.query(x), layer.key(x), layer.value(x))) + x for x in theirs]
    _refit(own.mix, gathered, _lacking(wanted, ours), weights=_weights(wanted))
    return (
        [layer.attention_norm(x) for x in wanted],
        [own.between(each, x) for each, x in zip(gathered, ours, strict=True)],
    )


def _second_half(
    layer: BodyLayer, own: Layer, theirs: Batches, ours: Batches
) -> tuple[Batches, Batches]:
    """Fits the neurons, and gives what the body's layer gives and what the student's."""
    ours = _calm_channels(own, ours)
    _refit(own.inner, ours, [SLOPE * layer.inner(x) for x in theirs])
    _calm_neurons(own, ours)
    spread = [own.spread(x) for x in ours]
    wanted = [layer.outer(functional.gelu(layer.inner(x))) + x for x in theirs]
    _refit(own.outer, spread, _lacking(wanted, ours), weights=_weights(wanted))
    return (
        [layer.norm(x) for x in wanted],
        [own.after(each, x) for each, x in zip(spread, ours, strict=True)],
    )


def _lacking(wanted: Batches, ours: Batches) -> Batches:
    """What must be added to ours to have what is wanted, but for its mean over channels."""
    return [centred(each) - x for each, x in zip(wanted, ours, strict=True)]


def _weights(wanted: Batches) -> Batches:
    """What an error in each vector counts: it is divided by the same when it is normalised."""
    return [1 / each.std(-1, keepdim=True) for each in wanted]


def _refit(
    product: nn.Linear, seen: Batches, wanted: Batches, *, weights: Batches | None = None
) -> None:
    """Changes a product so that what it gives of what it sees is nearest to what is wanted."""
    n_in = product.in_features + 1
    squares, products = torch.zeros(n_in, n_in).double(), 0.0
    for i, (x, y) in enumerate(zip(seen, wanted, strict=True)):
        weight = torch.ones_like(x[..., :1]) if weights is None else weights[i]
        rows = (torch.cat([x, torch.ones_like(weight)], -1) * weight).flatten(0, -2)
        errors = ((y - product(x)) * weight).flatten(0, -2)
        squares += rows.T @ rows
        products += (rows.T @ errors).double()
    squares += RIDGE * squares.diagonal().mean() * torch.eye(n_in)
    change = torch.linalg.solve(squares, products).float()
    product.weight += change[:-1].T
    if product.bias is not None:
        product.bias += change[-1]


def _even_out(own: Layer, ours: Batches) -> None:
    """Divides what reaches beyond twice the median of the channels before attention reads it."""
    reach = _reach(ours)
    times = (reach / (2 * reach.median())).clamp(min=1)
    own.share = nn.Parameter(1 / times)
    for reader in (own.query, own.key, own.value):
        reader.weight *= times


def _calm_channels(own: Layer, ours: Batches) -> Batches:
    """Makes channels that are loud at the first piece only as loud as others are elsewhere.

    The neurons read the same as before; what the sum beside them lacks, `outer` has to learn.
    """
    first, rest = _reach(x[:, :1] for x in ours), _reach(x[:, 1:] for x in ours)
    typical = _typical(ours)
    times = (first / typical).clamp(min=1).where(rest < typical, torch.ones(()))
    print(f"channels calmed: {_said(times, times > 1)}")
    own.gain_between /= times
    own.inner.weight *= times
    return [x / times for x in ours]


def _calm_neurons(own: Layer, ours: Batches) -> None:
    """Shares out what is loud at the first piece only among some of the idlest neurons."""
    inner = [own.inner(x) for x in ours]
    spread = [functional.silu(each) for each in inner]
    typical = _typical(spread)
    top = torch.stack([each[:, 0].amax(0) for each in inner]).amax(0)
    rest = torch.stack([each[:, 1:].amax((0, 1)) for each in inner]).amax(0).clamp(min=0)
    idle = torch.cat([each.flatten(0, -2) for each in spread]).std(0) * own.outer.weight.norm(dim=0)
    loud = (top > LOUD * typical) & (top > 2 * rest)
    idle[loud] = torch.inf
    print(f"neurons calmed: {_said(top / typical, loud)}")
    order: Iterator[int] = iter(idle.argsort().tolist())
    for neuron in loud.nonzero()[:, 0].tolist():
        slope = (CALM * typical - SILENT) / (top[neuron] - rest[neuron])
        row = own.inner.weight[neuron] * slope
        bias = own.inner.bias[neuron] * slope + CALM * typical - slope * top[neuron]
        column = own.outer.weight[:, neuron] * top[neuron] / (CALM * typical * COPIES)
        for place in (neuron, *(next(order) for _ in range(COPIES - 1))):
            own.inner.weight[place], own.inner.bias[place] = row, bias
            own.outer.weight[:, place] = column


def _said(times: Tensor, calmed: Tensor) -> str:
    return ", ".join(f"{i}, {times[i]:.1f} times" for i in calmed.nonzero().flatten()) or "none"


def _reach(rows: Iterator[Tensor] | Batches) -> Tensor:
    """How far each channel reaches from 0 in any text."""
    return torch.stack([each.abs().amax((0, 1)) for each in rows]).amax(0)


def _typical(rows: Batches) -> Tensor:
    """How far a text's furthest channel reaches behind its first piece, in the mean."""
    return torch.cat([each[:, 1:].abs().amax((1, 2)) for each in rows]).mean()
