"""Tests of index.alternatives: other forms of words, and what misspelled ones were meant to be."""

from pathlib import Path

import pytest
from lexical_views import built, idf, plain

from index.alternatives import FIELD_WEIGHTS
from index.lexical import Lexical
from index.passage import Words


def test_a_word_that_no_passage_holds_finds_those_spelled_nearly_so(tmp_path: Path) -> None:
    texts = {1: "The harbour was dredged", 2: "A ferry to the island", 3: "The harbours of Vell"}
    view = built(tmp_path, texts)
    for slip in ("habour", "harbbour", "harbeur", "hrabour", "HARBUOR"):
        found = view.search(f"Where is the {slip}?", k=9)
        assert {each for each, _ in found[:2]} == {1, 3}, slip
    (_, first), (_, second) = view.search("habour", k=9)
    assert first == second == pytest.approx(idf(2, of=3))


def test_what_is_further_than_one_slip_is_not_found(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "A lighthouse", 2: "A lighthorse", 3: "A house"})
    assert [each for each, _ in view.search("lighthuse", k=9)] == [1]
    assert view.search("lihgthuose", k=9) == []


def test_words_that_may_have_been_meant_count_as_one(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "The label", 2: "A table", 3: "The tables", 4: "None"})
    found = view.search("tabel", k=9)
    assert {each for each, _ in found} == {1, 2, 3}
    assert [score for _, score in found] == pytest.approx([idf(3, of=4)] * 3)


def test_a_slip_in_an_ending_is_one_too(tmp_path: Path) -> None:
    """Of "structual" and of "structural" the stems are two slips apart."""
    view = built(tmp_path, {1: "Structural engineers", 2: "A habit", 3: "Their observations"})
    assert [each for each, _ in view.search("structual", k=9)] == [1]
    assert [each for each, _ in view.search("observatioins", k=9)] == [3]


def test_what_was_meant_is_what_most_passages_hold(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "The label", 2: "A table", 3: "The tables of the harbour", 4: "No"})
    for question, meant in {
        "Which Tabel is in the HRABOUR?": "Which table is in the harbour?",
        "Is a Täbel in the hárbuor?": "Is a table in the harbour?",
        "tabel_hrabour/Tabel": "table_harbour/table",
        "Which table has a label?": "Which table has a label?",
        "Which zeppelin, and the tabelle?": "Which zeppelin, and the tabelle?",
        "?": "?",
    }.items():
        assert view.wanted(question).meant == meant


def test_slips_are_looked_for_in_headings_too(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    passages = [Words(1, 1, "Oxfordshire", "Many people live there."), Words(2, 2, "", "Others")]
    view.rebuild(passages, sequence=1)
    assert [each for each, _ in view.search("Oxforshire", k=9)] == [1]


def test_a_word_is_found_in_two_and_two_as_one(tmp_path: Path) -> None:
    texts = {
        1: "Send an e-mail",
        2: "The night\nlife",
        3: "Any nightlife?",
        4: "A live crab",
        5: "The mail at night",
    }
    view = built(tmp_path, texts)
    of_one = idf(1, of=5)
    assert view.search("emails", k=9) == [(1, pytest.approx(of_one))]
    assert view.search("alive", k=9)[0][0] == 4  # one slip from "live", not "a live"
    assert view.wanted("Emails, alive?").meant == "e mails, live?"
    assert view.search("nightlife", k=9) == [(3, pytest.approx(of_one))]
    found = dict(view.search("Night life", k=9))
    assert found.keys() == {2, 3, 5}
    assert found[3] == pytest.approx(of_one)
    assert view.wanted("the night life").meant == "the night life"


def test_two_words_are_not_one_where_either_carries_grammar(tmp_path: Path) -> None:
    texts = {1: "put in", 2: "may or", 3: "We're late", 4: "I'm ill", 5: "factor", 6: "a set up"}
    view = built(tmp_path, texts)
    unknown = ("Putin", "mayor", "relate", "mill")
    assert view.unknown_words(unknown) == unknown
    for word in unknown:
        assert " " not in view.wanted(word).meant
    assert view.search("fact or fiction", k=9) == view.search("or", k=9)
    assert [each for each, _ in view.search("setup", k=9)] == [6]


def test_a_word_that_is_joined_is_not_taken_for_another(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "The nightlife", 2: "A live crab, and a knight"})
    assert view.wanted("the night life").meant == "the night life"
    assert [each for each, _ in view.search("night life", k=9)] == [1]


