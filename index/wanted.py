"""What a question wants found: its words, pairs of them and other forms, each by its worth."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.alternatives import (
    COMMON,
    FIELD_WEIGHTS,
    Alike,
    figures,
    in_full,
    inflections,
    joined,
    meant,
    parted,
)
from index.forms import abbreviations, hyphened, joinings
from index.held import Field, Held, Query, analyzer, phrase, scored, term, weighted
from index.inflections import other_forms
from index.spelling import may_be_misspelled
from index.words import ASKING_WORDS, FUNCTION_WORDS

PAIR_WEIGHT = 0.4
# Of a word that carries grammar, and of one that says what is asked for: rarely written in a text,
# "what" and "type" would tell much.
GRAMMAR_WEIGHT, ASKING_WEIGHT = 0.5, 0.25
# What the words of a question are worth together in a text, at most, but for pairs of them: a long
# question would else be ranked by its words alone.
MAX_WORTH = 25.0
# A search reads every entry of its words: so many in two milliseconds. Where there are more, the
# commonest words are left out that together are worth this share of the question at most.
LONG = 300_000
LEFT_OUT = 0.1
# So many words that no passage holds are taken for those one slip away, the longest: a question may
# be in a language of its own. With it benchmarks.ranking finds .870 of new-wiki's passages first,
# not .868.
MAX_MISSPELLED = 4
_WORD = re.compile(r"[^\W_]+")


class Wanted(NamedTuple):
    """What a question wants found.

    Attributes:
        meant: The question with what its misspelled words were most likely meant to be.
        queries: What finds the passages that hold its words, each by what it is worth.
    """

    meant: str
    queries: Sequence[Query]


class _Term(NamedTuple):
    """A word of a question, to be looked for in a field.

    Attributes:
        field: The field.
        word: The word.
        n: How many passages hold it there.
        worth: Its idf by its weight: the score of a passage that holds it.
    """

    field: Field
    word: str
    n: int
    worth: float


def wanted(question: str, held: Held) -> Wanted:
    """What a question wants found among what passages hold."""
    stems = analyzer().analyze(question)
    if not stems or not len(held):
        return Wanted(question, [])
    words = analyzer(stems=False).analyze(question)
    terms = list(_terms(words, stems, held))
    as_one = dict(joined([*joinings(words), *hyphened(question)], held))
    known, taken = {each.word for each in terms}, {word for parts in as_one for word in parts}
    written = _written(words, stems).items()
    inflected = dict(_inflected(words, stems, known, held))
    taken |= inflected.keys()
    missed = [word for word, stem in written if stem not in known and word not in taken]
    longest = sorted(missed, key=len, reverse=True)[:MAX_MISSPELLED]
    others = [meant(word, held) for word in longest]
    alike = [each for other in others for each in other.alike]
    alike += [each for forms in inflected.values() for each in forms]
    alike += [*as_one.values(), *in_full(abbreviations(question), held)]
    alike += [each for _, each in figures(question, held)]
    worth = sum(each.worth for each in terms if each.field == "text")
    worth += sum(each.worth for each in alike if each.field == "text")
    share = MAX_WORTH / max(worth, MAX_WORTH)
    queries = [
        *(scored(term(each.word, each.field), share * each.worth) for each in _telling(terms)),
        *(scored(each.query, share * each.worth) for each in alike),
        *(weighted(phrase(pair), share * PAIR_WEIGHT) for pair in _pairs(stems, terms)),
    ]
    likely = {other.word: other.likely for other in others if other.likely}
    return Wanted(_replaced(question, likely), queries)


def unknown_words(words: Iterable[str], held: Held, *, question: str = "") -> tuple[str, ...]:
    """Those that stand in no passage and no heading, in any form that English gives them.

    Nor without their hyphen, or in two, or as one with a neighbour, or in full where they are
    initials, or with other signs between thousands.

    Args:
        words: Some words of a question.
        held: What passages hold.
        question: The question, which tells neighbours and initials; none if it is empty.
    """
    missing = [word for word in words if not held.knows(word)]
    if not missing:
        return ()
    plain = analyzer(stems=False)
    pairs = [*joinings(plain.analyze(question)), *hyphened(question)]
    as_one = {word for pair in pairs if held.knows("".join(pair)) for word in pair}
    for written, _ in figures(question, held):
        as_one.update(plain.analyze(written))
    short = abbreviations(question)
    return tuple(
        word
        for word in missing
        if not as_one.issuperset(plain.analyze(word))
        and not (word in short and any(in_full([word], held)))
        and not _known_otherwise(plain.analyze(word), held)
    )


def _known_otherwise(parts: Sequence[str], held: Held) -> bool:
    """Whether passages hold a word, cut at its hyphens, without these, in two or inflected."""
    if len(parts) != 1:
        return all(map(str.isalpha, parts)) and held.knows("".join(parts))
    others = [term(form, field) for form in other_forms(parts[0]) for field in FIELD_WEIGHTS]
    if others and held.best(others, 1):
        return True
    return may_be_misspelled(parts[0]) and parted(parts[0], held) is not None


def _terms(words: Sequence[str], stems: Sequence[str], held: Held) -> Iterator[_Term]:
    """Each of a question's stems in each field that holds it."""
    weights: dict[str, float] = {}
    for word, stem in zip(words, stems, strict=True):  # "personal" is no "person"
        weights[stem] = max(weights.get(stem, 0.0), _weight(word))
    for field, of_field in FIELD_WEIGHTS.items():
        for stem, weight in weights.items():
            if n := held.n_with(stem, field):
                yield _Term(field, stem, n, of_field * weight * held.idf(n))


