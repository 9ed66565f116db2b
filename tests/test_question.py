"""Tests of qa.question: what a question asks for."""

import pytest

from qa.question import content_words, counted_noun, wants_sentences


def test_content_words_leave_out_what_only_carries_grammar() -> None:
    assert content_words("How many drones did Lavrov cite?") == ["drones", "Lavrov", "cite"]


def test_a_hyphen_or_an_apostrophe_does_not_cut_a_word() -> None:
    assert content_words("Who leads the Russia-U.S talks, O'Brien?") == [
        "leads",
        "Russia-U.S",
        "talks",
        "O'Brien",
    ]


def test_a_question_of_grammar_alone_has_no_content_words() -> None:
    assert content_words("What is it?") == []


@pytest.mark.parametrize(
    "question",
    [
        "Why did the bridge close?",
        "How does the pump work?",
        "How come nobody left?",
        "Describe the attack.",
        "What did the minister say about the talks?",
        "What happened in Lisbon?",
    ],
)
def test_why_how_and_what_was_said_want_sentences(question: str) -> None:
    assert wants_sentences(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many drones did Lavrov cite?",
        "How old is the abbey?",
        "How long does it take?",
        "Who said so?",
        "What is the capital of Peru?",
        "When did it happen?",
    ],
)
def test_quantities_names_and_dates_want_a_span(question: str) -> None:
    assert not wants_sentences(question)


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many drones did Lavrov cite?", "drones"),
        ("And how much money was lost?", "money"),
        ("Who counted them?", None),
    ],
)
def test_the_counted_noun_follows_how_many_or_how_much(question: str, noun: str | None) -> None:
    assert counted_noun(question) == noun


def test_contractions_and_possessives_are_told_from_the_words_they_end() -> None:
    assert content_words(
        "Why didn’t the ship's captain sink? Isn't Vell's harbour where it's?"
    ) == [
        "ship",
        "captain",
        "sink",
        "Vell",
        "harbour",
    ]
