"""Tests of index.lexical: BM25 as in the textbook, kept in step with what comes and goes."""

import math
import random
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.lexical import (
    ASKING_WEIGHT,
    GRAMMAR_WEIGHT,
    HEADING_WEIGHT,
    MAX_MISSPELLED,
    MAX_WORTH,
    PAIR_WEIGHT,
    Lexical,
    _analyzer,
)
from index.passage import Words

WORDS = [
    *("mill", "mills", "milling", "harbour", "ferry", "river", "Rivers"),
    *("dredged", "herring", "1742", "café", "the", "of"),
]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=39).map(" ".join))


def textbook(question: str, texts: Mapping[int, str]) -> dict[int, float]:
    """What `Lexical.search` finds by text: BM25 of each word, and of each pair by its weight.

    A word that carries grammar counts by its weight, and all words together `MAX_WORTH` at most. A
    pair's idf is the sum of its words', as in Lucene.

    Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework, equation 3.15,
        with Lucene's idf, log(1 + (N - n + 0.5) / (n + 0.5)); k1 0 for words, so that b does not
        matter, k1 1.2 and b 0.75 for pairs.
    """
    stems = {each: _analyzer().analyze(text) for each, text in texts.items()}
    mean = sum(map(len, stems.values())) / max(len(stems), 1)
    asked = list(dict.fromkeys(_analyzer().analyze(question)))

    def idf(word: str) -> float:
        n = sum(word in words for words in stems.values())
        return math.log(1 + (len(stems) - n + 0.5) / (n + 0.5)) if n else 0.0

    worth = {word: idf(word) * (GRAMMAR_WEIGHT if word in ("the", "of") else 1) for word in asked}
    share = min(1.0, MAX_WORTH / max(sum(worth.values()), 1e-9))
    pairs = list(dict.fromkeys(pairwise(_analyzer().analyze(question))))
    scores: dict[int, float] = {}
    for each, words in stems.items():
        norm = 1.2 * (1 - 0.75 + 0.75 * len(words) / mean)
        score = sum(worth[word] for word in asked if word in words)
        for pair in pairs:
            tf = sum(tuple(words[i : i + 2]) == pair for i in range(len(words) - 1))
            if tf and pair[0] != pair[1]:
                score += PAIR_WEIGHT * sum(map(idf, pair)) * tf * (1 + 1.2) / (tf + norm)
        if any(word in words for word in asked):
            scores[each] = share * score
    return scores


