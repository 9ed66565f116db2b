"""A reader's figures on the dev sets.

`python -m training.dev FOLDER --data DATA`, where FOLDER is shipped or a training run's.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.metrics import exact_match, f1
from training.body import SOURCE
from training.data import Row, load_set, split_context
from training.export import INPUTS, Session, load_tokenizer, pad
from training.groups import MAX_PIECES
from training.reader import load_reader
from training.tabled import questions

Scores = NDArray[np.float32]
Pieces = Sequence[Sequence[int]]
Score = Callable[[Pieces, Pieces], tuple[Scores, Scores]]
MAX_ANSWER_PIECES = (20, 30, 45, 60, 100)
SETS = ("squadshifts-new-wiki", "policyqa-test", "squad2-dev-500")
TABLES = "made tables"


@dataclass(frozen=True, slots=True)
class Found:
    """The best span of one question: its text, and its score above the null's, 0."""

    text: str
    score: float


def measure(score: Score, tokenizer: Tokenizer, rows: Sequence[Row]) -> dict[int, list[Found]]:
    """Best span of each question by the longest answer allowed, in pieces."""
    found: dict[int, list[Found]] = {limit: [] for limit in MAX_ANSWER_PIECES}
    for row, passages in _read(score, tokenizer, rows):
        for limit, of_limit in found.items():
            best = max((_best(*passage, limit=limit) for passage in passages), default=None)
            score_, start, end = best or (-1e4, 0, 0)
            of_limit.append(Found(row.context[start:end], score_))
    return found


_Passage = tuple[Scores, Scores, NDArray[np.int64]]


def _read(
    score: Score, tokenizer: Tokenizer, rows: Sequence[Row], *, size: int = 32
) -> Iterator[tuple[Row, list[_Passage]]]:
    """Each question with its passages' scores and characters, pairs of like length together."""
    pairs = [
        (i, place.start, tokenizer.encode(row.question, row.context[slice(*place)]))
        for i, row in enumerate(rows)
        for place in split_context(row.context)
    ]
    pairs.sort(key=lambda pair: len(pair[2].ids))
    passages: list[list[_Passage]] = [[] for _ in rows]
    for first in range(0, len(pairs), size):
        batch = pairs[first : first + size]
        start, end = score([e.ids for *_, e in batch], [e.type_ids for *_, e in batch])
        for j, (i, offset, encoding) in enumerate(batch):
            inside = [k for k, of in enumerate(encoding.sequence_ids) if of == 1]
            places = np.array(encoding.offsets)[inside] + offset
            above = (start[j][inside] - start[j][0], end[j][inside] - end[j][0])
            passages[i].append((*above, places))
    yield from zip(rows, passages, strict=True)


def _best(
    start: Scores, end: Scores, characters: NDArray[np.int64], *, limit: int
) -> tuple[float, int, int]:
    """Highest start and end together, end not before start: score and characters."""
    n = len(start)
    both = start[:, None] + end[None, :]
    both[~np.tri(n, k=limit - 1, dtype=bool) | np.tri(n, k=-1, dtype=bool)] = -np.inf
    i, j = divmod(int(both.argmax()), n)
    return float(both[i, j]), int(characters[i, 0]), int(characters[j, 1])


def figures(found: Sequence[Found], rows: Sequence[Row]) -> tuple[float, float]:
    """EM and F1 in percent over the answerable questions, the best of each one's answers."""
    pairs = [(f.text, row.answers) for f, row in zip(found, rows, strict=True) if row.spans]
    exact = [exact_match(text, answers) for text, answers in pairs]
    partial = [f1(text, answers) for text, answers in pairs]
    return 100 * float(np.mean(exact)), 100 * float(np.mean(partial))


def refusals(found: Sequence[Found], rows: Sequence[Row]) -> Iterator[str]:
    """Answering and refusing at score thresholds: 0, the null's own, and others around it."""
    scores = np.array([f.score for f in found])
    unanswerable = np.array([not row.spans for row in rows])
    for threshold in (-4, -2, -1, 0, 1, 2, 4, 6, 8):
        kept = [f if f.score > threshold else Found("", f.score) for f in found]
        exact, partial = figures(kept, rows)
        refused = 100 * float(np.mean(scores[unanswerable] <= threshold))
        yield f"  above {threshold:>2}: EM {exact:.1f} F1 {partial:.1f}, refused {refused:.1f}"


def score_of(folder: Path) -> tuple[Tokenizer, Score]:
    """The tokenizer and the scores of a shipped model, or of a training run."""
    return _shipped(folder) if (folder / "model.onnx").exists() else _trained(folder)


def _shipped(folder: Path) -> tuple[Tokenizer, Score]:
    session = Session(folder, max_pieces=MAX_PIECES)

    def score(ids: Pieces, types: Pieces) -> tuple[Scores, Scores]:
        start, end = session.run_pieces(ids, types)
        return start, end

    return session.tokenizer, score


def _trained(folder: Path) -> tuple[Tokenizer, Score]:
    reader = load_reader(folder)

    def score(ids: Pieces, types: Pieces) -> tuple[Scores, Scores]:
        arrays = pad(ids, types)
        with torch.inference_mode():
            start, end = reader(*(torch.from_numpy(arrays[name]) for name in INPUTS))
        return start.float().numpy(), end.float().numpy()

    return load_tokenizer(SOURCE, max_pieces=MAX_PIECES), score


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m training.dev")
    parser.add_argument("folder", type=Path, help="a shipped model, or a training run")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--every", type=int, default=1, help="read every so many questions only")
    arguments = parser.parse_args()
    tokenizer, score = score_of(arguments.folder)
    for name in (*SETS, TABLES):
        if name == TABLES:
            rows = questions(arguments.data, checked=True)
        else:
            step = 1 if name == "squad2-dev-500" else arguments.every
            rows = load_set(arguments.data / f"dev/{name}.jsonl.gz")[::step]
        for limit, found in measure(score, tokenizer, rows).items():
            exact, partial = figures(found, rows)
            print(f"{name}, {len(rows)} questions, {limit} pieces: EM {exact:.1f} F1 {partial:.1f}")
            if name == "squad2-dev-500" and limit == 30:
                print("\n".join(refusals(found, rows)), flush=True)


if __name__ == "__main__":
    main()
