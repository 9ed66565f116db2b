"""Tests of index.writer: what a sync embeds, keeps, reports, and what a kill leaves."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from conftest import WordEncoder

from index import writer
from index.document import Document, load
from index.errors import FolderUnusable, IndexBusy, UnreachableFile
from index.mirror import TICK, Change, Skipped
from index.parsing import Parser
from index.passage import MAX_CHARACTERS, Span
from index.search import Index
from index.writer import WriterLock

ROOT = Path(__file__).resolve().parent.parent


def paragraph(seed: int) -> str:
    """A paragraph that is a passage of its own."""
    words = ["mill", "ferry", "river", "stone", "bread", "wheel", "barley", "flood"]
    words = random.Random(seed).choices(words, k=70)
    return f"Entry {seed}: " + " ".join(words) + "."


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        yield index


def texts(index: Index) -> dict[str, list[str]]:
    """Texts of the passages of each document, in order."""
    found: dict[str, list[str]] = {}
    for entry in index.listing():
        passages = index._catalogue._connection.execute(
            "SELECT p.text FROM passages p JOIN documents d ON d.number = p.document "
            "WHERE d.id = ? ORDER BY start",
            (entry.document_id,),
        )
        found[entry.document_id] = [text for (text,) in passages]
    return found


def test_a_sync_names_what_it_did_to_each_document(index: Index, library: Path) -> None:
    for n in range(4):
        (library / f"{n}.txt").write_text(paragraph(n), encoding="utf-8")
    index.sync()
    (library / "0.txt").write_text(paragraph(9), encoding="utf-8")
    (library / "1.txt").rename(library / "z.txt")
    (library / "2.txt").unlink()
    (library / "4.txt").write_text(paragraph(4), encoding="utf-8")
    changes = index.sync()
    assert changes.documents == (
        Change("changed", "0.txt"),
        Change("removed", "2.txt"),
        Change("added", "4.txt"),
        Change("renamed", "z.txt", was="1.txt"),
    )
    assert str(changes) == "1 added, 1 changed, 1 renamed, 1 removed, 1 unchanged"
    assert index.sync().documents == ()


def test_a_first_sync_adds_and_a_second_finds_nothing_to_do(
    index: Index, library: Path, encoder: WordEncoder
) -> None:
    for n in range(3):
        (library / f"{n}.txt").write_text(paragraph(n), encoding="utf-8")
    assert str(index.sync()) == "3 added"
    assert len(encoder.encoded) == 3
    assert str(index.sync()) == "3 unchanged"
    assert len(encoder.encoded) == 3


def test_a_text_that_stands_twice_is_embedded_once(
    index: Index, library: Path, encoder: WordEncoder
) -> None:
    for n in range(3):
        (library / f"{n}.txt").write_text(paragraph(1), encoding="utf-8")
    index.sync()
    assert len(encoder.encoded) == 1
    assert len(index) == 3


@pytest.mark.parametrize("new", ["b.txt", "north/a.txt", "a.md"])
def test_a_rename_embeds_nothing_and_keeps_ids(
    index: Index, library: Path, encoder: WordEncoder, new: str
) -> None:
    (library / "a.txt").write_text("\n\n".join(map(paragraph, range(4))), encoding="utf-8")
    index.sync()
    before = {hit.passage.text: hit.passage.id for hit in index.search("mill", k=9)}
    encoder.encoded.clear()
    (library / new).parent.mkdir(exist_ok=True)
    (library / "a.txt").rename(library / new)
    changes = index.sync()
    assert (changes.renamed, changes.added, changes.removed) == (1, 0, 0)
    assert encoder.encoded == []
    hits = index.search("mill", k=9)
    assert {hit.passage.text: hit.passage.id for hit in hits} == before
    assert {hit.passage.document_id for hit in hits} == {new}


def test_swapped_names_embed_nothing(index: Index, library: Path, encoder: WordEncoder) -> None:
    for name, n in (("a", 1), ("b", 2)):
        (library / f"{name}.txt").write_text(paragraph(n), encoding="utf-8")
    index.sync()
    encoder.encoded.clear()
    time.sleep(0.02)  # a tick of the file system's clock
    (library / "a.txt").rename(library / "c")
    (library / "b.txt").rename(library / "a.txt")
    (library / "c").rename(library / "b.txt")
    assert index.sync().changed == 2
    assert encoder.encoded == []
    assert texts(index) == {"a.txt": [paragraph(2)], "b.txt": [paragraph(1)]}


def test_an_edited_paragraph_embeds_only_passages_that_differ(
    index: Index, library: Path, encoder: WordEncoder
) -> None:
    paragraphs = [paragraph(n) for n in range(40)]
    (library / "a.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    index.sync()
    before = set(texts(index)["a.txt"])
    encoder.encoded.clear()
    paragraphs[20] = paragraph(99)
    (library / "a.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    assert index.sync().changed == 1
    assert set(encoder.encoded) == set(texts(index)["a.txt"]) - before
    assert 1 <= len(encoder.encoded) <= 3


def test_an_undo_embeds_nothing(index: Index, library: Path, encoder: WordEncoder) -> None:
    path = library / "a.txt"
    for n in (1, 2):
        path.write_text(paragraph(n), encoding="utf-8")
        os.utime(path, ns=(n, n))
        index.sync()
    encoder.encoded.clear()
    path.write_text(paragraph(1), encoding="utf-8")
    assert index.sync().changed == 1
    assert encoder.encoded == []


def test_a_touched_file_is_unchanged(index: Index, library: Path) -> None:
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    index.sync()
    sequence = index.status().sequence
    os.utime(library / "a.txt", ns=(5, 5))
    assert str(index.sync()) == "1 unchanged"
    assert index.status().sequence == sequence


def test_files_are_read_again_once_where_they_give_other_documents_than_before(
    index: Index, library: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        (library / f"{n}.txt").write_text(f"{paragraph(n)}\n\n{paragraph(9)}", encoding="utf-8")
    (library / "bad.txt").write_bytes(b"\0")
    index.sync()
    assert len(texts(index)["0.txt"]) == 2
    monkeypatch.setattr(writer, "READING", writer.READING + 1)
    monkeypatch.setattr(writer, "split", lambda document: [Span(0, 20)])
    (library / "0.txt").rename(library / "z.txt")
    time.sleep(3 * TICK / 1e9)  # else a look at the files is none to rely on
    encoder.encoded.clear()
    changes = index.sync()
    assert (changes.renamed, changes.unchanged, len(changes.skipped)) == (1, 2, 1)
    assert all(
        texts(index)[name] == [paragraph(n)[:20]] for n, name in ((0, "z.txt"), (1, "1.txt"))
    )
    assert len(encoder.encoded) == 3
    told: list[str] = []
    index.sync(progress=lambda _done, _of, what: told.append(what))
    assert not any("reading" in each for each in told)


def test_a_file_out_of_reach_when_all_are_read_again_is_so_once_it_can_be(
    index: Index, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        (library / f"{n}.txt").write_text(paragraph(n), encoding="utf-8")
    index.sync()
    monkeypatch.setattr(writer, "READING", writer.READING + 1)
    monkeypatch.setattr(writer, "split", lambda document: [Span(0, 20)])
    time.sleep(3 * TICK / 1e9)  # else a look at the files is none to rely on
    with monkeypatch.context() as locked:
        locked.setattr(writer, "load", _all_but("1.txt"))
        assert [each.document_id for each in index.sync().skipped] == ["1.txt"]
    assert texts(index) == {"0.txt": [paragraph(0)[:20]], "1.txt": [paragraph(1)]}
    assert str(index.sync()) == "2 unchanged"
    assert texts(index)["1.txt"] == [paragraph(1)[:20]]


def _all_but(name: str) -> Callable[..., Document]:
    """What loads all files but one, which another program keeps locked."""

    def loaded(path: Path, **options: Any) -> Document:
        if path.name == name:
            raise UnreachableFile("locked")
        return load(path, **options)

    return loaded


def test_a_bad_file_stops_nothing_and_is_reported(index: Index, library: Path) -> None:
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    (library / "b.txt").write_bytes(b"\0binary")
    (library / "c.xyz").write_text("?", encoding="utf-8")
    (library / "d.txt").write_text("", encoding="utf-8")
    changes = index.sync()
    assert changes.added == 1
    assert changes.skipped == (
        Skipped("b.txt", "binary (a zero byte at 0), not text"),
        Skipped("c.xyz", "no reader for '.xyz' files"),
        Skipped("d.txt", "empty: it holds no text"),
    )


def test_a_rejected_file_is_read_again_only_when_it_changed(
    index: Index, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import document, writer  # noqa: PLC0415  # what it reads is counted here

    read: list[str] = []

    def load(path: Path, *, folder: Path, parser: Parser) -> Document:
        read.append(path.name)
        return document.load(path, folder=folder, parser=parser)

    monkeypatch.setattr(writer, "load", load)
    (library / "a.txt").write_bytes(b"\0")
    time.sleep(2 * TICK / 1e9)
    for _ in range(3):
        assert [each.document_id for each in index.sync().skipped] == ["a.txt"]
    assert read == ["a.txt"]
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    assert str(index.sync()) == "1 added"
    assert read == ["a.txt"] * 2


def test_a_file_that_became_unreadable_is_taken_out_and_reported(
    index: Index, library: Path
) -> None:
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    index.sync()
    (library / "a.txt").write_bytes(b"\0now binary")
    for n_removed in (1, 0):
        changes = index.sync()
        assert changes.removed == n_removed
        assert changes.skipped == (Skipped("a.txt", "binary (a zero byte at 0), not text"),)
        assert index.search("mill") == []
    assert index.listing() == []


def test_a_file_that_may_not_be_opened_just_now_stays_and_is_reported(
    index: Index, library: Path, tmp_path: Path, as_nobody: Callable[[], None]
) -> None:
    (library / "north").mkdir()
    for name in ("a.txt", "north/b.txt"):
        (library / name).write_text(paragraph(len(name)), encoding="utf-8")
    index.sync()
    before = texts(index)
    (library / "a.txt").chmod(0)
    (library / "north").chmod(0)
    for path in (library, *(each for each in tmp_path.rglob("index*"))):
        os.chown(path, 65534, 65534)
    for path in (tmp_path / "index").rglob("*"):
        os.chown(path, 65534, 65534)
    as_nobody()
    changes = index.sync()
    assert changes.skipped == (
        Skipped("a.txt", "cannot be read (Permission denied)"),
        Skipped("north/", "cannot be read (Permission denied)"),
    )
    assert not changes.any
    assert texts(index) == before


def test_a_folder_that_vanished_leaves_the_index_as_it_was(index: Index, library: Path) -> None:
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    index.sync()
    library.rename(library.with_name("elsewhere"))
    with pytest.raises(FolderUnusable, match="is gone"):
        index.sync()
    assert len(index.search("mill")) == 1


def test_progress_is_told_what_is_read_and_encoded(index: Index, library: Path) -> None:
    for n in range(3):
        (library / f"{n}.txt").write_text(paragraph(n), encoding="utf-8")
    told: list[tuple[int, int, str]] = []
    index.sync(progress=lambda done, total, what: told.append((done, total, what)))
    assert told[:3] == [(0, 3, "reading 0.txt"), (1, 3, "reading 1.txt"), (2, 3, "reading 2.txt")]
    assert told[-1] == (3, 3, "encoding passages")


class FailingEncoder(WordEncoder):
    """Fails at some call, as a machine that runs out of memory does."""

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Rows of some texts, or the failure."""
        if len(self.encoded) >= 256:
            raise MemoryError
        return super().encode_passages(texts)


