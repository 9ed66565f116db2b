"""The shipped encoder: all-MiniLM-L6-v2 with pooling in the graph and 8-bit weights.

python -m training.encoder index/models/all-MiniLM-L6-v2
python -m training.encoder --check index/models/all-MiniLM-L6-v2 --data DATA
"""

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.encoder import OnnxEncoder
from index.passage import sentences
from training.body import SOURCE, WIDTH, load_body
from training.data import load_set
from training.export import Session, export, write_description

MAX_PIECES = 256
N_ROUNDS = 7
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class Encoder(nn.Module):
    """The body, the mean of its vectors over the text's pieces, scaled to length 1."""

    def __init__(self) -> None:
        super().__init__()
        self.body = load_body()

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Vectors (n, width) of the texts (n, length)."""
        x = self.body(input_ids, attention_mask, token_type_ids)
        weight = attention_mask[:, :, None].to(x.dtype)
        return functional.normalize((x * weight).sum(1) / weight.sum(1), dim=-1)


def make(folder: Path) -> None:
    """Writes the shipped folder, all but its card."""
    folder.mkdir(parents=True, exist_ok=True)
    export(Encoder(), folder / "model.onnx", outputs=["embedding"], by_length=False)
    facts = {"name": "all-MiniLM-L6-v2", "dimensions": WIDTH, "max_pieces": MAX_PIECES}
    write_description(folder, dict(facts))


def check(folder: Path, data: Path) -> None:
    """Prints how far the shipped vectors lie from the original's, and both speeds."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # slow to import

    shipped = Session(folder, max_pieces=MAX_PIECES)
    original = SentenceTransformer(str(SOURCE), device="cpu")
    original.max_seq_length = MAX_PIECES

    def encode(texts: Sequence[str], *, size: int = 32) -> NDArray[np.float32]:
        starts = range(0, len(texts), size)
        return np.concatenate([shipped.run(texts[i : i + size])[0] for i in starts])

    def encode_alone(texts: Sequence[str]) -> NDArray[np.float32]:
        return encode(texts, size=1)

    def encode_original(texts: Sequence[str]) -> NDArray[np.float32]:
        return original.encode(list(texts), batch_size=32, show_progress_bar=False)

    def encode_original_alone(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([original.encode(text, show_progress_bar=False) for text in texts])

    questions, stated, passages = _texts(data)
    for name, texts in (("questions", questions), ("sentences", stated), ("passages", passages)):
        wanted, alone = encode_original(texts), encode(texts, size=1)
        print(f"{name}: {len(texts)}, cosine to the original {_cosine(wanted, alone)}")
    mixed = list(chain.from_iterable(zip(questions, passages, strict=True)))
    alone, together = encode(mixed, size=1), encode(mixed)
    print(f"alone and in a mixed batch of 32: {_cosine(alone, together)}")
    timed = (
        ("questions one by one", questions, encode_alone, encode_original_alone),
        ("passages", passages, OnnxEncoder(folder).encode_passages, encode_original),
    )
    for name, texts, ours, theirs in timed:
        seconds, seconds_original = _interleaved(ours, theirs, texts)
        print(
            f"{name}: {len(texts) / seconds:.0f} a second, original "
            f"{len(texts) / seconds_original:.0f}: {seconds_original / seconds:.1f} times"
        )


def _texts(data: Path, n: int = 200) -> tuple[list[str], list[str], list[str]]:
    """Questions, sentences and passages of different paragraphs of new-wiki."""
    by_context = {row.context: row for row in load_set(data / "dev/squadshifts-new-wiki.jsonl.gz")}
    rows = list(by_context.values())[:n]
    stated = [row.context[start:end] for row in rows for start, end in sentences(row.context)]
    return [row.question for row in rows], stated, [row.context[:500] for row in rows]


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> str:
    cosine = (a * b).sum(axis=1)
    return f"mean {cosine.mean():.4f}, worst {cosine.min():.4f}"


def _interleaved(first: Encode, second: Encode, texts: Sequence[str]) -> tuple[float, float]:
    """Median seconds of each, taken in turns so that both meet the same load."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(N_ROUNDS):
        for encode, taken in zip((first, second), seconds, strict=True):
            began = time.perf_counter()
            encode(texts)
            taken.append(time.perf_counter() - began)
    return float(np.median(seconds[0])), float(np.median(seconds[1]))


def main() -> None:
    """Makes the folder, or checks it."""
    parser = argparse.ArgumentParser(prog="python -m training.encoder")
    parser.add_argument("folder", type=Path, nargs="?", help="write the model here")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="measure a model made before")
    parser.add_argument("--data", type=Path, help="the data folder, for --check")
    arguments = parser.parse_args()
    if arguments.check and arguments.data:
        check(arguments.check, arguments.data)
    elif arguments.folder:
        make(arguments.folder)
    else:
        parser.error("name a folder to write, or --check FOLDER --data DATA")


if __name__ == "__main__":
    main()
