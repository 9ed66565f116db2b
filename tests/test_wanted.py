"""Tests of index.wanted: what a question's words are worth, and which stand in no passage."""

from pathlib import Path

import pytest
from lexical_views import built, idf, plain

from index import wanted
from index.alternatives import FIELD_WEIGHTS
from index.lexical import Lexical
from index.passage import Words
from index.wanted import ASKING_WEIGHT, GRAMMAR_WEIGHT, MAX_MISSPELLED, MAX_WORTH


@pytest.fixture
def view(tmp_path: Path) -> Lexical:
    return built(tmp_path, {1: "The old mill", 2: "The ferry and the mill", 3: "A harbour"})


def test_the_words_of_a_long_question_are_worth_no_more_than_the_most(tmp_path: Path) -> None:
    words = {each: f"w{each}" for each in range(20)}
    view = built(tmp_path, {each: f"{word} and others" for each, word in words.items()})
    of_one = idf(1, of=20)
    assert dict(view.search(words[3], k=9)) == {3: pytest.approx(of_one)}
    assert 20 * of_one > MAX_WORTH
    found = dict(view.search(" ".join(words.values()), k=99))
    assert found == {each: pytest.approx(MAX_WORTH / 20) for each in words}


def test_how_often_a_passage_says_a_word_does_not_count(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "mill mill mill", 2: "A mill, and much else beside it", 3: "None"})
    (_, first), (_, second) = view.search("mill", k=9)
    assert first == second


def test_a_word_said_twice_counts_once(view: Lexical) -> None:
    assert view.search("mill mill mills", k=9) == view.search("mill", k=9)


def test_words_that_stand_side_by_side_as_in_the_question_count_more(tmp_path: Path) -> None:
    view = built(
        tmp_path, {1: "The mill by the river, and a ferry", 2: "The river mill and a ferry"}
    )
    assert [each for each, _ in view.search("river mill", k=9)] == [2, 1]


def test_words_of_a_heading_count_by_their_weight(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    view.rebuild(
        [Words(1, 1, "Ferries", "a harbour"), Words(2, 1, "Mills", "the ferry")], sequence=1
    )
    found = view.search("ferry", k=9)
    assert [each for each, _ in found] == [2, 1]
    assert found[1][1] == pytest.approx(FIELD_WEIGHTS["heading"] * idf(1, of=2), rel=1e-5)


def test_words_that_say_what_is_asked_for_weigh_less_than_grammar(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "what", 2: "type", 3: "with", 4: "mill"})
    of_one = idf(1, of=4)
    assert dict(view.search("what type with mill", k=9)) == {
        1: pytest.approx(ASKING_WEIGHT * of_one),
        2: pytest.approx(ASKING_WEIGHT * of_one),
        3: pytest.approx(GRAMMAR_WEIGHT * of_one),
        4: pytest.approx(of_one),
    }
    view.rebuild(plain({1: "personality", 2: "None"}), sequence=2)
    assert dict(view.search("personality", k=9)) == {1: pytest.approx(idf(1, of=2))}
    assert dict(view.search("person", k=9)) == {1: pytest.approx(ASKING_WEIGHT * idf(1, of=2))}


COMMON_AND_RARE = {
    1: "the mill of the harbour",
    2: "the mill of the dyke",
    3: "the ferry of the harbour",
    4: "the barley of the field",
    5: "the wheel of the field",
}


def test_among_very_many_entries_the_commonest_words_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """'the' and 'of' carry less than a tenth: the ranking is that of the other words alone."""
    view = Lexical(tmp_path)
    view.rebuild(plain(COMMON_AND_RARE), sequence=5)
    asked, telling = "the mill of the dyke", "mill dyke"
    monkeypatch.setattr(wanted, "COMMON", 0)  # no pairs
    whole = view.search(asked, k=9)
    assert {each for each, _ in whole} == COMMON_AND_RARE.keys()
    monkeypatch.setattr(wanted, "LONG", 13)
    assert view.search(asked, k=9) == whole  # it has no more entries than that
    monkeypatch.setattr(wanted, "LONG", 12)
    left = view.search(asked, k=9)
    assert [each for each, _ in left] == [2, 1] == [each for each, _ in whole[:2]]
    assert dict(left) == pytest.approx(dict(view.search(telling, k=9)))


def test_words_that_are_all_common_count_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = Lexical(tmp_path)
    view.rebuild(plain(COMMON_AND_RARE), sequence=5)
    whole = view.search("the", k=9)
    monkeypatch.setattr(wanted, "LONG", 0)
    assert view.search("the", k=9) == whole
    assert len(whole) == 5
    assert view.search("zebra", k=9) == []


