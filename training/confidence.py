"""The confidence of a reader, fitted to questions asked the way that users ask them.

`python -m training.confidence READER_FOLDER --data DATA` writes confidence.json into the folder and
prints what the fit is worth on questions that it has not seen.

It is fitted to the contexts of the training sets that no reader was trained on, laid as documents
into folders, small and large, of one set and of all, of which the large count more, and to half of
the contexts of squadshifts-new-wiki likewise. Each folder is asked about its own contexts and, for
a third of the questions, about those of other folders. Beside them stand the questions that people
wrote to look answerable: half of squad2-dev-500, each asked of its own context. It is measured on
the other halves, and on policyqa-test.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from qa.assistant import Assistant
from qa.calibration import costs
from qa.confidence import Confidence
from qa.evaluate import laid_out
from qa.evidence import FEATURES
from qa.metrics import calibration_error, is_right, risk_coverage_area, threshold_for
from qa.reader import SpanReader
from training.data import Row, is_held_out, is_seen, load_set
from training.recipes import SPANS

TARGET_ERROR = 0.09
UNANSWERABLE = 1 / 3
RIDGE = 10.0
# A question to a folder of more contexts counts as several: people's folders are large.
LARGE, LARGE_COUNTS = 100, 3
LONGEST_CONTEXT = 3_000  # a longer one would fill its folder
_BLANK = Confidence(
    dict.fromkeys(FEATURES, 0.0), bias=0.0, threshold=0.0, target_error=1.0, reader="", fitted_on=""
)


@dataclass(frozen=True, slots=True)
class Folder:
    """Contexts as documents, and questions that they answer, and that they do not."""

    contexts: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the evidence for the first candidate, whether it is right or any can be.

    Attributes:
        evidence: For the first candidate.
        right: Whether it is right.
        answerable: Whether any can be.
        counts: As how many questions.
    """

    evidence: dict[str, float]
    right: bool
    answerable: bool
    counts: int = 1


