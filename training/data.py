"""Span sets: questions with the spans of one context that answer them."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.passage import Span


@dataclass(frozen=True, slots=True)
class Row:
    """One question about one context; no span means that the context does not answer it."""

    question: str
    context: str
    spans: tuple[Span, ...]

    @property
    def answers(self) -> Sequence[str]:
        """The annotators' answers, as they stand in the context."""
        return [self.context[start:end] for start, end in self.spans]


def load_set(path: Path) -> list[Row]:
    """The questions of one file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_row(json.loads(line)) for line in lines]


def _row(fields: dict[str, object]) -> Row:
    spans = {
        Span(answer["start"], answer["start"] + len(answer["text"])) for answer in fields["answers"]
    }
    return Row(str(fields["question"]), str(fields["context"]), tuple(sorted(spans)))
