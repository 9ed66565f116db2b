"""Removed files: moved aside whole, put back as they were, gone for good only after their days."""

import os
import time
from pathlib import Path

import pytest

from ui.removed import KEPT_DAYS, Removed


@pytest.fixture
def removed(tmp_path: Path) -> Removed:
    return Removed(tmp_path / "removed")


def test_a_removed_file_comes_back_exactly(removed: Removed, library: Path) -> None:
    file = library / "sub" / "a.txt"
    file.parent.mkdir()
    file.write_bytes(b"mill\r\n\0")
    file.chmod(0o640)
    os.utime(file, ns=(10**18, 10**18 + 7))
    before = file.stat()
    kept = removed.take("sub/a.txt", library)
    assert not file.exists()
    assert removed.kept() == [kept]
    file.parent.rmdir()
    assert removed.put_back(kept.key, library) == "sub/a.txt"
    assert file.read_bytes() == b"mill\r\n\0"
    after = file.stat()
    assert (after.st_mode, after.st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert removed.kept() == []


def test_between_file_systems_a_file_is_copied_first(in_memory: Path, library: Path) -> None:
    removed = Removed(in_memory / "removed")
    (library / "a.txt").write_text("mill")
    os.utime(library / "a.txt", ns=(10**18, 10**18 + 7))
    kept = removed.take("a.txt", library)
    assert not (library / "a.txt").exists()
    removed.put_back(kept.key, library)
    assert (library / "a.txt").read_text() == "mill"
    assert (library / "a.txt").stat().st_mtime_ns == 10**18 + 7


def test_a_link_is_removed_and_put_back_as_a_link(removed: Removed, library: Path) -> None:
    (library / "a.txt").write_text("mill")
    (library / "b.txt").symlink_to("a.txt")
    kept = removed.take("b.txt", library)
    assert (library / "a.txt").read_text() == "mill"
    removed.put_back(kept.key, library)
    assert (library / "b.txt").readlink() == Path("a.txt")


def test_what_stands_there_now_is_not_overwritten(removed: Removed, library: Path) -> None:
    (library / "a.txt").write_text("old")
    kept = removed.take("a.txt", library)
    (library / "a.txt").write_text("new")
    with pytest.raises(ValueError, match="is there now"):
        removed.put_back(kept.key, library)
    assert (library / "a.txt").read_text() == "new"
    (library / "a.txt").unlink()
    removed.put_back(kept.key, library)
    assert (library / "a.txt").read_text() == "old"


def test_a_file_that_cannot_be_moved_stays(removed: Removed, library: Path, tmp_path: Path) -> None:
    (library / "a.txt").write_text("mill")
    (tmp_path / "removed").write_text("in the way")
    with pytest.raises(OSError, match="exists"):
        removed.take("a.txt", library)
    assert (library / "a.txt").read_text() == "mill"


@pytest.mark.parametrize("document_id", ["../outside.txt", "", ".", "nowhere.txt", "sub/../../x"])
def test_nothing_outside_the_folder_is_removed(
    removed: Removed, library: Path, document_id: str
) -> None:
    outside = library.parent / "outside.txt"
    outside.write_text("mine")
    with pytest.raises(ValueError, match="no file"):
        removed.take(document_id, library)
    with pytest.raises(ValueError, match="no file"):
        removed.take(str(outside), library)
    assert outside.exists()


def test_nothing_behind_a_linked_folder_is_removed_or_written(
    removed: Removed, library: Path, tmp_path: Path
) -> None:
    (library / "sub").mkdir()
    (library / "sub" / "a.txt").write_text("mill")
    kept = removed.take("sub/a.txt", library)
    (library / "sub").rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("mine")
    (library / "sub").symlink_to(elsewhere)
    with pytest.raises(ValueError, match="no file"):
        removed.take("sub/mine.txt", library)
    with pytest.raises(ValueError, match="leads out"):
        removed.put_back(kept.key, library)
    assert [file.name for file in elsewhere.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("key", ["", "..", "../index", "nothing", "a/b", "x" * 99])
def test_a_key_that_names_nothing_puts_nothing_back(
    removed: Removed, library: Path, key: str
) -> None:
    with pytest.raises(ValueError, match="no longer kept"):
        removed.put_back(key, library)


def test_after_its_days_a_file_goes_for_good(
    removed: Removed, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("old.txt", "new.txt"):
        (library / name).write_text("mill")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - KEPT_DAYS * 86_400 - 1)
    removed.take("old.txt", library)
    monkeypatch.setattr(time, "time", lambda: now)
    kept = removed.take("new.txt", library)
    removed.forget_old()
    assert removed.kept() == [kept]


def test_a_note_without_its_file_is_passed_over(
    removed: Removed, library: Path, tmp_path: Path
) -> None:
    (library / "a.txt").write_text("mill")
    kept = removed.take("a.txt", library)
    (tmp_path / "removed" / kept.key / "file").unlink()
    (tmp_path / "removed" / "stray").mkdir()
    assert removed.kept() == []
