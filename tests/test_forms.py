"""Tests of index.forms: in two or as one, in full or by initials."""

import time

import pytest

from index.forms import abbreviations, hyphened, initials, joinings, partings, regrouped


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("In 2000, the National Alliance to End Homelessness said", {"naeh", "nateh"}),
        ("The World Health Organization (Geneva)", {"who"}),
        ("the Food and\nDrug Administration", {"fda", "fada"}),
        ("Bureau of Labor Statistics and the Federal Bureau of Investigation", {"bls", "fbi"}),
        ("United Nations Educational, Scientific and Cultural Organization", {"unesco"}),
        ("WORLD HEALTH ORGANIZATION", {"who"}),
        ("Johnson & Johnson of New Jersey", {"jjnj"}),
    ],
)
def test_names_are_called_by_their_initials(text: str, called: set[str]) -> None:
    assert called <= initials(text)


@pytest.mark.parametrize(
    "text",
    ["", "the mill by the river", "United Nations", "Anna. Bruno. Carla.", "A mill, a Ferry", "X"],
)
def test_what_is_no_long_name_has_no_initials(text: str) -> None:
    assert initials(text) == set()


def test_what_is_in_the_middle_of_many_names_is_none_of_its_own() -> None:
    assert "esc" not in initials("United Nations Educational, Scientific and Cultural Organization")
    letters = " ".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert initials(letters) == {letters.replace(" ", "").lower()[:n] for n in range(3, 9)} | {
        letters.replace(" ", "").lower()[-n:] for n in range(3, 9)
    }


@pytest.mark.parametrize(
    "text", ["A" * 400_000, "A the " * 70_000, "A & & " * 70_000, "Ab, " * 100_000, "A-b" * 130_000]
)
def test_hostile_texts_take_time_by_their_length(text: str) -> None:
    began = time.process_time()
    initials(text)
    assert time.process_time() - began < 10


def test_abbreviations_are_words_in_capitals_where_not_all_is() -> None:
    assert abbreviations("What does NAEH stand for, NASA or NAEH?") == ["NAEH", "NASA"]
    assert abbreviations("WHAT DOES NAEH STAND FOR?") == []
    assert abbreviations("Has WHO, UN, Who, R2D2, ABCDEFGHI or ÄÖÜ any?") == ["WHO"]


def test_a_word_parts_anywhere_but_at_words_of_grammar() -> None:
    assert list(partings("email")) == [("e", "mail"), ("em", "ail"), ("ema", "il"), ("emai", "l")]
    assert ("set", "up") in list(partings("setup"))
    for parts in (("a", "live"), ("put", "in"), ("re", "late"), ("m", "ill"), ("may", "or")):
        assert parts not in list(partings("".join(parts)))
    assert list(partings("")) == list(partings("x")) == []


def test_neighbours_join_but_not_with_grammar_or_figures() -> None:
    words = ["the", "night", "life", "of", "1742", "mills", "set", "up"]
    assert list(joinings(words)) == [("night", "life"), ("mills", "set"), ("set", "up")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Are there 4,000 of 12000?", [("4,000", "4000"), ("12000", "12 000")]),
        (
            "1.234.567, 5'000 and 9000000.",
            [("1.234.567", "1234567"), ("5'000", "5000"), ("9000000", "9 000 000")],
        ),
        ("In 1742, 2024 or 999, at 10.5, 1,50 or 12:3000?", [("3000", "3 000")]),
        ("A1234, 1234x, 10.1234, 1,2345 and 1234,567890", []),
        ("2100 and 3000.", [("2100", "2 100"), ("3000", "3 000")]),
        ("Ticket 0042, part 000123.", []),
    ],
)
def test_a_figure_is_written_with_its_thousands_apart_or_not(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert list(regrouped(text)) == expected


def test_words_with_one_hyphen_are_told_in_their_parts() -> None:
    text = "A Log-in, built‑in; but no state-of-the-art, 5-a, pre-, x--y or under_score-d."
    assert hyphened(text) == [("log", "in"), ("built", "in")]
