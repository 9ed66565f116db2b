"""Evidence as a calibrated probability, and when to say "not in your documents"."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from index.errors import DamagedIndex, ModelMissing
from qa.evidence import FEATURES
from qa.reader import SHIPPED_READER

FILE_NAME = "confidence.json"

_log = logging.getLogger("quoth")


class Cost(NamedTuple):
    """What a threshold comes to on the questions that a confidence was fitted to.

    Attributes:
        threshold: Probability below which an answer is withheld.
        wrong: Share of the answers given that are wrong.
        refused: Share of the questions that have an answer and are given none.
    """

    threshold: float
    wrong: float
    refused: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression over the features, with the threshold below which to abstain.

    Attributes:
        weights: Weight of each feature.
        bias: Logit where all features are 0.
        threshold: Probability below which an answer is withheld.
        target_error: Share of wrong answers, among those given, that the threshold was set for.
        reader: Name and content of the reader that it was fitted to.
        fitted_on: The questions that it was fitted to, in words.
        costs: What other thresholds come to, ascending; empty when that was not kept.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    target_error: float
    reader: str
    fitted_on: str
    costs: tuple[Cost, ...] = ()

    @classmethod
    def load(cls, folder: Path = SHIPPED_READER) -> "Confidence":
        """The confidence that was fitted to a reader, from the reader's folder.

        Raises:
            ModelMissing: The file is missing or damaged.
        """
        try:
            return cls._read(folder / FILE_NAME)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelMissing(
                f"No confidence in '{folder / FILE_NAME}' ({error}). Install Quoth again."
            ) from error

    @classmethod
    def beside(cls, index: Path, *, reader: str) -> "Confidence | None":
        """The confidence that was fitted to an index's own questions; None without one.

        Args:
            index: The index folder.
            reader: Fingerprint of the reader; what was fitted to another one is passed over.

        Raises:
            DamagedIndex: The file is damaged.
        """
        path = index / FILE_NAME
        if not path.exists():
            return None
        try:
            if json.loads(path.read_text(encoding="utf-8"))["reader"] == reader:
                return cls._read(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedIndex(
                f"The calibration '{path}' cannot be read ({error}). Make it again: quoth "
                "calibrate, or delete it."
            ) from error
        _log.warning("'%s' is of another reader. Make it again: quoth calibrate", path)
        return None

    @classmethod
    def _read(cls, path: Path) -> "Confidence":
        values = json.loads(path.read_text(encoding="utf-8"))
        read = cls(
            weights={str(name): float(weight) for name, weight in values["weights"].items()},
            bias=float(values["bias"]),
            threshold=float(values["threshold"]),
            target_error=float(values["target_error"]),
            reader=str(values["reader"]),
            fitted_on=str(values["fitted_on"]),
            costs=tuple(Cost(*map(float, each)) for each in values.get("costs", ())),
        )
        if set(read.weights) != set(FEATURES):
            raise ValueError(f"it weighs {sorted(read.weights)}")
        if not all(map(math.isfinite, [*read.weights.values(), read.bias, read.threshold])):
            raise ValueError("a number is not finite")
        if not all(0 <= share <= 1 for cost in read.costs for share in cost):
            raise ValueError("a cost is no share")
        if any(one.threshold >= other.threshold for one, other in pairwise(read.costs)):
            raise ValueError("the costs do not ascend")
        return read

    def save(self, folder: Path) -> None:
        """Keep it in the folder of its reader, or of an index; it replaces what stands there."""
        values = asdict(self)
        values["weights"] = {name: round(weight, 5) for name, weight in self.weights.items()}
        values |= {"bias": round(self.bias, 5), "threshold": math.floor(self.threshold * 1e4) / 1e4}
        costs = values.pop("costs")
        text = json.dumps(values, indent=2)
        if costs:  # a line for each
            rows = ",\n".join(f"    {json.dumps([round(x, 4) for x in each])}" for each in costs)
            text = text.removesuffix("\n}") + f',\n  "costs": [\n{rows}\n  ]\n}}'
        new = folder / f"{FILE_NAME}.new"
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(folder / FILE_NAME)

    def probability(self, values: Mapping[str, float]) -> float:
        """Probability that the first candidate is right, from its features."""
        logit = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(logit, 30.0), -30.0)))

    def cost(self, threshold: float) -> Cost | None:
        """What a threshold comes to, between two that are known in proportion; None beyond them."""
        for one, other in pairwise(self.costs):
            if one.threshold <= threshold <= other.threshold:
                part = (threshold - one.threshold) / (other.threshold - one.threshold)
                wrong, refused = (
                    x + part * (y - x) for x, y in zip(one[1:], other[1:], strict=True)
                )
                return Cost(threshold, wrong, refused)
        return None
