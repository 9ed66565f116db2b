"""Tests of index.scope: only the documents that were asked for are searched."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import WordEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.document import Document
from index.scope import ANYWHERE, Scope
from index.search import Index

DAY = 86_400 * 10**9
ROWS = [
    (1, "reports/2024/mill.pdf", "pdf", 2 * DAY),
    (2, "reports/ferry.txt", "txt", 3 * DAY),
    (3, "notes/mill.txt", "txt", 4 * DAY),
    (4, "mill.md", "md", 5 * DAY),
]


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [
        (ANYWHERE, [1, 2, 3, 4]),
        (Scope(within=("reports/**",)), [1, 2]),
        (Scope(within=("reports/*.txt",)), [2]),
        (Scope(within=("notes/", "*.md")), [3, 4]),
        (Scope(within=("*", "!reports/")), [3, 4]),
        (Scope(within=("elsewhere/",)), []),
        (Scope(within=("!reports/",)), [3, 4]),
        (Scope(within=("!mill.*", "!notes/")), [2]),
        (Scope(within=("./mill.md",)), [4]),
        (Scope(within=("./mill.*",)), [4]),
        (Scope(within=("!./mill.*",)), [1, 2, 3]),
        (Scope(within=(".",)), [1, 2, 3, 4]),
        (Scope(within=("./", "!./reports/2024/")), [2, 3, 4]),
        (Scope(within=("[[:alpha:]]*.[[:lower:]][[:lower:]]",)), [4]),
        (Scope(formats=("txt", "md")), [2, 3, 4]),
        (Scope(since=date(1970, 1, 4)), [2, 3, 4]),
        (Scope(since=date(1970, 1, 5), formats=("txt",)), [3]),
        (Scope(within=("*mill*",), formats=("txt",), since=date(1970, 1, 6)), []),
    ],
)
def test_a_document_is_admitted_by_every_condition(scope: Scope, numbers: list[int]) -> None:
    assert scope.chosen(ROWS) == numbers
    assert bool(scope) == (scope != ANYWHERE)


def test_what_is_no_condition_is_said() -> None:
    for patterns in (("!",), ("[",), ("#a",), ("notes/", "[z-a]")):
        with pytest.raises(ValueError, match="is no pattern"):
            Scope(within=patterns)
    for patterns in (("",), ("notes/", " ")):
        with pytest.raises(ValueError, match="A pattern is empty"):
            Scope(within=patterns)


def test_a_scope_says_what_it_is() -> None:
    assert str(Scope(("a/", "b/"), ("pdf",), date(2025, 1, 2))) == (
        "in a/, b/, of format pdf, written since 2025-01-02"
    )
    assert str(Scope(("!a/", "!b.md"))) == "other than a/, b.md"
    assert str(Scope(("!a/", "*.md"))) == "in !a/, *.md"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("doc", "No format 'doc' is read. Did you mean docx?"),
        ("PDF", "No format 'PDF' is read. Did you mean pdf?"),
        ("pages", "No format 'pages' is read. Name one as files end: pdf, docx, md."),
        ("", "The name of a format is empty. Name one, such as pdf."),
    ],
)
def test_a_format_that_is_none_is_told_with_those_that_are_near(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Scope(formats=("txt", name))


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        for number in range(12):
            path = library / f"{'even' if number % 2 == 0 else 'odd'}" / f"{number}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"Mill number {number} grinds{' barley' * number}.", encoding="utf-8")
            os.utime(path, (number * 86_400, number * 86_400))
        index.sync()
        yield index


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # it only searches
@given(folder=st.sampled_from(["even/", "odd/"]), day=st.integers(1, 13), k=st.integers(1, 9))
def test_a_search_in_a_scope_is_the_ranking_without_the_others(
    index: Index, folder: str, day: int, k: int
) -> None:
    scope = Scope(within=(folder,), since=date(1970, 1, day))
    everything = index.search("Which mill grinds barley?", k=99)
    wanted = [
        hit.passage
        for hit in everything
        if hit.passage.document_id.startswith(folder)
        and int(Path(hit.passage.document_id).stem) >= day - 1
    ]
    if not wanted:
        with pytest.raises(ValueError, match="No document is in"):
            index.search("Which mill grinds barley?", k=k, scope=scope)
        return
    found = index.search("Which mill grinds barley?", k=k, scope=scope)
    assert [hit.passage for hit in found] == wanted[:k]


def test_an_exact_term_of_another_document_does_not_come_in(index: Index, library: Path) -> None:
    (library / "odd" / "code.txt").write_text("Fault E-4711 stops the mill.", encoding="utf-8")
    index.sync()
    assert index.search("What is E-4711?", k=1)[0].passage.document_id == "odd/code.txt"
    found = index.search("What is E-4711?", k=50, scope=Scope(within=("even/",)))
    assert {hit.passage.document_id.split("/")[0] for hit in found} == {"even"}


def test_a_renamed_document_is_found_where_it_is_now(index: Index, library: Path) -> None:
    (library / "odd" / "3.txt").rename(library / "even" / "3.md")
    index.sync()
    found = index.search("Mill number 3", k=50, scope=Scope(formats=("md",)))
    assert [hit.passage.document_id for hit in found] == ["even/3.md"]


def test_a_document_without_a_file_counts_from_when_it_came(index: Index) -> None:
    index.insert(Document("made.txt", "0" * 64, "Made", "A mill made by hand."))
    today = datetime.now(UTC).date()
    found = index.search("mill", scope=Scope(since=today))
    assert [hit.passage.document_id for hit in found] == ["made.txt"]


def test_nothing_is_asked_of_an_empty_index(library: Path, tmp_path: Path) -> None:
    with Index.create(tmp_path / "none", documents=library, encoder=WordEncoder()) as empty:
        assert empty.search("mill", scope=Scope(formats=("pdf",))) == []
