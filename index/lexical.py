"""Passages by BM25 over stemmed words and pairs of them; the only door to tantivy.

A passage is short, and about one thing: which of the question's words it holds counts, and not how
often it says them. That is BM25 with k1 0 (Robertson and Zaragoza 2009).
"""

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from math import log1p
from pathlib import Path
from threading import RLock
from typing import NamedTuple

import tantivy

from index.forms import abbreviations, initials, joinings, partings
from index.generations import Generations, State
from index.passage import Words
from index.spelling import may_be_misspelled, one_slip
from index.words import ASKING_WORDS, FUNCTION_WORDS

FOLDER_NAME = "lexical"
_LAYOUT = 4  # of the files: which fields they have
_WRITER_BYTES = 64_000_000
# So few passages are indexed anew in a tenth of a second.
_FEW = 2_000
# So many words tell one passage from another.
_TELLING = 8
HEADING_WEIGHT = 0.5
PAIR_WEIGHT = 0.4
# Of a word that carries grammar, and of one that says what is asked for: rarely written in a text,
# "what" and "type" would tell much.
GRAMMAR_WEIGHT, ASKING_WEIGHT = 0.5, 0.25
# What the words of a question are worth together in a text, at most, but for pairs of them: a long
# question would else be ranked by its words alone.
MAX_WORTH = 25.0
# A pair of words that both stand in more passages takes milliseconds to look for, and says little.
COMMON = 5_000
# A search reads every entry of its words: so many in two milliseconds. Where there are more, the
# commonest words are left out that together are worth this share of the question at most.
LONG = 300_000
LEFT_OUT = 0.1
# So many words that no passage holds are taken for those one slip away, the longest: a question may
# be in a language of its own. With it benchmarks.ranking finds .870 of new-wiki's passages first,
# not .868.
MAX_MISSPELLED = 4
_WORD = re.compile(r"[^\W_]+")


class _Term(NamedTuple):
    """A word of a question, to be looked for in a field.

    Attributes:
        field: The field.
        word: The word.
        n: How many passages hold it there.
        worth: Its idf by its weight: the score of a passage that holds it.
    """

    field: str
    word: str
    n: int
    worth: float


class _Alike(NamedTuple):
    """Other forms of a word that a field holds, as if they were one word.

    Attributes:
        field: The field.
        query: What finds them.
        worth: Their idf by the field's weight.
    """

    field: str
    query: tantivy.Query
    worth: float


class _Meant(NamedTuple):
    """What a word that no passage holds may have been meant to be.

    Attributes:
        word: The word.
        likely: What most passages hold; empty where none holds any.
        alike: All of it, in each field that holds any.
    """

    word: str
    likely: str
    alike: Sequence[_Alike]


class Wanted(NamedTuple):
    """What a question wants found.

    Attributes:
        meant: The question with what its misspelled words were most likely meant to be.
        queries: What finds the passages that hold its words, each by what it is worth.
    """

    meant: str
    queries: Sequence[tantivy.Query]


