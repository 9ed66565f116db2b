"""The laws of the index, each over random histories of a folder (in CI at least 500 of them)."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from conftest import WordEncoder
from hypothesis import example, given
from hypothesis import strategies as st

from index import dense
from index.catalogue import Catalogue
from index.search import Hit, Index
from index.writer import Writer

SHARED = Path("/dev/shm")
NAMES = ["a.txt", "b.txt", "c.md", "north/a.txt", "north/b.txt"]
WORDS = ["mill", "mills", "ferry", "river", "flood", "1742", "barley", "wheel", "café"]
QUESTIONS = ["Where is the mill?", "ferry river 1742", "barley flood wheel café", "zebra"]
PARAGRAPHS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=6).map(lambda some: ".\n\n".join(some) + ".")

Step = tuple[str, str, str]


def steps(names: list[str]) -> st.SearchStrategy[Step]:
    """One change of a folder, a sync of it, or a new start of the program."""
    name = st.sampled_from(names)
    return st.one_of(
        st.tuples(st.just("write"), name, TEXTS),
        st.tuples(st.just("edit"), name, PARAGRAPHS),
        st.tuples(st.sampled_from(["spoil", "remove", "touch"]), name, st.just("")),
        st.tuples(st.sampled_from(["rename", "copy", "swap"]), name, name),
        st.tuples(st.sampled_from(["sync", "reopen"]), st.just(""), st.just("")),
    )


def histories(names: list[str] = NAMES) -> st.SearchStrategy[list[Step]]:
    return st.lists(steps(names), max_size=14)


@contextmanager
def places() -> Iterator[tuple[Path, Path]]:
    """A documents folder and a place for indexes, in memory where there is such."""
    with tempfile.TemporaryDirectory(dir=SHARED if SHARED.is_dir() else None) as place:
        library = Path(place) / "library"
        (library / "north").mkdir(parents=True)
        yield library, Path(place)


def take(step: Step, library: Path) -> None:
    """Change a folder; what needs a file that is not there changes nothing."""
    what, name, other = step
    path = library / name
    if what == "write":
        path.write_text(other, encoding="utf-8")
    elif path.is_file():
        CHANGES[what](path, other, library / other)


def edit(path: Path, paragraph: str, _: Path) -> None:
    """Put a paragraph in the place of the middle one."""
    paragraphs = path.read_bytes().decode().split("\n\n")
    paragraphs[len(paragraphs) // 2] = paragraph
    path.write_text("\n\n".join(paragraphs), encoding="utf-8")


def swap(path: Path, _: str, other: Path) -> None:
    if path != other and other.is_file():
        between = path.with_name("between")
        path.rename(between)
        other.rename(path)
        between.rename(other)


def copy(path: Path, _: str, other: Path) -> None:
    if path != other:
        shutil.copyfile(path, other)


CHANGES = {
    "edit": edit,
    "spoil": lambda path, _, __: path.write_bytes(b"\0"),
    "remove": lambda path, _, __: path.unlink(),
    "touch": lambda path, _, __: path.touch(),
    "rename": lambda path, _, other: path.rename(other),
    "copy": copy,
    "swap": swap,
}


def content(index: Index) -> dict[str, object]:
    """Documents, passages by place, and their vectors; not the ids, which tell of the history."""
    catalogue = index._catalogue
    documents = {entry.document_id: index.document(entry.document_id) for entry in index.listing()}
    stored = [each for name in documents for each in catalogue.stored(name)]
    passages = {
        (each.passage.document_id, each.passage.start): (
            *(each.passage.end, each.passage.text, each.passage.page, each.passage.place),
            *(each.heading, each.vector),
        )
        for each in stored
    }
    assert len(passages) == len(stored)
    return {"documents": documents, "passages": passages}


def answers(index: Index) -> list[list[tuple[object, ...]]]:
    """What some questions find, but for ids and the last digits of scores."""
    return [[shown(hit) for hit in index.search(question, k=50)] for question in QUESTIONS]


def shown(hit: Hit) -> tuple[object, ...]:
    return (
        *(hit.passage.document_id, hit.passage.start, hit.passage.text),
        *(round(hit.score, 5), round(hit.cosine, 5), round(hit.bm25, 4)),
    )


def check_nearest(index: Index) -> None:
    """Each vector's nearest passage is its own, but for what 16 bits a number round."""
    ids = [each for each, *_ in index._catalogue.all_words()]
    assert len(index._dense) == len(index._lexical) == len(ids)
    for each, vector in zip(ids, index._catalogue.vectors(ids), strict=True):
        found = dict(index._dense.search(vector, k=len(ids)))
        assert found.keys() == set(ids)
        assert found[each] == pytest.approx(max(found.values()), abs=1e-3)


