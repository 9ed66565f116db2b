"""The confidence of a reader, fitted to dev questions asked the way that users ask them.

`python -m training.confidence READER_FOLDER --data DATA` writes confidence.json into the folder and
prints what the fit is worth on questions that it has not seen.

The contexts of the dev sets are laid into folders, many small ones and a large one. Each folder is
asked about its own contexts and, for a third of the questions, about those of other folders. It is
fitted on one half of the contexts and measured on the other.
"""

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from index.encoder import OnnxEncoder
from index.search import Index
from qa.assistant import DEFAULT_K, ranked
from qa.confidence import FILE_NAME, Confidence, features
from qa.evaluate import f1
from qa.question import content_words
from qa.reader import SpanReader
from training.data import Row, load_set

TARGET_ERROR = 0.08
RIGHT_F1 = 0.5  # an answer that shares this much with an annotator's counts as right
SETS = ("squadshifts-new-wiki", "squad2-dev-500")
SIZES = (*(12,) * 60, 300)  # contexts in each folder of a half
QUESTIONS = (*(15,) * 60, 900)  # questions asked of each
UNANSWERABLE = 1 / 3
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Folder:
    """Contexts as documents, and questions that they answer, and that they do not."""

    contexts: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the first candidate's features, whether it is right, and whether any can be."""

    values: dict[str, float]
    right: bool
    answerable: bool


