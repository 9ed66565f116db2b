"""What people said of answers: labelled questions kept beside the index, and what they come to.

A line of the file is a question of `quoth eval` with what that passes over: when it was judged,
what was answered, how sure that was, and where it stood.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from threading import Lock
from typing import Any

from index.errors import FolderUnusable
from qa.answer import Turn
from qa.cases import Case
from qa.metrics import calibration_error, exact_match, f1

FILE_NAME = "judged.jsonl"
MAX_CHARACTERS = 1_000  # of a right answer; who marks more has marked no answer


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of an answer or of a refusal.

    Attributes:
        question: The question as it was searched for: it stands alone.
        answers: Right answers; empty when the documents hold none, None when nobody has said.
        right: Whether what was answered, or that nothing was, is right; None when that was taken
            back.
        given: What was answered; None when nothing was.
        confidence: Probability that was stated.
        document: Path of the document that was cited; None when nothing was answered.
        place: Where in it; None where the format names no place.
        time: When it was judged, in ISO 8601.
    """

    question: str
    answers: tuple[str, ...] | None
    right: bool | None
    given: str | None
    confidence: float
    document: str | None
    place: str | None
    time: str

    @classmethod
    def of(
        cls, turn: Turn, *, right: bool | None, answers: Sequence[str] | None, time: str
    ) -> "Judgement":
        """The judgement of a turn."""
        answer = turn.answer
        first = answer.citations[0] if answer.citations else None
        return cls(
            question=answer.understood_as,
            answers=None if answers is None else tuple(answers),
            right=right,
            given=answer.text,
            confidence=answer.confidence,
            document=first.document_id if first else None,
            place=first.place or (f"page {first.page}" if first.page else None) if first else None,
            time=time,
        )

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Judgement":
        """The judgement that was kept as JSON values; an error of any kind when it is none."""
        answers, right, given = values["answers"], values["right"], values["given"]
        judgement = cls(
            question=values["question"],
            answers=None if answers is None else tuple(answers),
            right=right,
            given=given,
            confidence=float(values["confidence"]),
            document=values.get("document"),
            place=values.get("place"),
            time=str(values.get("time", "")),
        )
        texts = [judgement.question, *(judgement.answers or ())]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise TypeError("a question or an answer is no text")
        if not isinstance(right, bool | None) or not isinstance(given, str | None):
            raise TypeError("what was said is no judgement")
        if not 0 <= judgement.confidence <= 1:
            raise ValueError("the confidence is no probability")
        return judgement

    @property
    def case(self) -> Case | None:
        """The labelled question; None when the right answer is not known."""
        return None if self.answers is None else Case(self.question, self.answers)


class Judged:
    """The file of judgements in an index folder; threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._lock = Lock()

    def keep(self, judgement: Judgement) -> None:
        """Append a judgement; when this returns it is on disk.

        Raises:
            FolderUnusable: It cannot be written.
        """
        line = json.dumps(asdict(judgement), ensure_ascii=True) + "\n"
        try:
            with self._lock, self.path.open("a+b") as file:
                new = not file.tell()
                if not new:
                    file.seek(-1, os.SEEK_END)
                    torn = file.read(1) != b"\n"
                    line = "\n" * torn + line  # what was torn stays alone with its damage
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
            if new and os.name == "posix":
                _keep_name(self.path.parent)
        except OSError as error:
            raise FolderUnusable(
                f"The judgement is not kept: '{self.path}' cannot be written "
                f"({error.strerror}). Make room, or allow it, and judge again."
            ) from error

    def read(self) -> list[Judgement]:
        """The judgements that hold, oldest first: of each question the last, unless taken back.

        A line that is no judgement, torn by a crash, is passed over.

        Raises:
            FolderUnusable: The file cannot be read.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FolderUnusable(f"Cannot read '{self.path}' ({error.strerror}).") from error
        held: dict[str, Judgement] = {}
        for line in lines:
            judgement = _judgement(line)
            if judgement:
                key = " ".join(judgement.question.casefold().split())
                held.pop(key, None)
                held[key] = judgement
        return [each for each in held.values() if each.right is not None]


@dataclass(frozen=True, slots=True)
class Tally:
    """What answers were worth to those who judged them.

    Attributes:
        n: Questions judged.
        right: Answers given that are right.
        wrong: Answers given that are wrong.
        refused_right: Refusals of questions that the documents do not answer.
        refused_wrong: Refusals of questions that they do answer.
        known: Answers given whose question has a right answer that is known.
        exact_match: Share of these that equal it; None without any.
        f1: Words that they share with it, on average; None without any.
        ece: Expected calibration error of the answers given; None without any.
    """

    n: int
    right: int
    wrong: int
    refused_right: int
    refused_wrong: int
    known: int
    exact_match: float | None
    f1: float | None
    ece: float | None


def tally(judgements: Sequence[Judgement]) -> Tally:
    """What judged answers are worth."""
    given = [each for each in judgements if each.given is not None]
    refused = [each for each in judgements if each.given is None]
    known = [(each.given or "", each.answers) for each in given if each.answers]
    n_right = sum(each.right is True for each in given)
    n_refused_right = sum(each.right is True for each in refused)
    return Tally(
        n=len(judgements),
        right=n_right,
        wrong=len(given) - n_right,
        refused_right=n_refused_right,
        refused_wrong=len(refused) - n_refused_right,
        known=len(known),
        exact_match=fmean(exact_match(*each) for each in known) if known else None,
        f1=fmean(f1(*each) for each in known) if known else None,
        ece=calibration_error(*certainty(judgements)) if given else None,
    )


def certainty(judgements: Sequence[Judgement]) -> tuple[list[float], list[bool]]:
    """Of each answer that was given: how sure it was said to be, and whether it is right."""
    given = [each for each in judgements if each.given is not None]
    return [each.confidence for each in given], [bool(each.right) for each in given]


def _judgement(line: bytes) -> Judgement | None:
    try:
        return Judgement.from_dict(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep_name(folder: Path) -> None:
    """Have a folder's new name on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
