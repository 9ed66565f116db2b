"""Candidates as a calibrated probability, and when to say "not in your documents"."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelMissing
from qa.question import content_words
from qa.reader import SHIPPED_READER, Candidate

FILE_NAME = "confidence.json"
MAX_MARGIN = 20.0


def features(question: str, candidates: Sequence[Candidate], *, n_unknown: int) -> dict[str, float]:
    """What speaks for and against the first candidate, each a number that a person can check.

    Args:
        question: The question as it was searched for.
        candidates: All candidates, best first; at least one.
        n_unknown: How many content words of the question stand in no document.

    Returns:
        `span` score against no answer, flattened beyond 8 · `probability` of all spans that say
        the same · `margin` to the best different answer, as a logarithm · `agreement` other
        passages that give the same, likewise · `cosine` of the passage · `behind` how far its
        score is behind the best passage's · `bm25` per content word · `covered` share of the
        content words in the passage or its title · `unknown` share of them in no document ·
        `length` logarithm of the span's words.
    """
    best, hit = candidates[0], candidates[0].hit
    others = [each for each in candidates[1:] if not _same(each, best)]
    agreeing = {
        each.hit.passage.id
        for each in candidates[1:]
        if _same(each, best) and each.score > 0 and each.hit.passage.id != hit.passage.id
    }
    margin = min(max(best.score - others[0].score, 0.0), MAX_MARGIN) if others else MAX_MARGIN
    words = content_words(question)
    read = f"{hit.document_title} {hit.passage.text}".lower()
    n = max(len(words), 1)
    return {
        "span": 8 * math.tanh(best.score / 8),
        "probability": sum(each.probability for each in candidates if _same(each, best)),
        "margin": math.log1p(margin),
        "agreement": math.log1p(len(agreeing)),
        "cosine": hit.cosine,
        "behind": max(each.hit.score for each in candidates) - hit.score,
        "bm25": hit.bm25 / n,
        "covered": sum(_stem(word.lower()) in read for word in words) / n,
        "unknown": n_unknown / n,
        "length": math.log1p(len(best.text.split())),
    }


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression over the features, with the threshold below which to abstain.

    Attributes:
        weights: Weight of each feature.
        bias: Logit where all features are 0.
        threshold: Probability below which an answer is withheld.
        target_error: Share of wrong answers, among those given, that the threshold was set for.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    target_error: float

    @classmethod
    def load(cls, folder: Path = SHIPPED_READER) -> "Confidence":
        """The confidence that was fitted to a reader, from the reader's folder.

        Raises:
            ModelMissing: The file is missing or damaged.
        """
        try:
            values = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
            return cls(
                weights={str(name): float(weight) for name, weight in values["weights"].items()},
                bias=float(values["bias"]),
                threshold=float(values["threshold"]),
                target_error=float(values["target_error"]),
            )
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise ModelMissing(
                f"No confidence in '{folder / FILE_NAME}' ({error}). Install Quoth again."
            ) from error

    def probability(self, values: Mapping[str, float]) -> float:
        """Probability that the first candidate is right, from its features."""
        logit = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(logit, 30.0), -30.0)))


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates say the same, or overlap in one place."""
    one_place = one.hit.passage.document_id == other.hit.passage.document_id
    if one_place and one.start < other.end and other.start < one.end:
        return True
    return plain(one.text) == plain(other.text)


def plain(text: str) -> str:
    """A text in lower case, without the punctuation and articles that make no difference."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def _stem(word: str) -> str:
    """A word's beginning, long enough to find its other forms."""
    return word[: max(4, len(word) - 3)] if len(word) > 4 else word
