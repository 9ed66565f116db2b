"""Tests of index.catalogue: what is written stands, all of it or nothing."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index.catalogue import Catalogue
from index.document import Document
from index.formats import Place
from index.mirror import FileState
from index.passage import Passage, Span


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.create(tmp_path, meta={"encoder": "words@1"})) as catalogue:
        yield catalogue


def put(catalogue: Catalogue, document_id: str, *lines: str, state: int | None = 1) -> None:
    """Write a document of lines, each a passage."""
    text = "\n".join(lines)
    spans, start = [], 0
    for line in lines:
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    keys = [hashlib.sha256(line.encode()).digest() for line in lines]
    vectors = np.array([[len(line), 1] for line in lines], np.float32).reshape(-1, 2)
    document = Document(document_id, "d" * 64, document_id.upper(), text)
    with catalogue.transaction():
        catalogue.add_vectors(keys, vectors)
        file = None if state is None else FileState(len(text), state, state)
        catalogue.put(document, spans=spans, keys=keys, state=file)


def ids(catalogue: Catalogue) -> dict[str, int]:
    return {words.text: words.passage for words in catalogue.all_words()}


def test_a_document_is_given_back_as_it_was_put(catalogue: Catalogue) -> None:
    places = (Place(0, "Setup"), Place(4, "slide 2", apart=True))
    paged = Document("a.txt", "f" * 64, "Title", "one\ntwo", (0, 4), places, entitled=False)
    before = datetime.now(UTC)
    with catalogue.transaction():
        catalogue.put(paged, spans=[Span(4, 7)], keys=[b"k"], state=FileState(7, 8, 9))
    assert catalogue.document("a.txt") == paged
    assert catalogue.document("b.txt") is None
    ((passage, title),) = catalogue.passages([1, 99]).values()
    assert passage == Passage(1, "a.txt", 4, 7, "two", 2, "slide 2")
    assert title == "Title"
    assert catalogue.known_files() == {"a.txt": ("f" * 64, FileState(7, 8, 9))}
    (entry,) = catalogue.entries()
    written = datetime(1970, 1, 1, tzinfo=UTC)
    assert entry == ("a.txt", "Title", 7, 1, False, "txt", 7, written, entry.added)
    assert before <= entry.added <= datetime.now(UTC)


def test_a_passage_whose_text_stays_keeps_its_id(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one", "two", "three")
    before = ids(catalogue)
    put(catalogue, "a.txt", "new", "three", "one")
    after = ids(catalogue)
    assert after["one"] == before["one"]
    assert after["three"] == before["three"]
    assert after["new"] not in before.values()
    moved = catalogue.passages([after["one"]])[after["one"]].passage
    assert (moved.start, moved.end) == (10, 13)


def test_a_text_that_stands_twice_keeps_both_ids(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "same", "same")
    put(catalogue, "a.txt", "first", "same", "same")
    found = {each: catalogue.passages([each])[each].passage.start for each in (1, 2)}
    assert found == {1: 6, 2: 11}


def test_an_id_is_never_used_again(catalogue: Catalogue, tmp_path: Path) -> None:
    put(catalogue, "a.txt", "one", "two")
    with catalogue.transaction():
        assert catalogue.remove("a.txt")
        assert not catalogue.remove("a.txt")
    catalogue.close()
    with closing(Catalogue.open(tmp_path)) as opened:
        put(opened, "a.txt", "one", "two")
        assert sorted(ids(opened).values()) == [3, 4]


def test_a_rename_changes_no_passage_and_loses_no_vector(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one", "three")
    sequence, before = catalogue.sequence(), catalogue.vectors([1, 2])
    with catalogue.transaction():
        catalogue.rename("a.txt", "b.txt")
    assert catalogue.sequence() == sequence
    assert np.array_equal(catalogue.vectors([1, 2]), before)
    assert catalogue.passages([2])[2].passage.document_id == "b.txt"
    assert catalogue.document("a.txt") is None


def test_only_vectors_that_no_passage_uses_are_dropped(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one", "two")
    put(catalogue, "b.txt", "two", "six")
    keys = {text: hashlib.sha256(text.encode()).digest() for text in ("one", "two", "six")}
    with catalogue.transaction():
        catalogue.remove("a.txt")
        catalogue.drop_unused_vectors(beyond=2)
    assert catalogue.keys_without_vector(keys.values()) == set()
    with catalogue.transaction():
        catalogue.drop_unused_vectors(beyond=1)
    assert catalogue.keys_without_vector(keys.values()) == {keys["one"]}
    assert len(catalogue.vectors(sorted(ids(catalogue).values()))) == 2


def test_unused_vectors_wait_until_as_many_more_passages_are_dropped(
    catalogue: Catalogue,
) -> None:
    def emptied(document_id: str, text: str, beyond: int) -> bool:
        put(catalogue, document_id, text)
        with catalogue.transaction():
            catalogue.remove(document_id)
            catalogue.drop_unused_vectors(beyond=beyond)
        key = hashlib.sha256(text.encode()).digest()
        return catalogue.keys_without_vector([key]) == {key}

    assert [emptied("a.txt", text, beyond=1) for text in ("one", "two", "six")] == [
        False,
        True,
        False,
    ]


def test_a_transaction_that_fails_leaves_nothing(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one")

    def interrupted() -> None:
        with catalogue.transaction():
            catalogue.remove("a.txt")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(ids(catalogue)) == ["one"]
    put(catalogue, "b.txt", "two")
    assert catalogue.sequence() == 2


def test_a_snapshot_does_not_see_what_is_committed_meanwhile(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    put(catalogue, "a.txt", "one")
    with closing(Catalogue.open(tmp_path)) as writer:
        with catalogue.snapshot():
            assert catalogue.sequence() == 1
            put(writer, "a.txt", "two")
            assert list(ids(catalogue)) == ["one"]
        assert list(ids(catalogue)) == ["two"]


def test_rejected_files_are_remembered_with_state_and_reason(catalogue: Catalogue) -> None:
    faults = {"a.txt": (FileState(3, 4, 4), "binary"), "b.txt": (FileState(0, 1, 1), "empty")}
    with catalogue.transaction():
        catalogue.set_rejected(faults)
    assert catalogue.rejected_files() == faults
    with catalogue.transaction():
        catalogue.set_rejected({})
    assert catalogue.rejected_files() == {}
