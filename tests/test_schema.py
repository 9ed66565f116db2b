"""Tests of index.schema: a catalogue's file is whole, or said to be damaged, or none."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from test_catalogue import catalogue, put

from index.catalogue import Catalogue
from index.errors import DamagedIndex, FolderUnusable, IndexMissing, StaleIndex
from index.schema import FILE_NAME, SCHEMA

__all__ = ["catalogue"]  # a fixture


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
