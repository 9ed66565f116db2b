"""Tests of qa.shapes: what counts as a name, a number, a date or a row, and what as none."""

import re

import pytest

from qa import shapes


def whole(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


@pytest.mark.parametrize(
    ("form", "asked"),
    [("owns", ("does", "own")), ("wrote", ("did", "write")), ("has", ("does", "have"))],
)
def test_a_verb_is_asked_for_by_its_plain_form(form: str, asked: tuple[str, str]) -> None:
    assert shapes.PLAIN[form] == asked


def test_no_form_is_of_two_verbs() -> None:
    """Were "found" of finding and of founding, it would make a wrong question."""
    forms = [form for entry in shapes._FORMS for form in entry[:2]]
    assert len(forms) == len(set(forms))
    assert shapes.ACTS.keys() < shapes.PLAIN.keys()
    assert {plain for _, plain in shapes.ACTS.values()} >= shapes.WITHOUT_OBJECT


@pytest.mark.parametrize(
    "name", ["Skarn", "Ada Bell", "Élise", "U.S.", "Bank of the North", "O'Hara"]
)
def test_names(name: str) -> None:
    assert whole(shapes.NAME, name)


@pytest.mark.parametrize("text", ["", "skarn", "Ada bell", "A", "Ada  Bell", "1742", "of Skarn"])
def test_no_names(text: str) -> None:
    assert not whole(shapes.NAME, text)


def test_a_person_has_two_or_three_names() -> None:
    assert whole(shapes.PERSON, "Vincent van Gogh")
    assert whole(shapes.PERSON, "Ada Mary Bell")
    assert not whole(shapes.PERSON, "Ada")
    assert not whole(shapes.PERSON, "Ada Mary Jane Bell")


@pytest.mark.parametrize(
    "number", ["7", "1,234", "12,345,678", "3.5", "two", "Seventeen", "47 million", "two hundred"]
)
def test_numbers(number: str) -> None:
    assert whole(shapes.NUMBER, number)


@pytest.mark.parametrize("text", ["", "1,23", "a few", ".5", "million", "12,3456"])
def test_no_numbers(text: str) -> None:
    assert not whole(shapes.NUMBER, text)


@pytest.mark.parametrize("date", ["1893", "May 1893", "3 May 1893", "May 3, 1893", "3 May", "2025"])
def test_dates(date: str) -> None:
    assert whole(shapes.DATE, date)


@pytest.mark.parametrize("text", ["", "893", "2193", "Mai 1893", "3/5/1893", "May", "in 1893"])
def test_no_dates(text: str) -> None:
    assert not whole(shapes.DATE, text)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote it?",
        "What is their depth?",
        "When did we sail?",
        "Who came last?",
        "Where is He?",
    ],
)
def test_what_points_beyond_the_sentence_is_seen(question: str) -> None:
    assert shapes.LEANING.search(question)


def test_a_country_is_no_pronoun() -> None:
    assert not shapes.LEANING.search("How many ships has the US?")
    assert shapes.LEANING.search("Who told us?")


@pytest.mark.parametrize(
    "question", ["Who?\n", "Who is <b>?", "Who is A\u202eB?", "Who", "Who? Me?", ""]
)
def test_a_question_with_other_marks_is_not_clean(question: str) -> None:
    assert not shapes.CLEAN.fullmatch(question)


@pytest.mark.parametrize("word", ["Yesterday", "March", "Fridays", "Recently", "According"])
def test_a_capital_alone_makes_no_name(word: str) -> None:
    assert shapes.NO_NAME.match(f"{word} Skarn")


def test_an_office_comes_with_who_holds_it() -> None:
    found = shapes.OFFICE.search("said Russian Foreign Minister Sergei Lavrov on Monday")
    assert found is not None
    assert (found["office"], found["name"]) == ("Russian Foreign Minister", "Sergei Lavrov")
    assert not shapes.OFFICE.search("said Roman Minister Ada Bell")


def test_a_person_described_comes_with_the_office() -> None:
    found = shapes.DESCRIBED.search("Then Ada Bell, the deputy mayor of Skarn, spoke.")
    assert found is not None
    assert found["office"] == "the deputy mayor of Skarn"
    assert found["name"].endswith("Ada Bell")


def test_a_row_is_cut_into_its_cells() -> None:
    row = "Port is Skarn, Depth is 12, or 13 m, Harbour master is Per"
    cells = [(cell["column"], cell["cell"]) for cell in shapes.CELL.finditer(row)]
    assert cells == [("Port", "Skarn"), ("Harbour master", "Per")]


@pytest.mark.parametrize(
    "text",
    [
        "A" * 50_000,
        "Aa " * 20_000,
        ", A is b" * 10_000,
        "Ada Bell, the mayor of " + "A" * 50_000,
        "A." * 25_000,
        "1," * 25_000,
        "a-" * 25_000,
    ],
)
def test_a_long_run_is_read_and_no_further_than_its_line(text: str) -> None:
    """A pattern that tries every way to cut such a run would not come back."""
    patterns = [
        *(shapes.LEANING, shapes.CLEAN, shapes.NO_NAME, shapes.ORGANISATION, shapes.REPORTED),
        *(shapes.OFFICE, shapes.DESCRIBED, shapes.CELL, shapes.KEY),
    ]
    patterns += map(re.compile, (shapes.NAME, shapes.SUBJECT, shapes.NUMBER, shapes.DATE))
    for pattern in patterns:
        found = pattern.match(text + "\nNext is B")
        assert found is None or found.end() <= len(text)
