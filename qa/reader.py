"""Reading: a question and its hits as candidate spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from index.onnx import OnnxModel, Pieces
from index.search import N_WORDS_READ, Hit

SHIPPED_READER = Path(__file__).resolve().parent / "models" / "reader"
MAX_QUESTION_PIECES = 128
SPANS_PER_PASSAGE = 5

_CLS, _SEP = 101, 102  # BERT's vocabulary


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer.

    Attributes:
        hit: The passage that it stands in.
        start: Offset of its first character in the document's text.
        end: Offset just past its last character.
        score: Sum of the start's and the end's logit, less those of "no answer in this passage";
            above 0 the reader holds the span for likelier than none.
        probability: Probability of the span among all spans of all passages read, and none.
    """

    hit: Hit
    start: int
    end: int
    score: float
    probability: float

    @property
    def text(self) -> str:
        """The words of the span."""
        passage = self.hit.passage
        return passage.text[self.start - passage.start : self.end - passage.start]


class Reader(Protocol):
    """Anything that finds the spans of passages that may answer a question."""

    @property
    def fingerprint(self) -> str:
        """Name and content of the model."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """Candidates of all hits, best first; empty when no hit holds a word."""


class SpanReader:
    """The reader that ships: MiniLM with a start and an end logit for each word piece, in 8 bits.

    Every logit is taken relative to that of the passage's `[CLS]`, which stands for "no answer
    here", and all passages of a question share one normalisation, so that they compete.

    Source: Devlin et al. 2019, BERT, section 4.3 (the null span); Clark and Gardner 2018, Simple
        and Effective Multi-Paragraph Reading Comprehension, section 3.2 (shared-norm).
    """

    def __init__(self, folder: Path = SHIPPED_READER) -> None:
        """Load the model.

        Raises:
            ModelMissing: The folder or a file of it is missing or altered.
        """
        self._model = OnnxModel.load(folder)
        self._max_pieces = int(self._model.card["max_pieces"])
        self._max_answer_pieces = int(self._model.card["max_answer_pieces"])

    @property
    def fingerprint(self) -> str:
        """Name and content of the model."""
        return self._model.fingerprint

    def read(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """Candidates of all hits, best first, ties in the order of the hits.

        A passage longer than the model is read in windows that overlap by half.

        Raises:
            ValueError: The question is too long to be read with a passage.
        """
        pieces = self._model.tokenizer.encode(question, add_special_tokens=False)
        if len(pieces) > MAX_QUESTION_PIECES:
            raise ValueError(
                f"The question has {len(pieces)} word pieces; at most {MAX_QUESTION_PIECES}, about "
                f"{N_WORDS_READ} words, can be read. Shorten it."
            )
        windows = [
            (hit, window) for hit in hits for window in self._windows(pieces.ids, hit.passage.text)
        ]
        outputs = self._model.run([window.pieces for _, window in windows])
        scored = [
            (hit, _Scored.of(window, start[0], end[0]))
            for (hit, window), (start, end) in zip(windows, outputs, strict=True)
        ]
        log_total = _log_total([each.start for _, each in scored])
        log_total += _log_total([each.end for _, each in scored])
        candidates = [
            Candidate(
                hit=hit,
                start=hit.passage.start + start,
                end=hit.passage.start + end,
                score=score,
                probability=float(np.exp(min(score - log_total, 0.0))),
            )
            for hit, each in scored
            for start, end, score in each.best(self._max_answer_pieces)
        ]
        candidates.sort(key=lambda each: -each.score)
        return candidates

    def _windows(self, question: Sequence[int], passage: str) -> list["_Window"]:
        """The question's pieces with each part of the passage that the model can hold."""
        encoding = self._model.tokenizer.encode(passage, add_special_tokens=False)
        room = self._max_pieces - len(question) - 3
        last = max(len(encoding) - room // 2, 1)
        return [
            _Window.of(
                question, encoding.ids[at : at + room], encoding.offsets[at : at + room], passage
            )
            for at in range(0, last, room // 2)
        ]


@dataclass(frozen=True, slots=True)
class _Window:
    """A question with as much of a passage as the model can hold.

    Attributes:
        pieces: What the model reads.
        first: Index of the passage's first piece among them.
        offsets: Range of characters of each of the passage's pieces, in the passage.
        may_start: Whether a word starts with the piece; an answer begins nowhere else.
        may_end: Whether a word ends with the piece.
    """

    pieces: Pieces
    first: int
    offsets: Sequence[tuple[int, int]]
    may_start: np.ndarray
    may_end: np.ndarray

    @classmethod
    def of(
        cls,
        question: Sequence[int],
        passage: Sequence[int],
        offsets: Sequence[tuple[int, int]],
        text: str,
    ) -> "_Window":
        ids = [_CLS, *question, _SEP, *passage, _SEP]
        n_first = len(question) + 2
        types = [0] * n_first + [1] * (len(passage) + 1)

        def inside_a_word(at: int) -> bool:
            return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()

        may_start = np.array([not inside_a_word(start) for start, _ in offsets], bool)
        may_end = np.array([not inside_a_word(end) for _, end in offsets], bool)
        return cls(Pieces(ids, types), n_first, offsets, may_start, may_end)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A window with the logits of its passage's pieces, relative to those of `[CLS]`."""

    window: _Window
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, window: _Window, start: np.ndarray, end: np.ndarray) -> "_Scored":
        passage = slice(window.first, window.first + len(window.offsets))
        return cls(window, start[passage] - start[0], end[passage] - end[0])

    def best(self, max_pieces: int) -> list[tuple[int, int, float]]:
        """Range of characters in the passage, and score, of its best spans, best first."""
        n = len(self.start)
        if not n:
            return []
        starts = np.where(self.window.may_start, self.start, -np.inf)
        ends = np.where(self.window.may_end, self.end, -np.inf)
        # Entry (i, d) is the span from piece i to piece i + d.
        padded = np.concatenate([ends, np.full(max_pieces, -np.inf)])
        sums = starts[:, None] + np.lib.stride_tricks.sliding_window_view(padded, max_pieces)[:n]
        order = np.argsort(-sums, axis=None, kind="stable")[:SPANS_PER_PASSAGE]
        spans = []
        for i, d in zip(*np.unravel_index(order, sums.shape), strict=True):
            if np.isfinite(sums[i, d]):
                first, last = self.window.offsets[i], self.window.offsets[i + d]
                spans.append((first[0], last[1], float(sums[i, d])))
        return spans


def _log_total(logits: Sequence[np.ndarray]) -> float:
    """Logarithm of the sum of all exponentials, and 1 for "no answer in any passage"."""
    everything = np.concatenate([np.zeros(1), *logits])
    high = everything.max()
    return float(high + np.log(np.exp(everything - high).sum()))
