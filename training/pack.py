"""Span sets as arrays of pieces, with hard negatives: what training reads.

Make: `python -m training.pack DATA runs/reader/packed.npz --wordnet WORDNET`.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.passage import Span
from training.body import SOURCE
from training.data import Row, is_held_out, load_set, split_context
from training.nearmiss import NearMisses
from training.tabled import questions
from training.wordnet import Wordnet

N_NEGATIVES = 6
MAX_QUESTION_PIECES, MAX_PASSAGE_PIECES = 64, 300
NEAR = "near-"  # before a set's name: near misses of its questions
JOINED = "joined-"  # before a set's name: its sentences among others
TABLED = "tabled"
_SENTENCE_SETS = ("qamr", "qa-srl")  # their questions need their sentence: no negatives are mined
_N_JOINED, _N_ORDERS = 4, 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Packed:
    """Every training question.

    Attributes:
        set_names: Names of the sets.
        set_of: Set of question i, as a place in `set_names`.
        held_out: Whether question i's context is kept from training.
        passages: Pieces of all passages, one after another.
        passage_bounds: Passage i is `passages[bounds[i]:bounds[i + 1]]`.
        questions: Pieces of all questions, one after another.
        question_bounds: Likewise.
        spans: Row (question, passage, first piece, last piece) for each gold span, by question.
        span_bounds: Question i has `spans[bounds[i]:bounds[i + 1]]`.
        negatives: Row i: passages that do not answer question i, hardest first, -1 for none.
    """

    set_names: NDArray[np.str_]
    set_of: NDArray[np.uint8]
    held_out: NDArray[np.bool_]
    passages: NDArray[np.uint16]
    passage_bounds: NDArray[np.int64]
    questions: NDArray[np.uint16]
    question_bounds: NDArray[np.int64]
    spans: NDArray[np.int32]
    span_bounds: NDArray[np.int64]
    negatives: NDArray[np.int32]


def load_packed(path: Path) -> Packed:
    """The questions that `save` wrote."""
    with np.load(path) as arrays:
        return Packed(**arrays)


def save(packed: Packed, path: Path) -> None:
    """Writes the questions as one compressed file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **{f.name: getattr(packed, f.name) for f in fields(packed)})


@dataclass(slots=True)
class _Passages:
    """The passages of one set, for mining and for finding gold spans."""

    first: int  # number of the first among all sets'
    texts: list[str] = field(default_factory=list)
    encodings: list[Encoding] = field(default_factory=list)
    places: list[Span] = field(default_factory=list)  # in their context
    of_context: dict[str, range] = field(default_factory=dict)


class _Bm25:
    """The passages of one set by their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
        schema.add_integer_field("number", stored=True)
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=text, number=number))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def nearest(self, question: str, *, k: int) -> list[int]:
        """Numbers of the passages that match best, best first."""
        words = " ".join(_WORD.findall(question)).lower()
        query = self._index.parse_query(words, ["text"])
        hits = self._searcher.search(query, k, count=False).hits
        return [self._searcher.doc(address)["number"][0] for _, address in hits]


class Packer:
    """Gathers questions set by set."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(SOURCE / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._names: list[str] = []
        self._set_of: list[int] = []
        self._held_out: list[bool] = []
        self._passages: list[list[int]] = []
        self._questions: list[list[int]] = []
        self._spans: list[list[tuple[int, int, int, int]]] = []
        self._negatives: list[list[int]] = []

    def add(self, name: str, rows: Sequence[Row]) -> None:
        """Adds one set; a question whose every span crosses a passage's border is left out."""
        passages = self._split(rows)
        mine = None if name in _SENTENCE_SETS else _Bm25(passages.texts)
        for row in rows:
            question = self._tokenizer.encode(row.question, add_special_tokens=False)
            spans = _gold(row, passages, number=len(self._questions))
            if row.spans and not spans:
                continue
            self._questions.append(question.ids[:MAX_QUESTION_PIECES])
            self._spans.append(spans)
            self._negatives.append(_negatives(row, passages, mine) if mine else [])
            self._set_of.append(len(self._names))
            self._held_out.append(is_held_out(row.context))
        self._names.append(name)

    def add_near_misses(self, name: str, rows: Sequence[Row], near_misses: NearMisses) -> None:
        """Adds the near misses of a set, each with its one passage."""
        for row in rows:
            for place in split_context(row.context):
                held = [
                    Span(start - place.start, end - place.start)
                    for start, end in row.spans
                    if place.start <= start and end <= place.end
                ]
                text = row.context[slice(*place)]
                near = near_misses.make(row.question, text, held) if held else None
                if near:
                    self._add_near_miss(*near, held_out=is_held_out(row.context))
        self._names.append(NEAR + name)

    def _add_near_miss(self, question: str, passage: str, *, held_out: bool) -> None:
        pieces = self._tokenizer.encode_batch([question, passage], add_special_tokens=False)
        self._negatives.append([len(self._passages)])
        self._questions.append(pieces[0].ids[:MAX_QUESTION_PIECES])
        self._passages.append(pieces[1].ids[:MAX_PASSAGE_PIECES])
        self._spans.append([])
        self._set_of.append(len(self._names))
        self._held_out.append(held_out)

    def packed(self) -> Packed:
        """All that was added."""
        negatives = np.full((len(self._negatives), N_NEGATIVES), -1, dtype=np.int32)
        for i, numbers in enumerate(self._negatives):
            negatives[i, : len(numbers)] = numbers
        spans = [span for each in self._spans for span in each]
        return Packed(
            set_names=np.array(self._names),
            set_of=np.array(self._set_of, dtype=np.uint8),
            held_out=np.array(self._held_out),
            passages=np.concatenate(self._passages).astype(np.uint16),
            passage_bounds=_bounds(self._passages),
            questions=np.concatenate(self._questions).astype(np.uint16),
            question_bounds=_bounds(self._questions),
            spans=np.array(spans, dtype=np.int32),
            span_bounds=_bounds(self._spans),
            negatives=negatives,
        )

    def _split(self, rows: Sequence[Row]) -> _Passages:
        passages = _Passages(first=len(self._passages))
        for context in dict.fromkeys(row.context for row in rows):
            places = split_context(context)
            texts = [context[start:end] for start, end in places]
            n = len(passages.texts)
            passages.of_context[context] = range(n, n + len(places))
            passages.places += places
            passages.texts += texts
            passages.encodings += self._tokenizer.encode_batch(texts, add_special_tokens=False)
        self._passages += [e.ids[:MAX_PASSAGE_PIECES] for e in passages.encodings]
        return passages


