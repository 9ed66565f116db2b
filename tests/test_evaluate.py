"""EM, F1, recall and seconds keep to the rules of the official SQuAD evaluation."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate import (
    Case,
    exact_match,
    f1,
    found,
    is_right,
    load_cases,
    normalised,
    percentile,
    scores,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Eiffel Tower!", "eiffel tower"),
        ("  a\tsaw,  an axe ", "saw axe"),
        ("U.S.", "us"),
        ("the-a", "thea"),  # punctuation goes first, so no article is left to drop
        ("theatre", "theatre"),
        ("“91” drones", "“91” drones"),  # only ASCII punctuation goes
        ("a, an; the", ""),
    ],
)
def test_normalising_follows_the_official_order(text, expected):
    assert normalised(text) == expected


def test_exact_match_takes_the_best_answer():
    assert exact_match("The Denver Broncos.", ["Carolina Panthers", "denver broncos"])
    assert not exact_match("Broncos", ["Denver Broncos"])


def test_f1_of_a_worked_example():
    """Three words against two with two in common: precision 2/3, recall 1, F1 .8."""
    assert f1("the big Denver Broncos", ["Denver Broncos"]) == pytest.approx(0.8)


def test_f1_counts_repeats_once_each():
    """`b b` and `b c`: one in common of two and two, F1 1/2."""
    assert f1("b b", ["b c"]) == pytest.approx(0.5)


def test_f1_takes_the_best_answer():
    assert f1("two delegates", ["each brotherhood elects two delegates", "two delegates"]) == 1.0


def test_without_answers_silence_is_right():
    assert exact_match("", [])
    assert f1("", []) == 1.0
    assert f1("91 drones", []) == 0.0
    assert not is_right("91 drones", [])


def test_an_answer_that_is_only_an_article_is_no_answer():
    assert f1("the", ["The"]) == 1.0
    assert f1("something", ["the"]) == 0.0


@given(st.text(), st.lists(st.text(), max_size=3))
def test_f1_stays_between_exact_match_and_one(prediction, answers):
    assert float(exact_match(prediction, answers)) <= f1(prediction, answers) <= 1.0


@given(st.text())
def test_a_text_matches_itself(text):
    assert exact_match(text, [text])
    assert f1(text, [text]) == 1.0


def test_scores_tell_withheld_from_wrong():
    cases = [Case("q", ("91 drones",), "c"), Case("q", ("Kiev",), "c"), Case("q", ("Ankara",), "c")]
    worth = scores(["91 drones", None, "Moscow"], cases)
    assert (worth.n, worth.answered) == (3, pytest.approx(2 / 3))
    assert worth.exact_match == worth.f1 == pytest.approx(1 / 3)
    assert worth.wrong == pytest.approx(1 / 2)


def test_nothing_given_is_nothing_wrong():
    worth = scores([None], [Case("q", (), "c")])
    assert (worth.answered, worth.wrong, worth.f1) == (0.0, 0.0, 1.0)


def test_scores_need_a_prediction_for_each_case():
    with pytest.raises(ValueError, match="no cases"):
        scores([], [])
    with pytest.raises(ValueError, match="zip"):
        scores(["91 drones"], [Case("q", (), "c")] * 2)


def test_recall_counts_passages_up_to_k():
    ranking = ["b.txt", "b.txt", "a.txt"]
    assert not found(ranking, "a.txt", k=2)
    assert found(ranking, "a.txt", k=3)
    assert not found([], "a.txt", k=5)


def test_percentiles_interpolate():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="no times"):
        percentile([], 0.5)


LINES = [
    {
        "id": "1",
        "question": "How many?",
        "context": "91 drones.\u2028Ninety-one.",
        "answers": [{"text": "91 drones", "start": 0}, {"text": "91 drones", "start": 0}],
    },
    {"id": "2", "question": "Who?", "context": "91 drones.", "answers": []},
]
CASES = [
    Case("How many?", ("91 drones",), "91 drones.\u2028Ninety-one."),
    Case("Who?", (), "91 drones."),
]


@pytest.mark.parametrize("name", ["cases.jsonl", "cases.jsonl.gz"])
def test_cases_load_plain_and_compressed(tmp_path: Path, name):
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert load_cases(path) == CASES


@pytest.mark.parametrize("line", ["{", "[]", '{"question": "Who?"}', '{"answers": 3}'])
def test_a_bad_line_is_named(tmp_path: Path, line):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(LINES[0]) + "\n" + line, encoding="utf-8")
    with pytest.raises(ValueError, match=r"Line 2 of '.*cases\.jsonl'"):
        load_cases(path)