def test_a_word_that_a_passage_holds_a_figure_and_a_short_word_have_no_slips(
    tmp_path: Path,
) -> None:
    view = built(tmp_path, {1: "The mill of 1742", 2: "The mall of 1743 and a cat"})
    assert [each for each, _ in view.search("mill", k=9)] == [1]
    assert view.search("1741", k=9) == []
    assert view.search("car", k=9) == []


def test_words_that_carry_grammar_are_not_taken_for_others(tmp_path: Path) -> None:
    """As "that" is one slip from "what", "then" from "when", "was" from "wasn"."""
    view = built(tmp_path, {1: "That was then, and there", 2: "He hadnt, he wast"})
    for question in ("What?", "When, and where?", "Wasn't it?", "They hadn’t"):
        assert view.wanted(question).meant == question
        assert not {1, 2} & {each for each, _ in view.search(question.split()[0], k=9)}


def test_misspelled_words_share_what_a_question_is_worth(tmp_path: Path) -> None:
    words = {each: f"{chr(97 + each) * 4}{chr(98 + each) * 4}" for each in range(20)}
    view = built(tmp_path, words)
    found = dict(view.search(" ".join(f"{word}x" for word in words.values()), k=99))
    assert len(found) == MAX_MISSPELLED
    of_one = idf(1, of=20)
    assert list(found.values()) == [pytest.approx(of_one)] * MAX_MISSPELLED
    monstrous = " ".join([*words.values()][:16] + [f"{words[each]}x" for each in range(16, 20)])
    assert dict(view.search(monstrous, k=99)) == dict.fromkeys(words, pytest.approx(MAX_WORTH / 20))


def test_only_the_longest_words_of_a_question_in_another_language_are_tried(
    tmp_path: Path,
) -> None:
    view = built(tmp_path, {1: "harbour", 2: "island", 3: "ferries", 4: "lanterns", 5: "gate"})
    found = view.search("hafbour iglands ferrries lantrns gatte", k=9)
    assert sorted(each for each, _ in found) == [1, 2, 3, 4]


def test_an_empty_view_finds_nothing_and_knows_no_word(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    assert view.search("mill", k=9) == []
    assert view.unknown_words(["The", "mill"]) == ("The", "mill")


def test_unknown_words_are_those_of_which_no_passage_holds_a_form(view: Lexical) -> None:
    question = "Which Zeppelins passed the mills, harbours and zeppelins of Oz?"
    assert view.unknown_words(question.strip("?").split()) == (
        "Which",
        "Zeppelins",
        "passed",
        "zeppelins",
        "of",
        "Oz",
    )
    assert view.unknown_words(["The", "MILLS"]) == ()


def test_a_word_is_known_in_two_as_one_and_in_full(tmp_path: Path) -> None:
    texts = {1: "An e-mail of the World Health Organization", 2: "The nightlife and the dataset"}
    view = built(tmp_path, texts)
    question = "Is email, e-mail, or are data-sets known to WHO and the night life?"
    words = ["email", "e-mail", "data-sets", "WHO", "night", "life"]
    assert view.unknown_words(words, question=question) == ()
    assert view.unknown_words(words) == ("WHO", "night", "life")
    apart = "Is there life at night, and WHOM asks NWHO of data in sets?"
    asked = ["life", "night", "WHOM", "NWHO", "data", "sets"]
    assert view.unknown_words(asked, question=apart) == tuple(asked)


def test_a_word_is_known_by_its_irregular_forms_in_text_or_heading(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    passages = [Words(1, 1, "Women", "It came to 880 euros."), Words(2, 2, "", "They began it.")]
    view.rebuild(passages, sequence=1)
    assert view.unknown_words(["come", "woman", "begin", "go", "man"]) == ("go", "man")
    view.update(added=[], removed=[2], sequence=2)
    assert view.unknown_words(["come", "begin"]) == ("begin",)


def test_what_removed_passages_held_is_unknown(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "World Health Organization", 2: "nightlife", 3: "Others"})
    view.update(added=[], removed=[1, 2], sequence=2)
    question = "Has the WHO a night life?"
    asked = ("WHO", "night", "life")
    assert view.unknown_words(asked, question=question) == asked


def test_figures_are_known_as_they_are_written_only(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "From 17 to 42, 17 42, and 1050", 2: "105 and v12"})
    figures = ("1742", "10.5", "10", "50", "v1.2")
    assert view.unknown_words(figures, question=" ".join(figures)) == figures
