"""Tests of index.held: what passages hold, and how many hold it."""

from math import log
from pathlib import Path

import pytest
from lexical_views import built

from index.held import all_of, any_of, phrase, scored, term, weighted
from index.lexical import Lexical
from index.passage import Words


def test_forms_of_a_word_and_its_accents_are_one(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "Milling in the CAFÉ"})
    assert [each for each, _ in view.search("mills", k=1)] == [1]
    assert [each for each, _ in view.search("cafe", k=1)] == [1]


def test_words_are_counted_by_the_field_that_holds_them(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    texts = [
        Words(1, 1, "Mills", "The World Health Organization and a mill"),
        Words(2, 1, "", "Some mills of the WHO, a tie-in"),
        Words(3, 2, "Ferries", "None"),
    ]
    view.rebuild(texts, sequence=1)
    held = view.held
    assert len(held) == 3
    assert [held.n_with(each) for each in ("mill", "mills", "ferri", "who")] == [2, 0, 0, 1]
    assert [held.n_with(each, "heading") for each in ("mill", "ferri", "who")] == [1, 1, 0]
    assert [held.n_with(each, "forms") for each in ("who", "mill", "tiein")] == [1, 0, 1]
    assert [held.knows(each) for each in ("Milling", "ferry", "ferry-mill", "dam")] == [
        *(True, True, True, False)
    ]


def test_a_query_is_counted_and_ranked_by_what_it_scores(tmp_path: Path) -> None:
    held = built(tmp_path, {1: "old mill", 2: "mill, old and new", 3: "a ferry", 4: "new"}).held
    old, new = term("old"), term("new")
    assert held.n_found(any_of([old, new])) == 3
    assert held.n_found(all_of([old, new])) == held.n_found(phrase(["old", "mill"])) == 1
    assert [each for each, _ in held.best([all_of([old], but=[new])], 9)] == [1]
    ranked = held.best([scored(old, 2.0), weighted(scored(new, 2.0), 1.5)], 9)
    assert ranked == [(2, 5.0), (4, 3.0), (1, 2.0)]
    assert held.best([scored(old, 2.0), scored(new, 3.0)], 1) == [(2, 5.0)]
    assert held.best([scored(old, 2.0), scored(new, 3.0)], 9, within=[2]) == [(4, 3.0)]
    assert held.best([], 9) == []


@pytest.mark.parametrize(("n", "worth"), [(0, 8.0), (1, 8 / 3), (2, 1.6), (3, 8 / 7), (9, 8 / 7)])
def test_a_word_is_worth_what_its_rarity_tells(tmp_path: Path, n: int, worth: float) -> None:
    held = built(tmp_path, {1: "mill", 2: "ferry", 3: "dam"}).held
    assert held.idf(n) == pytest.approx(log(worth))