def plain(texts: Mapping[int, str]) -> list[Words]:
    """Passages without a heading, two to a document."""
    return [Words(each, (each + 1) // 2, "", text) for each, text in texts.items()]


def built(folder: Path, texts: Mapping[int, str], *, sequence: int = 1) -> Lexical:
    view = Lexical(folder)
    view.rebuild(plain(texts), sequence=sequence)
    return view


@pytest.fixture
def view(tmp_path: Path) -> Lexical:
    return built(tmp_path, {1: "The old mill", 2: "The ferry and the mill", 3: "A harbour"})


def test_scores_are_the_textbooks(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lexical")

    @settings(max_examples=15)  # each writes to the disk
    @given(TEXTS, st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
    def check(texts: list[str], question: str) -> None:
        by_id = dict(enumerate(texts, start=7))
        found = built(folder, by_id).search(question, k=100)
        expected = textbook(question, by_id)
        assert dict(found) == pytest.approx(expected, rel=1e-5)
        scores = [score for _, score in found]
        assert scores == sorted(scores, reverse=True)

    check()


def test_the_words_of_a_long_question_are_worth_no_more_than_the_most(tmp_path: Path) -> None:
    words = {each: f"w{each}" for each in range(20)}
    view = built(tmp_path, {each: f"{word} and others" for each, word in words.items()})
    idf = math.log(1 + (20 - 1 + 0.5) / (1 + 0.5))
    assert dict(view.search(words[3], k=9)) == {3: pytest.approx(idf)}
    assert 20 * idf > MAX_WORTH
    found = dict(view.search(" ".join(words.values()), k=99))
    assert found == {each: pytest.approx(MAX_WORTH / 20) for each in words}


def test_how_often_a_passage_says_a_word_does_not_count(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "mill mill mill", 2: "A mill, and much else beside it", 3: "None"})
    (_, first), (_, second) = view.search("mill", k=9)
    assert first == second


def test_scores_are_the_textbooks_after_updates_that_removed_nothing(tmp_path: Path) -> None:
    rng = random.Random(3)
    texts = {each: " ".join(rng.choices(WORDS, k=rng.randint(1, 39))) for each in range(1, 60)}
    view = Lexical(tmp_path)
    for first in range(1, 60, 10):
        some = plain({each: texts[each] for each in range(first, min(first + 10, 60))})
        view.update(added=some, removed=[], sequence=first)
    assert dict(view.search("mill ferry", k=100)) == pytest.approx(
        textbook("mill ferry", texts), rel=1e-5
    )


@given(st.sets(st.integers(0, 6)), st.integers(1, 12))
@settings(deadline=None)
def test_a_search_of_some_documents_is_the_ranking_without_the_others(
    tmp_path_factory: pytest.TempPathFactory, within: set[int], k: int
) -> None:
    texts = {each: "mill " * (each % 5 + 1) + "ferry river" for each in range(1, 11)}
    view = built(tmp_path_factory.mktemp("view"), texts)
    every = view.search("the mill by the river", k=99)
    wanted = [(each, score) for each, score in every if (each + 1) // 2 in within]
    found = view.search("the mill by the river", k=k, within=sorted(within))
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted[:k]])
    assert {each for each, _ in found} <= {each for each, _ in wanted}


def test_the_same_update_twice_is_as_once(view: Lexical) -> None:
    for _ in range(2):
        view.update(added=[Words(4, 1, "", "A second harbour")], removed=[2], sequence=2)
        assert len(view) == 3
        assert [each for each, _ in view.search("harbour", k=9)] == [3, 4]
        assert [each for each, _ in view.search("mill", k=9)] == [1]


def test_a_removed_passage_is_found_no_more(view: Lexical) -> None:
    view.update(added=[], removed=[2, 99], sequence=2)
    assert len(view) == 2
    assert view.search("ferry", k=9) == []


def test_forms_of_a_word_and_its_accents_are_one(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "Milling in the CAFÉ"})
    assert [each for each, _ in view.search("mills", k=1)] == [1]
    assert [each for each, _ in view.search("cafe", k=1)] == [1]


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
    assert found[1][1] == pytest.approx(HEADING_WEIGHT * math.log(2), rel=1e-5)


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
    monkeypatch.setattr(lexical, "COMMON", 0)  # no pairs
    whole = view.search(asked, k=9)
    assert {each for each, _ in whole} == COMMON_AND_RARE.keys()
    monkeypatch.setattr(lexical, "LONG", 13)
    assert view.search(asked, k=9) == whole  # it has no more entries than that
    monkeypatch.setattr(lexical, "LONG", 12)
    left = view.search(asked, k=9)
    assert [each for each, _ in left] == [2, 1] == [each for each, _ in whole[:2]]
    assert dict(left) == pytest.approx(dict(view.search(telling, k=9)))


def test_words_that_are_all_common_count_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = Lexical(tmp_path)
    view.rebuild(plain(COMMON_AND_RARE), sequence=5)
    whole = view.search("the", k=9)
    monkeypatch.setattr(lexical, "LONG", 0)
    assert view.search("the", k=9) == whole
    assert len(whole) == 5
    assert view.search("zebra", k=9) == []


def test_holders_hold_the_words_in_a_row_in_text_or_heading(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    texts = [
        Words(1, 1, "", "See E-4711."),
        Words(2, 1, "Fault e 4711", "None"),
        Words(3, 1, "", "E-4710, or 4711 E"),
    ]
    view.rebuild(texts, sequence=1)
    assert sorted(view.holders("E-4711", at_most=9)) == [1, 2]
    assert view.holders("E-4711", at_most=1) == []
    assert view.holders("4710", at_most=1) == [3]
    assert view.holders("?", at_most=9) == view.holders("E-9", at_most=9) == []


@pytest.mark.parametrize("question", ["", "?!", "zebra", '"unclosed (OR field:x'])
def test_a_question_without_a_known_word_finds_nothing(view: Lexical, question: str) -> None:
    assert view.search(question, k=9) == []


def test_an_empty_view_finds_nothing_and_knows_no_word(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    assert view.search("mill", k=9) == []
    assert view.unknown_words(["The", "mill"]) == ("The", "mill")


def test_more_may_be_asked_for_than_there_are(view: Lexical) -> None:
    assert len(view.search("the mill", k=10**9)) == 2


def test_a_word_that_no_passage_holds_finds_those_spelled_nearly_so(tmp_path: Path) -> None:
    texts = {1: "The harbour was dredged", 2: "A ferry to the island", 3: "The harbours of Vell"}
    view = built(tmp_path, texts)
    for slip in ("habour", "harbbour", "harbeur", "hrabour", "HARBUOR"):
        found = view.search(f"Where is the {slip}?", k=9)
        assert {each for each, _ in found[:2]} == {1, 3}, slip
    (_, first), (_, second) = view.search("habour", k=9)
    assert first == second == pytest.approx(math.log(1 + (3 - 2 + 0.5) / (2 + 0.5)))


def test_what_is_further_than_one_slip_is_not_found(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "A lighthouse", 2: "A lighthorse", 3: "A house"})
    assert [each for each, _ in view.search("lighthuse", k=9)] == [1]
    assert view.search("lihgthuose", k=9) == []


def test_a_word_is_found_in_two_and_two_as_one(tmp_path: Path) -> None:
    texts = {
        1: "Send an e-mail",
        2: "The night\nlife",
        3: "Any nightlife?",
        4: "A live crab",
        5: "The mail at night",
    }
    view = built(tmp_path, texts)
    idf = math.log(1 + (5 - 1 + 0.5) / (1 + 0.5))
    assert view.search("emails", k=9) == [(1, pytest.approx(idf))]
    assert view.search("alive", k=9)[0][0] == 4  # one slip from "live", not "a live"
    assert view.wanted("Emails, alive?").meant == "e mails, live?"
    assert view.search("nightlife", k=9) == [(3, pytest.approx(idf))]
    found = dict(view.search("Night life", k=9))
    assert found.keys() == {2, 3, 5}
    assert found[3] == pytest.approx(idf)
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
    assert found[1] == pytest.approx(math.log(1 + 1.5 / (n + 2 + 0.5)))
    assert found[1] < found[2] == pytest.approx(math.log(1 + 2.5 / (n + 1 + 0.5)))
    for question in ("NAEH?", "What is naeh?"):  # these may be no initials
        assert dict(view.search(question, k=99)).keys() == texts.keys() - {1, 3}


def test_words_that_say_what_is_asked_for_weigh_less_than_grammar(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "what", 2: "type", 3: "with", 4: "mill"})
    idf = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    assert dict(view.search("what type with mill", k=9)) == {
        1: pytest.approx(ASKING_WEIGHT * idf),
        2: pytest.approx(ASKING_WEIGHT * idf),
        3: pytest.approx(GRAMMAR_WEIGHT * idf),
        4: pytest.approx(idf),
    }
    view.rebuild(plain({1: "personality", 2: "None"}), sequence=2)
    assert dict(view.search("personality", k=9)) == {1: pytest.approx(math.log(2))}
    assert dict(view.search("person", k=9)) == {1: pytest.approx(ASKING_WEIGHT * math.log(2))}


def test_words_that_may_have_been_meant_count_as_one(tmp_path: Path) -> None:
    view = built(tmp_path, {1: "The label", 2: "A table", 3: "The tables", 4: "None"})
    found = view.search("tabel", k=9)
    assert {each for each, _ in found} == {1, 2, 3}
    assert [score for _, score in found] == pytest.approx(
        [math.log(1 + (4 - 3 + 0.5) / (3 + 0.5))] * 3
    )


def test_a_word_that_a_passage_holds_a_figure_and_a_short_word_have_no_slips(
    tmp_path: Path,
) -> None:
    view = built(tmp_path, {1: "The mill of 1742", 2: "The mall of 1743 and a cat"})
    assert [each for each, _ in view.search("mill", k=9)] == [1]
    assert view.search("1741", k=9) == []
    assert view.search("car", k=9) == []


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
    idf = math.log(1 + (20 - 1 + 0.5) / (1 + 0.5))
    assert list(found.values()) == [pytest.approx(idf)] * MAX_MISSPELLED
    monstrous = " ".join([*words.values()][:16] + [f"{words[each]}x" for each in range(16, 20)])
    assert dict(view.search(monstrous, k=99)) == dict.fromkeys(words, pytest.approx(MAX_WORTH / 20))


def test_only_the_longest_words_of_a_question_in_another_language_are_tried(
    tmp_path: Path,
) -> None:
    view = built(tmp_path, {1: "harbour", 2: "island", 3: "ferries", 4: "lanterns", 5: "gate"})
    found = view.search("hafbour iglands ferrries lantrns gatte", k=9)
    assert sorted(each for each, _ in found) == [1, 2, 3, 4]


def test_slips_are_looked_for_in_headings_too(tmp_path: Path) -> None:
    view = Lexical(tmp_path)
    passages = [Words(1, 1, "Oxfordshire", "Many people live there."), Words(2, 2, "", "Others")]
    view.rebuild(passages, sequence=1)
    assert [each for each, _ in view.search("Oxforshire", k=9)] == [1]


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


def test_a_word_is_unknown_when_its_last_passage_is_removed(view: Lexical) -> None:
    view.update(added=[], removed=[3], sequence=2)
    assert view.unknown_words(["harbour", "mill"]) == ("harbour",)


def test_a_view_is_opened_as_it_was_saved(view: Lexical, tmp_path: Path) -> None:
    again = Lexical(tmp_path)
    assert (again.sequence, len(again)) == (1, 3)
    assert again.search("mill", k=9) == view.search("mill", k=9)
    assert not again.wants_rebuild(0)


def test_one_open_view_sees_what_another_has_written(view: Lexical, tmp_path: Path) -> None:
    other = Lexical(tmp_path)
    view.update(added=[Words(4, 1, "", "zebra")], removed=[], sequence=2)
    assert other.search("zebra", k=1) == []
    other.refresh()
    assert other.search("zebra", k=1) == view.search("zebra", k=1) != []
    view.rebuild([Words(5, 1, "", "okapi")], sequence=3)
    other.refresh()
    assert (other.sequence, len(other)) == (3, 1)


def test_an_old_view_serves_while_a_new_one_is_built(view: Lexical) -> None:
    def passages() -> list[Words]:
        assert len(view.search("mill", k=9)) == 2
        return [Words(9, 1, "", "mill")]

    view.rebuild((each for each in passages()), sequence=2)
    assert len(view.search("mill", k=9)) == 1


def test_removed_passages_ask_for_a_rebuild_before_they_skew_scores(tmp_path: Path) -> None:
    view = built(tmp_path, dict.fromkeys(range(1, 2501), "mill"))
    assert not view.wants_rebuild(25)
    assert view.wants_rebuild(26)
    view.update(added=[], removed=list(range(1, 21)), sequence=2)
    assert not view.wants_rebuild(4)
    assert view.wants_rebuild(6)


def test_in_a_small_view_any_removal_asks_for_a_rebuild(view: Lexical) -> None:
    assert not view.wants_rebuild(0)
    assert view.wants_rebuild(1)
