"""Tests of index.fusion: two rankings become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse

SCORES = st.dictionaries(st.integers(1, 50), st.floats(-1, 40, allow_nan=False), max_size=30)


@given(SCORES, SCORES, st.floats(0, 1))
def test_every_passage_of_either_ranking_has_a_score_from_0_to_1(
    dense: dict[int, float], lexical: dict[int, float], weight: float
) -> None:
    fused = fuse(dense, lexical, dense_weight=weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@given(SCORES, SCORES)
def test_the_order_of_a_ranking_does_not_matter(
    dense: dict[int, float], lexical: dict[int, float]
) -> None:
    backwards = fuse(dict(reversed(dense.items())), dict(reversed(lexical.items())))
    assert fuse(dense, lexical) == backwards


@given(SCORES, st.integers(1, 5), st.integers(-3, 3))
def test_the_scale_of_a_ranking_does_not_matter(
    dense: dict[int, float], factor: int, shift: int
) -> None:
    scaled = {each: factor * score + shift for each, score in dense.items()}
    if max(dense.values(), default=0) - min(dense.values(), default=0) > 1e-3:
        assert fuse(scaled, {}) == pytest.approx(fuse(dense, {}), abs=1e-6)


@given(SCORES, SCORES)
def test_what_is_better_in_both_rankings_is_no_worse_fused(
    dense: dict[int, float], lexical: dict[int, float]
) -> None:
    fused = fuse(dense, lexical)
    both = dense.keys() & lexical.keys()
    for one in both:
        for other in both:
            if dense[one] >= dense[other] and lexical[one] >= lexical[other]:
                assert fused[one] >= fused[other]


def test_a_worked_example() -> None:
    fused = fuse({1: 0.9, 2: 0.5, 3: 0.1}, {2: 8.0, 4: 4.0}, dense_weight=0.6)
    assert fused == pytest.approx({1: 0.6, 2: 0.6 * 0.5 + 0.4, 3: 0.0, 4: 0.0})


def test_no_ranking_gives_none_and_equal_scores_are_all_best() -> None:
    assert fuse({}, {}) == {}
    assert fuse({1: 0.3, 2: 0.3}, {}, dense_weight=1) == {1: 1.0, 2: 1.0}
