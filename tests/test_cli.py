"""Tests of ui.cli: what is understood, and the exit code and the line that say how it went."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from test_commands import LAVROV, ROOT, folder, run

from ui.cli import main, parser

__all__ = ["folder"]  # a fixture

COMMANDS = ["ask", "chat", "index", "search", "status"]


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
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline().startswith(b"Quoth is at http://127.0.0.1:")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 130
            assert process.stderr.read() == b""
        finally:
            process.kill()  # else a failure would wait for it without end


@pytest.mark.parametrize("question", ["", "why " * 25_000, "caf\udce9?"])
def test_a_question_that_cannot_be_read_touches_no_index(
    question: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("ask", "search"):
        assert main([command, question, "--index", str(tmp_path / "index")]) == 2
        assert capsys.readouterr().err.startswith("quoth: The question ")
    assert not (tmp_path / "index").exists()
