"""Tests of index.dense: the nearest passages are the nearest, and a damaged file is none."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import FILE_NAME, Dense


def unit_vectors(n: int, *, dimensions: int = 8, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def filled(n: int = 20) -> Dense:
    view = Dense(8)
    view.add(list(range(1, n + 1)), unit_vectors(n))
    view.sequence = n
    return view


@given(
    n=st.integers(0, 60),
    k=st.integers(1, 70),
    seed=st.integers(0, 10**6),
    removed=st.sets(st.integers(0, 70)),
)
def test_search_equals_brute_force(n: int, k: int, seed: int, removed: set[int]) -> None:
    vectors = unit_vectors(n, seed=seed)
    question = unit_vectors(1, seed=seed + 1)[0]
    view = Dense(8)
    view.add(list(range(10, 10 + n)), vectors)
    view.remove(sorted(removed))
    products = {10 + i: float(row @ question) for i, row in enumerate(vectors)}
    expected = sorted(
        ((each, product) for each, product in products.items() if each not in removed),
        key=lambda pair: -pair[1],
    )[:k]
    found = view.search(question, k=k)
    assert [product for _, product in found] == pytest.approx([p for _, p in expected], abs=1e-6)
    assert all(product == pytest.approx(products[each], abs=1e-6) for each, product in found)
    assert len({each for each, _ in found}) == len(found)


@given(asked=st.lists(st.integers(0, 30)))
def test_products_are_of_the_passages_that_are_held(asked: list[int]) -> None:
    vectors, question = unit_vectors(20), unit_vectors(1, seed=9)[0]
    found = filled().products(question, asked)
    assert found.keys() == {each for each in asked if 1 <= each <= 20}
    for each, product in found.items():
        assert product == pytest.approx(float(vectors[each - 1] @ question), abs=1e-6)


def test_every_vectors_nearest_passage_is_its_own() -> None:
    view = filled(200)
    assert [view.search(row, k=1)[0][0] for row in unit_vectors(200)] == list(range(1, 201))


def test_adding_twice_is_as_once() -> None:
    view = filled()
    view.add([3, 4], unit_vectors(20)[2:4])
    assert len(view) == 20
    assert view.search(unit_vectors(20)[2], k=20) == filled().search(unit_vectors(20)[2], k=20)


def test_removing_what_is_not_held_does_nothing() -> None:
    view = filled()
    view.remove([99, 100])
    view.remove([])
    assert len(view) == 20


def test_an_empty_view_finds_nothing() -> None:
    assert Dense(8).search(unit_vectors(1)[0], k=5) == []
    assert Dense(8).products(unit_vectors(1)[0], [1]) == {}


def test_a_saved_view_is_loaded_as_it_was(tmp_path: Path) -> None:
    filled().save(tmp_path)
    loaded = Dense.load(tmp_path, dimensions=8)
    question = unit_vectors(1, seed=5)[0]
    assert loaded.sequence == 20
    assert loaded.search(question, k=20) == filled().search(question, k=20)
    loaded.remove([1])
    loaded.add([21], unit_vectors(1))
    assert len(loaded) == 20


def test_saving_leaves_no_other_file(tmp_path: Path) -> None:
    filled().save(tmp_path)
    filled().save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_missing_file_or_another_size_of_vector_is_an_empty_view(tmp_path: Path) -> None:
    assert len(Dense.load(tmp_path, dimensions=8)) == 0
    filled().save(tmp_path)
    other = Dense.load(tmp_path, dimensions=16)
    assert (len(other), other.sequence) == (0, 0)


def test_a_file_with_any_one_bit_flipped_is_an_empty_view(tmp_path: Path) -> None:
    filled(2).save(tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        (tmp_path / FILE_NAME).write_bytes(content)
        view = Dense.load(tmp_path, dimensions=8)
        assert (len(view), view.sequence) == (0, 0), place


def test_a_file_cut_short_anywhere_is_an_empty_view(tmp_path: Path) -> None:
    filled(2).save(tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()
    for n_bytes in range(len(whole)):
        (tmp_path / FILE_NAME).write_bytes(whole[:n_bytes])
        assert len(Dense.load(tmp_path, dimensions=8)) == 0, n_bytes
