"""Quoth's side of the jobs that each run in a process of their own."""

import json
from pathlib import Path

from index.search import Index
from qa.assistant import Assistant


def build(folder: Path, documents: Path) -> None:
    """Index a folder of documents."""
    with Index.create(folder, documents=documents) as index:
        index.sync()


def ask(folder: Path, questions: Path) -> None:
    """Answer the questions of a JSON list."""
    with Index.open(folder) as index:
        assistant = Assistant(index)
        for question in json.loads(questions.read_text(encoding="utf-8")):
            assistant.ask(question)