def check_cover(index: Index) -> None:
    """Every word of every document stands in exactly one of its passages, where it says."""
    for entry in index.listing():
        document = index.document(entry.document_id)
        assert document is not None
        left = list(document.text)
        for passage, *_ in index._catalogue.stored(entry.document_id):
            assert "".join(left[passage.start : passage.end]) == passage.text
            left[passage.start : passage.end] = " " * len(passage.text)
        assert not "".join(left).strip()


@pytest.mark.parametrize("exact_up_to", [dense.EXACT_UP_TO, 3], ids=["exact", "clustered"])
@given(history=histories())
@example(history=[("write", "a.txt", "mill mill mill."), ("write", "b.txt", "mill.\n\nmill mill.")])
@example(
    history=[
        *(("write", "c.md", "mill."), ("sync", "", "")),
        *(("write", "a.txt", "mill mill."), ("write", "b.txt", "mill.")),
    ]
)
def test_after_any_history_an_index_equals_a_clean_one(
    exact_up_to: int, history: list[Step]
) -> None:
    with places() as (library, place), pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "EXACT_UP_TO", exact_up_to)
        index = Index.create(place / "index", documents=library, encoder=WordEncoder())
        for step in [*history, ("sync", "", "")]:
            if step[0] == "sync":
                index.sync()
            elif step[0] == "reopen":
                index.close()
                index = Index.open(place / "index", encoder=WordEncoder())
            else:
                take(step, library)
        clean = Index.create(place / "clean", documents=library, encoder=WordEncoder())
        with index, clean:
            clean.sync()
            assert content(index) == content(clean)
            assert answers(index) == answers(clean)
            check_nearest(index)
            check_cover(index)


@given(history=histories(["a.txt", "b.txt", "north/a.txt"]))
def test_a_sync_embeds_each_text_that_never_stood_there_once_and_no_other(
    history: list[Step],
) -> None:
    """So a rename, a copy, a swap, a touch and an undo embed nothing."""
    encoder = WordEncoder()
    with (
        places() as (library, place),
        closing(Catalogue.create(place, meta={"encoder": "words@1"})) as catalogue,
    ):
        writer = Writer(catalogue, encoder, lambda *_: None)
        embedded: set[str] = set()
        for step in [*history, ("sync", "", "")]:
            if step[0] not in ("sync", "reopen"):
                take(step, library)
                continue
            encoder.encoded.clear()
            writer.follow(library, leave_out=place / "index")
            texts = {text for *_, text in catalogue.all_words()}
            assert sorted(encoder.encoded) == sorted(texts - embedded)
            embedded |= texts


@given(first=histories(), second=histories())
def test_a_reader_keeps_its_state_while_a_build_goes_on(
    first: list[Step], second: list[Step]
) -> None:
    with places() as (library, place):
        index = Index.create(place / "index", documents=library, encoder=WordEncoder())
        reader = Index.open(place / "index", encoder=WordEncoder())
        seen: list[object] = []
        with index, reader:
            for history in (first, second):
                before = answers(reader)
                for step in history:
                    if step[0] not in ("sync", "reopen"):
                        take(step, library)
                index.sync(progress=lambda *_: seen.append(answers(reader)))
                assert all(each == before for each in seen)
                assert answers(reader) == answers(index)
                seen.clear()
