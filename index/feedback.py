"""A second ranking of what was found for a topic: by what the best passages are about."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from index.words import asks, content_words

# Up to so many content words a question asks for one thing, and nothing is ranked anew; from so
# many on it describes a topic, and what asks nothing names one, however short. With it
# benchmarks.ranking gives cranfield an nDCG@10 of .424, not .406, and med one of .809, not .802; a
# short question gains nothing by it.
FEW, MANY = 5, 10
# So many are ranked anew, by what so many have in common; a passage counts among these e times as
# much as one whose score is this much lower.
HEAD, BEST, SOFTNESS = 50, 10, 0.05


def topicality(question: str) -> float:
    """From 0, for a question for one thing, to 1, for one that describes a topic or names it."""
    if not asks(question):
        return 1.0
    return min(max((len(content_words(question)) - FEW) / (MANY - FEW), 0.0), 1.0)


def with_feedback(
    scores: Mapping[int, float],
    vectors_of: Callable[[Sequence[int]], np.ndarray],
    *,
    weight: float,
    head: int = HEAD,
) -> dict[int, float]:
    """Scores in which the best passages gain what they have in common with the very best.

    A passage of the head gains its vector's inner product with the mean of the best ones' vectors,
    beyond the least such product, times the weight; others keep their scores, and stay below.

    Args:
        scores: Of all passages, in units of cosine.
        vectors_of: Vectors of passages, a row for each id.
        weight: What the gain is multiplied by.
        head: How many passages may gain.

    Source: Rocchio 1971, Relevance feedback in information retrieval; weighted as by Lavrenko and
        Croft 2001, Relevance-based language models: by how well each passage fits the question.
    """
    if not scores:
        return {}
    ranked = sorted(scores, key=lambda each: (-scores[each], each))
    ranked = ranked[: _n_best([scores[each] for each in ranked], head)]
    vectors = vectors_of(ranked)
    of_ranked = np.array([scores[each] for each in ranked])
    best = of_ranked[: _n_best(of_ranked, BEST)]
    likely = np.exp((best - best[0]) / SOFTNESS)
    common = likely @ vectors[: len(best)] / likely.sum()
    shared = np.einsum("ij,j->i", vectors, common)  # a product of matrices rounds row by row anew
    gains = weight * (shared - shared.min())
    gained = zip(ranked, gains.tolist(), strict=True)
    return dict(scores) | {each: scores[each] + gain for each, gain in gained}


def _n_best(ranked: Sequence[float] | np.ndarray, n: int) -> int:
    """How many of some scores, best first, are no worse than the n-th: ids decide no tie."""
    last = ranked[min(n, len(ranked)) - 1]
    return sum(1 for each in ranked if each >= last)