def join(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Questions about sentences, each sentence set among others; the held-out ones are left out."""
    chance = np.random.default_rng(seed)
    rows = [row for row in rows if not is_held_out(row.context)]
    sentences = list(dict.fromkeys(row.context for row in rows))
    joined: dict[str, list[tuple[str, int]]] = {}
    for sentence in sentences:
        joined[sentence] = []
        for _ in range(_N_ORDERS):
            others = [sentences[i] for i in chance.integers(len(sentences), size=_N_JOINED - 1)]
            before = "".join(f"{other} " for other in others[: chance.integers(_N_JOINED)])
            after = "".join(f" {other}" for other in others if f"{other} " not in before)
            joined[sentence].append((before + sentence + after, len(before)))
    placed = [(row, joined[row.context][i % _N_ORDERS]) for i, row in enumerate(rows)]
    return [
        Row(row.question, context, tuple(Span(s + offset, e + offset) for s, e in row.spans))
        for row, (context, offset) in placed
    ]


def _gold(row: Row, passages: _Passages, *, number: int) -> list[tuple[int, int, int, int]]:
    """Question, passage, first and last piece of each span that one passage holds whole."""
    gold = set()
    for n in passages.of_context[row.context]:
        place = passages.places[n]
        for start, end in row.spans:
            if place.start <= start and end <= place.end:
                first, last = _pieces(passages.encodings[n], start - place.start, end - place.start)
                if first <= last < MAX_PASSAGE_PIECES:
                    gold.add((number, passages.first + n, first, last))
    return sorted(gold)


def _pieces(encoding: Encoding, start: int, end: int) -> tuple[int, int]:
    """First and last piece that touch the characters; first > last when none does."""
    touched = [
        i for i, (left, right) in enumerate(encoding.offsets) if left < end and right > start
    ]
    return (touched[0], touched[-1]) if touched else (1, 0)


def _negatives(row: Row, passages: _Passages, mine: _Bm25) -> list[int]:
    """Passages without any of the answers: the nearest by words, then others of the context."""
    answers = [answer.lower() for answer in row.answers]
    own = passages.of_context[row.context]
    candidates = dict.fromkeys([*mine.nearest(row.question, k=12), *own])
    if not row.spans:
        candidates = dict.fromkeys(n for n in candidates if n in own)
    texts = ((n, passages.texts[n].lower()) for n in candidates)
    lacking = [n for n, text in texts if not any(answer in text for answer in answers)]
    return [passages.first + n for n in lacking[:N_NEGATIVES]]


def _bounds(parts: Sequence[Sequence[object]]) -> NDArray[np.int64]:
    return np.cumsum([0, *map(len, parts)], dtype=np.int64)


def main() -> None:
    """Packs the data folder's train and train-sentences."""
    parser = argparse.ArgumentParser(prog="python -m training.pack")
    parser.add_argument("data", type=Path, help="the data folder")
    parser.add_argument("packed", type=Path, help="write the arrays here")
    parser.add_argument("--wordnet", type=Path, required=True, help="WordNet's folder of data.noun")
    arguments = parser.parse_args()
    packer = Packer()
    near_misses = NearMisses(Wordnet(arguments.wordnet), np.random.default_rng(1))
    for folder in ("train", "train-sentences"):
        for path in sorted((arguments.data / folder).glob("*.jsonl.gz")):
            name = path.name.removesuffix(".jsonl.gz")
            rows = load_set(path)
            packer.add(name, rows)
            if name not in _SENTENCE_SETS:
                packer.add_near_misses(name, rows, near_misses)
            if name == "qamr":
                packer.add(JOINED + name, join(rows, seed=1))
            print(f"{name}: {len(rows)} questions", flush=True)
    packer.add(TABLED, questions(arguments.data, checked=False))
    packed = packer.packed()
    save(packed, arguments.packed)
    print(f"{len(packed.set_of)} questions, {len(packed.passage_bounds) - 1} passages")


if __name__ == "__main__":
    main()
