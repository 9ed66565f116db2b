"""Labelled questions, and the files that hold them."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from index.formats.text import normalise
from index.search import checked


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what people answered to it.

    Attributes:
        question: The question.
        answers: Right answers, each as good as the others; empty when there is none.
        context: The text that it was asked about; None when that is not known.
    """

    question: str
    answers: tuple[str, ...]
    context: str | None = None


def load_cases(path: Path) -> list[Case]:
    """The cases of a file of JSON lines, as they are or compressed (.gz), in order.

    Each line is an object with `question`, `answers`, which is a list of texts or of objects with
    a `text`, and perhaps `context`; repeats among the answers are dropped. A line whose `answers`
    are null, since nobody has said what is right, is passed over.

    Raises:
        ValueError: There is no such file, or a line is no such object.
    """
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"Cannot read questions from '{path}' ({reason}).") from error
    read = [
        _case(line, f"Line {n} of '{path}'")
        for n, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    cases = [case for case in read if case]
    if not cases:
        raise ValueError(f"There is no question in '{path}'. {_FORM}")
    return cases


_FORM = (
    'Write {"question": "…", "answers": ["…"]} on each line, with no answer in the list where the '
    'documents hold none, and "context": "…" if the question belongs to a text.'
)


def _case(line: str, where: str) -> Case | None:
    try:
        values = json.loads(line)
        question, answers, context = values["question"], values["answers"], values.get("context")
        if answers is None:
            return None
        if not isinstance(answers, list):
            raise TypeError("the answers are no list")
        answers = [each["text"] if isinstance(each, dict) else each for each in answers]
        if not all(isinstance(text, str) and text.strip() for text in [question, *answers]):
            raise TypeError("a question or an answer is no text")
        if not isinstance(context, str | None):
            raise TypeError("the context is no text")
        question = checked(question)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{where} is no question with its answers: {error}. {_FORM}") from error
    answers = tuple(dict.fromkeys(normalise(each) for each in answers))
    return Case(normalise(question), answers, context if context and context.strip() else None)
