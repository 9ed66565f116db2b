"""Tests of index.holdings: what a catalogue holds is found, in order, or said to be damaged."""

import pytest
from test_catalogue import catalogue, put

from index.catalogue import Catalogue
from index.errors import DamagedIndex

__all__ = ["catalogue"]  # a fixture


def changed(catalogue: Catalogue, since: int) -> tuple[int, list[int], list[int]]:
    delta = catalogue.changes(since)
    return delta.sequence, list(delta.added), list(delta.removed)


def test_the_log_tells_what_came_and_went_since(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one", "two")
    assert changed(catalogue, 0) == (2, [1, 2], [])
    put(catalogue, "a.txt", "two", "three")
    assert changed(catalogue, 2) == (4, [3], [1])
    assert changed(catalogue, 0) == (4, [2, 3], [])
    with catalogue.transaction():
        catalogue.remove("a.txt")
    assert changed(catalogue, 2) == (6, [], [1, 2])
    assert changed(catalogue, 6) == (6, [], [])
    assert catalogue.sequence() == 6


def test_vectors_come_in_the_order_asked_for(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", *(("x" * n) for n in range(1, 1200)))
    asked = list(range(1199, 0, -1))
    assert catalogue.vectors(asked)[:, 0].tolist() == asked
    assert catalogue.vectors([]).shape[0] == 0


def test_more_passages_are_found_than_a_statement_takes_values(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", *map(str, range(1200)))
    assert len(catalogue.passages(list(range(1, 40_000)))) == 1200


def test_a_vector_that_is_missing_is_damage(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one")
    with pytest.raises(DamagedIndex, match="Passage 7 has no vector"):
        catalogue.vectors([1, 7])


def test_ids_ascend(catalogue: Catalogue) -> None:
    put(catalogue, "b.txt", "one", "two")
    put(catalogue, "a.txt", "three")
    put(catalogue, "b.txt", "two")
    assert list(catalogue.ids()) == [2, 3]


def test_a_document_without_a_file_is_no_known_file(catalogue: Catalogue) -> None:
    put(catalogue, "note", "one", state=None)
    assert catalogue.known_files() == {}
    assert catalogue.entries()[0].inserted
