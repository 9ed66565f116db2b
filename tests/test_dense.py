"""Tests of index.dense: the nearest passages are the nearest, and a damaged file is none."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import dense
from index.dense import FILE_NAME, Dense

CLUSTERED = pytest.mark.parametrize(
    "exact_up_to", [10_000, 50], ids=["exact", "clustered"], indirect=True
)


def unit_vectors(n: int, *, dimensions: int = 8, seed: int = 0) -> np.ndarray:
    """As a catalogue has them: in 16 bits."""
    vectors = np.random.default_rng(seed).normal(size=(n, dimensions))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


class Vectors:
    """Where a view takes vectors from, as from a catalogue: passage i has row i."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows

    def __call__(self, ids: Sequence[int]) -> np.ndarray:
        """Row i is of passage `ids[i]`."""
        return self.rows[np.asarray(ids, np.int64)]


def filled(n: int = 20, *, dimensions: int = 8) -> Dense:
    """A view of passages 1 to n."""
    rows = unit_vectors(n + 1, dimensions=dimensions)
    return Dense.build(range(1, n + 1), dimensions=dimensions, vectors_of=Vectors(rows), sequence=n)


def load(folder: Path, n: int = 20, *, dimensions: int = 8) -> Dense:
    rows = unit_vectors(n + 1, dimensions=dimensions)
    return Dense.load(folder, dimensions=dimensions, vectors_of=Vectors(rows))


def nearest(question: np.ndarray, rows: np.ndarray, ids: Sequence[int], k: int) -> list[int]:
    """By brute force."""
    return sorted(ids, key=lambda each: -float(rows[each] @ question))[:k]


