"""Tests of qa.evidence: what speaks for an answer, as numbers."""

import math

import pytest

from index.passage import Passage
from index.search import Hit
from qa.evidence import FEATURES, MAX_LOG_ODDS, MAX_MARGIN, features, plain
from qa.reader import Candidate


def candidate(text: str, *, score: float, passage: int = 1, at: int = 0) -> Candidate:
    """A candidate that stands `at` an offset of a passage about drones."""
    whole = "x" * at + text + " were drones that Lavrov cited"
    where = Passage(passage, f"{passage}.txt", 0, len(whole), whole)
    hit = Hit(passage=where, document_title="News", score=0.9, cosine=0.6, bm25=4.0)
    return Candidate(hit=hit, start=at, end=at + len(text), score=score, probability=0.5)


def test_features_of_a_worked_example() -> None:
    candidates = [
        candidate("91 drones", score=9.0),
        candidate("the 91 drones", score=8.0, passage=2),
        candidate("40 boats", score=5.0, passage=3),
    ]
    values = features("How many drones did Lavrov cite?", candidates, n_unknown=1)
    assert values["span"] == pytest.approx(8 * math.tanh(9 / 8))
    assert values["probability"] == 1.0  # of both that say the same
    assert values["odds"] == MAX_LOG_ODDS
    assert values["behind"] == 0.0
    assert values["margin"] == pytest.approx(math.log(5))  # the second says the same
    assert values["agreement"] == pytest.approx(math.log(2))
    assert values["covered"] == 1.0  # drones, Lavrov, cite(d)
    assert values["unknown"] == pytest.approx(1 / 3)
    assert values["bm25"] == pytest.approx(4 / 3)


def test_overlapping_spans_of_one_place_are_one_answer() -> None:
    candidates = [candidate("91 drones", score=9.0), candidate("91", score=8.5)]
    values = features("How many?", candidates, n_unknown=0)
    assert values["margin"] == pytest.approx(math.log1p(MAX_MARGIN))
    assert values["agreement"] == 0.0


def test_the_features_are_those_that_a_confidence_weighs() -> None:
    assert tuple(features("Who?", [candidate("91", score=1.0)], n_unknown=0)) == FEATURES


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many drones did Lavrov cite?", 1.0),
        ("How many drones did Putin cite?", 0.0),
        ("How many drones did Lavrov cite in 1987?", 0.5),
        ("Drones were cited by whom?", 1.0),  # a first word's capital says nothing
        ("Were 9 drones cited?", 0.0),  # 91 are not 9
    ],
)
def test_names_and_numbers_of_the_question_are_looked_for(question: str, named: float) -> None:
    values = features(question, [candidate("91 drones", score=9.0)], n_unknown=0)
    assert values["named"] == named


def test_a_word_is_found_by_its_beginning_and_not_within_another() -> None:
    text = "The excited crowd saw a million lights."
    passage = Passage(1, "news.txt", 0, len(text), text)
    hit = Hit(passage=passage, document_title="", score=0.9, cosine=0.6, bm25=4.0)
    best = Candidate(hit=hit, start=0, end=3, score=9.0, probability=0.5)
    values = features("Who cited crowds of light?", [best], n_unknown=0)
    assert values["covered"] == pytest.approx(2 / 3)  # crowds, light
    assert values["odds"] == 0.0


def test_words_near_the_span_are_those_of_its_sentence() -> None:
    text = "Lavrov spoke on Monday. There were 91 drones."
    passage = Passage(1, "news.txt", 0, len(text), text)
    hit = Hit(passage=passage, document_title="News", score=0.9, cosine=0.6, bm25=4.0)
    best = Candidate(hit=hit, start=35, end=44, score=9.0, probability=0.9)
    values = features("How many drones did Lavrov cite?", [best], n_unknown=0)
    assert best.text == "91 drones"
    assert values["near"] == pytest.approx(1 / 3)  # drones, not Lavrov, not cite
    assert values["covered"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("question", "span", "kind"),
    [
        ("How many drones were there?", "91", 1.0),
        ("How many drones were there?", "several dozen", 1.0),
        ("How many drones were there?", "Lavrov", -1.0),
        ("How many drones were there?", "a university city", -1.0),
        ("When was the strike?", "on 29 December", 1.0),
        ("When was the strike?", "late July", 1.0),
        ("When was the strike?", "Monday", 1.0),
        ("When was the strike?", "Lavrov", -1.0),
        ("Who was minister when the drones came?", "Lavrov", 1.0),
        ("In what year was the strike?", "2025", 1.0),
        ("Where was the strike?", "Novgorod", 1.0),
        ("Who cited the drones?", "Lavrov", 1.0),
        ("Who cited the drones?", "91 drones", -1.0),
        ("What was cited?", "91 drones", 0.0),
    ],
)
def test_the_kind_of_answer_asked_for_is_looked_for(question: str, span: str, kind: float) -> None:
    assert features(question, [candidate(span, score=1.0)], n_unknown=0)["kind"] == kind


def test_plain_leaves_out_what_makes_no_difference() -> None:
    assert plain("The “91” Drones,") == plain("91 drones") == "91 drones"
