"""Tests of index.search: an index equals its folder, whatever happened, and shows all at once."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from conftest import SEEDS, WordEncoder
from openpyxl import Workbook

from index import search
from index.document import Document
from index.encoder import OnnxEncoder
from index.errors import DamagedIndex, FolderUnusable, IndexMissing, StaleIndex
from index.search import MAX_K, Hit, Index

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ["Where is the mill?", "ferry river 1742", "barley flood wheel café", "zebra"]


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        yield index


@pytest.fixture
def mills(library: Path, index: Index) -> Index:
    """An index of three documents."""
    for name, text in {
        "a.txt": "The mill was built in 1742.",
        "b.txt": "A flood broke the wheel of the mill.",
        "c.txt": "The ferry leaves every forty minutes.",
    }.items():
        (library / name).write_text(text, encoding="utf-8")
    index.sync()
    return index


def answers(index: Index) -> list[list[tuple[object, ...]]]:
    """What some questions find, but for ids and the last digits of scores."""
    return [
        [
            (
                *(hit.passage.document_id, hit.passage.start, hit.passage.text),
                *(round(hit.score, 5), round(hit.cosine, 5), round(hit.bm25, 4)),
            )
            for hit in index.search(question, k=50)
        ]
        for question in QUESTIONS
    ]


def check_views(index: Index) -> None:
    """Both views hold what the catalogue holds, and a vector's nearest passage is its own."""
    ids = [each for each, *_ in index._catalogue.all_words()]
    assert len(index._dense) == len(index._lexical) == len(ids)
    vectors = index._catalogue.vectors(ids)
    for each, vector in zip(ids, vectors, strict=True):
        nearest = index._dense.search(vector, k=len(ids))
        assert dict(nearest)[each] == pytest.approx(nearest[0][1], abs=1e-4)


def test_a_search_gives_its_passages_best_first(mills: Index) -> None:
    hits = mills.search("Which mill was built?", k=3)
    assert hits[0].passage.text == "The mill was built in 1742."
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(mills.search("mill", k=1)) == 1
    assert hits[0].bm25 > 0 == hits[-1].bm25
    assert hits[0].cosine == max(hit.cosine for hit in hits)


