"""Rankings as one ranking."""

from collections.abc import Mapping

# One of the best matches of words, a score of 20, is worth as much as a cosine of .6.
LEXICAL_WEIGHT = 0.03


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], bonus: Mapping[int, float]
) -> dict[int, float]:
    """One score for each passage that is scored at all, in units of cosine.

    What a passage has from each side is added as it is; what it lacks is 0. Neither side's scores
    are stretched to a range of their own, so that a question whose words are rare is ranked by
    words and one of common words by meaning, and so that a score means the same in a folder of
    two passages as in one of a million.

    Args:
        dense: Cosines by passage.
        lexical: BM25 scores by passage.
        bonus: What exact terms are worth, in units of cosine, by passage.

    Source: Bruch, Gai and Ingber 2023, An Analysis of Fusion Functions for Hybrid Retrieval,
        section 4 (convex combination), without the normalisation.
    """
    return {
        passage: dense.get(passage, 0.0)
        + LEXICAL_WEIGHT * lexical.get(passage, 0.0)
        + bonus.get(passage, 0.0)
        for passage in dense.keys() | lexical.keys() | bonus.keys()
    }
