"""The encoder fine-tuned: a question's vector near those of the passages that answer it.

`python -m training.retriever runs/reader/packed.npz runs/encoder/near` goes once over the questions
of the span sets, beginning with the published weights, and writes checkpoints. Stopped at any
moment, the same command goes on from the last. `training.encoder --from` exports what it wrote.

Source: Karpukhin et al. 2020, Dense Passage Retrieval, section 3.2: the passages of a batch are
    each other's negatives, and one that BM25 finds stands beside them.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.body import Body, load_body
from training.pack import Packed, load_packed
from training.recipes import SPANS

CLASSIFY, SEPARATE = 101, 102  # the pieces before and after a text
QUESTIONS, RATE, WARM_UP, SEED = 32, 3e-5, 0.1, 7
# A cosine counts so many times in the loss, as it did when the published weights were made.
SCALE = 20.0
CHECKPOINT_SECONDS = 60
# Texts are padded to a multiple of so many pieces: few shapes, whose memory is used again.
ROUND = 32


class Pairs(NamedTuple):
    """One batch: questions, the passages that answer them, and one that does not for each.

    Attributes:
        questions: Pieces of each question.
        passages: Pieces of each question's passage; then of the others.
        right: Whether passage j answers question i, (n, n_passages).
    """

    questions: list[NDArray[np.int64]]
    passages: list[NDArray[np.int64]]
    right: NDArray[np.bool_]


def pairs(packed: Packed, *, seed: int = SEED) -> Iterator[Pairs]:
    """Batches of questions of one set each, so that their passages are hard to tell apart."""
    chance = np.random.default_rng(seed)
    answered = np.diff(packed.span_bounds) > 0
    batches = []
    for number, name in enumerate(packed.set_names):
        if name in SPANS:
            may = (packed.set_of == number) & ~packed.held_out & answered
            order = chance.permutation(np.flatnonzero(may))
            batches += [order[i : i + QUESTIONS] for i in range(0, len(order), QUESTIONS)]
    for i in chance.permutation(len(batches)):
        yield _pairs(packed, batches[i], chance)


def _pairs(packed: Packed, asked: NDArray[np.int64], chance: np.random.Generator) -> Pairs:
    spans = [packed.spans[slice(*packed.span_bounds[i : i + 2])] for i in asked]
    golds = [set(each[:, 1].tolist()) for each in spans]
    own = [int(chance.choice(sorted(gold))) for gold in golds]
    mined = [packed.negatives[i][packed.negatives[i] >= 0] for i in asked]
    others = [int(chance.choice(each)) for each in mined if len(each)]
    passages = [*own, *dict.fromkeys(each for each in others if each not in own)]
    return Pairs(
        [_pieces(packed.questions, packed.question_bounds, i) for i in asked],
        [_pieces(packed.passages, packed.passage_bounds, i) for i in passages],
        np.array([[each in gold for each in passages] for gold in golds]),
    )


def _pieces(all_: NDArray[np.uint16], bounds: NDArray[np.int64], i: int) -> NDArray[np.int64]:
    inner = all_[bounds[i] : bounds[i + 1]].astype(np.int64)
    return np.concatenate([[CLASSIFY], inner, [SEPARATE]])


def vectors(body: Body, texts: list[NDArray[np.int64]]) -> Tensor:
    """Vectors (n, width) of length 1: means over the pieces of each text."""
    length = -(-max(map(len, texts)) // ROUND) * ROUND
    ids = torch.from_numpy(np.stack([np.pad(text, (0, length - len(text))) for text in texts]))
    mask = (ids != 0).long()
    with torch.autocast("cpu", torch.bfloat16):
        x = body(ids, mask, torch.zeros_like(ids))
    weights = mask[:, :, None].float()
    return functional.normalize((x.float() * weights).sum(1) / weights.sum(1), dim=-1)


def loss(questions: Tensor, passages: Tensor, right: Tensor) -> Tensor:
    """Mean over questions of how improbable one of its passages is among all of the batch.

    Args:
        questions: Vectors (n, width) of length 1.
        passages: Likewise (n_passages, width); passage i answers question i.
        right: Whether passage j answers question i, (n, n_passages); beside passage i, those that
            do are left out of question i's.
    """
    scores = SCALE * questions @ passages.T
    own = torch.arange(len(questions))
    spare = right.clone()
    spare[own, own] = False
    return functional.cross_entropy(scores.masked_fill(spare, -torch.inf), own)


def train(packed: Packed, folder: Path, *, until: float) -> None:
    """Trains, or goes on training, to the end or until so many steps are done."""
    torch.manual_seed(SEED)
    body = load_body().train()
    body.embeddings.word_embeddings.weight.requires_grad = False
    learned = [p for p in body.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.01, fused=True)
    steps = sum(1 for _ in pairs(packed))
    done = _resume(folder, body, optimizer)
    began = saved = time.monotonic()
    recent = 0.0
    for step, batch in enumerate(pairs(packed), 1):
        if step <= done:
            continue
        if step > until:
            return
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(step / (WARM_UP * steps), (steps - step) / steps / 0.9 + 1e-3)
        both = (vectors(body, texts) for texts in (batch.questions, batch.passages))
        lost = loss(*both, torch.from_numpy(batch.right))
        lost.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        recent += 0.02 * (float(lost.detach()) - recent)
        if step % 50 == 0:
            print(f"{step}/{steps} loss {recent:.3f} {time.monotonic() - began:.0f} s", flush=True)
        if time.monotonic() - saved > CHECKPOINT_SECONDS or step in (steps, until):
            _save(folder, body, optimizer, step)
            saved = time.monotonic()


def mixed(folder: Path, share: float) -> Body:
    """The published body with a share of what a run has made of it.

    Source: Wortsman et al. 2022, Robust fine-tuning of zero-shot models: between the two lie
        weights that have learned the new and kept the old.
    """
    body = load_body()
    learned = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=True)["body"]
    kept = body.state_dict()
    body.load_state_dict({name: torch.lerp(kept[name], learned[name], share) for name in kept})
    return body


def _save(folder: Path, body: Body, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Replaces the checkpoint at once, so that a stop leaves the old one or the new."""
    folder.mkdir(parents=True, exist_ok=True)
    states = {"body": body.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(states, folder / "checkpoint.new")
    (folder / "checkpoint.new").replace(folder / "checkpoint.pt")


def _resume(folder: Path, body: Body, optimizer: torch.optim.Optimizer) -> int:
    """Steps done before; 0 when there is no checkpoint."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    body.load_state_dict(state["body"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def main() -> None:
    """Trains."""
    parser = argparse.ArgumentParser(prog="python -m training.retriever")
    parser.add_argument("packed", type=Path, help="the arrays that training.pack wrote")
    parser.add_argument("folder", type=Path, help="checkpoints go here")
    parser.add_argument("--until", type=int, default=float("inf"), help="then stop, to go on")
    arguments = parser.parse_args()
    train(load_packed(arguments.packed), arguments.folder, until=arguments.until)


if __name__ == "__main__":
    main()
