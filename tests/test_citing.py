"""Tests of ui.citing: a place that an answer names is shown where it stands, or as it was read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from conftest import WordEncoder
from test_render import HOSTILE, assert_harmless

from index.search import Hit, Index
from qa.answer import Answer, Citation, Turn
from ui.citing import cited_pane
from ui.view import View

MILL = "The mill was built in 1742. Its wheel is of oak."
FERRY = "The ferry sails at nine. It takes 40 cars."


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    (library / "mill.txt").write_text(MILL, encoding="utf-8")
    (library / "ferry.txt").write_text(FERRY, encoding="utf-8")
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        index.sync()
        yield index


def cited(index: Index, document_id: str, quote: str) -> Citation:
    document, hit = index.document(document_id), hit_of(index, document_id)
    assert document is not None
    start = document.text.index(quote)
    return Citation(
        document_id=document_id,
        document_title=document.title,
        digest=document.digest,
        start=start,
        end=start + len(quote),
        page=None,
        quote=quote,
        passage=hit.passage,
    )


def hit_of(index: Index, document_id: str) -> Hit:
    hits = index.search("mill ferry", k=9)
    return next(hit for hit in hits if hit.passage.document_id == document_id)


def turn(*citations: Citation, hits: tuple[Hit, ...] = ()) -> Turn:
    answer = Answer(
        question="What?",
        text=citations[0].quote if citations else None,
        citations=citations,
        confidence=0.9,
        reason=None if citations else "weak",
        hits=hits,
        understood_as="What?",
    )
    return Turn("What?", answer)


def pane(turns: list[Turn], place: str, index: Index) -> str:
    shown = cited_pane(turns, View(place=place), index)
    assert shown is not None
    assert_harmless(shown)
    return shown


def marked(markup: str) -> list[tuple[str, str]]:
    """Kind and words of each mark."""
    return re.findall(r"<mark [^>]*class='([\w-]+)[^>]*>(.*?)</mark>", markup)


def leads(markup: str) -> dict[str, str]:
    """Where "before" and "after" lead; without those that lead nowhere."""
    found = re.findall(r"value='([^']*)' data-go='(before|after)'([^>]*)>", markup)
    return {
        name: View.parse(unescape(value)).place
        for value, name, more in found
        if "disabled" not in more
    }


def test_each_citation_is_marked_and_leads_to_its_neighbours(index: Index) -> None:
    turns = [turn(cited(index, "mill.txt", "1742"), cited(index, "mill.txt", "oak"))]
    first, second = pane(turns, "1.c1", index), pane(turns, "1.c2", index)
    assert [words for _, words in marked(first)] == ["1742", "oak"]
    assert [words for kind, words in marked(first) if kind == "q-now"] == ["1742"]
    assert [words for kind, words in marked(second) if kind == "q-now"] == ["oak"]
    assert leads(first) == {"after": "1.c2"}
    assert leads(second) == {"before": "1.c1"}
    assert "Citation 2 of 2" in second


def test_quotes_of_another_document_are_not_marked(index: Index) -> None:
    turns = [turn(cited(index, "mill.txt", "1742"), cited(index, "ferry.txt", "40 cars"))]
    assert marked(pane(turns, "1.c1", index)) == [("q-now", "1742")]
    assert marked(pane(turns, "1.c2", index)) == [("q-now", "40 cars")]


def test_a_place_is_of_its_own_turn(index: Index) -> None:
    turns = [turn(cited(index, "mill.txt", "1742")), turn(cited(index, "ferry.txt", "nine"))]
    assert marked(pane(turns, "2.c1", index)) == [("q-now", "nine")]
    assert marked(pane(turns, "1.c1", index)) == [("q-now", "1742")]


def test_passages_of_a_refusal_can_be_read(index: Index) -> None:
    hits = (hit_of(index, "ferry.txt"), hit_of(index, "mill.txt"))
    shown = pane([turn(hits=hits)], "1.h2", index)
    assert marked(shown) == [("q-now", MILL.replace(".", "&#46;"))]
    assert "2 passages were read" in shown
    assert re.findall(r"data-go='([^']*)'[^>]*aria-current='true'", shown) == ["1&#46;h2"]
    assert leads(shown) == {"before": "1.h1"}


def test_the_place_of_a_guess_is_shown_and_not_called_a_citation(index: Index) -> None:
    guess = cited(index, "mill.txt", "1742")
    weak = turn(hits=(hit_of(index, "mill.txt"),)).answer
    shown = pane([Turn("What?", replace(weak, guess=guess))], "1.c1", index)
    assert marked(shown) == [("q-now", "1742")]
    assert "Guess" in shown
    assert "Citation" not in shown


@pytest.mark.parametrize(
    "place",
    [
        *("", "1", "1.", "1.c", "1.c0", "0.c1", "01.c1", "1.c2", "1.h2", "2.c1", "1.x1", "-1.c1"),
        *("1.c1 ", "1.c1\n", "1.c99999", "9999999999.c1", f"1.c{'1' * 5_000}", *HOSTILE),
    ],
)
def test_a_place_that_no_turn_names_is_none(index: Index, place: str) -> None:
    turns = [turn(cited(index, "mill.txt", "1742"), hits=(hit_of(index, "mill.txt"),))]
    assert cited_pane(turns, View(place=place), index) is None
    assert cited_pane([], View(place=place), index) is None


def test_a_quote_of_a_document_that_changed_is_shown_as_it_was_read(
    index: Index, library: Path
) -> None:
    turns = [turn(cited(index, "mill.txt", "1742"), hits=(hit_of(index, "mill.txt"),))]
    (library / "mill.txt").write_text(MILL + " It stands no more.", encoding="utf-8")
    index.sync()
    shown = pane(turns, "1.c1", index)
    assert "has changed since" in shown
    assert "stands no more" not in shown
    assert marked(shown) == [("q-now", "1742")]
    (library / "mill.txt").unlink()
    index.sync()
    for place in ("1.c1", "1.h1"):
        assert "is no longer there" in pane(turns, place, index)


def test_a_passage_that_still_stands_is_shown_in_what_the_document_became(
    index: Index, library: Path
) -> None:
    turns = [turn(hits=(hit_of(index, "mill.txt"),))]
    (library / "mill.txt").write_text(MILL + "\n\nIt stands no more.", encoding="utf-8")
    index.sync()
    shown = pane(turns, "1.h1", index)
    assert "stands no more" in shown
    assert "has changed" not in shown


def test_words_that_are_not_where_they_are_said_to_be_are_not_marked_there(index: Index) -> None:
    """A quote that belies its own document, as a browser may send back: the digest is right."""
    right = cited(index, "mill.txt", "1742")
    told = replace(right.passage, text=right.passage.text.replace("1742", "1999"))
    shown = pane([turn(replace(right, quote="1999", passage=told))], "1.c1", index)
    assert "This is the passage as it was read" in shown
    assert marked(shown) == [("q-now", "1999")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_titles_and_passages_do_nothing(index: Index, hostile: str) -> None:
    hit = hit_of(index, "mill.txt")
    passage = replace(hit.passage, document_id=hostile, text=hostile, end=len(hostile))
    hits = (replace(hit, document_title=hostile, passage=passage), hit)
    for place in ("1.h1", "1.h2"):
        pane([turn(hits=hits)], place, index)


def test_very_many_passages_are_all_listed(index: Index) -> None:
    hits = (hit_of(index, "mill.txt"),) * 1_000
    shown = pane([turn(hits=hits)], "1.h1000", index)
    assert shown.count("class='q-go q-passage'") == 1_000
    assert "1,000 passages were read" in shown
    assert leads(shown) == {"before": "1.h999"}
