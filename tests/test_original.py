"""Tests of index.original: a document's file, its pages and rows, and nothing else."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from conftest import WordEncoder
from test_pdf import HARBOUR, LIGHT, pages
from test_sheets import saved, workbook

from index.document import Document
from index.errors import UnreadableFile
from index.formats.sheets import xlsx_rows
from index.original import Originals, TableRow
from index.search import Index

PORTS = [["Port", "Fee"], ["Skarn", "6 euros"], ["Holm", ""], ["Varn, north", "9 euros"]]


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    (library / "sub").mkdir()
    (library / "sub" / "harbour.pdf").write_bytes(pages([HARBOUR, LIGHT]))
    rows = StringIO()
    csv.writer(rows).writerows(PORTS)
    (library / "ports.csv").write_text(rows.getvalue(), encoding="utf-8")
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        index.sync()
        yield index


def known(index: Index, document_id: str) -> Document:
    document = index.document(document_id)
    assert document is not None
    return document


def test_a_page_comes_with_the_places_of_its_words(index: Index, originals: Originals) -> None:
    document = known(index, "sub/harbour.pdf")
    assert originals.has_pages(document)
    page = originals.page(document, 2)
    assert (page.n_pages, page.width) == (2, 910)
    assert " ".join(line.text for line in page.lines) == LIGHT
    assert originals.page(document, 2).picture is page.picture, "it is kept"
    with pytest.raises(UnreadableFile, match="no page 3"):
        originals.page(document, 3)


def test_rows_are_counted_as_the_documents_places(index: Index, originals: Originals) -> None:
    document = known(index, "ports.csv")
    assert originals.has_rows(document)
    names = ("Port", "Fee")
    assert originals.rows(document, first=0, last=1) == [
        TableRow(None, 2, ("Skarn", "6 euros"), names),
        TableRow(None, 3, ("Holm", ""), names),
    ]
    assert [row.number for row in originals.rows(document, first=2, last=9)] == [4]
    assert len(document.places) == 3


def test_a_file_that_changed_since_is_not_shown_for_what_it_was(
    index: Index, originals: Originals, library: Path
) -> None:
    document = known(index, "sub/harbour.pdf")
    (library / "sub" / "harbour.pdf").write_bytes(pages([LIGHT, HARBOUR]))
    with pytest.raises(UnreadableFile, match="changed since it was read"):
        originals.page(document, 1)


def test_a_document_that_a_program_inserted_has_no_file(
    index: Index, originals: Originals, library: Path
) -> None:
    (library / "secret.txt").write_text("Not indexed.")
    index.insert(Document("secret.txt", "0" * 64, "Notes", "Some words of a program."))
    assert not originals.has_file("secret.txt")
    with pytest.raises(UnreadableFile):
        originals.content("secret.txt")


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "", ".", "unknown.txt"])
def test_no_file_that_is_no_document_is_given(originals: Originals, name: str) -> None:
    assert not originals.has_file(name)
    with pytest.raises(UnreadableFile):
        originals.content(name)


def test_a_file_that_became_a_link_out_of_the_folder_is_not_given(
    originals: Originals, library: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("mine")
    (library / "ports.csv").unlink()
    (library / "ports.csv").symlink_to(outside)
    with pytest.raises(UnreadableFile, match="out of the folder"):
        originals.content("ports.csv")


def test_a_file_that_is_gone_is_not_given(originals: Originals, library: Path) -> None:
    assert originals.content("ports.csv").startswith(b"Port,Fee")
    (library / "ports.csv").unlink()
    assert not originals.has_file("ports.csv")
    with pytest.raises(UnreadableFile, match="vanished"):
        originals.content("ports.csv")


def test_a_workbooks_rows_name_their_sheets() -> None:
    book = workbook([["Item", "Cost"], ["Paint", 4350]])
    staff = book.create_sheet("Staff")
    staff.append(["Name"])
    staff.append(["Per"])
    part = xlsx_rows(saved(book), first=0, last=9)
    assert [(row["sheet"], row["cells"]) for row in part.told["rows"]] == [
        ("Costs", ["Paint", "4350"]),
        ("Staff", ["Per"]),
    ]
