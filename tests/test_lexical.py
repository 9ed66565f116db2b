"""Tests of index.lexical: BM25 as in the textbook, kept in step with what comes and goes."""

import random
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexical_views import built, idf, plain

from index.held import analyzer
from index.lexical import Lexical
from index.passage import Words
from index.wanted import GRAMMAR_WEIGHT, MAX_WORTH, PAIR_WEIGHT

WORDS = [
    *("mill", "mills", "milling", "harbour", "ferry", "river", "Rivers"),
    *("dredged", "herring", "1742", "café", "the", "of"),
]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=39).map(" ".join))


def textbook(question: str, texts: Mapping[int, str]) -> dict[int, float]:
    """What `Lexical.search` finds by text: BM25 of each word, and of each pair by its weight.

    A word that carries grammar counts by its weight, and all words together `MAX_WORTH` at most. A
    pair's idf is the sum of its words', as in Lucene.

    Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, equation 3.15,
        with Lucene's idf, log(1 + (N - n + 0.5) / (n + 0.5)); k1 0 for words, so that b does not
        matter, k1 1.2 and b 0.75 for pairs.
    """
    stems = {each: analyzer().analyze(text) for each, text in texts.items()}
    mean = sum(map(len, stems.values())) / max(len(stems), 1)
    asked = list(dict.fromkeys(analyzer().analyze(question)))

    def of_word(word: str) -> float:
        n = sum(word in words for words in stems.values())
        return idf(n, of=len(stems)) if n else 0.0

    worth = {
        word: of_word(word) * (GRAMMAR_WEIGHT if word in ("the", "of") else 1) for word in asked
    }
    share = min(1.0, MAX_WORTH / max(sum(worth.values()), 1e-9))
    pairs = list(dict.fromkeys(pairwise(analyzer().analyze(question))))
    scores: dict[int, float] = {}
    for each, words in stems.items():
        norm = 1.2 * (1 - 0.75 + 0.75 * len(words) / mean)
        score = sum(worth[word] for word in asked if word in words)
        for pair in pairs:
            tf = sum(tuple(words[i : i + 2]) == pair for i in range(len(words) - 1))
            if tf and pair[0] != pair[1]:
                score += PAIR_WEIGHT * sum(map(of_word, pair)) * tf * (1 + 1.2) / (tf + norm)
        if any(word in words for word in asked):
            scores[each] = share * score
    return scores


@pytest.fixture
def view(tmp_path: Path) -> Lexical:
    return built(tmp_path, {1: "The old mill", 2: "The ferry and the mill", 3: "A harbour"})


