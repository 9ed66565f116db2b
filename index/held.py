"""What passages hold: their words as tantivy keeps them, how many hold some, and which."""

from collections.abc import Iterable, Sequence
from functools import cache
from math import log1p
from typing import Literal

import tantivy

from index.forms import hyphened, initials
from index.passage import Words

Field = Literal["text", "heading", "forms"]
Query = tantivy.Query
LAYOUT = 5  # of the files: which fields they have


class Held:
    """What the passages of a view held at one moment."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        """What a searcher finds."""
        self._searcher = searcher

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def n_with(self, word: str, field: Field = "text") -> int:
        """How many passages hold a word as it is analyzed; removed ones may be among them."""
        return self._searcher.doc_freq(field, word)

    def n_found(self, query: Query) -> int:
        """How many passages a query finds."""
        found = self._searcher.search(query, limit=1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # tantivy 0.27's stub lacks it

    def idf(self, n: int) -> float:
        """What a word is worth that n passages hold; removed ones may be among them.

        Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, equation 3.15
            where k1 is 0, with Lucene's idf.
        """
        n = min(n, len(self))
        return log1p((len(self) - n + 0.5) / (n + 0.5))

    def knows(self, word: str) -> bool:
        """Whether all of a word's parts stand in passages or headings, in any form."""
        return all(
            self.best([term(part), term(part, "heading")], 1) for part in analyzer().analyze(word)
        )

    def best(
        self, queries: Iterable[Query], k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k passages of highest score by any of some queries, best first.

        Args:
            queries: What finds them.
            k: How many, at most.
            within: Numbers of the documents to choose from; None for all.
        """
        either = any_of(queries)
        if within is not None:
            chosen = Query.term_set_query(schema(), "document", list(within))
            without_score = Query.const_score_query(chosen, 0.0)
            both = [(tantivy.Occur.Must, either), (tantivy.Occur.Must, without_score)]
            either = Query.boolean_query(both)
        found = self._searcher.search(either, limit=max(min(k, len(self)), 1), count=False)
        ids = self._searcher.fast_field_values("id", [address for _, address in found.hits])
        pairs = zip(ids, found.hits, strict=True)
        return [(each, score) for each, (score, _) in pairs if isinstance(each, int)]


@cache
def schema() -> tantivy.Schema:
    """The fields of a passage."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True)
    builder.add_text_field("forms", tokenizer_name="raw", index_option="basic")
    for field in ("heading", "text"):
        builder.add_text_field(field, tokenizer_name="words", index_option="position")
    return builder.build()


def analyzer(*, stems: bool = True) -> tantivy.TextAnalyzer:
    """Words in lower case, without accents, cut to their English stem (Porter 2) or not."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
    return (builder.filter(tantivy.Filter.stemmer("English")) if stems else builder).build()


def document(words: Words) -> tantivy.Document:
    """A passage as it is kept."""
    kept = tantivy.Document()
    kept.add_unsigned("id", words.passage)
    kept.add_unsigned("document", words.document)
    kept.add_text("heading", words.heading)
    kept.add_text("text", words.text)
    forms = initials(words.text).union("".join(parts) for parts in hyphened(words.text))
    for each in sorted(forms):
        kept.add_text("forms", each)
    return kept


def of_passage(passage: int) -> Query:
    """What finds a passage by its id."""
    # By query: tantivy 0.27's `delete_documents_by_term` takes the number for a signed one,
    # finds no such term in the unsigned field and deletes nothing.
    return Query.term_query(schema(), "id", passage)


def term(word: str, field: Field = "text") -> Query:
    """What finds a word as it is analyzed, scored by BM25."""
    return Query.term_query(schema(), field, word, "basic")


def phrase(words: Sequence[str], field: Field = "text") -> Query:
    """What finds words in a row; tantivy panics on a phrase of one word."""
    if len(words) == 1:
        return term(words[0], field)
    return Query.phrase_query(schema(), field, list(words))


def any_of(queries: Iterable[Query]) -> Query:
    """What any of some queries finds, by the sum of their scores."""
    return Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])


def all_of(queries: Iterable[Query], *, but: Iterable[Query] = ()) -> Query:
    """What all of some queries find, and none of others, by the sum of their scores."""
    found = [(tantivy.Occur.Must, each) for each in queries]
    return Query.boolean_query(found + [(tantivy.Occur.MustNot, each) for each in but])


def weighted(query: Query, weight: float) -> Query:
    """What finds the same passages, each for its score by the weight."""
    return Query.boost_query(query, weight)


def scored(query: Query, score: float) -> Query:
    """What finds the same passages, each for so much."""
    return weighted(Query.const_score_query(query, 1.0), score)
