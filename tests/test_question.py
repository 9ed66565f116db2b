"""Tests of qa.question: what a question asks for."""

import pytest

from qa.question import (
    asks_date,
    asks_person,
    asks_quantity,
    asks_yes_or_no,
    counted_words,
    wants_sentences,
)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the bridge close?",
        "How does the pump work?",
        "How come nobody left?",
        "Describe the attack.",
        "What did the minister say about the talks?",
        "What happened in Lisbon?",
        "What did the report say when it was published?",
        "What does the law say when a tenant leaves?",
        "Can you tell me how the pump works?",
        "Tell me about the harbour.",
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
        "How expensive is the ferry?",
        "Can you tell me who leads the talks?",
        "Please tell me when the bridge was opened.",
    ],
)
def test_quantities_names_and_dates_want_a_span(question: str) -> None:
    assert not wants_sentences(question)


@pytest.mark.parametrize(
    "question",
    [
        "Did Russia attack Kyiv?",
        "Is the museum free?",
        "is there a delegate",
        "Can I return a used item?",
        "Isn't the ferry free?",
        "Can't I pay later?",
        "Won’t it rain?",
        "Will Russia answer?",
        "And is it deep?",
        "So, must I pay?",
        "Is the museum free, or must I pay?",
        "After the attack, did Russia retaliate?",
        "When the ship sank, was anyone hurt?",
        "Do you know whether the bridge is open?",
        "Can you tell me if dogs are allowed?",
        "Can the timer show how long something takes?",
    ],
)
def test_yes_or_no_is_answered_by_sentences(question: str) -> None:
    assert asks_yes_or_no(question)
    assert wants_sentences(question)


@pytest.mark.parametrize(
    "question",
    [
        "Can you tell me who leads the talks?",
        "Could you please tell me in which year it was built?",
        "Do you know when the bridge was opened?",
        "Does the report say who built it?",
        "I want to know when it was built",
        "Will Smith was born when?",
        "Was it built by whom?",
        "Which is taller, is it the tower?",
        "In which year, according to the report, was it built?",
        "Who is it?",
        "Island of what country?",
        "May",
    ],
)
def test_a_question_in_the_words_of_another_is_no_yes_or_no(question: str) -> None:
    assert not asks_yes_or_no(question)
    assert not wants_sentences(question)


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many drones did Lavrov cite?", ["drones"]),
        ("And how much money was lost?", ["money"]),
        ("How many World Heritage Sites has Orl?", ["world", "heritage", "sites"]),
        ("How many of the seven mills stand?", ["seven", "mills", "stand"]),
        ("How much did it cost?", ["cost"]),
        ("How many?", []),
        ("Who counted them?", []),
    ],
)
def test_what_is_counted_follows_how_many_or_how_much(question: str, counted: list[str]) -> None:
    assert counted_words(question) == counted


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How many ships came?", True),
        ("how tall is it", True),
        ("What percentage of it is lost?", True),
        ("What is the population of Orl?", True),
        ("How does it work?", False),
        ("Who counted the ships?", False),
    ],
)
def test_a_quantity_is_asked_for_by_how_many_or_by_its_name(question: str, *, asks: bool) -> None:
    assert asks_quantity(question) is asks


@pytest.mark.parametrize(
    ("question", "person", "date"),
    [
        ("Who built it?", True, False),
        ("And by whom was it built?", True, False),
        ("Can you tell me who built it?", True, False),
        ("When was it built?", False, True),
        ("On what date was it opened?", False, True),
        ("Do you know when it was built?", False, True),
        ("In what year was it built?", False, False),
        ("Where is the man who built it?", False, False),
    ],
)
def test_who_asks_for_a_person_and_when_for_a_date(
    question: str, *, person: bool, date: bool
) -> None:
    assert (asks_person(question), asks_date(question)) == (person, date)
