"""Tests of index.words: what a question is about."""

from index.words import content_words


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
