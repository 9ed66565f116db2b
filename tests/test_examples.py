"""Example questions over real indexes: answered, varied, the same each time, or none."""

from pathlib import Path

import pytest

from index.document import Document
from qa.assistant import Assistant
from qa.examples import examples

SEEDS = Path(__file__).parent.parent / "seeds"
HARBOUR = """\
The Port of Skarn was founded in 1893 by fishermen. The Port of Skarn employs 212 people.

The Skarn Lighthouse is 41 metres high. The Skarn Lighthouse was designed by Berta Lindqvist.
"""
PORTS = "Port,Depth\nSkarn,12 m\nLuvik,8 m\nTorhaven,17 m\n"


def over(folder: Path, index: Path) -> Assistant:
    assistant = Assistant.open(documents=folder, index=index)
    assistant.sync()
    return assistant


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


def made(assistant: Assistant) -> list[str]:
    return [question for question in examples(assistant) if question]


def test_the_documents_that_ship_give_questions_that_are_answered(tmp_path: Path) -> None:
    assistant = over(SEEDS, tmp_path / "index")
    questions = made(assistant)
    assert "How many drones were used in the strike attempt?" in questions
    assert len(questions) >= 3
    assert all(assistant.ask(question).text for question in questions)


def test_questions_come_from_several_documents_in_turn(notes: Path, tmp_path: Path) -> None:
    (notes / "harbour.txt").write_text(HARBOUR)
    (notes / "ports.csv").write_text(PORTS)
    assistant = over(notes, tmp_path / "index")
    questions = made(assistant)
    first = [assistant.ask(question).citations[0].document_id for question in questions[:2]]
    assert sorted(first) == ["harbour.txt", "ports.csv"]
    assert made(assistant) == questions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def f():\n    return 3\n",
        "Milk, eggs, flour\nBread\n",
        "It rained. They left. Why not?",
    ],
)
def test_a_text_without_a_good_question_gives_none(notes: Path, tmp_path: Path, text: str) -> None:
    (notes / "a.txt").write_text(text)
    assert made(over(notes, tmp_path / "index")) == []


def test_a_question_that_two_documents_answer_differently_is_dropped_or_cited_from_its_own(
    notes: Path, tmp_path: Path
) -> None:
    (notes / "a.txt").write_text("The Skarn Tower was built in 1893.")
    (notes / "b.txt").write_text("The Skarn Tower was built in 1921.")
    assistant = over(notes, tmp_path / "index")
    for question in made(assistant):
        assert assistant.ask(question).text in {"1893", "1921"}


def test_documents_without_a_file_count_too(tmp_path: Path) -> None:
    assistant = over(SEEDS, tmp_path / "index")
    (entry,) = assistant.index.listing()
    assistant.index.remove(entry.document_id)
    assistant.index.insert(Document(id="vault", digest="0", title="Vault", text=HARBOUR))
    assert "When was the Port of Skarn founded?" in made(assistant)
