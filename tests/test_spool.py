"""Tests of index.spool: documents come back as they were set aside."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from index.formats import Place
from index.passage import Span, split
from index.spool import _IN_MEMORY, Spool

PAGED = Document(
    id="north/a.pdf",
    digest="0" * 64,
    title="The mill",
    text="The mill.\fThe ferry\u2028leaves \U0001f600 at dawn.\r\nIt returns at noon.",
    page_starts=(0, 10),
    places=(Place(0, "Setup › On Linux"), Place(10, "row 2", apart=True)),
    entitled=False,
)


def kept(folder: Path, *documents: Document) -> list[Document]:
    with Spool(folder) as spool:
        for document in documents:
            spool.put(document, split(document))
        found = list(spool)
        assert found == list(spool)
    assert [spans for _, spans in found] == [split(document) for document in documents]
    return [document for document, _ in found]


def test_documents_come_back_in_order_with_all_that_is_known_of_them(tmp_path: Path) -> None:
    other = Document(id="b.txt", digest="1" * 64, title="B", text="A second one.")
    assert kept(tmp_path, PAGED, other) == [PAGED, other]


@given(text=st.text(min_size=1), title=st.text())
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, title: str
) -> None:
    document = Document(id="a.txt", digest="", title=title, text=text)
    assert kept(tmp_path_factory.getbasetemp(), document) == [document]


def test_digests_are_known_by_id(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.put(PAGED, split(PAGED))
        assert spool.digests == {PAGED.id: PAGED.digest}


def test_what_is_larger_than_its_memory_comes_back_and_leaves_no_file(tmp_path: Path) -> None:
    large = Document(id="l.txt", digest="", title="", text="barley and bread " * (_IN_MEMORY // 16))
    put = [(large, [Span(0, len(large.text))]), (PAGED, split(PAGED))]
    with Spool(tmp_path) as spool:
        for document, spans in put:
            spool.put(document, spans)
        assert list(spool) == put
    assert not list(tmp_path.iterdir())
