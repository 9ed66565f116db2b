"""Tests of quoth eval and quoth calibrate, as a user runs them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.calibration import MIN_QUESTIONS
from qa.confidence import FILE_NAME, Confidence
from ui.cli import main

ROOT = Path(__file__).parent.parent
TOWNS = ["Orrest", "Vell", "Lune", "Carrick", "Dunmere", "Ashby", "Tolven", "Brae", "Stour", "Wick"]
THINGS = ["mill", "bridge", "harbour", "library", "chapel", "market"]


def context(n: int) -> str:
    """A text about a thing of a town, and the year in which it was built."""
    thing, town = THINGS[n % len(THINGS)], TOWNS[n % len(TOWNS)]
    return f"The {thing} of {town} was built in {1700 + n}. It stands on the {n % 40 + 2}th hill."


def write_cases(path: Path, n: int, *, with_context: bool) -> Path:
    """Questions of which the last third has no answer."""
    lines = []
    for i in range(n):
        thing, town = THINGS[i % len(THINGS)], TOWNS[i % len(TOWNS)]
        about = {"context": context(i)} if with_context else {}
        if i < n * 2 // 3:
            asked = f"When was the {thing} of {town} built?"
            lines.append({"question": asked, "answers": [str(1700 + i)], **about})
        else:
            asked = f"Which orchestra recorded the {thing} symphony of Vienna?"
            lines.append({"question": asked, "answers": [], **about})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def folder(library: Path) -> Path:
    """A folder with a text for each of the first thirty numbers."""
    for n in range(30):
        (library / f"{n}.txt").write_text(context(n), encoding="utf-8")
    return library


def printed_json(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    values: dict[str, float] = json.loads(capsys.readouterr().out)
    return values


@pytest.mark.parametrize("mode", [[], ["--open"]], ids=["own", "open"])
def test_questions_with_contexts_are_asked_of_them(
    tmp_path: Path, mode: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 9, with_context=True)
    assert main(["eval", str(cases), *mode, "--json"]) == 0
    measured = printed_json(capsys)
    assert measured["n"] == 9
    assert measured["answerable"] == 6
    assert measured["f1"] == 100
    assert measured["refused_right"] == 3
    assert measured["citations_exact"] == 1


def test_questions_are_asked_of_a_folder(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 9, with_context=False)
    assert main(["eval", str(cases), "--documents", str(folder), "--json"]) == 0
    assert printed_json(capsys)["recall_at_5"] == 1


def test_figures_are_printed_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 6, with_context=True)
    assert main(["eval", str(cases)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "6, 4 of them answerable" in lines[0]
    assert "EM 100.0%, F1 100.0%" in lines[1]
    assert "2 of 2 that have no answer" in lines[3]


def test_a_report_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 3, with_context=True)
    out = tmp_path / "report.html"
    assert main(["eval", str(cases), "--report", str(out), "--json"]) == 0
    assert "<svg" in out.read_text(encoding="utf-8")
    assert "report.html" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["eval", "missing.jsonl"], 2, "Cannot read questions from 'missing.jsonl'"),
        (["eval", "CASES", "--open", "--documents", "seeds"], 2, "not allowed with"),
        (["eval", "CASES"], 2, "has no context"),
        (["eval", "CASES", "--index", "there"], 2, "Name the folder too: --documents"),
        (["eval", "CASES", "--report", "/nowhere/report.html"], 3, "Cannot write the report"),
        (["eval", "CASES", "--report", "."], 2, "is no file"),
        (["eval", "CASES", "--report", ""], 2, "is no file"),
        (["eval", "CASES", "--report", "CASES"], 2, "would replace the questions"),
        (["calibrate", "CASES"], 2, f"{MIN_QUESTIONS} or more are needed. Add 41"),
        (["calibrate", "missing.jsonl"], 2, "Cannot read questions"),
        (["calibrate", "CASES", "--target", "x"], 2, "'x' is no share"),
        (["calibrate", "CASES", "--target", "0"], 2, "'0' is no share"),
        (["calibrate", "CASES", "--target", "5"], 2, "'5' is no share"),
        (["calibrate", "CASES", "--target", "nan"], 2, "'nan' is no share"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tmp_path: Path,
    arguments: list[str],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 9, with_context=False)
    given = [str(cases) if each == "CASES" else each for each in arguments]
    assert main(given) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_breaking_off_gives_the_figures_so_far(tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", 3_000, with_context=True)
    command = [sys.executable, "-m", "ui.cli", "eval", str(cases), "--json"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=-1, stderr=-1, text=True, env=environment
    ) as running:
        seen: set[str] = set()  # a temporary folder for each context
        while len(seen) < 4 and running.poll() is None:
            seen |= {path.name for path in tmp_path.glob("quoth-*")}
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert 0 < json.loads(out)["n"] < 3_000
    assert "Stopped after" in err
    assert not list(tmp_path.glob("quoth-*"))


def test_calibrating_is_kept_beside_the_index_and_used(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "mine.jsonl", 60, with_context=False)
    index = tmp_path / "index"
    there = ["--documents", str(folder), "--index", str(index)]
    assert main(["calibrate", str(cases), *there, "--target", "0.2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["questions"] == 60
    assert said["target_error"] == 0.2
    assert said["before"]["threshold"] == Confidence.load().threshold
    assert (index / FILE_NAME).exists()
    with Assistant.open(documents=folder, index=index).index as opened:
        assert Assistant(opened).threshold == pytest.approx(said["threshold"], abs=1e-4)

    assert main(["status", *there, "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["target_error"] == 0.2
    assert status["calibrated_on"] == "60 questions of mine.jsonl"


def test_calibrating_says_before_and_after(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "mine.jsonl", 60, with_context=False)
    assert main(["calibrate", str(cases), "--documents", str(folder), "--target", "0.2"]) == 0
    printed = capsys.readouterr().out
    for words in ("60 questions", "shipped", "refitted", "wrong of the answered", FILE_NAME):
        assert words in printed


def test_a_damaged_calibration_is_one_line_and_can_be_made_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = ["--documents", str(folder), "--index", str(tmp_path / "index")]
    assert main(["index", str(folder), "--index", str(tmp_path / "index")]) == 0
    (tmp_path / "index" / FILE_NAME).write_text("{", encoding="utf-8")
    capsys.readouterr()
    assert main(["ask", "When was the mill of Orrest built?", *there]) == 3
    said = capsys.readouterr().err
    assert said.startswith("quoth: The calibration")
    assert said.count("\n") == 1
    cases = write_cases(tmp_path / "mine.jsonl", 60, with_context=False)
    assert main(["calibrate", str(cases), *there, "--target", "0.2"]) == 0
    assert main(["ask", "When was the mill of Orrest built?", *there]) in (0, 1)


def test_a_target_out_of_reach_is_one_line_and_changes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "mine.jsonl", 60, with_context=False)
    there = ["--documents", str(folder), "--index", str(tmp_path / "index")]
    assert main(["calibrate", str(cases), *there, "--target", "0.0001"]) == 2
    printed = capsys.readouterr()
    assert "Raise it: --target" in printed.err
    assert printed.err.count("\n") == 1
    assert not (tmp_path / "index" / FILE_NAME).exists()


def test_calibrating_twice_gives_what_once_gives(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "mine.jsonl", 60, with_context=False)
    printed = []
    for _ in range(2):
        assert main(["calibrate", str(cases), "--documents", str(folder), "--target", "0.2"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_status_says_how_sure_an_answer_must_be(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index", str(folder)]) == 0
    capsys.readouterr()
    assert main(["status", "--documents", str(folder)]) == 0
    printed = capsys.readouterr().out
    shipped = Confidence.load()
    assert f"threshold           {shipped.threshold}" in printed
    assert f"target error        {shipped.target_error}" in printed
