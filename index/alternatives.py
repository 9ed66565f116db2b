"""What passages hold in place of a question's words: other forms of them, and what was meant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from index.forms import partings, regrouped
from index.held import Field, Held, Query, all_of, analyzer, any_of, phrase, term
from index.inflections import other_forms
from index.spelling import one_slip

FIELD_WEIGHTS: Mapping[Field, float] = {"text": 1.0, "heading": 0.5}
# A pair of words that both stand in more passages takes milliseconds to look for, and says little.
COMMON = 5_000


class Alike(NamedTuple):
    """Other forms of a word that a field holds, as if they were one word.

    Attributes:
        field: The field.
        query: What finds them.
        worth: Their idf by the field's weight.
    """

    field: Field
    query: Query
    worth: float


class Meant(NamedTuple):
    """What a word that no passage holds may have been meant to be.

    Attributes:
        word: The word.
        likely: What most passages hold; empty where none holds any.
        alike: All of it, in each field that holds any.
    """

    word: str
    likely: str
    alike: Sequence[Alike]


def meant(word: str, held: Held) -> Meant:
    """What a word that no passage holds, in lower case without accents, may have been meant to be.

    That is the word in two parts, or with a hyphen; where no passage holds it so either, it is all
    the words one slip from it, as if they were one. That the rarest of them scored best would be
    wrong: the commonest is meant most often.
    """
    return parted(word, held) or _misspelled(word, held)


def parted(word: str, held: Held) -> Meant | None:
    """The ways to write a word in two that passages hold; None when there are none.

    Parts that carry grammar are a word's where a hyphen says so: "log-in", and not "log in".
    """
    hyphened = term(word, "forms")
    ways = [(n, "", hyphened)] if (n := held.n_found(hyphened)) else []
    for parts in partings(word):
        stems = analyzer().analyze(" ".join(parts))
        if len(stems) == len(parts) and 0 < min(map(held.n_with, stems)) <= COMMON:
            query = phrase(stems)
            if n := held.n_found(query):
                ways.append((n, " ".join(parts), query))
    if not ways:
        return None
    n, likely, _ = max(ways)
    query = any_of([query for *_, query in ways])
    return Meant(word, likely, [Alike("text", query, held.idf(n))])


def joined(pairs: Iterable[tuple[str, str]], held: Held) -> Iterator[tuple[tuple[str, str], Alike]]:
    """Those of some pairs of words that passages hold as one, with what finds that."""
    for parts in dict.fromkeys(pairs):
        for stem in analyzer().analyze("".join(parts)):
            if n := held.n_with(stem):
                yield parts, Alike("text", term(stem), held.idf(n))


def inflections(word: str, held: Held) -> list[Alike]:
    """What finds the forms of a word that its endings do not make, in each field that holds any."""
    forms = other_forms(word)
    counts = [(_counts(forms, field, held), field) for field in FIELD_WEIGHTS]
    return [_as_one(some, field, held) for some, field in counts if some]


def in_full(words: Iterable[str], held: Held) -> Iterator[Alike]:
    """What finds passages that hold what some initials stand for, and not these.

    Each is worth as much as a word that all passages hold which hold either.
    """
    for word in words:
        full, short = term(word.lower(), "forms"), phrase(analyzer().analyze(word))
        yield from _instead(full, short, held)


def figures(question: str, held: Held) -> Iterator[tuple[str, Alike]]:
    """Figures of a question that passages hold with their thousands set apart or not, as it does.

    With each comes what finds the passages that hold it so, and not as the question does; its
    worth is as of `in_full`.
    """
    for written, other in regrouped(question):
        parts = analyzer().analyze(other)
        if 0 < min(map(held.n_with, parts)) <= COMMON:
            for alike in _instead(phrase(parts), phrase(analyzer().analyze(written)), held):
                yield written, alike


def _instead(other: Query, written: Query, held: Held) -> Iterator[Alike]:
    """What finds passages that hold another form, and not the one that is written, if any do."""
    if held.n_found(other):
        n = held.n_found(any_of([other, written]))
        yield Alike("text", all_of([other], but=[written]), held.idf(n))


def _misspelled(word: str, held: Held) -> Meant:
    """The words one slip from a word."""
    written = _slips(word)
    alike, likely, most = [], "", 0
    for field in FIELD_WEIGHTS:
        if counts := _counts(written, field, held):
            alike.append(_as_one(counts, field, held))
            commonest = max(counts, key=counts.__getitem__)
            if counts[commonest] > most:
                likely, most = written[commonest], counts[commonest]
    return Meant(word, likely, alike)


def _counts(stems: Iterable[str], field: Field, held: Held) -> dict[str, int]:
    """How many passages hold each of some stems in a field, of those that any does."""
    return {stem: n for stem in stems if (n := held.n_with(stem, field))}


def _as_one(counts: Mapping[str, int], field: Field, held: Held) -> Alike:
    """What finds any of some stems that so many passages hold."""
    query = any_of([term(stem, field) for stem in counts])
    return Alike(field, query, FIELD_WEIGHTS[field] * held.idf(sum(counts.values())))


def _slips(word: str) -> dict[str, str]:
    """The stem of each word one slip away, with the longest word of that stem.

    The slip may be in the ending: so these are stemmed, and not the slip. The longest, for a stem
    may be one slip away itself, as "tabl" is from "tabel".
    """
    written = sorted(one_slip(word), key=lambda each: (len(each), each))
    return dict(zip(analyzer().analyze(" ".join(written)), written, strict=True))
