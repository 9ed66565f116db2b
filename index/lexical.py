"""Passages by BM25 over stemmed words and pairs of them; the only door to tantivy."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from math import log1p
from pathlib import Path
from threading import RLock
from typing import NamedTuple

import tantivy

from index.generations import Generations, State
from index.passage import Words
from index.spelling import may_be_misspelled, one_slip

FOLDER_NAME = "lexical"
_LAYOUT = 3  # of the files: which fields they have
_WRITER_BYTES = 64_000_000
# So few passages are indexed anew in a tenth of a second.
_FEW = 2_000
# So many words tell one passage from another.
_TELLING = 8
HEADING_WEIGHT = 0.5
PAIR_WEIGHT = 0.4
# A pair of words that both stand in more passages takes milliseconds to look for, and says little.
COMMON = 5_000
# A search reads every entry of its words: so many in two milliseconds. Where there are more, the
# commonest words are left out that together are worth this share of the question at most.
LONG = 400_000
LEFT_OUT = 0.1
# So many words that no passage holds are taken for those one slip away, the longest: a question may
# be in a language of its own. With it benchmarks.ranking finds .808 of new-wiki's passages first by
# words alone, not .806.
MAX_MISSPELLED = 4


class _Term(NamedTuple):
    """A word of a question, to be looked for in a field.

    Attributes:
        field: The field.
        word: The word.
        n: How many passages hold it there.
        weight: What its score is multiplied by.
        worth: Its idf by its weight.
    """

    field: str
    word: str
    n: int
    weight: float
    worth: float


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
        return "BM25 (k1 1.2, b 0.75), English stems and pairs of them, text and headings"

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

        For a word that none holds, those that hold one spelled nearly so.

        The score is BM25 of the question's words in the text, of neighbouring ones as a pair, and
        of the words in the headings, added by weight. Among very many passages the commonest words
        do not count: `LEFT_OUT`.

        Args:
            question: The question.
            k: How many, at most.
            within: Numbers of the documents to choose from; None for all.
        """
        searcher = self._searcher
        words = _analyzer().analyze(question)
        if not words or not searcher.num_docs:
            return []
        terms = [self._counted("text", word, 1.0) for word in dict.fromkeys(words)]
        n_passages = {term.word: term.n for term in terms}
        terms += [self._counted("heading", word, HEADING_WEIGHT) for word in n_passages]
        queries = [
            tantivy.Query.boost_query(_term(term.word, term.field), term.weight)
            for term in _telling([term for term in terms if term.n])
        ]
        held = {term.word for term in terms if term.n}
        unheld = [word for word in n_passages if word not in held and may_be_misspelled(word)]
        for word in sorted(unheld, key=len, reverse=True)[:MAX_MISSPELLED]:
            queries += self._misspelled(word)
        queries += [
            tantivy.Query.boost_query(_phrase("text", pair), PAIR_WEIGHT)
            for pair in dict.fromkeys(pairwise(words))
            if pair[0] != pair[1] and 0 < min(map(n_passages.__getitem__, pair)) <= COMMON
        ]
        return self._found(queries, k, within)

    def _misspelled(self, word: str) -> Iterator[tantivy.Query]:
        """What finds the words one slip from a word that no passage holds, all as if they were one.

        That the rarest of them scored best would be wrong: the commonest is meant most often.
        """
        n_all = self._searcher.num_docs
        for field, weight in (("text", 1.0), ("heading", HEADING_WEIGHT)):
            counts = {each: self._searcher.doc_freq(field, each) for each in one_slip(word)}
            alike = [_term(each, field) for each, n in counts.items() if n]
            if alike:
                without_score = tantivy.Query.const_score_query(_any_of(alike), 1.0)
                worth = weight * self._idf(min(sum(counts.values()), n_all))
                yield tantivy.Query.boost_query(without_score, worth)

    def _counted(self, field: str, word: str, weight: float) -> _Term:
        """A word as a field holds it.

        Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, equation 3.15,
            with Lucene's idf.
        """
        n = self._searcher.doc_freq(field, word)
        return _Term(field, word, n, weight, weight * self._idf(n))

    def _idf(self, n: int) -> float:
        """What a word is worth that n passages hold."""
        return log1p((self._searcher.num_docs - n + 0.5) / (n + 0.5))

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

    def unknown_words(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those that stand in no passage and no heading, with any regular English ending."""
        analyzer = _analyzer()
        return tuple(
            word
            for word in words
            if not all(
                self._found([_term(term), _term(term, "heading")], 1)
                for term in analyzer.analyze(word)
            )
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
    for field in ("heading", "text"):
        builder.add_text_field(field, tokenizer_name="words", index_option="position")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    """Words in lower case, without accents, cut to their English stem (Porter 2)."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    return builder.filter(tantivy.Filter.stemmer("English")).build()


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
    return document


def _of_passage(passage: int) -> tantivy.Query:
    # By query: tantivy 0.27's `delete_documents_by_term` takes the number for a signed one,
    # finds no such term in the unsigned field and deletes nothing.
    return tantivy.Query.term_query(_schema(), "id", passage)


def _term(term: str, field: str = "text") -> tantivy.Query:
    return tantivy.Query.term_query(_schema(), field, term, "freq")


def _any_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])


def _phrase(field: str, words: Sequence[str]) -> tantivy.Query:
    """Words in a row; tantivy panics on a phrase of one word."""
    if len(words) == 1:
        return _term(words[0], field)
    return tantivy.Query.phrase_query(_schema(), field, list(words))
