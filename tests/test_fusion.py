"""Tests of index.fusion: two rankings and what is exact become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import LEXICAL_WEIGHT, fuse

COSINES = st.dictionaries(st.integers(1, 50), st.floats(-1, 1), max_size=30)
SCORES = st.dictionaries(st.integers(1, 50), st.floats(0, 40), max_size=30)
BONUS = st.dictionaries(st.integers(1, 50), st.sampled_from([0.3, 2.0]), max_size=3)


@given(COSINES, SCORES, BONUS)
def test_every_passage_that_is_scored_has_a_score(
    dense: dict[int, float], lexical: dict[int, float], bonus: dict[int, float]
) -> None:
    fused = fuse(dense, lexical, bonus)
    assert fused.keys() == dense.keys() | lexical.keys() | bonus.keys()


@given(COSINES, SCORES)
def test_the_order_of_a_ranking_does_not_matter(
    dense: dict[int, float], lexical: dict[int, float]
) -> None:
    backwards = fuse(dict(reversed(dense.items())), dict(reversed(lexical.items())), {})
    assert fuse(dense, lexical, {}) == backwards


@given(COSINES, SCORES, BONUS)
def test_what_is_better_in_both_rankings_is_no_worse_fused(
    dense: dict[int, float], lexical: dict[int, float], bonus: dict[int, float]
) -> None:
    fused = fuse(dense, lexical, bonus)
    both = (dense.keys() & lexical.keys()) - bonus.keys()
    for one in both:
        for other in both:
            if dense[one] >= dense[other] and lexical[one] >= lexical[other]:
                assert fused[one] >= fused[other]


@given(COSINES, SCORES, st.integers(1, 50))
def test_what_one_passage_scores_does_not_change_the_others(
    dense: dict[int, float], lexical: dict[int, float], gone: int
) -> None:
    fused = fuse(dense, lexical, {})
    rest = fuse(*({e: s for e, s in side.items() if e != gone} for side in (dense, lexical)), {})
    assert rest == {each: score for each, score in fused.items() if each != gone}


def test_a_worked_example() -> None:
    dense, lexical = {1: 0.7, 2: 0.5, 3: 0.1}, {2: 0.2 / LEXICAL_WEIGHT, 4: 0.1 / LEXICAL_WEIGHT}
    assert fuse(dense, lexical, {}) == pytest.approx({1: 0.7, 2: 0.7, 3: 0.1, 4: 0.1})
    assert fuse(dense, lexical, {3: 1.0}) == pytest.approx({1: 0.7, 2: 0.7, 3: 1.1, 4: 0.1})


def test_no_ranking_gives_none() -> None:
    assert fuse({}, {}, {}) == {}
