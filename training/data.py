"""Span sets: questions with the spans of one context that answer them, and their passages."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.document import Document
from index.passage import Span, split


@dataclass(frozen=True, slots=True)
class Row:
    """One question about one context; no span means that the context does not answer it."""

    question: str
    context: str
    spans: tuple[Span, ...]

    @property
    def answers(self) -> list[str]:
        """The annotators' answers, as they stand in the context."""
        return [self.context[start:end] for start, end in self.spans]


def load_set(path: Path) -> list[Row]:
    """The questions of one file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_row(json.loads(line)) for line in lines]


def split_context(context: str) -> list[Span]:
    """Spans of a context's passages, cut as the index cuts a document."""
    return split(Document(id="", digest="", title="", text=context))


def is_held_out(context: str) -> bool:
    """Whether a context belongs to the tenth that is never trained on."""
    return hashlib.sha256(context.encode()).digest()[0] < 26


def is_seen(context: str) -> bool:
    """Whether the confidence may be fitted to a context of the dev sets: to every second one."""
    return hashlib.sha256(context.encode()).digest()[0] % 2 == 0


def _row(fields: dict[str, Any]) -> Row:
    spans = {
        Span(answer["start"], answer["start"] + len(answer["text"])) for answer in fields["answers"]
    }
    return Row(str(fields["question"]), str(fields["context"]), tuple(sorted(spans)))
