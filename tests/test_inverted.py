"""Tests of index.inverted: clusters give exact products, and changes to them are whole."""

from collections.abc import Sequence

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import inverted
from index.inverted import LEAST_READ, MOST_READ, READ_WITHIN, Inverted, mapped, search_near

DIMENSIONS = 16


def unit_vectors(n: int, *, seed: int = 0) -> np.ndarray:
    """As a catalogue has them: in 16 bits."""
    vectors = np.random.default_rng(seed).normal(size=(n, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def built(ids: Sequence[int], rows: np.ndarray) -> Inverted:
    """Clusters of some passages; passage i has row i."""
    return Inverted.build(ids, lambda some: rows[list(some)], dimensions=DIMENSIONS)


def nearest(question: np.ndarray, rows: np.ndarray, ids: Sequence[int], n: int) -> list[int]:
    """By brute force."""
    return sorted(ids, key=lambda each: -float(rows[each] @ question))[:n]


@given(
    ids=st.sets(st.integers(0, 300), min_size=1, max_size=288),
    removed=st.sets(st.integers(0, 400)),
    n=st.integers(1, 320),
    seed=st.integers(0, 1000),
)
def test_where_all_clusters_are_read_the_nearest_are_those_of_brute_force(
    ids: set[int], removed: set[int], n: int, seed: int
) -> None:
    rows, question = unit_vectors(301, seed=seed), unit_vectors(1, seed=seed + 1)[0]
    view = built(sorted(ids), rows)
    assert view.n_clusters <= LEAST_READ
    view.remove(sorted(removed))
    held = ids - removed
    assert len(view) == len(held)
    found = view.nearest(question, n=n)
    wanted = nearest(question, rows, sorted(held), n)
    assert len({each for each, _ in found}) == len(found) == len(wanted)
    assert [product for _, product in found] == pytest.approx(
        [float(rows[each] @ question) for each in wanted], abs=1e-6
    )
    assert all(p == pytest.approx(float(rows[each] @ question), abs=1e-6) for each, p in found)


@given(st.lists(st.integers(0, 99), min_size=1, max_size=40))
def test_vectors_are_exactly_those_that_were_given(asked: list[int]) -> None:
    rows = unit_vectors(200)
    view = built(range(0, 200, 2), rows)
    even = [2 * each for each in asked]
    assert np.array_equal(view.vectors(even), rows[even])


def test_a_passage_is_held_until_it_is_removed() -> None:
    view = built([3, 8, 9], unit_vectors(10))
    assert [each for each in range(12) if view.holds(each)] == [3, 8, 9]
    assert not view.holds(10**9)
    view.remove([8, 8, 5, 10**9])
    assert [each for each in range(12) if view.holds(each)] == [3, 9]
    assert len(view) == 2


def test_of_some_passages_the_farthest_is_found_in_whatever_cluster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 6,000 passages most are in clusters that a search of all does not read."""
    monkeypatch.setattr(inverted, "READ_WITHIN", 0.0)
    rows, question = unit_vectors(6_000), unit_vectors(1, seed=5)[0]
    view = built(range(6_000), rows)
    assert view.n_clusters > LEAST_READ
    farthest = nearest(-question, rows, range(6_000), 20)
    assert set(farthest) - {each for each, _ in view.nearest(question, n=6_000)}
    found = view.nearest(question, n=30, within=[*farthest, 9_000])
    assert [each for each, _ in found] == farthest[::-1]


@pytest.mark.parametrize("more", [1, 2])
@pytest.mark.parametrize("n_near", [0, 3, LEAST_READ + 5, MOST_READ + 5])
def test_so_many_clusters_are_read_as_are_almost_as_near_as_the_nearest(
    n_near: int, more: int
) -> None:
    """Centres that stand at the nearest one's cosine less a little, or well behind it."""
    n_clusters, dimensions = 3 * MOST_READ, 8
    cosines = np.full(n_clusters, 0.9 - 1.1 * READ_WITHIN, np.float32)
    cosines[:n_near] = 0.9 - 0.9 * READ_WITHIN
    cosines[0] = 0.9
    centres = np.zeros((n_clusters, dimensions), np.float32)
    centres[:, 0], centres[:, 1] = cosines, np.sqrt(1 - cosines**2)
    quantizer = faiss.IndexFlatIP(dimensions)
    quantizer.add(centres)
    index = faiss.IndexIVFFlat(quantizer, dimensions, n_clusters, faiss.METRIC_INNER_PRODUCT)
    for number in range(n_clusters):  # by hand: of equal centres faiss would fill one
        its = np.array([number]), centres[number].view(np.uint8)
        index.invlists.add_entries(number, 1, *map(faiss.swig_ptr, its))
    index.ntotal = n_clusters
    question = np.eye(dimensions, dtype=np.float32)[0]
    products, ids = search_near(index, question, n=n_clusters, more=more)
    n_read = more * min(max(n_near, LEAST_READ), MOST_READ)
    assert (ids[0] >= 0).sum() == n_read
    assert products[0, :n_read] == pytest.approx(centres[ids[0, :n_read], 0])


def test_a_search_reads_the_clusters_that_are_near_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, question = unit_vectors(6_000), unit_vectors(1, seed=5)[0]
    view = built(range(6_000), rows)
    assert LEAST_READ < view.n_clusters <= MOST_READ
    for within, all_are_found in {2.0: True, 0.0: False}.items():
        monkeypatch.setattr(inverted, "READ_WITHIN", within)
        assert (len(view.nearest(question, n=6_000)) == 6_000) is all_are_found


def test_merged_lists_hold_what_came_and_not_what_went() -> None:
    rows = unit_vectors(400)
    view = built(range(200), rows)
    removed, added = [*range(0, 200, 3), 999], range(150, 400)
    merged = view.merged(added, removed, lambda some: rows[list(some)])
    held = sorted({*range(200), *added} - set(removed) | set(added))
    assert [each for each in range(400) if merged.holds(each)] == held
    assert len(merged) == len(held)
    assert np.array_equal(merged.vectors(held), rows[held])
    assert (merged.n_clusters, merged.n_trained) == (view.n_clusters, 200)
    assert [each for each in range(400) if view.holds(each)] == list(range(200))


def test_removing_stays_when_lists_are_merged_without_naming_it() -> None:
    """As the class says: who merges must name what went."""
    rows = unit_vectors(50)
    view = built(range(50), rows)
    view.remove([7])
    assert view.merged([], [], lambda some: rows[list(some)]).holds(7)
    assert not view.merged([], [7], lambda some: rows[list(some)]).holds(7)


@pytest.mark.parametrize("offset", range(4))
def test_lists_in_a_file_are_read_where_they_lie(offset: int) -> None:
    """Whatever stands before them: faiss and we read numbers that are not aligned."""
    rows, question = unit_vectors(300), unit_vectors(1, seed=5)[0]
    view = built(range(300), rows)
    body = faiss.serialize_index(view.index)
    content = np.concatenate([np.zeros(offset, np.uint8), body])[offset:]
    again = Inverted(mapped(content), n_trained=300, file=content)
    assert np.array_equal(again.vectors(range(300)), rows)
    assert again.nearest(question, n=50) == view.nearest(question, n=50)


def test_the_same_passages_make_the_same_clusters() -> None:
    rows = unit_vectors(500)
    first, again = (faiss.serialize_index(built(range(500), rows).index) for _ in range(2))
    assert np.array_equal(first, again)


def test_clusters_fit_up_to_four_times_as_many_passages_and_down_to_a_quarter() -> None:
    view = built(range(100), unit_vectors(100))
    assert [n for n in (24, 25, 400, 401) if view.fit(n)] == [25, 400]
