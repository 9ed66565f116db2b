"""Tests of ui.commands: what each command prints, where, and whether it found anything."""

import io
import json
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from shutil import copytree

import pytest

from index.mirror import Changes
from index.progress import Progress
from index.search import Index
from index.writer import WriterLock
from qa.answer import Answer
from ui.cli import main
from ui.wording import SYNC_INTERRUPTED

ROOT = Path(__file__).parent.parent
LAVROV = "How many drones did Lavrov cite?"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("QUOTH_INDEX", "QUOTH_DOCUMENTS"):
        monkeypatch.delenv(name, raising=False)
    return str(copytree(ROOT / "seeds", tmp_path / "notes"))


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "ui.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, check=False)


def test_an_answer_is_printed_with_its_quotation_and_place(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", LAVROV, "--documents", folder]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("91 drones\n")
    assert "Lavrov, «91 drones» were used in the strike attempt" in printed.out
    assert "000_8dfdd8577489cd92.txt), characters 352–360" in printed.out
    assert printed.err == ""


def test_a_question_may_be_asked_of_some_documents(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = Path(folder) / "reports"
    reports.mkdir()
    (reports / "count.md").write_text("Lavrov cited 12 drones in the report.", encoding="utf-8")
    for asked, found in (
        (["--in", "reports/**"], "reports/count.md"),
        (["--in", "./reports/count.md"], "reports/count.md"),
        (["--in", "!reports/"], "000_8dfdd8577489cd92.txt"),
        (["--in", "reports/", "--format", "md, txt"], "reports/count.md"),
        (["--format", ".MD"], "reports/count.md"),
        (["--in", "*", "--in", "!reports/"], "000_8dfdd8577489cd92.txt"),
    ):
        main(["search", LAVROV, "--documents", folder, "--json", *asked])
        hits = json.loads(capsys.readouterr().out)
        assert {hit["document_id"] for hit in hits} == {found}
    assert main(["ask", LAVROV, "--documents", folder, "--in", "!reports/", "--in", "*.txt"]) == 0
    assert capsys.readouterr().out.startswith("91 drones\n")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--since", "yesterday"], "'yesterday' is no date; write it as 2025-01-31"),
        (["--since", "2999-01-01"], "No document is written since 2999-01-01"),
        (["--format", "pages"], "No format 'pages' is read. Name one as files end: pdf"),
        (["--format", ""], "The name of a format is empty. Name one"),
        (["--format", "md,"], "The name of a format is empty. Name one"),
        (["--in", "nowhere/**"], "No document is in nowhere/**. Ask for other ones."),
        (["--in", "!"], "'!' is no pattern"),
        (["--in", "["], "'[' is no pattern"),
        (["--in", ""], "A pattern is empty. Name documents"),
        (["--in", "!*"], "No document is other than *."),
    ],
)
def test_documents_that_are_not_there_are_wrong_usage(
    folder: str, asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", LAVROV, "--documents", folder, *asked]) == 2
    assert said in capsys.readouterr().err


def test_json_is_the_answer_itself(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", LAVROV, "--documents", folder, "--json"]) == 0
    answer = Answer.from_dict(json.loads(capsys.readouterr().out))
    assert answer.text == "91 drones"
    assert answer.citations[0].document_id == "000_8dfdd8577489cd92.txt"


def test_a_refusal_is_exit_code_1_and_says_so(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "Which planet does the astronaut Gagarin orbit?"
    assert main(["ask", question, "--documents", folder]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("Not in your documents")
    assert "Gagarin" in printed


def test_a_refusal_says_that_only_some_documents_were_searched(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(folder) / "prices.csv").write_text("fruit,price\npear,3\n", encoding="utf-8")
    asked = ["ask", LAVROV, "--documents", folder, "--in", "*.csv", "--format", "csv"]
    assert main(asked) == 1
    said = "Not in the documents that were searched (those in *.csv, of format csv)"
    assert capsys.readouterr().out.startswith(said)
    assert main([*asked, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["scope"] == "in *.csv, of format csv"
    assert main(["ask", LAVROV, "--documents", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scope"] is None


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "-"]])
def test_the_question_may_come_from_standard_input(
    folder: str,
    arguments: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(LAVROV + "\n"))
    assert main([*arguments, "--documents", folder]) == 0
    assert capsys.readouterr().out.startswith("91 drones\n")


def test_index_reports_every_kind_of_change(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(folder) / "picture.png").write_bytes(b"\x89PNG")
    assert main(["index", folder, "--json"]) == 0
    changes = json.loads(capsys.readouterr().out)
    counts = {"added": 1, "changed": 0, "renamed": 0, "removed": 0, "unchanged": 0}
    assert {name: changes[name] for name in counts} == counts
    assert [skipped["document_id"] for skipped in changes["skipped"]] == ["picture.png"]
    assert main(["index", folder]) == 0
    printed = capsys.readouterr().out
    assert "1 unchanged" in printed
    assert "skipped picture.png: " in printed


def test_ask_follows_the_folder(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", LAVROV, "--documents", folder]) == 0
    next(Path(folder).iterdir()).unlink()
    assert main(["ask", LAVROV, "--documents", folder]) == 1
    assert "There are no documents" in capsys.readouterr().out


def test_search_lists_passages_best_first(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "Zelensky fabrication", "--documents", folder, "--k", "2"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("1. ")
    assert "\n2. " in printed
    assert "\n3. " not in printed
    assert main(["search", "drones", "--documents", folder, "--json"]) == 0
    scores = [hit["score"] for hit in json.loads(capsys.readouterr().out)]
    assert scores == sorted(scores, reverse=True)


def test_search_in_nothing_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["search", "drones", "--documents", str(tmp_path / "empty")]) == 1


def test_status_says_what_the_index_holds(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--documents", folder]) == 3
    assert "quoth index" in capsys.readouterr().err
    assert main(["index", folder]) == 0
    assert main(["status", "--documents", folder]) == 0
    assert "number of documents" in capsys.readouterr().out
    assert main(["status", "--documents", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_documents"] == 1


def test_an_index_may_lie_elsewhere(folder: str, tmp_path: Path) -> None:
    assert main(["index", folder, "--index", str(tmp_path / "elsewhere")]) == 0
    assert any((tmp_path / "elsewhere").iterdir())
    assert not (tmp_path / ".quoth").exists()


def test_what_a_document_says_gives_the_terminal_no_orders(folder: str) -> None:
    hostile = "The hostile beacon at Varnia flashes \x1b[2J47\x07 times a minute."
    (Path(folder) / "beacon.txt").write_text(hostile)
    done = run("ask", "-", "--documents", folder, given=b"How often does the beacon flash?")
    assert b"\x1b" not in done.stdout
    assert b"\x07" not in done.stdout
    assert done.stderr == b""


def test_a_folder_of_unreadable_files_is_not_said_to_be_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "report.pdf").write_bytes(b"%PDF")
    assert main(["ask", "Who?", "--documents", str(folder)]) == 1
    assert "Files that were skipped: 1. To see why: quoth index" in capsys.readouterr().err


def test_an_index_can_be_looked_at_when_its_documents_are_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.txt").write_text("The mill was built in 1742.", encoding="utf-8")
    assert main(["index", str(folder), "--index", str(tmp_path / "index")]) == 0
    shutil.rmtree(folder)
    assert main(["status", "--index", str(tmp_path / "index")]) == 0
    assert "number of documents 1" in capsys.readouterr().out


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What the command writes where a terminal is its standard output and its standard input."""
    ours, its = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", *arguments],
            cwd=ROOT,
            env=os.environ | {"TERM": "xterm"} | environment,
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        written = b""
        with suppress(OSError):  # how a terminal ends on Linux
            while some := os.read(ours, 4_096):
                written += some
        process.wait(60)
        return written.decode()
    finally:
        os.close(ours)


def test_a_terminal_is_written_in_colour_unless_it_is_asked_not_to(folder: str) -> None:
    asked = ("ask", LAVROV, "--documents", folder)
    assert "\x1b[" in on_a_terminal(*asked).split("91 drones", 1)[1]
    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "«91 drones»" in on_a_terminal(*asked, **plain).replace("\x1b[?25h", "")


def test_a_terminal_is_not_waited_on_for_a_question(folder: str) -> None:
    said = on_a_terminal("ask", "--documents", folder)
    assert said.strip() == "quoth: No question. Give one, or pipe it in."


def test_an_index_that_another_process_writes_is_asked_as_it_is(
    folder: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["index", folder]) == 0
    capsys.readouterr()
    (Path(folder) / "new.txt").write_text("Lavrov cited 12 drones.", encoding="utf-8")
    with WriterLock(tmp_path / ".quoth" / "notes"):
        done = run("ask", LAVROV, "--documents", folder)
        assert done.returncode == 0
        assert done.stdout.startswith(b"91 drones\n")
        assert b"is writing the index" in done.stderr
        assert done.stderr.count(b"\n") == 1
        done = run("index", folder)
        assert done.returncode == 3
        assert b"is writing the index" in done.stderr


@pytest.mark.parametrize("command", ["ask", "search"])
def test_nothing_is_answered_while_another_process_takes_in_the_first_documents(
    folder: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = tmp_path / ".quoth" / "notes"
    Index.create(where, documents=Path(folder)).close()
    with WriterLock(where):
        done = run(command, LAVROV, "--documents", folder)
        assert done.returncode == 3
        assert done.stdout == b""
        said = done.stderr.decode()
        assert said.startswith("quoth: The documents are still being taken in. Process ")
        assert said.count("\n") == 1
        done = run(command, LAVROV, "--documents", folder, "--json")
        assert done.returncode == 3
        given = json.loads(done.stdout)
        assert given["error"] == "IndexBusy"
        assert done.stderr.decode() == f"quoth: {given['message']}\n" != ""
    assert main([command, LAVROV, "--documents", folder]) == 0


@pytest.mark.parametrize("command", [["index"], ["index", "--watch"], ["ask", LAVROV]])
def test_who_interrupts_a_sync_is_told_what_is_kept(
    folder: str,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(self: Index, *, progress: Progress) -> Changes:
        raise KeyboardInterrupt

    monkeypatch.setenv("QUOTH_DOCUMENTS", folder)
    monkeypatch.setattr(Index, "sync", interrupted)
    assert main(command) == 130
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"quoth: {SYNC_INTERRUPTED}\n"


def test_an_answer_less_sure_than_is_asked_for_is_withheld(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", LAVROV, "--documents", folder, "--sure", "0.9999"]) == 1
    assert not capsys.readouterr().out.startswith("91 drones")


def test_a_name_with_orders_for_the_terminal_is_reported_without_them(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(folder) / "a\x1b[2J\nb.exe").write_bytes(b"MZ")
    assert main(["index", folder]) == 0
    printed = capsys.readouterr().out
    assert "skipped a⟨U+001B⟩[2J b.exe: " in printed
    assert "\x1b" not in printed
    assert printed.count("\n") == 2
