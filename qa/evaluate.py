"""EM, F1, recall and seconds: what answers are worth beside the ones that people gave.

Source: Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text, section
    6.1, in the rules of its official evaluation script (version 2.0: Rajpurkar et al. 2018).
"""

import gzip
import json
import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

RIGHT_F1 = 0.5  # an answer that shares this much with one that people gave counts as right

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what people answered to it.

    Attributes:
        question: The question.
        answers: Right answers, each as good as the others; empty when the context holds none.
        context: The paragraph that it was asked about.
    """

    question: str
    answers: tuple[str, ...]
    context: str


@dataclass(frozen=True, slots=True)
class Scores:
    """What a set of answers is worth; shares and scores are from 0 to 1.

    Attributes:
        n: How many questions were asked.
        exact_match: Mean exact match over all questions.
        f1: Mean F1 over all questions.
        answered: Share of the questions that were answered.
        wrong: Share of the answers given whose F1 is below `RIGHT_F1`; 0 when none was given.
    """

    n: int
    exact_match: float
    f1: float
    answered: float
    wrong: float


def load_cases(path: Path) -> list[Case]:
    """The cases of a span set, in order, from JSON lines as they are or compressed (.gz).

    Each line is an object with `question`, `context` and `answers`, a list of objects with `text`;
    repeats among the answers are dropped.

    Raises:
        ValueError: A line is no such object.
    """
    content = path.read_bytes()
    lines = gzip.decompress(content) if path.suffix == ".gz" else content
    return [
        _case(line, f"Line {n} of '{path}'")
        for n, line in enumerate(lines.decode("utf-8").split("\n"), start=1)
        if line.strip()
    ]


def _case(line: str, where: str) -> Case:
    try:
        values = json.loads(line)
        answers = dict.fromkeys(str(each["text"]) for each in values["answers"])
        return Case(str(values["question"]), tuple(answers), str(values["context"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{where} is no question with its answers ({error!r}). "
            'Write {"question": …, "context": …, "answers": [{"text": …}]} on each line.'
        ) from error


def normalised(text: str) -> str:
    """A text in lower case, without punctuation, articles and spare white space, in this order."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(prediction: str, answers: Sequence[str]) -> bool:
    """Whether a prediction equals an answer, once both are normalised.

    Without answers the right prediction is an empty one.
    """
    return normalised(prediction) in _comparable(answers)


def f1(prediction: str, answers: Sequence[str]) -> float:
    """Harmonic mean of the words' precision and recall, for the answer where it is highest.

    Words are counted with their repeats. Without answers the right prediction is an empty one.
    """
    words = normalised(prediction).split()
    return max(_f1(words, answer.split()) for answer in _comparable(answers))


def is_right(prediction: str, answers: Sequence[str]) -> bool:
    """Whether a prediction shares enough with an answer to be no error: F1 of 0.5 or more."""
    return f1(prediction, answers) >= RIGHT_F1


def scores(predictions: Sequence[str | None], cases: Sequence[Case]) -> Scores:
    """What predictions are worth; prediction i is for `cases[i]`, None where it was withheld.

    A withheld prediction counts as an empty one in exact match and F1.

    Raises:
        ValueError: There are no cases, or not as many predictions.
    """
    if not cases:
        raise ValueError("There are no cases to score. Give one or more.")
    pairs = [(said or "", case.answers) for said, case in zip(predictions, cases, strict=True)]
    given = [pair for pair, said in zip(pairs, predictions, strict=True) if said is not None]
    return Scores(
        n=len(pairs),
        exact_match=fmean(exact_match(*pair) for pair in pairs),
        f1=fmean(f1(*pair) for pair in pairs),
        answered=len(given) / len(pairs),
        wrong=fmean(not is_right(*pair) for pair in given) if given else 0.0,
    )


def found(document_ids: Sequence[str], expected: str, *, k: int) -> bool:
    """Whether a document is among those of the first k passages; its mean is recall@k.

    Args:
        document_ids: Document of each passage, best first.
        expected: The document that holds the answer.
        k: How many passages count.
    """
    return expected in document_ids[:k]


def percentile(seconds: Iterable[float], share: float) -> float:
    """The time that a share of all times stays below: .5 for the median, .95 for p95.

    Between two of the times it is interpolated linearly.

    Raises:
        ValueError: There are no times.
    """
    times = list(seconds)
    if not times:
        raise ValueError("There are no times to take a percentile of. Measure one or more.")
    return float(np.quantile(times, share))


def _comparable(answers: Sequence[str]) -> list[str]:
    """The answers, normalised, without those of which nothing is left; an empty one for none."""
    return [text for text in map(normalised, answers) if text] or [""]


def _f1(words: Sequence[str], others: Sequence[str]) -> float:
    n_common = (Counter(words) & Counter(others)).total()
    if not words or not others:
        return float(words == others)
    return 2 * n_common / (len(words) + len(others))
