"""Tests of ui.judging: what people say of answers is kept, survives, and is counted."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import FolderUnusable
from qa.cases import Case, load_cases
from ui.cli import ANSWERED, USAGE, main
from ui.judging import FILE_NAME, Judged, Judgement, tally
from ui.quality import quality_html, said_html

RIGHT = Judgement(
    question="When was the mill built?",
    answers=("1742",),
    right=True,
    given="1742",
    confidence=0.9,
    document="mill.md",
    place="The mill",
    time="2026-11-22T10:00:00+00:00",
)
WRONG = replace(RIGHT, question="Who burned it?", answers=None, right=False, given="monks")
REFUSED = replace(RIGHT, question="Who paid?", answers=(), given=None, confidence=0.1)


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    return Judged(tmp_path)


def test_what_was_kept_is_read(judged: Judged) -> None:
    assert judged.read() == []
    for judgement in (RIGHT, WRONG, REFUSED):
        judged.keep(judgement)
    assert Judged(judged.path.parent).read() == [RIGHT, WRONG, REFUSED]


def test_a_later_judgement_of_the_same_question_replaces_the_earlier(judged: Judged) -> None:
    judged.keep(WRONG)
    judged.keep(RIGHT)
    corrected = replace(WRONG, question="who  burned IT?", answers=("Anna Weber",))
    judged.keep(corrected)
    assert judged.read() == [RIGHT, corrected]


def test_what_was_taken_back_holds_no_more(judged: Judged) -> None:
    judged.keep(RIGHT)
    judged.keep(replace(RIGHT, right=None, answers=None))
    assert judged.read() == []


@settings(max_examples=40)  # each waits for the disk
@given(st.integers(1, 400))
def test_a_torn_last_line_costs_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, n: int
) -> None:
    judged = Judged(tmp_path_factory.mktemp("torn"))
    judged.keep(RIGHT)
    whole = judged.path.read_bytes()
    judged.keep(WRONG)
    torn = judged.path.read_bytes()[: -min(n, len(judged.path.read_bytes()) - len(whole))]
    judged.path.write_bytes(torn)
    judged.keep(REFUSED)
    held = judged.read()
    assert held[0] == RIGHT
    assert held[-1] == REFUSED


@pytest.mark.parametrize(
    "line",
    ["[]", "3", '{"question": 4}', "\x00\x00", json.dumps({"question": "Who?", "answers": [3]})],
)
def test_a_line_that_is_no_judgement_is_passed_over(judged: Judged, line: str) -> None:
    judged.path.write_text(line + "\n", encoding="utf-8")
    judged.keep(RIGHT)
    assert judged.read() == [RIGHT]


def test_threads_write_one_line_after_the_other(judged: Judged) -> None:
    each = [replace(RIGHT, question=f"Question {n}?") for n in range(40)]
    threads = [Thread(target=judged.keep, args=(judgement,)) for judgement in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {judgement.question for judgement in judged.read()} == {x.question for x in each}


def test_a_judgement_that_cannot_be_kept_is_not_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="not kept"):
        Judged(tmp_path / "gone").keep(RIGHT)


def test_the_file_is_one_of_labelled_questions(judged: Judged) -> None:
    for judgement in (RIGHT, WRONG, REFUSED):
        judged.keep(judgement)
    cases = [Case("When was the mill built?", ("1742",)), Case("Who paid?", ())]
    assert load_cases(judged.path) == cases
    assert [each.case for each in judged.read() if each.case] == cases
    assert judged.path.name == FILE_NAME


def test_judged_answers_are_counted() -> None:
    corrected = replace(WRONG, given="the old monks", answers=("monks",), confidence=0.7)
    refused_wrong = replace(REFUSED, answers=("Anna Weber",), right=False)
    worth = tally([RIGHT, WRONG, corrected, REFUSED, refused_wrong])
    assert (worth.n, worth.right, worth.wrong) == (5, 1, 2)
    assert (worth.refused_right, worth.refused_wrong) == (1, 1)
    assert (worth.known, worth.exact_match) == (2, 0.5)
    assert worth.f1 == pytest.approx((1 + 2 / 3) / 2)
    assert worth.ece is not None
    assert tally([REFUSED]).ece is None


def test_what_is_said_is_only_text() -> None:
    hostile = replace(WRONG, given="<img src=x onerror=alert(1)>", answers=("<b>y</b>",))
    said = said_html(hostile, path="/tmp/<i>")
    assert "<img" not in said
    assert "<b>" not in said
    assert "<i>" not in said
    assert "judged in this page" in quality_html([hostile], plots=[])


def test_eval_without_a_file_asks_what_was_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents, index = tmp_path / "docs", tmp_path / "index"
    documents.mkdir()
    (documents / "mill.txt").write_text("The mill was built in 1742 by monks.", encoding="utf-8")
    folders = ["--documents", str(documents), "--index", str(index)]
    assert main(["eval", *folders]) == USAGE
    assert "There are no judged questions" in capsys.readouterr().err
    assert main(["ask", RIGHT.question, *folders]) == ANSWERED
    for judgement in (RIGHT, WRONG, REFUSED):
        Judged(index).keep(judgement)
    capsys.readouterr()
    assert main(["eval", "--json", *folders]) == ANSWERED
    said = capsys.readouterr()
    assert json.loads(said.out)["n"] == 2
    assert "nobody has said what is right: 1 question" in said.err
    assert main(["eval", "--open"]) == USAGE
    assert main(["calibrate", *folders]) == USAGE
    assert "There are 2 questions" in capsys.readouterr().err
