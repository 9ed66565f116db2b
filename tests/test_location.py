"""Tests of index.location: where documents and index lie unless somebody says otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import FolderUnusable
from index.location import SHIPPED_DOCUMENTS, documents_folder, index_folder


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable is set, and the working folder holds nothing."""
    monkeypatch.delenv("QUOTH_DOCUMENTS", raising=False)
    monkeypatch.delenv("QUOTH_INDEX", raising=False)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")


def test_documents_are_the_shipped_ones_by_default() -> None:
    assert documents_folder() == SHIPPED_DOCUMENTS
    assert SHIPPED_DOCUMENTS.name == "seeds"


def test_a_folder_seeds_of_the_working_folder_goes_before_the_shipped_one() -> None:
    Path("seeds").mkdir()
    assert documents_folder() == Path.cwd() / "seeds"


def test_the_named_folder_goes_before_the_variable(
    monkeypatch: pytest.MonkeyPatch, library: Path
) -> None:
    Path("other").mkdir()
    monkeypatch.setenv("QUOTH_DOCUMENTS", str(library))
    assert documents_folder() == library
    assert documents_folder("other") == Path.cwd() / "other"


def test_a_folder_that_cannot_serve_is_said_to_be(library: Path) -> None:
    (library / "a.txt").write_text("words", encoding="utf-8")
    with pytest.raises(
        FolderUnusable, match=r"No folder '.*/nowhere'\. Name one that exists: --documents"
    ):
        documents_folder("nowhere")
    with pytest.raises(FolderUnusable, match=r"a\.txt' is a file"):
        documents_folder(library / "a.txt")


def test_a_folder_that_may_not_be_read_is_said_to_be(
    library: Path, as_nobody: Callable[[], None]
) -> None:
    library.chmod(0)
    as_nobody()
    with pytest.raises(FolderUnusable, match="Permission denied"):
        documents_folder(library)


def test_two_folders_of_one_parent_have_an_index_each(library: Path) -> None:
    assert index_folder(library) == library.parent / ".quoth" / "library"
    assert index_folder(Path("notes")) == Path.cwd() / ".quoth" / "notes"


def test_the_named_index_goes_before_the_variable(
    monkeypatch: pytest.MonkeyPatch, library: Path
) -> None:
    monkeypatch.setenv("QUOTH_INDEX", "elsewhere")
    assert index_folder(library) == Path.cwd() / "elsewhere"
    assert index_folder(library, "here") == Path.cwd() / "here"


def test_an_empty_name_is_not_the_default(library: Path) -> None:
    with pytest.raises(FolderUnusable, match="documents folder is empty"):
        documents_folder("")
    with pytest.raises(FolderUnusable, match="index folder is empty"):
        index_folder(library, "")


def test_an_index_does_not_lie_among_its_documents(library: Path) -> None:
    with pytest.raises(FolderUnusable, match="holds the documents"):
        index_folder(library, library)