@pytest.fixture
def exact_up_to(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """From how many passages on a view has clusters."""
    monkeypatch.setattr(dense, "EXACT_UP_TO", request.param)
    return int(request.param)


@given(
    n=st.integers(0, 60),
    k=st.integers(1, 70),
    seed=st.integers(0, 10**6),
    removed=st.sets(st.integers(0, 70)),
)
def test_search_equals_brute_force(n: int, k: int, seed: int, removed: set[int]) -> None:
    rows = unit_vectors(10 + n, seed=seed)
    question = unit_vectors(1, seed=seed + 1)[0]
    view = Dense(8, Vectors(rows))
    view.add(range(10, 10 + n))
    view.remove(sorted(removed))
    ids = [each for each in range(10, 10 + n) if each not in removed]
    expected = nearest(question, rows, ids, k)
    found = view.search(question, k=k)
    assert [product for _, product in found] == pytest.approx(
        [float(rows[each] @ question) for each in expected], abs=1e-6
    )
    assert all(p == pytest.approx(float(rows[each] @ question), abs=1e-6) for each, p in found)
    assert len({each for each, _ in found}) == len(found)


@CLUSTERED
def test_products_are_of_the_passages_that_are_held(exact_up_to: int) -> None:
    view, rows, question = filled(100), unit_vectors(101), unit_vectors(1, seed=9)[0]
    view.remove([7])
    found = view.products(question, [0, 1, 7, 7, 99, 100, 101, 10**9])
    assert found == pytest.approx(
        {each: float(rows[each] @ question) for each in (1, 99, 100)}, abs=1e-6
    )


@CLUSTERED
def test_vectors_come_in_the_order_asked_for(exact_up_to: int) -> None:
    del exact_up_to
    rows = unit_vectors(102)
    view = Dense.build(range(1, 101), dimensions=8, vectors_of=Vectors(rows), sequence=100)
    view.add([101])  # in clusters the others, this one not
    for ids in ([7, 101, 3], [101], [99, 1]):
        assert np.array_equal(view.vectors(ids), rows[ids])


@CLUSTERED
def test_every_vectors_nearest_passage_is_its_own(exact_up_to: int) -> None:
    view = filled(200)
    assert ("IVF" in view.structure) == (exact_up_to < 200)
    assert [view.search(row, k=1)[0][0] for row in unit_vectors(201)[1:]] == list(range(1, 201))


@CLUSTERED
def test_adding_twice_is_as_once(exact_up_to: int) -> None:
    view, once = filled(100), filled(100)
    view.add([3, 4])
    assert len(view) == 100
    question = unit_vectors(101)[3]
    for again, first in zip(view.search(question, k=20), once.search(question, k=20), strict=True):
        assert again == (first[0], pytest.approx(first[1], abs=1e-6))


@CLUSTERED
def test_what_is_removed_is_not_found_and_what_is_added_is(exact_up_to: int) -> None:
    rows = unit_vectors(300)
    view = Dense.build(range(200), dimensions=8, vectors_of=Vectors(rows), sequence=200)
    view.remove(range(0, 200, 2))
    view.remove([0, 10**6])
    view.add(range(200, 300))
    held = [*range(1, 200, 2), *range(200, 300)]
    assert len(view) == len(held)
    for question in unit_vectors(20, seed=3):
        found = [each for each, _ in view.search(question, k=10)]
        assert found == nearest(question, rows, held, 10)


def test_removing_what_is_not_held_does_nothing() -> None:
    view = filled()
    view.remove([99, 100])
    view.remove([])
    assert len(view) == 20


def test_an_empty_view_finds_nothing() -> None:
    view = Dense(8, Vectors(unit_vectors(0)))
    assert view.search(unit_vectors(1)[0], k=5) == []
    assert view.products(unit_vectors(1)[0], [1]) == {}


@pytest.mark.parametrize("exact_up_to", [50], indirect=True)
def test_clusters_find_what_brute_force_finds(exact_up_to: int) -> None:
    """Of 8,000 passages most are in clusters that are not read; they have subjects, as texts do."""
    subjects = np.tile(unit_vectors(80, dimensions=48, seed=1), (100, 1))
    rows = (subjects + unit_vectors(8_000, dimensions=48)) / 2**0.5
    view = Dense.build(range(8_000), dimensions=48, vectors_of=Vectors(rows), sequence=1)
    questions = rows[::400] + unit_vectors(20, dimensions=48, seed=5) / 2
    shared = 0
    for question in questions:
        found = {each for each, _ in view.search(question, k=10)}
        shared += len(found & set(nearest(question, rows, range(8_000), 10)))
    assert shared / 200 >= 0.98


@pytest.mark.parametrize("exact_up_to", [50], indirect=True)
def test_the_same_passages_make_the_same_clusters(exact_up_to: int, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        filled(500).save(tmp_path / name)
    written = [(tmp_path / name / FILE_NAME).read_bytes() for name in "ab"]
    assert written[0] == written[1]


@pytest.mark.parametrize("exact_up_to", [50], indirect=True)
def test_merging_is_as_applying_the_changes(exact_up_to: int, tmp_path: Path) -> None:
    vectors_of = Vectors(unit_vectors(400))
    built = Dense.build(range(200), dimensions=8, vectors_of=vectors_of, sequence=200)
    built.save(tmp_path)
    view = Dense.load(tmp_path, dimensions=8, vectors_of=vectors_of)
    removed, added = [*range(0, 100, 3), 999], range(200, 400)
    view.remove(removed)
    view.add(added)
    merged = view.merged(added, removed, vectors_of=vectors_of, sequence=500)
    merged.save(tmp_path)
    loaded = Dense.load(tmp_path, dimensions=8, vectors_of=vectors_of)
    assert len(view) == len(merged) == len(loaded) == 366
    assert (loaded.sequence, loaded.saved) == (500, 500)
    for question in unit_vectors(20, seed=3):
        expected = view.search(question, k=10)
        for other in (merged, loaded):
            found = other.search(question, k=10)
            assert [each for each, _ in found] == [each for each, _ in expected]
            assert dict(found) == pytest.approx(dict(expected), abs=1e-6)


@CLUSTERED
def test_a_file_lags_when_a_tenth_is_missing_in_it(exact_up_to: int, tmp_path: Path) -> None:
    filled(100).save(tmp_path)
    view = load(tmp_path, 100)
    assert [view.lags(sequence) for sequence in (99, 100, 110, 111)] == [True, False, False, True]
    assert not Dense(8, Vectors(unit_vectors(0))).lags(0)


def test_a_large_file_lags_at_a_number_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "_UNSAVED", 7)
    view = filled(100)
    view.saved = 100
    assert [view.lags(sequence) for sequence in (107, 108)] == [False, True]


@pytest.mark.parametrize("exact_up_to", [50], indirect=True)
def test_clusters_have_room_for_four_times_as_many(exact_up_to: int, tmp_path: Path) -> None:
    filled(200).save(tmp_path)
    view = load(tmp_path, 200)
    assert [n for n in (49, 50, 800, 801) if view.has_room(n, sequence=200)] == [50, 800]
    assert not view.has_room(200, sequence=199)
    assert not filled(40).has_room(200, sequence=40)


@CLUSTERED
def test_a_saved_view_is_loaded_as_it_was(exact_up_to: int, tmp_path: Path) -> None:
    filled(100).save(tmp_path)
    question = unit_vectors(1, seed=5)[0]
    for _ in range(2):  # checked, and known to be whole
        loaded = load(tmp_path, 100)
        assert loaded.sequence == 100
        assert loaded.structure == filled(100).structure
        assert loaded.search(question, k=20) == filled(100).search(question, k=20)
    loaded.remove([1])
    loaded.add([0])
    assert len(loaded) == 100


@CLUSTERED
def test_a_view_that_is_in_use_stays_when_its_file_is_replaced(
    exact_up_to: int, tmp_path: Path
) -> None:
    filled(100).save(tmp_path)
    loaded, question = load(tmp_path, 100), unit_vectors(1, seed=5)[0]
    before = loaded.search(question, k=20)
    filled(60).save(tmp_path)
    assert loaded.search(question, k=20) == before


def test_saving_leaves_no_other_file(tmp_path: Path) -> None:
    filled().save(tmp_path)
    filled().save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@CLUSTERED
def test_a_missing_file_or_another_size_of_vector_is_an_empty_view(
    exact_up_to: int, tmp_path: Path
) -> None:
    assert len(load(tmp_path)) == 0
    filled(100).save(tmp_path)
    other = load(tmp_path, dimensions=16)
    assert (len(other), other.sequence, other.saved) == (0, 0, 0)


def test_a_file_with_any_one_bit_flipped_is_an_empty_view(tmp_path: Path) -> None:
    filled(2).save(tmp_path)
    assert len(load(tmp_path)) == 2
    whole = (tmp_path / FILE_NAME).read_bytes()
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        (tmp_path / FILE_NAME).write_bytes(content)
        view = load(tmp_path)
        assert (len(view), view.sequence) == (0, 0), place


@pytest.mark.parametrize("exact_up_to", [1], indirect=True)
def test_clusters_with_a_bit_flipped_are_an_empty_view(exact_up_to: int, tmp_path: Path) -> None:
    filled(20).save(tmp_path)
    assert len(load(tmp_path)) == 20
    whole = (tmp_path / FILE_NAME).read_bytes()
    for place in range(0, len(whole), 7):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        (tmp_path / FILE_NAME).write_bytes(content)
        assert len(load(tmp_path)) == 0, place


def test_a_file_cut_short_anywhere_is_an_empty_view(tmp_path: Path) -> None:
    filled(2).save(tmp_path)
    whole = (tmp_path / FILE_NAME).read_bytes()
    for n_bytes in range(len(whole)):
        (tmp_path / FILE_NAME).write_bytes(whole[:n_bytes])
        assert len(load(tmp_path)) == 0, n_bytes


@pytest.mark.parametrize("exact_up_to", [10_000, 100], ids=["exact", "clustered"])
def test_a_search_of_some_passages_is_the_exact_ranking_without_the_others(
    exact_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT_UP_TO", exact_up_to)
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(4_001, 32)).astype(np.float16).astype(np.float32)
    vectors_of = lambda ids: vectors[list(ids)]  # noqa: E731
    view = Dense.build(range(1, 4_001), dimensions=32, vectors_of=vectors_of, sequence=1)
    view.remove([7, 8])
    for n in (1, 30, 400, 3_900):
        within = sorted(rng.choice(np.arange(1, 4_001), n, replace=False).tolist())
        asked = rng.normal(size=32).astype(np.float32)
        held = [each for each in within if each not in (7, 8)]
        wanted = sorted(held, key=lambda each: -float(vectors[each] @ asked))[:10]
        found = view.search(asked, k=10, within=within)
        assert [each for each, _ in found] == wanted
        assert [product for _, product in found] == pytest.approx(
            [float(vectors[each] @ asked) for each in wanted], rel=1e-3
        )
