"""Rankings as one ranking."""

from collections.abc import Mapping

DENSE_WEIGHT = 0.6


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float = DENSE_WEIGHT
) -> dict[int, float]:
    """One score from 0 to 1 for each passage of either ranking.

    Each ranking's scores are stretched to the range 0 to 1 over the passages it holds, a passage
    that it does not hold has 0, and the two are added by weight.

    Args:
        dense: Inner products by passage.
        lexical: BM25 scores by passage.
        dense_weight: Share of the dense ranking, from 0 to 1.

    Source: Bruch, Gai and Ingber 2023, An Analysis of Fusion Functions for Hybrid Retrieval,
        equation 2 (convex combination of min-max normalised scores).
    """
    dense, lexical = _stretched(dense), _stretched(lexical)
    return {
        passage: dense_weight * dense.get(passage, 0.0)
        + (1 - dense_weight) * lexical.get(passage, 0.0)
        for passage in dense.keys() | lexical.keys()
    }


def _stretched(scores: Mapping[int, float]) -> dict[int, float]:
    """The scores with the least at 0 and the greatest at 1; equal ones are all 1."""
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return {
        passage: (score - low) / (high - low) if high > low else 1.0
        for passage, score in scores.items()
    }
