"""Tests of index.catalogue, with holdings and schema: what is written stands, damage is said."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index.catalogue import Catalogue
from index.document import Document
from index.errors import DamagedIndex, FolderUnusable, IndexMissing, StaleIndex
from index.formats import Place
from index.mirror import FileState
from index.passage import Passage, Span
from index.schema import FILE_NAME, SCHEMA


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


def changed(catalogue: Catalogue, since: int) -> tuple[int, list[int], list[int]]:
    delta = catalogue.changes(since)
    return delta.sequence, list(delta.added), list(delta.removed)


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


def test_a_rename_changes_no_passage_and_loses_no_vector(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "one", "three")
    sequence, before = catalogue.sequence(), catalogue.vectors([1, 2])
    with catalogue.transaction():
        catalogue.rename("a.txt", "b.txt")
    assert catalogue.sequence() == sequence
    assert np.array_equal(catalogue.vectors([1, 2]), before)
    assert catalogue.passages([2])[2].passage.document_id == "b.txt"
    assert catalogue.document("a.txt") is None


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


def test_ids_ascend(catalogue: Catalogue) -> None:
    put(catalogue, "b.txt", "one", "two")
    put(catalogue, "a.txt", "three")
    put(catalogue, "b.txt", "two")
    assert list(catalogue.ids()) == [2, 3]


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


def test_a_document_without_a_file_is_no_known_file(catalogue: Catalogue) -> None:
    put(catalogue, "note", "one", state=None)
    assert catalogue.known_files() == {}
    assert catalogue.entries()[0].inserted


def test_a_folder_without_a_catalogue_is_missing_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="Build one: quoth index"):
        Catalogue.open(tmp_path)


def test_another_schema_is_stale(catalogue: Catalogue, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(StaleIndex, match=f"has schema 99, this version reads {SCHEMA}"):
        Catalogue.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"garbage", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_of_garbage_is_a_damaged_index(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(DamagedIndex, match="cannot be read"):
        Catalogue.open(tmp_path)


def test_pages_that_are_damaged_later_are_a_damaged_index(tmp_path: Path) -> None:
    with closing(Catalogue.create(tmp_path, meta={})) as catalogue:
        put(catalogue, "a.txt", *map(str, range(2000)))
    path = tmp_path / FILE_NAME
    content = bytearray(path.read_bytes())
    content[4096 * 8 :] = b"\xaa" * (len(content) - 4096 * 8)
    path.write_bytes(content)
    with closing(Catalogue.open(tmp_path)) as catalogue:
        for ask in (
            lambda: catalogue.passages(list(range(1, 2001))),
            lambda: catalogue.changes(0),
            lambda: catalogue.vectors(list(range(1, 2001))),
        ):
            with pytest.raises(DamagedIndex):
                ask()


def test_a_catalogue_that_may_not_be_opened_is_said_to_be(
    catalogue: Catalogue, tmp_path: Path, as_nobody: Callable[[], None]
) -> None:
    catalogue.close()
    (tmp_path / FILE_NAME).chmod(0)
    as_nobody()
    with pytest.raises(FolderUnusable, match="Allow it, make room"):
        Catalogue.open(tmp_path)


def test_a_catalogue_half_made_is_none(tmp_path: Path) -> None:
    (tmp_path / (FILE_NAME + ".draft")).write_bytes(b"half a database")
    assert not Catalogue.stands_in(tmp_path)
    with closing(Catalogue.create(tmp_path, meta={"encoder": "e"})) as catalogue:
        assert catalogue.meta() == {"schema": str(SCHEMA), "encoder": "e"}
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_the_log_of_a_deleted_catalogue_is_not_replayed_into_a_new_one(tmp_path: Path) -> None:
    with closing(Catalogue.create(tmp_path, meta={})) as old:
        put(old, "a.txt", "one")
        logs = {
            path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != FILE_NAME
        }
    assert FILE_NAME + "-wal" in logs
    (tmp_path / FILE_NAME).unlink()
    for name, content in logs.items():
        (tmp_path / name).write_bytes(content)
    with closing(Catalogue.create(tmp_path, meta={})) as new:
        assert new.entries() == []


def test_a_commit_is_on_disk_before_it_returns(catalogue: Catalogue) -> None:
    asked = catalogue._connection.execute
    assert asked("PRAGMA journal_mode").fetchone() == ("wal",)
    assert asked("PRAGMA synchronous").fetchone() == (2,)