def test_scores_are_the_textbooks(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lexical")

    @settings(max_examples=15)  # each writes to the disk
    @given(TEXTS, st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
    def check(texts: list[str], question: str) -> None:
        by_id = dict(enumerate(texts, start=7))
        found = built(folder, by_id).search(question, k=100)
        expected = textbook(question, by_id)
        assert dict(found) == pytest.approx(expected, rel=1e-5)
        scores = [score for _, score in found]
        assert scores == sorted(scores, reverse=True)

    check()


def test_scores_are_the_textbooks_after_updates_that_removed_nothing(tmp_path: Path) -> None:
    rng = random.Random(3)
    texts = {each: " ".join(rng.choices(WORDS, k=rng.randint(1, 39))) for each in range(1, 60)}
    view = Lexical(tmp_path)
    for first in range(1, 60, 10):
        some = plain({each: texts[each] for each in range(first, min(first + 10, 60))})
        view.update(added=some, removed=[], sequence=first)
    assert dict(view.search("mill ferry", k=100)) == pytest.approx(
        textbook("mill ferry", texts), rel=1e-5
    )


@given(st.sets(st.integers(0, 6)), st.integers(1, 12))
@settings(deadline=None)
def test_a_search_of_some_documents_is_the_ranking_without_the_others(
    tmp_path_factory: pytest.TempPathFactory, within: set[int], k: int
) -> None:
    texts = {each: "mill " * (each % 5 + 1) + "ferry river" for each in range(1, 11)}
    view = built(tmp_path_factory.mktemp("view"), texts)
    every = view.search("the mill by the river", k=99)
    wanted = [(each, score) for each, score in every if (each + 1) // 2 in within]
    found = view.search("the mill by the river", k=k, within=sorted(within))
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted[:k]])
    assert {each for each, _ in found} <= {each for each, _ in wanted}


def test_the_same_update_twice_is_as_once(view: Lexical) -> None:
    for _ in range(2):
        view.update(added=[Words(4, 1, "", "A second harbour")], removed=[2], sequence=2)
        assert len(view) == 3
        assert [each for each, _ in view.search("harbour", k=9)] == [3, 4]
        assert [each for each, _ in view.search("mill", k=9)] == [1]


def test_a_removed_passage_is_found_no_more(view: Lexical) -> None:
    view.update(added=[], removed=[2, 99], sequence=2)
    assert len(view) == 2
    assert view.search("ferry", k=9) == []


def test_holders_hold_the_words_in_a_row_in_text_or_heading(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    texts = [
        Words(1, 1, "", "See E-4711."),
        Words(2, 1, "Fault e 4711", "None"),
        Words(3, 1, "", "E-4710, or 4711 E"),
    ]
    view.rebuild(texts, sequence=1)
    assert sorted(view.holders("E-4711", at_most=9)) == [1, 2]
    assert view.holders("E-4711", at_most=1) == []
    assert view.holders("4710", at_most=1) == [3]
    assert view.holders("?", at_most=9) == view.holders("E-9", at_most=9) == []


@pytest.mark.parametrize("question", ["", "?!", "zebra", '"unclosed (OR field:x'])
def test_a_question_without_a_known_word_finds_nothing(view: Lexical, question: str) -> None:
    assert view.search(question, k=9) == []


def test_more_may_be_asked_for_than_there_are(view: Lexical) -> None:
    assert len(view.search("the mill", k=10**9)) == 2


def test_a_word_is_unknown_when_its_last_passage_is_removed(view: Lexical) -> None:
    view.update(added=[], removed=[3], sequence=2)
    assert view.unknown_words(["harbour", "mill"]) == ("harbour",)


def test_a_view_is_opened_as_it_was_saved(view: Lexical, tmp_path: Path) -> None:
    again = Lexical(tmp_path)
    assert (again.sequence, len(again)) == (1, 3)
    assert again.search("mill", k=9) == view.search("mill", k=9)
    assert not again.wants_rebuild(0)


def test_one_open_view_sees_what_another_has_written(view: Lexical, tmp_path: Path) -> None:
    other = Lexical(tmp_path)
    view.update(added=[Words(4, 1, "", "zebra")], removed=[], sequence=2)
    assert other.search("zebra", k=1) == []
    other.refresh()
    assert other.search("zebra", k=1) == view.search("zebra", k=1) != []
    view.rebuild([Words(5, 1, "", "okapi")], sequence=3)
    other.refresh()
    assert (other.sequence, len(other)) == (3, 1)


def test_an_old_view_serves_while_a_new_one_is_built(view: Lexical) -> None:
    def passages() -> list[Words]:
        assert len(view.search("mill", k=9)) == 2
        return [Words(9, 1, "", "mill")]

    view.rebuild((each for each in passages()), sequence=2)
    assert len(view.search("mill", k=9)) == 1


def test_removed_passages_ask_for_a_rebuild_before_they_skew_scores(tmp_path: Path) -> None:
    view = built(tmp_path, dict.fromkeys(range(1, 2501), "mill"))
    assert not view.wants_rebuild(25)
    assert view.wants_rebuild(26)
    view.update(added=[], removed=list(range(1, 21)), sequence=2)
    assert not view.wants_rebuild(4)
    assert view.wants_rebuild(6)


def test_in_a_small_view_any_removal_asks_for_a_rebuild(view: Lexical) -> None:
    assert not view.wants_rebuild(0)
    assert view.wants_rebuild(1)
