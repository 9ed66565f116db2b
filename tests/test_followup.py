"""Tests of qa.followup: questions that lean on the turn before."""

import pytest

from index.passage import Passage
from qa.answer import Answer, Citation, Turn
from qa.followup import MAX_WORDS, standalone


def turn(question: str, text: str | None = None) -> Turn:
    """A turn whose answer was `text`, or a refusal."""
    citations: tuple[Citation, ...] = ()
    if text:
        passage = Passage(id=1, document_id="a.txt", start=0, end=len(text), text=text)
        citations = (Citation("a.txt", "A", "0" * 64, 0, len(text), None, text, passage),)
    answer = Answer(
        question=question,
        text=text,
        citations=citations,
        confidence=0.9,
        reason=None if text else "weak",
        hits=(),
        understood_as=question,
    )
    return Turn(question, answer)


def test_without_earlier_turns_a_question_is_itself() -> None:
    assert standalone("What did he say?", []) == "What did he say?"


@pytest.mark.parametrize(
    ("before", "answer", "question", "understood"),
    [
        (
            "Where was Ada Lovelace born?",
            "London",
            "When did she die?",
            "When did Ada Lovelace die?",
        ),
        ("Who wrote Dracula?", "Bram Stoker", "Where was he born?", "Where was Bram Stoker born?"),
        ("Where is Lake Como?", "Italy", "How deep is it?", "How deep is Lake Como?"),
    ],
)
def test_a_pronoun_becomes_the_name_that_the_last_turn_was_about(
    before: str, answer: str, question: str, understood: str
) -> None:
    assert standalone(question, [turn(before, answer)]) == understood


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        (
            "How much does a ticket for an adult cost in winter?",
            "And for a child?",
            "How much does a ticket for a child cost in winter?",
        ),
        (
            "How much does a ticket cost for an adult?",
            "and for a child",
            "How much does a ticket cost for a child?",
        ),
        (
            "How many ships did Skarn build in 2019?",
            "And in 2020?",
            "How many ships did Skarn build in 2020?",
        ),
        (
            "How many ships did Skarn build in 2019?",
            "What about 2020?",
            "How many ships did Skarn build in 2020?",
        ),
        (
            "How long does it take to sail to Skarn?",
            "And to Holm?",
            "How long does it take to sail to Holm?",
        ),
        (
            "When does the ferry to Holm leave?",
            "And in winter?",
            "When does the ferry to Holm leave in winter?",
        ),
    ],
)
def test_a_phrase_or_a_number_gives_way_to_another_of_its_kind(
    before: str, question: str, understood: str
) -> None:
    assert standalone(question, [turn(before)]) == understood


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("What about Trump?", "What did Trump say about talks?"),
        ("And Trump?", "What did Trump say about talks?"),
        ("how about the Emperor of Japan?", "What did the Emperor of Japan say about talks?"),
    ],
)
def test_what_about_asks_the_last_question_of_another(question: str, understood: str) -> None:
    assert standalone(question, [turn("What did Lavrov say about talks?")]) == understood


def test_a_bare_question_word_keeps_the_last_question() -> None:
    history = [turn("How many drones did Lavrov cite?", "91 drones")]
    assert standalone("When?", history) == "When: How many drones did Lavrov cite?"


def test_a_pronoun_without_a_name_keeps_the_last_questions_words_for_the_search() -> None:
    history = [turn("how many drones were used?", "91 drones")]
    assert standalone("Who shot them down?", history) == "Who shot them down (drones used)?"


@pytest.mark.parametrize(
    "question",
    [
        "How many people live in Lisbon?",
        "What did Trump say about his call?",
        "Why is that so, Ada?",
    ],
)
def test_a_question_that_names_its_subject_is_left_alone(question: str) -> None:
    assert standalone(question, [turn("Who wrote Dracula?", "Bram Stoker")]) == question


def test_follow_ups_can_be_chained() -> None:
    first = turn("Where was Ada Lovelace born?", "London")
    understood = standalone("When did she die?", [first])
    second = turn(understood, "1852")
    assert standalone("Who was her father?", [first, second]) == "Who was Ada Lovelace's father?"


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("And who sank?", "who sank?"),
        ("But when was it opened?", "when was it opened (harbour Vell built)?"),
        ("And what did Putin say?", "what did Putin say?"),
        ("And is it deep?", "is it deep (harbour Vell built)?"),
    ],
)
def test_a_question_led_in_by_and_is_a_question_and_no_subject(
    question: str, understood: str
) -> None:
    assert standalone(question, [turn("When was the harbour of Vell built?", "1911")]) == understood


def test_a_pronoun_is_no_subject() -> None:
    history = [turn("how many drones were used?", "91 drones")]
    assert standalone("What about it?", history) == "What about it (drones used)?"


def test_a_long_conversation_does_not_heap_up_its_questions() -> None:
    last = turn("what is the tallest tree?")
    for question in ["what about those small oaks?", "Why?"] * 60:
        understood = standalone(question, [last])
        last = turn(understood)
        assert len(understood.split()) <= MAX_WORDS
        assert not understood.startswith("Why: Why:")
