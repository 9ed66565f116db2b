"""Tests of index.untouched: a file is known to be whole only while nobody has touched it."""

import os
from pathlib import Path

import pytest

from index.mirror import FileState
from index.untouched import known_whole, remember_whole


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, FileState]:
    """A file, and its state as if it had been changed long ago."""
    path = tmp_path / "old"
    path.write_bytes(b"whole")
    state = FileState.of(path.stat())
    return path, state._replace(modified=state.modified - 10**9, changed=state.changed - 10**9)


def test_a_file_that_is_as_it_was_is_known(old: tuple[Path, FileState], tmp_path: Path) -> None:
    remember_whole(tmp_path / "known", {"old": old[1]})
    assert known_whole(tmp_path / "known") == {"old": old[1]}


def test_a_file_that_was_just_written_is_not_known(tmp_path: Path) -> None:
    """What is written to it in the same tick of the clock would not show."""
    now = FileState.of(tmp_path.stat())
    remember_whole(tmp_path / "known", {"new": now})
    os.utime(tmp_path / "known", ns=(now.changed, now.changed))
    assert known_whole(tmp_path / "known") == {}


def test_a_change_that_keeps_size_and_age_shows(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"whole")
    before = path.stat()
    known = tmp_path / "known"
    while not known_whole(known):  # until the clock has ticked
        remember_whole(known, {"old": FileState.of(before)})
    path.write_bytes(b"holed")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert FileState.of(path.stat()) != known_whole(known)["old"]


@pytest.mark.parametrize(
    "content", ["", "[]", '{"a": 1}', '{"a": [1]}', "\0", '{"a": [1, "x", 2]}']
)
def test_garbage_is_known_of_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "known").write_text(content, encoding="utf-8")
    assert known_whole(tmp_path / "known") == {}
    assert known_whole(tmp_path / "none") == {}


def test_where_nothing_may_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    remember_whole(tmp_path / "none" / "known", {})
    assert known_whole(tmp_path / "none" / "known") == {}
