"""Tests of index.formats.raised: superscripts in plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.raised import raised
from index.words import words


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("It costs 40", "2", "It costs 40 ²"),
        ("It covers 3×10", "5", "It covers 3×10 ⁵"),
        ("a wave of 10", "-7", "a wave of 10 ⁻⁷"),
        ("a wave of 10", "−7", "a wave of 10 ⁻⁷"),
        ("for 40", "1,2", "for 40 ¹,²"),
        ("for 40", "1)", "for 40 ¹⁾"),
        ("for 40", "[1]", "for 40 [¹]"),
        ("It was built in 1911.", "12", "It was built in 1911. ¹²"),
    ],
)
def test_a_number_is_set_apart_from_a_number(before: str, text: str, whole: str) -> None:
    assert before + raised(before, text) == whole


@pytest.mark.parametrize("before", ["the harbour", "Holm", "the end,", "“harbour”", "in full)"])
def test_a_footnotes_mark_is_set_apart_from_a_word(before: str) -> None:
    assert raised(before, "2") == " ²"


@pytest.mark.parametrize("before", ["5 m", "5 km", "5km", "N/m", "x", "Größe in m"])
def test_a_power_stays_with_its_unit(before: str) -> None:
    assert raised(before, "2") == "²"


def test_a_charge_stays_with_its_element() -> None:
    assert raised("of Ca", "2+") == "²⁺"


@pytest.mark.parametrize("before", ["", "the harbour ", "line\n", "it ("])
def test_what_stands_apart_already_needs_no_space(before: str) -> None:
    assert raised(before, "2") == "²"


@pytest.mark.parametrize(
    ("before", "text"),
    [("the 21", "st"), ("Quoth", "TM"), ("2", "n"), ("costs 40", "*"), ("Na", "+"), ("a", "")],
)
def test_letters_and_marks_stay_as_they_are(before: str, text: str) -> None:
    assert raised(before, text) == text


@given(st.from_regex(r"[a-zé]{0,4}\d{1,4}[.,]?", fullmatch=True), st.integers(0, 999))
def test_a_footnotes_mark_is_part_of_no_number(before: str, mark: int) -> None:
    assert words(before + raised(before, str(mark)))[:-1] == words(before)
