"""Questions made from any text: a sentence with a gap, and the passages that fill it.

Words that recur in a text are taken out of one sentence, and that sentence out of the text; where
they stand in the rest is the answer. After "recurring span selection" (Ram et al. 2021, Splinter),
asked as a question of a passage as by Glass et al. 2020 (Span Selection Pre-training).

Make: `python -m training.recurring DATA runs/reader/recurring.npz --texts FOLDER`. The contexts of
DATA/train are read, and the documents below FOLDER.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.document import load
from index.errors import UnreachableFile, UnreadableFile
from index.formats import SUFFIXES
from index.parsing import Parser
from index.passage import Span, sentences
from index.words import is_content
from training.data import Row, is_held_out, load_set, split_context
from training.pack import Packer, save

GAP = "[MASK]"
SETS = "recurring-"  # before a set's name: questions made from its contexts
TEXTS = "texts"
N_WORDS = 10  # of a recurring span, at most, as in Splinter
_N_PASSAGES, _N_QUESTIONS = 3, 3
_LEAST_WORDS, _REACH = 5, 120
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")


def recurring(context: str, chance: np.random.Generator) -> list[Row]:
    """Questions whose answers recur in a context, up to three; none where nothing does."""
    stated = sentences(context)
    found = list(_recurring_spans(context, stated))
    rows = []
    for i in chance.permutation(len(found))[:_N_QUESTIONS]:
        places = found[i]
        sentence = stated[chance.choice(sorted(places))]
        if row := _asked(context, sentence, [span for each in places.values() for span in each]):
            rows.append(row)
    return rows


def pieces_of(text: str) -> list[str]:
    """A text in runs of three passages, so that what recurs stands near."""
    places = split_context(text)
    runs = [places[i : i + _N_PASSAGES] for i in range(0, len(places), _N_PASSAGES)]
    return [text[run[0].start : run[-1].end] for run in runs]


def _recurring_spans(context: str, stated: Sequence[Span]) -> Iterator[dict[int, list[Span]]]:
    """Where each span stands that recurs in several sentences, by sentence; longest spans first.

    A shorter span that stands only within longer ones is none of its own.
    """
    words = [
        [Span(start + m.start(), start + m.end()) for m in _WORD.finditer(context[start:end])]
        for start, end in stated
    ]
    taken: set[int] = set()
    for size in range(N_WORDS, 0, -1):
        places: dict[str, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for number, line in enumerate(words):
            for first, last in zip(line, line[size - 1 :], strict=False):
                if not taken & {first.start, last.start} and _may_answer(context, first, last):
                    span = Span(first.start, last.end)
                    places[context[slice(*span)].lower()][number].append(span)
        for found in places.values():
            if len(found) > 1:
                taken.update(o for each in found.values() for span in each for o in range(*span))
                yield found


def _may_answer(context: str, first: Span, last: Span) -> bool:
    """Whether a span begins and ends with words that say something."""
    return all(is_content(context[slice(*word)].lower()) for word in {first, last})


def _asked(context: str, sentence: Span, places: Sequence[Span]) -> Row | None:
    """The sentence with a gap for the span, over the context without the sentence."""
    inside = [span for span in places if sentence.start <= span.start < sentence.end]
    question, start = "", sentence.start
    for span in sorted(inside):
        question += context[start : span.start] + GAP
        start = span.end
    question = _about(question + context[start : sentence.end])
    if len(_WORD.findall(question)) < _LEAST_WORDS + 1:
        return None
    rest = context[: sentence.start] + context[sentence.end :]
    cut = sentence.end - sentence.start
    spans = {
        Span(start, end) if end <= sentence.start else Span(start - cut, end - cut)
        for start, end in places
        if not sentence.start <= start < sentence.end
    }
    return Row(question, rest, tuple(sorted(spans)))


def _about(question: str) -> str:
    """The words within reach of the first gap: a reader takes only so many."""
    gap = question.index(GAP)
    start, end = max(0, gap - _REACH), gap + len(GAP) + _REACH
    if start:
        start = question.find(" ", start, gap) + 1 or gap
    if end < len(question):
        end = max(question.rfind(" ", gap + len(GAP), end), gap + len(GAP))
    return question[start:end].strip()


def _texts(folder: Path) -> Iterator[str]:
    """The texts of the documents below a folder, in runs; a file that cannot be read is passed."""
    with Parser() as parser:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix.lower() in SUFFIXES:
                try:
                    yield from pieces_of(load(path, folder=folder, parser=parser).text)
                except (UnreadableFile, UnreachableFile) as error:
                    print(f"passed {path.name}: {error}", flush=True)


def _sets(data: Path) -> Iterator[tuple[str, list[str]]]:
    for path in sorted((data / "train").glob("*.jsonl.gz")):
        contexts = dict.fromkeys(row.context for row in load_set(path))
        kept = [context for context in contexts if not is_held_out(context)]
        runs = [run for context in kept for run in pieces_of(context)]
        yield path.name.removesuffix(".jsonl.gz"), runs


def main() -> None:
    """Packs the questions that the data's contexts and a folder's documents give."""
    parser = argparse.ArgumentParser(prog="python -m training.recurring")
    parser.add_argument("data", type=Path, help="the data folder")
    parser.add_argument("packed", type=Path, help="write the arrays here")
    parser.add_argument("--texts", type=Path, help="a folder of documents to read as well")
    arguments = parser.parse_args()
    packer, chance = Packer(), np.random.default_rng(1)
    sets = dict(_sets(arguments.data))
    if arguments.texts:
        sets[TEXTS] = list(_texts(arguments.texts))
    for name, contexts in sets.items():
        rows = [row for context in contexts for row in recurring(context, chance)]
        print(f"{name}: {len(contexts)} contexts, {len(rows)} questions", flush=True)
        if rows:
            packer.add(SETS + name, rows)
    packed = packer.packed()
    save(packed, arguments.packed)
    print(f"{len(packed.set_of)} questions, {len(packed.passage_bounds) - 1} passages")


if __name__ == "__main__":
    main()