def main() -> None:
    """Fit, write and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", type=Path, help="folder of the reader")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    options = parser.parse_args()
    reader = SpanReader(options.reader)
    seen = ask(seen_folders(options.data), reader)
    fitted = fit(seen, reader=reader.fingerprint)
    fitted.save(options.reader)
    for name, weight in fitted.weights.items():
        print(f"weight of {name:36} {weight:+8.3f}")
    print(f"threshold {fitted.threshold:.3f}, fitted on {fitted.fitted_on}", flush=True)
    for title, folders in unseen_folders(options.data).items():
        print(title)
        for name, value in measure(fitted, ask(folders, reader)).items():
            print(f"  {name:44} {value:8.3f}", flush=True)


def seen_folders(data: Path) -> list[Folder]:
    """What the confidence is fitted to."""
    random = Random(0)
    sets = [
        [row for row in load_set(data / "train" / f"{name}.jsonl.gz") if _is_fit(row)]
        for name in SPANS
    ]
    everything = [row for rows in sets for row in rows]
    folders = [each for rows in sets for each in lay_out(rows, random, n=4, size=12, asked=45)]
    folders += lay_out(everything, random, n=30, size=12, asked=30)
    folders += lay_out(everything, random, n=2, size=400, asked=300)
    news = new_wiki(data, half=0)
    folders += lay_out(news, random, n=20, size=12, asked=15)
    folders += among_others(lay_out(news, random, n=1, size=600, asked=900), everything, random)
    return folders + near_misses(data, half=0)


def new_wiki(data: Path, *, half: int) -> list[Row]:
    """The questions of half of the contexts of new-wiki."""
    rows = load_set(data / "dev" / "squadshifts-new-wiki.jsonl.gz")
    return [row for row in rows if is_seen(row.context) == (half == 0)]


def unseen_folders(data: Path) -> dict[str, list[Folder]]:
    """What it is measured on, by the name under which it is printed."""
    news = new_wiki(data, half=1)
    policies = load_set(data / "dev" / "policyqa-test.jsonl.gz")
    strange = [replace(row, context="") for row in Random(2).sample(policies, 300)]
    large = lay_out(news, Random(1), n=1, size=600, asked=900)
    return {
        "new-wiki, 12 paragraphs": lay_out(news, Random(1), n=40, size=12, asked=15),
        f"new-wiki, {len(large[0].contexts)} paragraphs": large,
        "policyqa-test, 12 contexts": lay_out(policies, Random(1), n=20, size=12, asked=15),
        "squad2-dev-500, unseen half": near_misses(data, half=1),
        "policyqa-test, asked of new-wiki": [Folder(large[0].contexts, strange)],
    }


def _is_fit(row: Row) -> bool:
    return is_held_out(row.context) and len(row.context) <= LONGEST_CONTEXT and bool(row.spans)


def lay_out(rows: Sequence[Row], random: Random, *, n: int, size: int, asked: int) -> list[Folder]:
    """Folders of contexts, each with its own and others' questions."""
    by_context: dict[str, list[Row]] = {}
    for row in rows:
        by_context.setdefault(row.context, []).append(row)
    folders = []
    for _ in range(n):
        held = random.sample(sorted(by_context), min(size, len(by_context) * 2 // 3))
        own = [row for context in held for row in by_context[context]]
        foreign = [
            row for context in sorted(by_context.keys() - set(held)) for row in by_context[context]
        ]
        n_foreign = min(round(asked * UNANSWERABLE), len(foreign))
        picked = random.sample(own, min(2 * n_foreign, len(own)))
        folders.append(Folder(held, picked + random.sample(foreign, n_foreign)))
    return folders


def among_others(
    folders: Sequence[Folder], rows: Sequence[Row], random: Random, *, n: int = 500
) -> list[Folder]:
    """The folders with the contexts of some other rows in them."""
    contexts = sorted({row.context for row in rows})
    return [Folder([*each.contexts, *random.sample(contexts, n)], each.rows) for each in folders]


def near_misses(data: Path, *, half: int) -> list[Folder]:
    """Half of squad2-dev-500, each context a folder of its own."""
    by_context: dict[str, list[Row]] = {}
    for row in load_set(data / "dev" / "squad2-dev-500.jsonl.gz"):
        if is_seen(row.context) == (half == 0):
            by_context.setdefault(row.context, []).append(row)
    return [Folder([context], rows) for context, rows in by_context.items()]


def ask(folders: Iterable[Folder], reader: SpanReader) -> list[Asked]:
    """Every question of every folder, asked as the assistant would."""
    return [asked for folder in folders for asked in _ask(folder, reader)]


def _ask(folder: Folder, reader: SpanReader) -> Iterator[Asked]:
    held = set(folder.contexts)
    make = lambda index: Assistant(index, reader=reader, confidence=_BLANK)  # noqa: E731
    with laid_out(folder.contexts, make) as place:
        for row in folder.rows:
            reading = place.assistant.read(row.question)
            if not reading.candidates:
                continue
            span = reading.candidates[0].text
            yield Asked(
                evidence=dict(reading.evidence),
                right=row.context in held and bool(row.spans) and is_right(span, row.answers),
                answerable=row.context in held and bool(row.spans),
                counts=LARGE_COUNTS if len(held) > LARGE else 1,
            )


def fit(asked: Sequence[Asked], *, reader: str) -> Confidence:
    """Logistic regression with a ridge, by Newton's method, and the threshold for the target.

    Source: Platt 1999, Probabilistic Outputs for Support Vector Machines, for the use of a
        logistic function of scores as a probability.
    """
    counted = [each for each in asked for _ in range(each.counts)]
    raw = np.array([[each.evidence[name] for name in FEATURES] for each in counted])
    mean, scale = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    inputs = np.hstack([(raw - mean) / scale, np.ones((len(raw), 1))])
    right = np.array([each.right for each in counted], float)
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag([RIDGE] * len(FEATURES) + [0.0])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T * (probability * (1 - probability)) @ inputs + ridge
        slope = inputs.T @ (probability - right) + ridge @ weights
        weights -= np.linalg.solve(curvature, slope)
    by_name = weights[:-1] / scale
    probability = 1 / (1 + np.exp(-inputs @ weights))
    answerable = [each.answerable for each in counted]
    n_unanswerable = sum(not each.answerable for each in asked)
    return Confidence(
        weights=dict(zip(FEATURES, by_name.tolist(), strict=True)),
        bias=float(weights[-1] - by_name @ mean),
        threshold=threshold_for(probability, 1 - right, target=TARGET_ERROR),
        target_error=TARGET_ERROR,
        reader=reader,
        fitted_on=f"{len(asked):,} public questions, {n_unanswerable:,} of them without an answer",
        costs=costs(probability, right, answerable),
    )


def measure(fitted: Confidence, asked: Sequence[Asked]) -> dict[str, float]:
    """What a fit is worth on questions that it has not seen."""
    probability = np.array([fitted.probability(each.evidence) for each in asked])
    right = np.array([each.right for each in asked])
    answerable = np.array([each.answerable for each in asked])
    answered = probability >= fitted.threshold
    span = np.array([each.evidence["probability"] for each in asked])
    return {
        "questions": len(asked),
        "answerable": answerable.mean(),
        "best candidate right, of answerable": _mean(right[answerable]),
        "answered, of answerable": _mean(answered[answerable]),
        "answered, of unanswerable": _mean(answered[~answerable]),
        "wrong, of answered": _mean(~right[answered]),
        "expected calibration error, 15 bins": calibration_error(probability, right),
        "area under risk-coverage": risk_coverage_area(probability, right),
        "the same, by the span's probability alone": risk_coverage_area(span, right),
    }


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


if __name__ == "__main__":
    main()
