"""Tests of README.md: its examples run and print what it says, and its figures were measured."""

import re
from pathlib import Path

import pytest

from ui.cli import main, parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
ASKED = re.search(r'^\$ \.venv/bin/quoth ask "(.+?)"\n(.*?)^```', README, re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def _in_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("QUOTH_INDEX", str(tmp_path / "index"))


@pytest.mark.parametrize("code", PYTHON, ids=range(1, len(PYTHON) + 1))
def test_each_python_example_prints_what_its_comments_say(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(code, "README.md", "exec"), {})
    promised = re.findall(r"^print\(.*?\)\s*# (.+)$", code, re.MULTILINE)
    assert promised
    assert capsys.readouterr().out.splitlines() == promised


def test_the_first_answer_is_printed_as_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert ASKED is not None
    assert main(["ask", ASKED[1]]) == 0
    assert capsys.readouterr().out == ASKED[2]


def test_every_command_has_help_an_example_and_a_row() -> None:
    commands = next(action.choices for action in parser()._actions if action.choices)
    assert commands
    for name, command in commands.items():
        assert command.description
        assert f"Example: quoth {name}" in command.epilog
        assert f"| `quoth {name}" in README


@pytest.mark.parametrize(
    "name",
    [
        "results.md",
        "encoding.md",
        "evaluation.md",
        "ranking.md",
        "scale.md",
        "building.md",
        "starting.md",
        "faults.md",
    ],
)
def test_the_measured_figures_are_the_ones_that_the_benchmarks_wrote(name: str) -> None:
    shown = re.search(rf"<!-- benchmarks/{name} -->\n(.*?)<!-- end -->", README, re.DOTALL)
    assert shown is not None
    written = (ROOT / "benchmarks" / name).read_text(encoding="utf-8")
    assert shown[1].strip() == written.strip() != ""


def test_files_that_the_readme_names_are_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
    for name in re.findall(r"^- `([a-z_]+\.py)`", README, re.MULTILINE):
        assert any((ROOT / folder / name).exists() for folder in ("index", "qa", "ui")), name


def test_every_dependency_has_a_line_that_says_why() -> None:
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[\n(.*?)^\]", settings, re.MULTILINE | re.DOTALL)
    assert block is not None
    table = README.split("## Dependencies")[1]
    for name in re.findall(r'"([A-Za-z0-9-]+)', block[1]):
        assert name in table, name
