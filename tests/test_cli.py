"""The commands: what they print, where, and the exit code that says how it went."""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from qa.answer import Answer
from ui.cli import main, parser

ROOT = Path(__file__).parent.parent
LAVROV = "How many drones did Lavrov cite?"
COMMANDS = ["ask", "chat", "index", "search", "status"]


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
        (["--format", "pages"], "No format 'pages' is read. These are: bash, "),
        (["--in", "nowhere/**"], "No document is in nowhere/**. Ask for other ones."),
        (["--in", "!"], "'!' is no pattern"),
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


@pytest.mark.parametrize("question", ["", "  ", "why " * 1000])
def test_a_question_that_cannot_be_asked_is_wrong_usage(
    folder: str, question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", question, "--documents", folder]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("quoth: The question")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["ask", "x", "--k", "many"],
        ["ask", "x", "--bogus"],
        ["chat", "--port", "x"],
        ["chat", "--port", "70000"],
    ],
)
def test_wrong_usage_is_exit_code_2_and_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("quoth: ")
    assert said.endswith("--help\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["ask", "search"])
def test_no_passage_can_be_asked_for(folder: str, command: str) -> None:
    assert main([command, LAVROV, "--documents", folder, "--k", "0"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [["ask", "x"], ["search", "x"], ["status"], ["chat", "--no-browser"]],
)
def test_a_folder_that_is_missing_is_told_in_one_line(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--documents", str(tmp_path / "nowhere")]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "nowhere" in printed.err
    assert printed.err.count("\n") == 1


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


def test_an_interruption_is_exit_code_130(
    folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.commands.ask", interrupted)
    assert main(["ask", LAVROV]) == 130
    assert capsys.readouterr().err == ""


def test_a_fault_of_ours_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(arguments: object) -> bool:
        raise KeyError("passage")

    monkeypatch.setattr("ui.commands.ask", broken)
    assert main(["ask", LAVROV]) == 3
    assert capsys.readouterr().err == "quoth: KeyError: 'passage'\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_and_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert f"Example: quoth {command} " in printed
    assert command in parser().format_help()


def test_an_example_of_the_help_can_be_parsed() -> None:
    for command in COMMANDS:
        assert parser().parse_args([command]).runs


def test_help_imports_nothing_heavy() -> None:
    loaded = "import sys, ui.cli; ui.cli.main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, check=True)
    modules = {name.split(".")[0] for name in done.stdout.decode().split()}
    assert not modules & {
        "numpy",
        "onnxruntime",
        "faiss",
        "gradio",
        "rich",
        "sqlite3",
        "tokenizers",
    }


def test_asking_imports_neither_page_nor_training(folder: str) -> None:
    asked = (
        "import sys, ui.cli; "
        f"ui.cli.main(['ask', {LAVROV!r}, '--documents', {folder!r}]); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)
    modules = {name.split(".")[0] for name in done.stdout.decode().split()}
    assert not modules & {"gradio", "torch", "transformers", "sentence_transformers", "llama_index"}


def test_a_reader_that_goes_away_is_no_trouble(folder: str) -> None:
    assert main(["index", folder]) == 0
    command = [sys.executable, "-m", "ui.cli", "status", "--documents", folder]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.returncode == 0
    assert done.stderr == b""


def test_what_a_document_says_gives_the_terminal_no_orders(folder: str) -> None:
    hostile = "The hostile beacon at Varnia flashes \x1b[2J47\x07 times a minute."
    (Path(folder) / "beacon.txt").write_text(hostile)
    done = run("ask", "-", "--documents", folder, given=b"How often does the beacon flash?")
    assert b"\x1b" not in done.stdout
    assert b"\x07" not in done.stdout
    assert done.stderr == b""


def test_a_terminal_without_a_letter_is_no_trouble(folder: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "ui.cli", "ask", LAVROV, "--documents", folder]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert b"?91 drones?" in done.stdout


def test_a_port_that_is_taken_is_told_in_one_line(folder: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("chat", "--no-browser", "--port", port, "--documents", folder)
    assert done.returncode == 3
    assert done.stderr.decode() == f"quoth: Port {port} of 127.0.0.1 cannot be had. Name another.\n"


def test_the_page_ends_with_an_interruption(folder: str) -> None:
    command = [sys.executable, "-m", "ui.cli", "chat", "--no-browser", "--documents", folder]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"Quoth is at http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read() == b""


def test_a_folder_of_unreadable_files_is_not_said_to_be_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "report.pdf").write_bytes(b"%PDF")
    assert main(["ask", "Who?", "--documents", str(folder)]) == 1
    assert "Files that were skipped: 1. To see why: quoth index" in capsys.readouterr().err


@pytest.mark.parametrize("question", ["", "why " * 25_000, "caf\udce9?"])
def test_a_question_that_cannot_be_read_touches_no_index(
    question: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("ask", "search"):
        assert main([command, question, "--index", str(tmp_path / "index")]) == 2
        assert capsys.readouterr().err.startswith("quoth: The question ")
    assert not (tmp_path / "index").exists()


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