def _weight(word: str) -> float:
    """What a word, in lower case, weighs by what it does in a question."""
    if word in ASKING_WORDS:
        return ASKING_WEIGHT
    return GRAMMAR_WEIGHT if word in FUNCTION_WORDS else 1.0


def _inflected(
    words: Sequence[str], stems: Sequence[str], known: Container[str], held: Held
) -> Iterator[tuple[str, list[Alike]]]:
    """Those words that are not known and have other forms that passages hold, with these."""
    for word, stem in zip(words, stems, strict=True):
        if stem not in known and (alike := inflections(word, held)):
            yield word, [each._replace(worth=_weight(word) * each.worth) for each in alike]


def _written(words: Sequence[str], stems: Sequence[str]) -> dict[str, str]:
    """Each of a question's words that may be misspelled, with its stem."""
    return {
        word: stem
        for word, stem, behind in zip(words, stems, [*words[1:], ""], strict=True)
        if may_be_misspelled(word)
        and _weight(word) == 1
        and not (word.endswith("n") and behind == "t")  # "wasn't"
    }


def _pairs(stems: Sequence[str], terms: Sequence[_Term]) -> list[tuple[str, str]]:
    """The neighbouring words of a question that are worth looking for."""
    telling = {each.word for each in terms if each.field == "text" and each.n <= COMMON}
    common = {each.word for each in terms if each.field == "text"}
    return [
        pair
        for pair in dict.fromkeys(pairwise(stems))
        if pair[0] != pair[1] and common.issuperset(pair) and telling.intersection(pair)
    ]


def _telling(terms: Sequence[_Term]) -> Sequence[_Term]:
    """The terms; where they have too many entries to read, without the commonest ones."""
    if sum(each.n for each in terms) <= LONG:
        return terms
    spare = LEFT_OUT * sum(each.worth for each in terms)
    kept = sorted(terms, key=lambda each: each.n)
    while kept and (spare := spare - kept[-1].worth) >= 0:
        kept.pop()
    return kept


def _replaced(question: str, likely: Mapping[str, str]) -> str:
    """A question in which others stand for some words, given in lower case without accents."""
    if not likely:
        return question
    plain = analyzer(stems=False)
    return _WORD.sub(lambda run: likely.get("".join(plain.analyze(run[0])), run[0]), question)
