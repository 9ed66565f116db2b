"""Tests of index.salvage: whatever is damaged, the rest is saved, and what is not is told."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WordEncoder

from index.document import Document
from index.errors import FolderUnusable, IndexMissing
from index.salvage import LIST_NAME, Salvage, salvage
from index.schema import FILE_NAME
from index.search import Index
from ui.cli import main

PAGE = 4096
NAMES = [f"note {n:02}" for n in range(40)]


def text(name: str) -> str:
    """A text over several pages of the file, its own."""
    words = random.Random(name).choices(["mill", "ferry", "café", "1742"], k=1500)
    return f"{name}: " + " ".join(words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a closed index of documents from Python."""
    with Index.create(tmp_path / "index", encoder=WordEncoder()) as index:
        for name in NAMES:
            index.insert(Document(name, "0" * 64, name.title(), text(name)))
        index.insert(Document("removed", "0" * 64, "Removed", "No longer there."))
        index.remove("removed")
    return tmp_path / "index"


def saved(folder: Path, to: Path) -> Salvage:
    """What a salvage tells; each text that it calls intact is the one that was."""
    found = salvage(folder, to=to, progress=lambda *_: None)
    listed = [json.loads(line) for line in (to / LIST_NAME).read_text().splitlines()]
    assert len(listed) == len(found.saved) + len(found.damaged) == len(list(to.glob("*.txt")))
    for each in listed:
        assert each["inserted"] is True
        content = (to / each["file"]).read_text(encoding="utf-8")
        assert each["intact"] == (content == text(each["id"]))
    return found


def zeros(content: bytearray, page: int) -> None:
    content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


def noise(content: bytearray, page: int) -> None:
    content[page * PAGE : (page + 1) * PAGE] = random.Random(page).randbytes(PAGE)


def test_of_a_sound_index_everything_is_saved(folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert saved(folder, tmp_path / "to") == Salvage(saved=NAMES)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert (tmp_path / "to" / "000001-note_00.txt").exists()


def test_what_is_in_the_log_alone_is_saved_too(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index", encoder=WordEncoder()) as index:
        index.insert(Document(NAMES[0], "0" * 64, "", text(NAMES[0])))
        assert (tmp_path / "index" / (FILE_NAME + "-wal")).stat().st_size > 0
        assert saved(tmp_path / "index", tmp_path / "to").saved == NAMES[:1]


@pytest.mark.parametrize("damage", [zeros, noise])
@pytest.mark.parametrize("seed", range(10))
def test_of_a_file_with_a_damaged_page_most_is_saved(
    folder: Path, tmp_path: Path, damage: Callable[[bytearray, int], None], seed: int
) -> None:
    """The first page, on which all depends, or any other."""
    content = bytearray((folder / FILE_NAME).read_bytes())
    page = random.Random(seed).randrange(11, len(content) // PAGE) if seed else 0
    damage(content, page)
    (folder / FILE_NAME).write_bytes(content)
    found = saved(folder, tmp_path / "to")
    assert len(found.saved) >= len(NAMES) - 4
    assert {*found.saved, *found.damaged, *found.lost} >= set(NAMES)
    assert "removed" not in found.saved


@pytest.mark.parametrize("share", [0.9, 0.5])
def test_of_a_file_that_was_cut_off_the_beginning_is_saved(
    folder: Path, tmp_path: Path, share: float
) -> None:
    content = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(content[: int(len(content) * share)])
    found = saved(folder, tmp_path / "to")
    assert len(found.saved) > len(NAMES) * (share - 0.3)
    assert found.lost


def test_a_letter_that_was_changed_is_told(folder: Path, tmp_path: Path) -> None:
    content = (folder / FILE_NAME).read_bytes()
    assert content.count(b"note 07: mill") + content.count(b"note 07: ") > 0
    (folder / FILE_NAME).write_bytes(content.replace(b"note 07: ", b"note 97: "))
    found = saved(folder, tmp_path / "to")
    assert found.damaged == ["note 07"]
    assert found.lost == []


@pytest.mark.parametrize("name", ["../../escape", "/tmp/escape", "a/b\\c:d\n*?", "é" * 300, ""])
def test_an_id_steers_no_file_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with Index.create(tmp_path / "index", encoder=WordEncoder()) as index:
        index.insert(Document(name, "0" * 64, "", "The mill."))
    salvage(tmp_path / "index", to=tmp_path / "to", progress=lambda *_: None)
    (told,) = map(json.loads, (tmp_path / "to" / LIST_NAME).read_text().splitlines())
    assert told["id"] == name
    assert (tmp_path / "to" / told["file"]).resolve().parent == tmp_path / "to"
    assert (tmp_path / "to" / told["file"]).read_text() == "The mill."


def test_a_folder_that_is_not_empty_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "mine").write_text("mine")
    with pytest.raises(FolderUnusable, match="is not empty"):
        saved(folder, tmp_path / "to")
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["mine"]


def test_of_no_index_nothing_is_saved(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        saved(tmp_path, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_the_command_says_what_became_of_the_documents(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = str(tmp_path / "to")
    assert main(["salvage", "--index", str(folder), "--to", to]) == 0
    assert capsys.readouterr().out.startswith("40 saved as they were, 0 saved damaged, 0 lost.")
    content = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(content.replace(b"note 07: ", b"note 97: "))
    assert main(["salvage", "--index", str(folder), "--to", to + "2", "--json"]) == 3
    printed = capsys.readouterr()
    assert json.loads(printed.out)["damaged"] == ["note 07"]
    assert printed.err == "quoth: Not as they were: 1 of its documents. Take these from a backup.\n"
