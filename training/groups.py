"""Batches of questions with their passages, as tensors."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.pack import Packed

CLS, SEP = 101, 102
MAX_PIECES = 384


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs of a question and a passage; pairs of one question stand together.

    Attributes:
        input_ids: Pieces (n, length), padded with zeros.
        attention_mask: 1 where a piece stands (n, length).
        token_type_ids: 1 on the passage and what follows it (n, length).
        passage: True on the passage's own pieces (n, length).
        start: True on the first piece of each gold span (n, length).
        end: True on the last piece of each gold span (n, length).
        question: Number of pair i's question in the batch, ascending from 0 (n).
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    passage: Tensor
    start: Tensor
    end: Tensor
    question: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The batch on a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Plan:
    """What one epoch reads.

    Attributes:
        shares: Set name to the part of its questions that an epoch reads, above 1 for repeats;
            a set not named is left out.
        n_negatives: Passages without an answer beside each question's gold ones.
        pairs: Pairs in a batch, about.
        known: Part of each set's questions that are there at all, the same ones in every epoch.
    """

    shares: dict[str, float]
    n_negatives: float
    pairs: int
    known: float = 1.0


def epoch(packed: Packed, plan: Plan, *, seed: int) -> list[NDArray[np.int64]]:
    """Question numbers of each batch, in random order; a batch's pairs are of like length."""
    chance = np.random.default_rng(seed)
    chosen = [_some(packed, plan, name, chance) for name in plan.shares]
    questions = chance.permutation(np.concatenate(chosen))
    lengths = packed.question_bounds[questions + 1] - packed.question_bounds[questions]
    first = packed.spans[np.minimum(packed.span_bounds[questions], len(packed.spans) - 1), 1]
    unanswered = packed.span_bounds[questions] == packed.span_bounds[questions + 1]
    first = np.where(unanswered, packed.negatives[questions, 0], first)
    lengths = lengths + packed.passage_bounds[first + 1] - packed.passage_bounds[first]
    size = max(1, round(plan.pairs / (1 + plan.n_negatives)))
    order = questions[np.argsort(lengths, kind="stable")]
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    return [batches[i] for i in chance.permutation(len(batches))]


def _some(packed: Packed, plan: Plan, name: str, chance: np.random.Generator) -> NDArray[np.int64]:
    place = list(packed.set_names).index(name)
    questions = np.flatnonzero((packed.set_of == place) & ~packed.held_out)
    if plan.known < 1:
        kept = round(plan.known * len(questions))
        questions = np.sort(np.random.default_rng(0).permutation(questions)[:kept])
    whole, part = divmod(plan.shares[name], 1)
    rest = chance.permutation(questions)[: round(part * len(questions))]
    return np.concatenate([*[questions] * int(whole), rest])


def batches(packed: Packed, plan: Plan, *, seed: int, first: int = 0) -> Iterator[Batch]:
    """One epoch's batches, from the numbered one on."""
    for number, questions in enumerate(epoch(packed, plan, seed=seed)):
        if number >= first:
            chance = np.random.default_rng((seed, number))
            yield batch(packed, questions, n_negatives=plan.n_negatives, chance=chance)


def batch(
    packed: Packed,
    questions: NDArray[np.int64],
    *,
    n_negatives: float,
    chance: np.random.Generator,
) -> Batch:
    """The questions with their gold passages and some negatives each.

    A part of a negative is a chance: 0.5 gives every second question one.
    """
    pairs: list[tuple[int, int, int]] = []  # place in the batch, question, passage
    for place, question in enumerate(questions):
        spans = packed.spans[slice(*packed.span_bounds[question : question + 2])]
        gold = sorted({int(passage) for passage in spans[:, 1]})
        known = packed.negatives[question]
        n = int(n_negatives) + int(chance.random() < n_negatives % 1)
        wrong = chance.permutation(known[known >= 0])[: n if gold else max(n, 1)]
        pairs += [(place, int(question), int(passage)) for passage in [*gold, *wrong]]
    return _tensors(packed, pairs)


def _tensors(packed: Packed, pairs: list[tuple[int, int, int]]) -> Batch:
    rows = [_pair(packed, question, passage) for _, question, passage in pairs]
    shape = (len(rows), max(len(row[0]) for row in rows))
    ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    inside, start, end = (np.zeros(shape, dtype=bool) for _ in range(3))
    for i, (pieces, passage_at, gold) in enumerate(rows):
        ids[i, : len(pieces)] = pieces
        mask[i, : len(pieces)] = 1
        types[i, passage_at : len(pieces)] = 1
        inside[i, passage_at : len(pieces) - 1] = True
        for first, last in gold:
            if passage_at + last < len(pieces) - 1:
                start[i, passage_at + first] = end[i, passage_at + last] = True
    places = np.array([place for place, _, _ in pairs])
    return Batch(*map(torch.from_numpy, (ids, mask, types, inside, start, end, places)))


def _pair(
    packed: Packed, question: int, passage: int
) -> tuple[NDArray[np.int64], int, list[tuple[int, int]]]:
    """Pieces of a pair, where its passage begins, and its gold spans, counted in the passage."""
    asked = packed.questions[slice(*packed.question_bounds[question : question + 2])]
    read = packed.passages[slice(*packed.passage_bounds[passage : passage + 2])]
    pieces = np.concatenate([[CLS], asked, [SEP], read, [SEP]]).astype(np.int64)
    if len(pieces) > MAX_PIECES:
        pieces = np.append(pieces[: MAX_PIECES - 1], SEP)
    spans = packed.spans[slice(*packed.span_bounds[question : question + 2])]
    gold = [(int(first), int(last)) for _, of, first, last in spans if of == passage]
    return pieces, len(asked) + 2, gold