def test_a_new_title_is_searched_in_place_of_the_old_and_embeds_nothing(
    index: Index, library: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    for title in ("Harbour", "Quarry"):
        page = f"<title>{title}</title><p>The ferry leaves.</p><p>The flood came.</p>"
        (library / "a.html").write_text(page, encoding="utf-8")
        index.sync()
    assert len(encoder.encoded) == len(set(encoder.encoded))
    assert index.search("quarry")[0].bm25 > 0
    assert index.search("harbour")[0].bm25 == 0
    with Index.create(tmp_path / "clean", documents=library, encoder=encoder) as clean:
        clean.sync()
        kept, wanted = (
            sorted(row[2:] for row in each._catalogue.all_words()) for each in (index, clean)
        )
        assert kept == wanted
        assert index.search("quarry")[0].bm25 == pytest.approx(clean.search("quarry")[0].bm25)


def test_a_title_that_is_only_a_files_name_is_no_heading(index: Index, library: Path) -> None:
    (library / "quarry.txt").write_text("The ferry leaves.", encoding="utf-8")
    index.sync()
    assert index.search("quarry")[0].bm25 == 0


def test_a_question_that_names_a_sheet_or_a_list_finds_its_rows(
    index: Index, library: Path
) -> None:
    book = Workbook()
    for sheet in ("Winter", "Summer"):
        rows = book.create_sheet(sheet)
        rows.append(["Port", "Fee"])
        rows.append(["Skarn", "6 euros"])
    book.remove(book.worksheets[0])
    book.save(library / "fees.xlsx")
    ships = {"tugs": [{"name": "Holm"}], "ferries": [{"name": "Holm"}]}
    (library / "ships.json").write_text(json.dumps(ships), encoding="utf-8")
    index.sync()
    best = {
        name: index.search(question)[0].passage.place
        for name, question in {
            "sheet": "What is the fee at Skarn in summer?",
            "list": "What is the name of the ferry?",
        }.items()
    }
    assert best == {"sheet": "sheet Summer, row 2", "list": "ferries › 1"}
    assert index.unknown_words(["summer", "ferry", "autumn"]) == ("autumn",)


def test_rows_that_move_keep_their_passages(index: Index, library: Path) -> None:
    (library / "a.json").write_text('{"ports": [{"n": "Holm"}]}', encoding="utf-8")
    index.sync()
    before = index.search("Holm")[0].passage
    (library / "a.json").write_text('{"ports": [{"n": "Skarn"}, {"n": "Holm"}]}', "utf-8")
    index.sync()
    after = index.search("Holm")[0].passage
    assert (before.id, before.place) == (after.id, "ports › 1")
    assert after.place == "ports › 2"


def test_the_best_of_many_are_the_best_of_all(index: Index, library: Path) -> None:
    for n in range(30):
        (library / f"{n:02}.txt").write_text(f"The mill {n % 7} of a river.", encoding="utf-8")
    index.sync()
    every = index.search("mill 3 river", k=30)
    for k in (1, 4, 5, 29):
        assert index.search("mill 3 river", k=k) == every[:k]


def test_a_passage_that_is_near_by_its_vector_has_its_score_by_words_too(
    index: Index, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though four others are found before it by words."""
    (library / "near.txt").write_text("A mill.", encoding="utf-8")
    for n in range(4):
        text = f"Beside the mill {n} lay a ferry, " + "and much else was there to see. " * 9
        (library / f"{n}.txt").write_text(text, encoding="utf-8")
    index.sync()
    every = {hit.passage.document_id: hit for hit in index.search("Mill or ferry?", k=9)}
    assert len(every) == 5
    assert every["near.txt"].cosine > every["0.txt"].cosine
    assert every["near.txt"].bm25 < every["0.txt"].bm25
    monkeypatch.setattr(search, "CANDIDATES", 1)
    (best,) = index.search("Mill or ferry?", k=1)
    assert best == every["near.txt"]
    monkeypatch.setattr(search, "WORDED", 1)  # then it is not among those that words find
    (best,) = index.search("Mill or ferry?", k=1)
    assert (best.passage, best.bm25) == (every["near.txt"].passage, every["0.txt"].bm25)


def test_a_misspelled_word_is_what_was_meant_for_the_vectors_too(mills: Index) -> None:
    (right, *_), (slip, *_) = mills.search("forty ferry"), mills.search("fotry fery")
    assert slip.passage == right.passage
    assert 0.5 < slip.cosine / right.cosine < 1.0


def test_ties_are_in_the_order_of_passages(index: Index, library: Path) -> None:
    for name in ("c.txt", "a.txt", "b.txt"):
        (library / name).write_text("The same words.", encoding="utf-8")
        index.sync()
    found = [hit.passage.document_id for hit in index.search("same words")]
    assert found == ["a.txt", "b.txt", "c.txt"]


def test_the_same_question_finds_the_same(mills: Index) -> None:
    assert mills.search("the mill") == mills.search("the mill")


@pytest.mark.parametrize("question", ["", " ", "\n"])
def test_an_empty_question_is_refused(mills: Index, question: str) -> None:
    with pytest.raises(ValueError, match="The question is empty"):
        mills.search(question)


def test_fewer_than_one_hit_cannot_be_asked_for(mills: Index) -> None:
    with pytest.raises(ValueError, match="k is 0"):
        mills.search("mill", k=0)


def test_more_hits_than_passages_may_be_asked_for(mills: Index) -> None:
    assert len(mills.search("mill", k=MAX_K)) == 3


def test_an_empty_index_finds_nothing(index: Index) -> None:
    assert index.search("mill") == []
    assert len(index) == 0
    assert index.listing() == []
    assert str(index.sync()) == "no documents"


def test_a_passage_of_a_hit_stands_in_its_document(mills: Index) -> None:
    for hit in mills.search("mill", k=9):
        document = mills.document(hit.passage.document_id)
        assert document is not None
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert document.title == hit.document_title


def test_a_hit_round_trips_through_json(mills: Index) -> None:
    for hit in mills.search("mill", k=9):
        assert Hit.from_dict(json.loads(json.dumps(hit.to_dict()))) == hit


def test_words_of_no_document_are_named(mills: Index) -> None:
    assert mills.unknown_words(["zebra", "mills"]) == ("zebra",)


def test_status_says_what_the_index_is(mills: Index, library: Path, tmp_path: Path) -> None:
    status = mills.status().to_dict()
    assert status["folder"] == str(tmp_path / "index")
    assert status["documents"] == str(library)
    assert (status["n_documents"], status["n_passages"], status["sequence"]) == (3, 3, 3)
    assert status["encoder"] == "words@1"
    assert status["n_bytes"] > 10_000
    json.dumps(status)


# Where it lies


def test_no_index_is_missing(tmp_path: Path, encoder: WordEncoder) -> None:
    with pytest.raises(IndexMissing, match=f"No index in '{tmp_path / 'none'}'"):
        Index.open(tmp_path / "none", encoder=encoder)
    assert not (tmp_path / "none").exists()


def test_a_folder_of_indexes_names_those_that_it_holds(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    folder = tmp_path / ".quoth"
    for name in ("notes", "reports"):
        Index.create(folder / name, encoder=encoder).close()
    (folder / "empty").mkdir()
    (folder / "file").write_text("one", encoding="utf-8")
    below = f"below it there is '{folder / 'notes'}', '{folder / 'reports'}'. Name one of these"
    with pytest.raises(IndexMissing, match=f"No index in '{folder}' itself; {below}"):
        Index.open(folder, encoder=encoder)
    for name in "abcdef":
        Index.create(folder / name, encoder=encoder).close()
    with pytest.raises(IndexMissing, match="e' and 3 more"):
        Index.open(folder, encoder=encoder)


def test_an_index_of_another_encoder_is_stale(mills: Index) -> None:
    other = WordEncoder(fingerprint="others@2")
    with pytest.raises(StaleIndex, match=r"built with words@1, not others@2"):
        Index.open(mills.folder, encoder=other)


def test_an_index_of_garbage_is_damaged(mills: Index, encoder: WordEncoder) -> None:
    mills.close()
    (mills.folder / "catalogue.sqlite").write_bytes(b"garbage" * 1000)
    with pytest.raises(DamagedIndex, match=r"catalogue\.sqlite' cannot be read"):
        Index.open(mills.folder, encoder=encoder)


def test_a_second_index_is_not_made_over_the_first(mills: Index, encoder: WordEncoder) -> None:
    with pytest.raises(ValueError, match="An index stands in"):
        Index.create(mills.folder, encoder=encoder)
    assert len(mills.search("mill", k=9)) == 3


def test_an_index_mirrors_one_folder(
    mills: Index, library: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    with Index.open_or_create(mills.folder, documents=library, encoder=encoder) as again:
        assert len(again) == 3
    with pytest.raises(ValueError, match=f"mirrors '{library}', not '{tmp_path}'"):
        Index.open_or_create(mills.folder, documents=tmp_path, encoder=encoder)


def test_documents_and_index_can_be_moved_together(
    mills: Index, tmp_path: Path, encoder: WordEncoder
) -> None:
    mills.close()
    (tmp_path / "elsewhere").mkdir()
    for name in ("library", "index"):
        shutil.move(tmp_path / name, tmp_path / "elsewhere" / name)
    encoder.encoded.clear()
    with Index.open(tmp_path / "elsewhere" / "index", encoder=encoder) as index:
        assert index.documents == tmp_path / "elsewhere" / "library"
        assert str(index.sync()) == "3 unchanged"
    assert encoder.encoded == []


def test_a_relative_folder_holds_when_the_working_folder_changes(
    library: Path, tmp_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "a.txt").write_text("The mill.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Index.create(Path("index"), documents=Path("library"), encoder=encoder) as index:
        monkeypatch.chdir(library)
        assert index.sync().added == 1


def test_an_index_inside_its_documents_is_not_a_document(
    library: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "a.txt").write_text("The mill.", encoding="utf-8")
    monkeypatch.chdir(library)
    with Index.create(Path("index"), documents=Path(), encoder=encoder) as index:
        changes = index.sync()
        assert (changes.added, changes.skipped) == (1, ())


@pytest.mark.parametrize("mode", [0o555, 0])
def test_a_folder_that_may_not_be_written_is_unusable(
    library: Path, encoder: WordEncoder, as_nobody: Callable[[], None], mode: int
) -> None:
    (library / "index").mkdir(mode=mode)
    as_nobody()
    with pytest.raises(FolderUnusable, match=r"Permission denied.*--index, or QUOTH_INDEX"):
        Index.create(library / "index", encoder=encoder)


def test_an_index_without_a_folder_takes_documents_and_cannot_sync(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    with Index.create(tmp_path / "index", encoder=encoder) as index:
        index.insert(Document("note", "0" * 64, "Note", "The mill stands."))
        assert index.documents is None
        assert [hit.passage.document_id for hit in index.search("mill")] == ["note"]
        with pytest.raises(ValueError, match="mirrors no folder"):
            index.sync()


# What is inserted


def test_inserted_documents_survive_a_sync_and_can_be_removed(mills: Index) -> None:
    mills.insert(Document("note", "0" * 64, "Note", "A zebra at the mill."))
    assert str(mills.sync()) == "3 unchanged"
    assert mills.search("zebra", k=1)[0].document_title == "Note"
    assert [entry.document_id for entry in mills.listing() if entry.inserted] == ["note"]
    assert mills.remove("note")
    assert not mills.remove("note")
    assert "zebra" in mills.unknown_words(["zebra"])
    assert str(mills.sync()) == "3 unchanged"


def test_an_inserted_document_replaces_one_of_its_id(mills: Index) -> None:
    for text in ("A zebra.", "An okapi."):
        mills.insert(Document("note", "0" * 64, "Note", text))
    assert mills.unknown_words(["zebra", "okapi"]) == ("zebra",)
    assert len(mills) == 4


def test_a_document_that_was_removed_from_the_index_alone_comes_back(mills: Index) -> None:
    assert mills.remove("a.txt")
    assert len(mills) == 2
    assert mills.sync().added == 1


# Views


# Others at the same time


def test_threads_search_one_index_while_it_syncs(index: Index, library: Path) -> None:
    """Every search sees a state that was committed: all documents say the same number."""
    stop, failures = Event(), []

    def search() -> None:
        while not stop.is_set():
            hits = index.search("count of the mill", k=9)
            said = {hit.passage.text for hit in hits}
            if len(said) > 1 or len(hits) not in (0, 4):
                failures.append(said)

    threads = [Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(6):
        for name in "abcd":
            (library / f"{name}.txt").write_text(f"The count is {n}.", encoding="utf-8")
            os.utime(library / f"{name}.txt", ns=(n, n))
        index.sync()
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    check_views(index)


def test_a_search_during_a_sync_sees_the_old_state(mills: Index, library: Path) -> None:
    seen: list[int] = []
    (library / "d.txt").write_text("Another mill.", encoding="utf-8")
    mills.sync(progress=lambda done, total, what: seen.append(len(mills.search("mill", k=9))))
    assert set(seen) == {3}
    assert len(mills.search("mill", k=9)) == 4


def test_the_shipped_encoder_finds_the_seeds_drones(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index", documents=SEEDS, encoder=OnnxEncoder()) as index:
        index.sync()
        hits = index.search("How many drones did Lavrov cite?", k=3)
        assert "91 drones" in hits[0].passage.text
        vectors = index._catalogue.vectors([hit.passage.id for hit in hits])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)
        check_views(index)


@pytest.mark.parametrize("k", [0, -1, MAX_K + 1])
def test_no_passages_or_too_many_cannot_be_asked_for(mills: Index, k: int) -> None:
    with pytest.raises(ValueError, match=f"k is {k}: ask for 1 to"):
        mills.search("mill", k=k)
