"""Tests of index.words: what a question is about."""

import pytest

from index.words import asks, content_words


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


@pytest.mark.parametrize(
    ("question", "does"),
    [
        ("Who built it", True),
        ("In which year was it built", True),
        ("Did he swim", True),
        ("Didn’t he swim", True),
        ("Can't he swim", True),
        ("Name the ship that sank", True),
        ('"Is" it', True),
        ("the mill, built in 1742?", True),
        ("infantile autism.", False),
        ("What’s new", True),
        ("the whole of what was done", True),
        ("things that were done", False),
        ("E-4711", False),
        ("named ships", False),
        ("", False),
    ],
)
def test_a_question_asks_and_a_topic_does_not(question: str, *, does: bool) -> None:
    assert asks(question) == does