@pytest.mark.parametrize("n", [1, 9])
def test_initials_find_what_they_stand_for_as_if_it_held_them(tmp_path: Path, n: int) -> None:
    texts = {
        **dict.fromkeys(range(10, 10 + n), "The NAEH has a plan."),
        1: "In 2000 the National Alliance to End Homelessness was founded.",
        2: "The National Alliance to End Homelessness (NAEH)",
        3: "Others",
    }
    view = built(tmp_path, texts)
    found = dict(view.search("What is NAEH?", k=99))
    assert found.keys() == texts.keys() - {3}
    assert found[1] == pytest.approx(idf(n + 2, of=n + 3))
    assert found[1] < found[2] == pytest.approx(idf(n + 1, of=n + 3))
    for question in ("NAEH?", "What is naeh?"):  # these may be no initials
        assert dict(view.search(question, k=99)).keys() == texts.keys() - {1, 3}


def test_a_figure_is_found_with_its_thousands_apart_or_not(tmp_path: Path) -> None:
    texts = {1: "4,000 seats", 2: "4000 seats", 3: "4 seats in 000", 4: "12 345 tons", 5: "1.742"}
    view = built(tmp_path, texts)
    of_two = pytest.approx(idf(2, of=5))
    assert dict(view.search("4000?", k=9)) == {1: of_two, 2: pytest.approx(idf(1, of=5))}
    assert dict(view.search("4,000?", k=9)).keys() == {1, 2, 3}
    assert view.search("12,345?", k=1)[0][0] == 4
    assert dict(view.search("12345", k=9)).keys() == {4}
    assert view.search("1742", k=9) == []  # a year
    assert view.unknown_words(["12345", "4", "000"], question="12345 of 4,000") == ()
    assert view.unknown_words(["12346", "1742"], question="12346, 1742") == ("12346", "1742")


def test_a_hyphen_makes_one_word_of_parts_that_carry_grammar(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "The log-in page", 2: "We log in", 3: "A plugin", 4: "Plug in, in"})
    assert [each for each, _ in view.search("login", k=9)] == [1]
    assert {each for each, _ in view.search("plug-in", k=2)} == {3, 4}
    assert view.wanted("Login?").meant == "Login?"
    assert view.unknown_words(["login", "plug-in"], question="login plug-in") == ()
    assert view.unknown_words(["pluck-in"], question="pluck-in") == ("pluck-in",)


def test_a_word_that_no_passage_holds_finds_its_irregular_forms_alone(tmp_path: Path) -> None:
    texts = {1: "It came to 880 euros", 2: "They comb it", 3: "Come", 4: "No", 5: "Their women"}
    view = built(tmp_path, texts)
    assert view.search("coming", k=9) == [(3, pytest.approx(idf(1, of=5)))]
    without = built(tmp_path / "other", {key: text for key, text in texts.items() if key != 3})
    assert without.search("comes", k=9) == [(1, pytest.approx(idf(1, of=4)))]
    assert without.wanted("What comes?").meant == "What comes?"
    assert [each for each, _ in without.search("woman", k=9)] == [5]


def test_irregular_forms_count_as_one_and_in_headings_too(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    texts = {1: "It began", 2: "It had begun", 3: "None", 4: "Nothing"}
    heading = [Words(5, 5, "How life began", "Nothing")]
    view.rebuild([*plain(texts), *heading], sequence=1)
    found = dict(view.search("begin", k=9))
    assert found.keys() == {1, 2, 5}
    assert found[1] == found[2] == pytest.approx(idf(2, of=5))
    assert found[5] == pytest.approx(FIELD_WEIGHTS["heading"] * idf(1, of=5))
