"""Example questions of the page: kept beside the index, made again when the documents change."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import drafts
from qa.assistant import Assistant
from ui.suggesting import FILE_NAME, N_EXAMPLES, Suggestions

SEED = next((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / SEED.name).write_bytes(SEED.read_bytes())
    assistant = Assistant.open(documents=tmp_path / "notes", index=tmp_path / "index")
    assistant.sync()
    with assistant.index:
        yield assistant


def test_examples_are_made_once_for_the_documents_as_they_are(assistant: Assistant) -> None:
    assert Suggestions(assistant).kept() is None
    questions = Suggestions(assistant).made()
    assert 0 < len(questions) <= N_EXAMPLES
    assert Suggestions(assistant).kept() == questions
    documents = assistant.index.documents
    assert documents is not None
    (documents / "new.txt").write_text("The Skarn Tower is 91 metres high.")
    assistant.sync()
    assert Suggestions(assistant).kept() is None


def test_examples_of_older_templates_are_made_anew(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = Suggestions(assistant).made()
    monkeypatch.setattr("qa.drafts.VERSION", drafts.VERSION + 1)
    assert Suggestions(assistant).kept() is None
    assert Suggestions(assistant).made() == questions
    assert Suggestions(assistant).kept() == questions


@pytest.mark.parametrize("content", ["", "{", "[]", '{"made_for": 3}', "null", '{"questions": []}'])
def test_a_damaged_file_counts_as_none(assistant: Assistant, content: str) -> None:
    (assistant.index.folder / FILE_NAME).write_text(content)
    assert Suggestions(assistant).kept() is None


def test_no_more_are_shown_than_fit(assistant: Assistant) -> None:
    suggestions = Suggestions(assistant)
    suggestions.made()
    file = assistant.index.folder / FILE_NAME
    values = json.loads(file.read_text())
    file.write_text(json.dumps(values | {"questions": ["Who?"] * 40}))
    assert suggestions.kept() == ["Who?"] * N_EXAMPLES
