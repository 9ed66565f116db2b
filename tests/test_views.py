"""Tests of index.views: both views are in step with the catalogue, whoever wrote it."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import WordEncoder
from test_search import ROOT, answers, check_views, index, mills

from index import dense
from index.catalogue import Catalogue
from index.search import Index
from index.writer import WriterLock

__all__ = ["index", "mills"]  # fixtures


@pytest.mark.parametrize("what", ["dense.faiss", "lexical", "lexical/state.json", "both"])
@pytest.mark.parametrize("how", ["gone", "garbage"])
def test_a_view_that_is_gone_or_damaged_is_built_again_without_embedding(
    mills: Index, encoder: WordEncoder, what: str, how: str
) -> None:
    before = answers(mills)
    mills.close()
    encoder.encoded.clear()
    for name in ["dense.faiss", "lexical"] if what == "both" else [what]:
        path = mills.folder / name
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        for file in files:
            if how == "garbage":
                file.write_bytes(b"garbage")
            else:
                file.unlink()
    with Index.open(mills.folder, encoder=encoder) as index:
        assert answers(index) == before
        check_views(index)
    assert encoder.encoded == []
    with Index.open(mills.folder, encoder=encoder) as index:
        assert index._dense.sequence == index._lexical.sequence == index.status().sequence


def test_views_that_are_ahead_of_the_catalogue_are_built_again(
    mills: Index, library: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    mills.close()
    shutil.copy(mills.folder / "catalogue.sqlite", tmp_path / "backup")
    with Index.open(mills.folder, encoder=encoder) as index:
        before = answers(index)
        (library / "d.txt").write_text("A zebra at the mill.", encoding="utf-8")
        index.sync()
    shutil.copy(tmp_path / "backup", mills.folder / "catalogue.sqlite")
    with Index.open(mills.folder, encoder=encoder) as index:
        assert answers(index) == before
        check_views(index)


def test_views_of_a_deleted_catalogue_do_not_serve_a_new_one(
    mills: Index, library: Path, encoder: WordEncoder
) -> None:
    mills.close()
    (mills.folder / "catalogue.sqlite").unlink()
    for name in ("a.txt", "b.txt"):
        (library / name).unlink()
    with Index.create(mills.folder, documents=library, encoder=encoder) as index:
        # Were the file kept, a later change of its number would pass for applied.
        assert not (mills.folder / "dense.faiss").exists()
        assert index.search("mill") == []
        index.sync()
        check_views(index)


def test_views_left_behind_catch_up(mills: Index, library: Path, encoder: WordEncoder) -> None:
    mills.close()
    with closing(Catalogue.open(mills.folder)) as catalogue, catalogue.transaction():
        catalogue.remove("a.txt")
    with Index.open(mills.folder, encoder=encoder) as index:
        check_views(index)
        assert {hit.passage.document_id for hit in index.search("mill")} == {"b.txt", "c.txt"}


def test_views_deleted_under_an_open_index_are_built_again_by_a_sync(
    mills: Index, library: Path, encoder: WordEncoder
) -> None:
    shutil.rmtree(mills.folder / "lexical")
    (mills.folder / "dense.faiss").unlink()
    (library / "d.txt").write_text("A zebra at the mill.", encoding="utf-8")
    mills.sync()
    check_views(mills)
    with Index.open(mills.folder, encoder=encoder) as again:
        assert answers(again) == answers(mills)


def test_another_open_index_sees_a_sync_at_once(
    mills: Index, library: Path, encoder: WordEncoder
) -> None:
    with Index.open(mills.folder, encoder=encoder) as reader:
        (library / "a.txt").write_text("A zebra stands here.", encoding="utf-8")
        mills.sync()
        assert reader.search("zebra", k=1)[0].passage.text == "A zebra stands here."
        assert answers(reader) == answers(mills)


@pytest.mark.parametrize("exact_up_to", [dense.EXACT_UP_TO, 3], ids=["exact", "clustered"])
def test_a_reader_takes_over_the_vectors_that_another_has_saved(
    mills: Index,
    library: Path,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
    exact_up_to: int,
) -> None:
    monkeypatch.setattr(dense, "EXACT_UP_TO", exact_up_to)
    with Index.open(mills.folder, encoder=encoder) as reader:
        for n in range(40):
            (library / f"{n}.txt").write_text(f"Mill number {n}.", encoding="utf-8")
            mills.sync()
        assert answers(reader) == answers(mills)
        assert reader._dense.saved == mills._dense.saved > 30
        check_views(reader)


def test_a_reader_sees_new_words_while_somebody_writes(
    mills: Index, library: Path, encoder: WordEncoder
) -> None:
    with Index.open(mills.folder, encoder=encoder) as reader:
        (library / "a.txt").write_text("A zebra stands here.", encoding="utf-8")
        mills.sync()
        with WriterLock(mills.folder):
            assert reader.search("zebra", k=1)[0].bm25 > 0


def test_a_process_sees_what_another_has_synced(mills: Index, library: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path; from conftest import WordEncoder\n"
        "from index.search import Index\n"
        "with Index.open(Path(sys.argv[1]), encoder=WordEncoder()) as index:\n"
        "    for line in sys.stdin:\n"
        "        print(index.search('zebra', k=1)[0].passage.text, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(mills.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for n in range(3):
            (library / "z.txt").write_text(f"The zebra has {n} stripes.", encoding="utf-8")
            os.utime(library / "z.txt", ns=(n, n))
            mills.sync()
            other.stdin.write("\n")
            other.stdin.flush()
            assert other.stdout.readline() == f"The zebra has {n} stripes.\n"