def main() -> None:
    """Fit, write and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", type=Path, help="folder of the reader")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    options = parser.parse_args()
    rows = [row for name in SETS for row in load_set(options.data / "dev" / f"{name}.jsonl.gz")]
    reader, encoder = SpanReader(options.reader), OnnxEncoder()
    seen, unseen = (
        [asked for folder in lay_out(rows, half) for asked in ask(folder, reader, encoder)]
        for half in (0, 1)
    )
    fitted = fit(seen)
    (options.reader / FILE_NAME).write_text(as_json(fitted, len(seen)), encoding="utf-8")
    for name, value in measure(fitted, unseen).items():
        print(f"{name:44} {value:8.3f}")
    for name, weight in fitted.weights.items():
        print(f"weight of {name:34} {weight:+8.3f}")


def lay_out(rows: Sequence[Row], half: int) -> list[Folder]:
    """Folders of one half of the contexts, with the questions to ask of each."""
    random = Random(half)
    by_context: dict[str, list[Row]] = {}
    for row in rows:
        if hashlib.sha256(row.context.encode()).digest()[0] % 2 == half:
            by_context.setdefault(row.context, []).append(row)
    folders = []
    for size, n_questions in zip(SIZES, QUESTIONS, strict=True):
        held = random.sample(sorted(by_context), size)
        own = [row for context in held for row in by_context[context]]
        foreign = [row for context in by_context.keys() - set(held) for row in by_context[context]]
        foreign.sort(key=lambda row: row.question)
        n_foreign = round(n_questions * UNANSWERABLE)
        picked = random.sample(own, min(n_questions - n_foreign, len(own)))
        folders.append(Folder(held, picked + random.sample(foreign, n_foreign)))
    return folders


def ask(folder: Folder, reader: SpanReader, encoder: OnnxEncoder) -> Iterator[Asked]:
    """Ask a folder its questions, as the assistant would."""
    held = set(folder.contexts)
    with tempfile.TemporaryDirectory() as temporary:
        documents = Path(temporary) / "documents"
        documents.mkdir()
        for n, context in enumerate(folder.contexts):
            (documents / f"{n}.txt").write_text(context, encoding="utf-8")
        index = Index.create(Path(temporary) / "index", documents=documents, encoder=encoder)
        index.sync()
        for row in folder.rows:
            candidates = ranked(reader.read(row.question, index.search(row.question, k=DEFAULT_K)))
            unknown = index.unknown_words(content_words(row.question))
            yield Asked(
                values=features(row.question, candidates, n_unknown=len(unknown)),
                right=row.context in held and f1(candidates[0].text, row.answers) >= RIGHT_F1,
                answerable=row.context in held and bool(row.answers),
            )
        index.close()


def fit(asked: Sequence[Asked]) -> Confidence:
    """Logistic regression with a ridge, by Newton's method, and the threshold for the target.

    Source: Platt 1999, Probabilistic Outputs for Support Vector Machines, for the use of a
        logistic function of scores as a probability.
    """
    names = list(asked[0].values)
    raw = np.array([[each.values[name] for name in names] for each in asked])
    mean, scale = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    inputs = np.hstack([(raw - mean) / scale, np.ones((len(raw), 1))])
    right = np.array([each.right for each in asked], float)
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag([RIDGE] * len(names) + [0.0])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T * (probability * (1 - probability)) @ inputs + ridge
        slope = inputs.T @ (probability - right) + ridge @ weights
        weights -= np.linalg.solve(curvature, slope)
    by_name = weights[:-1] / scale
    probability = 1 / (1 + np.exp(-inputs @ weights))
    return Confidence(
        weights=dict(zip(names, by_name.tolist(), strict=True)),
        bias=float(weights[-1] - by_name @ mean),
        threshold=threshold(probability, right),
        target_error=TARGET_ERROR,
    )


def threshold(probability: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """The least probability above which at most the target share of answers is wrong."""
    order = np.argsort(-probability)
    wrong = np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)
    below_target = np.flatnonzero(wrong <= TARGET_ERROR)
    return float(probability[order][below_target[-1]]) if len(below_target) else 1.0


def measure(fitted: Confidence, asked: Sequence[Asked]) -> dict[str, float]:
    """What a fit is worth on questions that it has not seen."""
    probability = np.array([fitted.probability(each.values) for each in asked])
    right = np.array([each.right for each in asked])
    answerable = np.array([each.answerable for each in asked])
    answered = probability >= fitted.threshold
    span = np.array([each.values["probability"] for each in asked])
    return {
        "questions": len(asked),
        "answerable": answerable.mean(),
        "best candidate right, of answerable": right[answerable].mean(),
        "threshold": fitted.threshold,
        "answered, of answerable": answered[answerable].mean(),
        "answered, of unanswerable": answered[~answerable].mean(),
        "wrong, of answered": 1 - right[answered].mean(),
        "expected calibration error, 15 bins": calibration_error(probability, right),
        "area under risk-coverage": risk_coverage_area(probability, right),
        "the same, by the span's probability alone": risk_coverage_area(span, right),
    }


def calibration_error(
    probability: NDArray[np.float64], right: NDArray[np.bool_], *, n_bins: int = 15
) -> float:
    """Expected calibration error over bins of equal width.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3.
    """
    bins = np.minimum((probability * n_bins).astype(int), n_bins - 1)
    gaps = [
        (bins == each).mean() * abs(probability[bins == each].mean() - right[bins == each].mean())
        for each in np.unique(bins)
    ]
    return float(np.sum(gaps))


def risk_coverage_area(score: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Mean, over all coverages, of the share of wrong answers among the most certain.

    Source: Geifman and El-Yaniv 2017, Selective Classification for Deep Neural Networks.
    """
    wrong = 1 - right[np.argsort(-score, kind="stable")]
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())


def as_json(fitted: Confidence, n: int) -> str:
    """The confidence as the file that `Confidence.load` reads."""
    values = {
        "weights": {name: round(weight, 5) for name, weight in fitted.weights.items()},
        "bias": round(fitted.bias, 5),
        "threshold": round(fitted.threshold, 4),
        "target_error": fitted.target_error,
        "fitted_on": {"sets": SETS, "questions": n, "unanswerable": round(UNANSWERABLE, 3)},
    }
    return json.dumps(values, indent=2) + "\n"


if __name__ == "__main__":
    main()