def test_a_sync_that_fails_leaves_documents_as_they_were_and_keeps_its_vectors(
    library: Path, tmp_path: Path
) -> None:
    (library / "a.txt").write_text(paragraph(1000), encoding="utf-8")
    failing = FailingEncoder()
    with Index.create(tmp_path / "index", documents=library, encoder=failing) as index:
        index.sync()
        (library / "a.txt").write_text(paragraph(1001), encoding="utf-8")
        (library / "b.txt").write_text("\n\n".join(map(paragraph, range(400))), encoding="utf-8")
        with pytest.raises(MemoryError):
            index.sync()
        assert texts(index) == {"a.txt": [paragraph(1000)]}
        assert len(index.search("mill")) == 1
    healthy = WordEncoder()
    with Index.open(tmp_path / "index", encoder=healthy) as index:
        assert index.sync().added == 1
        assert len(healthy.encoded) == len(index) - 256 - 0
        assert index.sync().unchanged == 2


def test_the_lock_is_given_back_when_a_sync_fails(index: Index, library: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        index.sync(progress=stop)
    assert index.sync().added == 1


def test_a_second_process_is_told_that_the_index_is_busy(
    index: Index, library: Path, tmp_path: Path
) -> None:
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    index.sync()
    code = (
        "import sys; from pathlib import Path; from index.writer import WriterLock\n"
        "with WriterLock(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "index")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        holder = rf"Process {other.pid} \(-c .*, since .*\) is writing the index"
        with pytest.raises(IndexBusy, match=holder):
            index.sync()
        assert len(index.search("mill")) == 1
        (tmp_path / "index" / "writer.json").write_text('{"process": ', encoding="utf-8")
        with pytest.raises(IndexBusy, match="Another process is writing the index"):
            index.sync()
        other.communicate()
    assert str(index.sync()) == "1 unchanged"


def test_a_writer_waits_for_a_process_that_holds_the_lock_for_a_moment(
    index: Index, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SECONDS_TO_WAIT", 60)  # however busy the machine is
    (library / "a.txt").write_text(paragraph(1), encoding="utf-8")
    code = (
        "import sys, time; from pathlib import Path; from index.writer import WriterLock\n"
        "with WriterLock(Path(sys.argv[1])).at_once():\n"
        "    print('held', flush=True); time.sleep(0.5)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "index")], cwd=ROOT, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert str(index.sync()) == "1 added"


def test_threads_of_one_process_wait_for_each_other(tmp_path: Path) -> None:
    lock, entered, order = WriterLock(tmp_path), Event(), []

    def second() -> None:
        entered.set()
        with lock:
            order.append("second")

    with lock:
        thread = Thread(target=second)
        thread.start()
        entered.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_who_will_not_wait_is_told_at_once(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    failures: list[IndexBusy] = []

    def second() -> None:
        try:
            with lock.at_once():
                pass
        except IndexBusy as error:
            failures.append(error)

    with lock:
        thread = Thread(target=second)
        thread.start()
        thread.join()
    assert len(failures) == 1
    with lock.at_once():
        pass


def test_a_paragraph_of_these_tests_is_one_passage() -> None:
    assert all(300 < len(paragraph(n)) <= MAX_CHARACTERS for n in range(100))
