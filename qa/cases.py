"""Labelled questions, and the files that hold them."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path


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
    a `text`, and perhaps `context`; repeats among the answers are dropped.

    Raises:
        ValueError: There is no such file, or a line is no such object.
    """
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"Cannot read questions from '{path}' ({reason}).") from error
    cases = [
        _case(line, f"Line {n} of '{path}'")
        for n, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not cases:
        raise ValueError(f"There is no question in '{path}'. {_FORM}")
    return cases


_FORM = (
    'Write {"question": "…", "answers": ["…"]} on each line, with no answer in the list where the '
    'documents hold none, and "context": "…" if the question belongs to a text.'
)


def _case(line: str, where: str) -> Case:
    try:
        values = json.loads(line)
        answers = [each["text"] if isinstance(each, dict) else each for each in values["answers"]]
        case = Case(values["question"], tuple(dict.fromkeys(answers)), values.get("context"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{where} is no question with its answers ({error!r}). {_FORM}") from error
    texts = [case.question, *case.answers, case.context or ""]
    if not all(isinstance(text, str) for text in texts) or not case.question.strip():
        raise ValueError(f"{where} is no question with its answers. {_FORM}")
    return case
