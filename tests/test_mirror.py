"""Tests of index.mirror: a folder against what is known of it."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WordEncoder

from index.errors import FolderUnusable
from index.mirror import TICK, Changes, FileState, Known, Plan, Scan, Skipped, plan, scan
from index.search import Index


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def look(folder: Path) -> Scan:
    return scan(folder, leave_out=folder / "index")


def known(folder: Path) -> dict[str, Known]:
    return {
        name: Known(hashlib.sha256((folder / name).read_bytes()).hexdigest(), state)
        for name, state in look(folder).files.items()
    }


def planned(folder: Path, before: dict[str, Known]) -> Plan:
    return plan(look(folder).files, before, folder=folder)


def test_a_scan_gives_readable_files_in_order_with_size_and_time(library: Path) -> None:
    write(library, b_txt="two", a__z_md="three", a_txt="one")
    found = look(library)
    assert list(found.files) == ["a.txt", "a/z.md", "b.txt"]
    assert found.files["b.txt"].size == 3
    assert found.files["b.txt"].modified >= (library / "b.txt").stat().st_mtime_ns
    assert found.skipped == ()


def test_hidden_names_and_the_index_are_passed_over(library: Path) -> None:
    write(library, a_txt="one", index__b_txt="two")
    for name in (".c.txt", ".git/d.txt"):
        (library / name).parent.mkdir(exist_ok=True)
        (library / name).write_text("no", encoding="utf-8")
    assert look(library) == Scan({"a.txt": look(library).files["a.txt"]}, ())


def test_a_file_of_no_known_format_is_reported(library: Path) -> None:
    write(library, a_xyz="one", b="two")
    assert look(library).skipped == (
        Skipped("a.xyz", "no reader for '.xyz' files"),
        Skipped("b", "no reader for 'b' files"),
    )


def test_links_are_followed_to_files_of_the_folder_only(library: Path) -> None:
    write(library, a_txt="one", north__b_txt="two")
    write(library.parent, secret_txt="no")
    (library / "in.txt").symlink_to("north/b.txt")
    (library / "out.txt").symlink_to("../secret.txt")
    (library / "nowhere.txt").symlink_to("gone.txt")
    (library / "self.txt").symlink_to("self.txt")
    (library / "south").symlink_to("north")
    found = look(library)
    assert list(found.files) == ["a.txt", "in.txt", "north/b.txt"]
    assert {each.document_id: each.reason for each in found.skipped} == {
        "nowhere.txt": "a symbolic link that leads nowhere",
        "out.txt": "a symbolic link that leads out of the folder",
        "self.txt": "a symbolic link that leads nowhere",
        "south": "a symbolic link to no regular file",
    }


def test_a_name_that_is_not_utf_8_is_reported_in_utf_8(library: Path) -> None:
    folder = os.fsencode(library) + b"/n\xe9"
    os.mkdir(folder)  # noqa: PTH102  # a path of bytes
    for name in (b"/a\xff.txt", b"/fine.txt"):
        with open(folder + name, "w") as file:  # noqa: PTH123  # a path of bytes
            file.write("one")
    found = look(library)
    assert found.files == {}
    assert [each.document_id for each in found.skipped] == [
        "n\\udce9/a\\udcff.txt",
        "n\\udce9/fine.txt",
    ]
    assert {each.reason for each in found.skipped} == {
        "a file name that is not UTF-8; rename it",
    }


def test_what_is_no_regular_file_is_reported_and_not_opened(library: Path) -> None:
    os.mkfifo(library / "pipe.txt")
    assert look(library).skipped == (Skipped("pipe.txt", "not a regular file"),)


def test_a_folder_that_is_none_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("one", encoding="utf-8")
    with pytest.raises(FolderUnusable, match=f"Cannot read the folder '{tmp_path / 'file'}'"):
        look(tmp_path / "file")


def test_a_folder_that_was_moved_away_is_said_to_be_gone(library: Path) -> None:
    library.rename(library.with_name("elsewhere"))
    with pytest.raises(FolderUnusable, match=f"The folder '{library}' is gone: it was moved"):
        look(library)


def test_the_index_of_another_folder_is_no_document(library: Path, tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    Index.create(
        library / "inner" / "ix", documents=tmp_path / "others", encoder=WordEncoder()
    ).close()
    write(library, a_txt="one", inner__b_json="[2]", inner__ix__dense_json="[3]")
    assert list(look(library).files) == ["a.txt", "inner/b.json"]
    assert look(library).skipped == ()


def test_a_file_that_is_only_called_like_a_catalogue_hides_nothing(library: Path) -> None:
    write(library, books__a_txt="one", books__catalogue_sqlite="two")
    assert list(look(library).files) == ["books/a.txt"]


def test_a_folder_that_may_not_be_listed_is_unusable(
    library: Path, as_nobody: Callable[[], None]
) -> None:
    library.chmod(0)
    as_nobody()
    with pytest.raises(FolderUnusable, match="Permission denied"):
        look(library)


def test_a_folder_below_that_may_not_be_listed_is_reported(
    library: Path, as_nobody: Callable[[], None]
) -> None:
    write(library, a_txt="one", north__b_txt="two")
    library.chmod(0o755)
    (library / "north").chmod(0)
    as_nobody()
    found = look(library)
    assert list(found.files) == ["a.txt"]
    assert found.skipped == (Skipped("north/", "cannot be read (Permission denied)"),)


def test_an_unchanged_folder_needs_nothing(library: Path) -> None:
    write(library, a_txt="one", b_txt="two")
    assert planned(library, known(library)) == Plan((), {}, (), unchanged=2)


def test_a_new_file_is_read(library: Path) -> None:
    write(library, a_txt="one")
    before = known(library)
    write(library, b_txt="two")
    assert planned(library, before) == Plan(("b.txt",), {}, (), unchanged=1)


def test_a_changed_file_is_read(library: Path) -> None:
    write(library, a_txt="one")
    before = known(library)
    os.utime(library / "a.txt", ns=(1, 1))
    assert planned(library, before).read == ("a.txt",)


def test_a_removed_file_is_removed(library: Path) -> None:
    write(library, a_txt="one", b_txt="two")
    before = known(library)
    (library / "a.txt").unlink()
    assert planned(library, before) == Plan((), {}, ("a.txt",), unchanged=1)


@pytest.mark.parametrize("new", ["b.txt", "north/a.txt", "a.md"])
def test_a_renamed_file_is_not_read_as_a_new_one(library: Path, new: str) -> None:
    write(library, a_txt="one", c_txt="six")
    before = known(library)
    (library / new).parent.mkdir(exist_ok=True)
    (library / "a.txt").rename(library / new)
    assert planned(library, before) == Plan((), {new: "a.txt"}, (), unchanged=1)


def test_a_copy_is_new_and_of_two_copies_one_is_the_renamed(library: Path) -> None:
    write(library, a_txt="one")
    before = known(library)
    write(library, b_txt="one")
    assert planned(library, before) == Plan(("b.txt",), {}, (), unchanged=1)
    (library / "a.txt").rename(library / "c.txt")
    assert planned(library, before) == Plan(("c.txt",), {"b.txt": "a.txt"}, (), unchanged=0)


def test_a_file_of_the_same_size_is_no_renamed_one(library: Path) -> None:
    write(library, a_txt="one")
    before = known(library)
    (library / "a.txt").unlink()
    write(library, b_txt="two")
    assert planned(library, before) == Plan(("b.txt",), {}, ("a.txt",), unchanged=0)


def test_swapped_names_are_noticed_though_size_and_age_are_equal(library: Path) -> None:
    write(library, a_txt="one", b_txt="two")
    for name in ("a.txt", "b.txt"):
        os.utime(library / name, ns=(10**18, 10**18))
    before = known(library)
    time.sleep(0.02)  # the file system's clock goes on
    (library / "a.txt").rename(library / "c.txt")
    (library / "b.txt").rename(library / "a.txt")
    (library / "c.txt").rename(library / "b.txt")
    assert planned(library, before).read == ("a.txt", "b.txt")


def test_a_file_that_cannot_be_opened_is_no_renamed_one(
    library: Path, as_nobody: Callable[[], None]
) -> None:
    library.chmod(0o755)
    write(library, a_txt="one")
    before = known(library)
    (library / "a.txt").rename(library / "b.txt")
    (library / "b.txt").chmod(0)
    as_nobody()
    assert planned(library, before) == Plan(("b.txt",), {}, ("a.txt",), unchanged=0)


def test_changes_say_in_one_line_what_happened() -> None:
    changes = Changes(added=2, unchanged=1, skipped=(Skipped("a.xyz", "no reader"),))
    assert str(changes) == "2 added, 1 unchanged, 1 skipped"
    assert str(Changes()) == "no documents"
    assert changes.any
    assert not Changes(unchanged=3).any
    assert changes.to_dict()["skipped"] == [{"document_id": "a.xyz", "reason": "no reader"}]


def test_a_file_state_is_told_by_size_or_time() -> None:
    assert FileState(1, 2, 2) == FileState(1, 2, 2) != FileState(1, 2, 3)


def test_a_file_written_a_tick_ago_is_read_again(library: Path) -> None:
    write(library, a_txt="one")
    state = look(library).files["a.txt"]
    for later, read in ((1, ("a.txt",)), (TICK, ("a.txt",)), (TICK + 1, ())):
        before = {"a.txt": Known("", state.settled(state.changed + later))}
        assert planned(library, before).read == read
