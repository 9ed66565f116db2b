"""Tests of index.audit: a sound index is said to be, and each kind of damage is named."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import WordEncoder

from index.audit import Audit, audit
from index.document import Document
from index.errors import DamagedIndex, IndexMissing
from index.schema import FILE_NAME
from index.search import Index
from index.writer import WriterLock
from ui.cli import main

TEXT = "\n\n".join(f"Part {n}: " + "the mill by the river " * 15 + "." for n in range(4))


@pytest.fixture
def folder(library: Path, tmp_path: Path) -> Path:
    """The folder of a closed index of two files and a document from Python."""
    (library / "a.txt").write_text(TEXT, encoding="utf-8")
    (library / "b.txt").write_text("A ferry crosses the river.", encoding="utf-8")
    with Index.create(tmp_path / "index", documents=library, encoder=WordEncoder()) as index:
        index.sync()
        index.insert(Document("note", "0" * 64, "Note", "The mill was built in 1742."))
    return tmp_path / "index"


def examined(folder: Path) -> Audit:
    return audit(folder, progress=lambda *_: None)


def alter(folder: Path, statement: str) -> None:
    """Change the catalogue behind the program's back."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute(statement)


def places(found: Audit) -> set[str]:
    return {fault.where for fault in found.faults}


def test_a_sound_index_is_said_to_be(folder: Path) -> None:
    found = examined(folder)
    assert found == Audit(3, len(Index.open(folder, encoder=WordEncoder())), (), {})
    assert found.sound
    assert json.loads(json.dumps(found.to_dict()))["sound"] is True


def test_an_examination_changes_nothing(folder: Path) -> None:
    (folder / "dense.faiss").write_bytes(b"garbage")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    examined(folder)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE documents SET text = replace(text, '1742', '1743')", "not as it was written"),
        ("UPDATE documents SET title = 'Other' WHERE id = 'note'", "not as it was written"),
        ("UPDATE documents SET page_starts = '[0]' WHERE id = 'note'", "not as it was written"),
        ("UPDATE passages SET text = replace(text, '1742', '1743')", "its text is not characters"),
        ("UPDATE passages SET end = end - 1 WHERE id = 1", "its text is not characters"),
        ("UPDATE passages SET page = 7 WHERE id = 1", "another page"),
        ("UPDATE passages SET vector = x'00' WHERE id = 1", "it has no vector"),
        ("UPDATE vectors SET vector = zeroblob(128)", "not of length 1"),
        ("UPDATE vectors SET vector = CAST(x'007e' || zeroblob(126) AS BLOB)", "not of length 1"),
        ("UPDATE vectors SET vector = CAST(vector || x'00' AS BLOB)", "bytes, not"),
        ("DELETE FROM passages WHERE id = 2", "is in the log alone"),
        ("DELETE FROM changes WHERE passage = 2", "is not in the log"),
        ("DELETE FROM documents WHERE id = 'note'", "has no documents"),
    ],
)
def test_what_differs_in_the_catalogue_is_found(folder: Path, statement: str, what: str) -> None:
    alter(folder, statement)
    found = examined(folder)
    assert any(fault.where == "catalogue" and what in fault.what for fault in found.faults)
    assert "quoth salvage --to" in found.remedy


def test_a_bit_flipped_in_a_text_is_found_by_reader_and_examination(folder: Path) -> None:
    content = (folder / FILE_NAME).read_bytes()
    at = content.index(b"built in 1742")
    while at >= 0:  # in the document and in its passage
        content = content[:at] + b"built in 1743" + content[at + 13 :]
        at = content.find(b"built in 1742")
    (folder / FILE_NAME).write_bytes(content)
    assert places(examined(folder)) == {"catalogue"}
    with (
        Index.open(folder, encoder=WordEncoder()) as index,
        pytest.raises(DamagedIndex, match=r"'note' is damaged.*quoth salvage --to"),
    ):
        index.document("note")


def test_views_of_something_else_are_found(folder: Path, tmp_path: Path) -> None:
    with Index.create(tmp_path / "other", encoder=WordEncoder()) as other:
        for n in range(1 + len(TEXT.split("\n\n")) + 1):
            other.insert(Document(str(n), "0" * 64, "", f"Something else, number {n}."))
    for name in ("dense.faiss", "lexical"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).unlink(missing_ok=True)
        copy: Callable[..., object] = shutil.copytree if name == "lexical" else shutil.copy
        copy(tmp_path / "other" / name, folder / name)
    found = examined(folder)
    assert places(found) == {"dense.faiss", "lexical"}
    assert found.remedy.startswith("Delete dense.faiss and lexical in the index")


@pytest.mark.parametrize("name", ["dense.faiss", "lexical/state.json"])
def test_a_damaged_view_is_found_and_a_missing_one_is_behind(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"garbage")
    assert places(examined(folder)) == {name.split("/", maxsplit=1)[0]}
    (folder / name).unlink()
    found = examined(folder)
    assert found.sound
    assert list(found.behind) == [name.split("/", maxsplit=1)[0]]


def test_what_happened_to_the_files_since_is_told_and_no_fault(folder: Path, library: Path) -> None:
    (library / "a.txt").write_text("Other words.", encoding="utf-8")
    (library / "b.txt").unlink()
    (library / "c.txt").write_text("New words.", encoding="utf-8")
    found = examined(folder)
    assert (found.added, found.changed, found.removed) == (("c.txt",), ("a.txt",), ("b.txt",))
    assert found.sound


def test_a_file_whose_bytes_differ_unseen_is_a_fault(folder: Path, library: Path) -> None:
    (library / "a.txt").write_text(TEXT.replace("mill", "hill"), encoding="utf-8")
    status = (library / "a.txt").stat()
    times = f"modified = {status.st_mtime_ns}, changed = {status.st_ctime_ns}"
    alter(folder, f"UPDATE documents SET {times} WHERE id = 'a.txt'")
    found = examined(folder)
    assert places(found) == {"documents"}
    assert found.remedy.startswith("Put the documents right")


def test_a_documents_folder_that_is_gone_is_told(folder: Path, library: Path) -> None:
    shutil.rmtree(library)
    assert [fault.where for fault in examined(folder).faults] == ["documents"]


def test_an_index_can_be_examined_while_it_is_written(folder: Path) -> None:
    with WriterLock(folder):
        assert examined(folder).sound


def test_no_index_cannot_be_examined(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        examined(tmp_path)


# The command


def test_a_sound_index_is_exit_code_0(
    folder: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (library / "c.txt").write_text("New words.", encoding="utf-8")
    assert main(["index", str(library), "--index", str(folder), "--check"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Sound: 3 documents, ")
    assert "since the last sync: 1 new. Take them in: quoth index" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("form", [["--json"], []])
def test_faults_are_exit_code_3_and_say_what_to_do(
    folder: Path, library: Path, form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    alter(folder, "UPDATE passages SET page = 7")
    assert main(["index", str(library), "--index", str(folder), "--check", *form]) == 3
    printed = capsys.readouterr()
    assert "quoth salvage --to FOLDER" in printed.err
    assert printed.err.count("\n") == 1
    if form:
        assert json.loads(printed.out)["sound"] is False
    else:
        assert "catalogue: passage 1 of 'a.txt': it is said to stand on another page" in printed.out