class Lexical:
    """All passages' words in an index on disk.

    A removed passage counts in the word statistics until the index is built again, which
    `wants_rebuild` asks for before it matters. Threads may search while one writes.
    """

    def __init__(self, folder: Path) -> None:
        """The view as it was saved below an index folder; an empty one if none was."""
        self._files = Generations(folder / FOLDER_NAME)
        self._swapping = RLock()  # over the saved state and the one that serves
        self._state = State(_LAYOUT, 0, 0, 0, 0, {})
        self._index = tantivy.Index(_schema())
        self._searcher = self._index.searcher()
        self.refresh()

    @property
    def sequence(self) -> int:
        """Number of the last change that it has applied."""
        return self._state.sequence

    @property
    def structure(self) -> str:
        """How it searches, for people."""
        return "BM25 (k1 0; of pairs 1.2), English stems and pairs of them, text and headings"

    def __len__(self) -> int:
        """How many passages it holds."""
        return int(self._searcher.num_docs)

    def wants_rebuild(self, n_more: int) -> bool:
        """Whether it should be built anew instead of updated; under the writer's lock.

        So it should if one passage in a hundred would be a removed one after `n_more` removals,
        or any where passages are few: then the statistics are always exact. So it should too if
        its files are gone, or if a process was killed after it had written them.
        """
        n_removed = self._state.n_removed + n_more
        if n_removed * 100 > len(self) or (n_removed and len(self) < _FEW):
            return True
        return self.unfinished()

    def unfinished(self) -> bool:
        """Whether its files are gone, or of changes that it was not saved with."""
        return bool(len(self)) and not self._files.at_rest(self._state)

    def refresh(self) -> None:
        """See what another process has written; a damaged view is not seen."""
        with self._swapping:
            try:
                state = self._files.saved()
                if state == self._state:
                    return
                if state.layout == _LAYOUT and self._files.are_whole(state):
                    self._serve(tantivy.Index.open(str(self._files.folder(state))), state)
            except (OSError, ValueError, TypeError):
                return

    def fault(self) -> str | None:
        """What is wrong with the files as they lie; None when nothing is, or none do."""
        return self._files.fault()

    def holds(self, passage: int, text: str) -> bool:
        """Whether it holds a passage once, with the longest words of a text: the rarest ones."""
        words = sorted(set(_analyzer().analyze(text)), key=len)[-_TELLING:]
        terms = [(tantivy.Occur.Must, each) for each in [_of_passage(passage), *map(_term, words)]]
        found = self._searcher.search(tantivy.Query.boolean_query(terms), limit=2, count=False)
        return len(found.hits) == 1

    def update(self, *, added: Iterable[Words], removed: Sequence[int], sequence: int) -> None:
        """Apply changes; the same changes twice are as once. One process at a time may.

        Args:
            added: Passages.
            removed: Ids of passages; ids of none are passed over.
            sequence: Number of the last change that these are.

        Raises:
            OSError: The files cannot be written.
        """
        if not self._state.generation:
            self.rebuild(added, sequence=sequence)
            return
        with _io_errors():
            writer = self._index.writer(_WRITER_BYTES, 1)
            for each in removed:
                writer.delete_documents_by_query(_of_passage(each))
            for words in added:
                writer.delete_documents_by_query(_of_passage(words.passage))
                writer.add_document(_document(words))
            writer.commit()
            writer.wait_merging_threads()
        n_removed = self._state.n_removed + len(removed)
        state = self._state._replace(sequence=sequence, n_removed=n_removed)
        self._save(self._index, state)

    def rebuild(self, passages: Iterable[Words], *, sequence: int) -> None:
        """Build the view anew; the old one serves until it stands.

        Args:
            passages: All passages.
            sequence: Number of the last change that they include.

        Raises:
            OSError: The files cannot be written.
        """
        generation, folder = self._files.begin()
        try:
            with _io_errors():
                index = tantivy.Index(_schema(), str(folder))
                index.register_tokenizer("words", _analyzer())
                writer = index.writer(_WRITER_BYTES, 1)
                for words in passages:
                    writer.add_document(_document(words))
                writer.commit()
                writer.wait_merging_threads()
            self._save(index, State(_LAYOUT, generation, sequence, 0, 0, {}))
        except BaseException:  # on a full disk each try would else leave its part
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._files.discard_others(generation)

    def search(
        self, question: str, *, k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k passages of highest score that hold a word of the question, best first.

        For a word that none holds, those that hold it in two, or one spelled nearly so.

        The score is BM25 of the question's words in the text (k1 0), of neighbouring ones as a
        pair (k1 1.2, b 0.75), and of the words in the headings (k1 0), added by weight. A word that
        carries grammar counts by `GRAMMAR_WEIGHT`, one that says what is asked for by
        `ASKING_WEIGHT`, and all together up to `MAX_WORTH`. Words written as one or in two count
        in either form, initials as what they stand for. Among very many passages the commonest
        words do not count: `LEFT_OUT`.

        Args:
            question: The question.
            k: How many, at most.
            within: Numbers of the documents to choose from; None for all.
        """
        return self.find(self.wanted(question), k=k, within=within)

    def find(
        self, wanted: Wanted, *, k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """What `search` finds for the question of which this is wanted."""
        return self._found(wanted.queries, k, within)

    def wanted(self, question: str) -> Wanted:
        """What a question wants found."""
        stems = _analyzer().analyze(question)
        if not stems or not self._searcher.num_docs:
            return Wanted(question, [])
        words = _analyzer(stems=False).analyze(question)
        weights: dict[str, float] = {}
        for word, stem in zip(words, stems, strict=True):  # "personal" is no "person"
            weights[stem] = max(weights.get(stem, 0.0), _weight(word))
        texts = [self._counted("text", stem, weight) for stem, weight in weights.items()]
        headings = [
            self._counted("heading", stem, HEADING_WEIGHT * weight)
            for stem, weight in weights.items()
        ]
        held = [term for term in (*texts, *headings) if term.n]
        known = {term.word for term in held}
        joined = dict(self._joined(words))
        missed = [
            word
            for word, stem in _written(words, stems).items()
            if stem not in known and not any(word in parts for parts in joined)
        ]
        meant = [
            self._meant(word) for word in sorted(missed, key=len, reverse=True)[:MAX_MISSPELLED]
        ]
        alike = [each for word in meant for each in word.alike]
        alike += [*joined.values(), *self._in_full(abbreviations(question))]
        worth = sum(term.worth for term in held if term.field == "text")
        worth += sum(each.worth for each in alike if each.field == "text")
        share = MAX_WORTH / max(worth, MAX_WORTH)
        queries = [
            *(_scored(_term(each.word, each.field), share * each.worth) for each in _telling(held)),
            *(_scored(each.query, share * each.worth) for each in alike),
            *(
                tantivy.Query.boost_query(_phrase("text", pair), share * PAIR_WEIGHT)
                for pair in self._pairs(stems, {term.word: term.n for term in texts})
            ),
        ]
        likely = {each.word: each.likely for each in meant if each.likely}
        return Wanted(_replaced(question, likely), queries)

    def _pairs(self, stems: Sequence[str], counts: Mapping[str, int]) -> list[tuple[str, str]]:
        """The neighbouring words of a question that are worth looking for."""
        return [
            pair
            for pair in dict.fromkeys(pairwise(stems))
            if pair[0] != pair[1] and 0 < min(map(counts.__getitem__, pair)) <= COMMON
        ]

    def _meant(self, word: str) -> _Meant:
        """What finds what a word that no passage holds may have been meant to be.

        That is the word in two parts; where no passage holds it so either, it is all the words one
        slip from it, as if they were one. That the rarest of them scored best would be wrong: the
        commonest is meant most often.
        """
        return self._parted(word) or self._misspelled(word)

    def _parted(self, word: str) -> _Meant | None:
        """The ways to write a word in two that passages hold; None when there are none."""
        held = []
        for parts in partings(word):
            stems = _analyzer().analyze(" ".join(parts))
            counts = [self._searcher.doc_freq("text", stem) for stem in stems]
            if len(stems) == len(parts) and 0 < min(counts) <= COMMON:
                query = _phrase("text", stems)
                if n := self._n_found(query):
                    held.append((n, " ".join(parts), query))
        if not held:
            return None
        n, likely, _ = max(held)
        query = _any_of([query for *_, query in held])
        return _Meant(word, likely, [_Alike("text", query, self._idf(n))])

    def _misspelled(self, word: str) -> _Meant:
        """The words one slip from a word."""
        written = _slips(word)
        alike, likely, most = [], "", 0
        for field, weight in (("text", 1.0), ("heading", HEADING_WEIGHT)):
            counts = {stem: self._searcher.doc_freq(field, stem) for stem in written}
            held = [stem for stem, n in counts.items() if n]
            if held:
                query = _any_of([_term(stem, field) for stem in held])
                alike.append(_Alike(field, query, weight * self._idf(sum(counts.values()))))
                commonest = max(held, key=counts.__getitem__)
                if counts[commonest] > most:
                    likely, most = written[commonest], counts[commonest]
        return _Meant(word, likely, alike)

    def _joined(self, words: Sequence[str]) -> Iterator[tuple[tuple[str, str], _Alike]]:
        """Neighbouring words of a question that passages hold as one, with what finds that."""
        for parts in dict.fromkeys(joinings(words)):
            for stem in _analyzer().analyze("".join(parts)):
                if n := self._searcher.doc_freq("text", stem):
                    yield parts, _Alike("text", _term(stem), self._idf(n))

    def _in_full(self, words: Iterable[str]) -> Iterator[_Alike]:
        """What finds passages that hold what some initials stand for, and not these.

        Each is worth as much as a word that all passages hold which hold either.
        """
        for word in words:
            full, short = (
                _term(word.lower(), "initials"),
                _phrase("text", _analyzer().analyze(word)),
            )
            only = [(tantivy.Occur.Must, full), (tantivy.Occur.MustNot, short)]
            if self._n_found(full):
                n = self._n_found(_any_of([full, short]))
                yield _Alike("text", tantivy.Query.boolean_query(only), self._idf(n))

    def _n_found(self, query: tantivy.Query) -> int:
        """How many passages a query finds."""
        found = self._searcher.search(query, limit=1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # tantivy 0.27's stub lacks it

    def _counted(self, field: str, word: str, weight: float) -> _Term:
        """A word as a field holds it.

        Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, equation 3.15
            where k1 is 0, with Lucene's idf.
        """
        n = self._searcher.doc_freq(field, word)
        return _Term(field, word, n, weight * self._idf(n))

    def _idf(self, n: int) -> float:
        """What a word is worth that n passages hold; removed ones may be among them."""
        n_all = self._searcher.num_docs
        n = min(n, n_all)
        return log1p((n_all - n + 0.5) / (n + 0.5))

    def holders(self, term: str, *, at_most: int) -> list[int]:
        """The passages that hold a term's words in a row, in text or heading; none if more do."""
        words = _analyzer().analyze(term)
        if not words or not self._searcher.num_docs:
            return []
        found = self._found([_phrase(field, words) for field in ("text", "heading")], at_most + 1)
        return [each for each, _ in found] if len(found) <= at_most else []

    def _found(
        self, queries: Iterable[tantivy.Query], k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k passages of highest score by any of some queries, best first."""
        searcher = self._searcher
        either = _any_of(queries)
        if within is not None:
            chosen = tantivy.Query.term_set_query(_schema(), "document", list(within))
            without_score = tantivy.Query.const_score_query(chosen, 0.0)
            both = [(tantivy.Occur.Must, either), (tantivy.Occur.Must, without_score)]
            either = tantivy.Query.boolean_query(both)
        found = searcher.search(either, limit=max(min(k, searcher.num_docs), 1), count=False)
        ids = searcher.fast_field_values("id", [address for _, address in found.hits])
        pairs = zip(ids, found.hits, strict=True)
        return [(each, score) for each, (score, _) in pairs if isinstance(each, int)]

    def unknown_words(self, words: Iterable[str], *, question: str = "") -> tuple[str, ...]:
        """Those that stand in no passage and no heading, with any regular English ending.

        Nor without their hyphen, or in two, or as one with a neighbour, or in full where they are
        initials.

        Args:
            words: Some words of a question.
            question: The question, which tells neighbours and initials; none if it is empty.
        """
        missing = [word for word in words if not self._holds(word)]
        if not missing:
            return ()
        plain = _analyzer(stems=False)
        pairs = [p for p in joinings(plain.analyze(question)) if self._holds("".join(p))]
        joined = {word for pair in pairs for word in pair}
        short = abbreviations(question)
        return tuple(
            word
            for word in missing
            if not joined.issuperset(plain.analyze(word))
            and not (word in short and any(self._in_full([word])))
            and not self._holds_otherwise(plain.analyze(word))
        )

    def _holds_otherwise(self, parts: Sequence[str]) -> bool:
        """Whether passages hold a word, cut at its hyphens, without these, or in two."""
        if len(parts) != 1:
            return all(map(str.isalpha, parts)) and self._holds("".join(parts))
        return may_be_misspelled(parts[0]) and self._parted(parts[0]) is not None

    def _holds(self, word: str) -> bool:
        """Whether all of a word's parts stand in passages or headings, in any form."""
        return all(
            self._found([_term(term), _term(term, "heading")], 1)
            for term in _analyzer().analyze(word)
        )

    def _serve(self, index: tantivy.Index, state: State) -> None:
        index.register_tokenizer("words", _analyzer())
        index.reload()
        self._index, self._searcher, self._state = index, index.searcher(), state

    def _save(self, index: tantivy.Index, state: State) -> None:
        state = self._files.draft(state)
        with self._swapping:
            self._files.settle()
            self._serve(index, state)


@contextmanager
def _io_errors() -> Iterator[None]:
    """Raise as OSError what tantivy says in a ValueError."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True)
    builder.add_text_field("initials", tokenizer_name="raw", index_option="basic")
    for field in ("heading", "text"):
        builder.add_text_field(field, tokenizer_name="words", index_option="position")
    return builder.build()


def _analyzer(*, stems: bool = True) -> tantivy.TextAnalyzer:
    """Words in lower case, without accents, cut to their English stem (Porter 2) or not."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    return (builder.filter(tantivy.Filter.stemmer("English")) if stems else builder).build()


def _written(words: Sequence[str], stems: Sequence[str]) -> dict[str, str]:
    """Each of a question's words that may be misspelled, with its stem."""
    return {
        word: stem
        for word, stem, behind in zip(words, stems, [*words[1:], ""], strict=True)
        if may_be_misspelled(word)
        and _weight(word) == 1
        and not (word.endswith("n") and behind == "t")  # "wasn't"
    }


def _replaced(question: str, likely: Mapping[str, str]) -> str:
    """A question in which others stand for some words, given in lower case without accents."""
    if not likely:
        return question
    plain = _analyzer(stems=False)
    return _WORD.sub(lambda run: likely.get("".join(plain.analyze(run[0])), run[0]), question)


def _slips(word: str) -> dict[str, str]:
    """The stem of each word one slip away, with the longest word of that stem.

    The slip may be in the ending: so these are stemmed, and not the slip. The longest, for a stem
    may be one slip away itself, as "tabl" is from "tabel".
    """
    written = sorted(one_slip(word), key=lambda each: (len(each), each))
    return dict(zip(_analyzer().analyze(" ".join(written)), written, strict=True))


def _weight(word: str) -> float:
    """What a word, in lower case, weighs by what it does in a question."""
    if word in ASKING_WORDS:
        return ASKING_WEIGHT
    return GRAMMAR_WEIGHT if word in FUNCTION_WORDS else 1.0


def _telling(terms: Sequence[_Term]) -> Sequence[_Term]:
    """The terms; where they have too many entries to read, without the commonest ones."""
    if sum(term.n for term in terms) <= LONG:
        return terms
    spare = LEFT_OUT * sum(term.worth for term in terms)
    kept = sorted(terms, key=lambda term: term.n)
    while kept and (spare := spare - kept[-1].worth) >= 0:
        kept.pop()
    return kept


def _document(words: Words) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("id", words.passage)
    document.add_unsigned("document", words.document)
    document.add_text("heading", words.heading)
    document.add_text("text", words.text)
    for each in sorted(initials(words.text)):
        document.add_text("initials", each)
    return document


def _of_passage(passage: int) -> tantivy.Query:
    # By query: tantivy 0.27's `delete_documents_by_term` takes the number for a signed one,
    # finds no such term in the unsigned field and deletes nothing.
    return tantivy.Query.term_query(_schema(), "id", passage)


def _term(term: str, field: str = "text") -> tantivy.Query:
    return tantivy.Query.term_query(_schema(), field, term, "basic")


def _scored(query: tantivy.Query, worth: float) -> tantivy.Query:
    """What finds the same passages, each for so much."""
    return tantivy.Query.boost_query(tantivy.Query.const_score_query(query, 1.0), worth)


def _any_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])


def _phrase(field: str, words: Sequence[str]) -> tantivy.Query:
    """Words in a row; tantivy panics on a phrase of one word."""
    if len(words) == 1:
        return _term(words[0], field)
    return tantivy.Query.phrase_query(_schema(), field, list(words))
