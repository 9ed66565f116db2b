"""From a view, as a citation's button asks for it, to the source pane that shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.original import Originals
from index.passage import Span
from index.search import Hit, Index
from qa.answer import Answer, Turn
from ui import wording
from ui.escape import html_text
from ui.marking import Marks
from ui.source import Trail, document_pane, passage_pane
from ui.view import View

_PLACE = re.compile(r"([1-9]\d{0,5})\.([ch])([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class _Named:
    """A place that a turn names.

    Attributes:
        answer: Of the turn.
        turn: Its number, from 1.
        number: Of the citation or the passage that was read, from 1.
    """

    answer: Answer
    turn: int
    number: int


def cited_pane(
    turns: Sequence[Turn], view: View, index: Index, originals: Originals | None = None
) -> str | None:
    """The source pane for a place such as `3.c1`; None when no turn has it.

    Args:
        turns: The conversation so far.
        view: Its place is `turn.c1` for the turn's first citation, or for its guess, and
            `turn.h1` for its first passage read.
        index: Where the documents are kept now: one may have changed since it was quoted.
        originals: Gives their files; without it text alone is shown.
    """
    match = _PLACE.fullmatch(view.place)
    if match is None or int(match[1]) > len(turns):
        return None
    named = _Named(turns[int(match[1]) - 1].answer, int(match[1]), int(match[3]))
    if match[2] == "c" and named.number <= len(named.answer.quotes):
        return _quote_pane(named, view, index, originals)
    if match[2] == "h" and named.number <= len(named.answer.hits):
        return _read_pane(named, view, index, originals)
    return None


def _quote_pane(named: _Named, view: View, index: Index, originals: Originals | None) -> str:
    citations = named.answer.quotes
    citation = citations[named.number - 1]
    document = index.document(citation.document_id)
    label = wording.citation_label(named.number, len(citations))
    if named.answer.guess:
        label = wording.GUESS
    trail = _trail(named, "c", label, len(citations))
    there = document is not None and document.text[citation.start : citation.end]
    if document is not None and document.digest == citation.digest and there == citation.quote:
        cited = [each for each in citations if each.document_id == document.id]
        spans = [Span(each.start, each.end) for each in cited]
        marks = Marks(spans, cited.index(citation) + 1)
        return document_pane(document, marks=marks, view=view, originals=originals, trail=trail)
    start = citation.start - citation.passage.start
    return passage_pane(
        citation.document_title,
        text=citation.passage.text,
        mark=Span(start, start + len(citation.quote)),
        note=wording.happened(citation.document_id, gone=document is None),
        trail=trail,
    )


def _read_pane(named: _Named, view: View, index: Index, originals: Originals | None) -> str:
    hits = named.answer.hits
    hit = hits[named.number - 1]
    passage = hit.passage
    document = index.document(passage.document_id)
    label = wording.passage_label(named.number, len(hits))
    trail = _trail(named, "h", label, len(hits))
    if document is not None and document.text[passage.start : passage.end] == passage.text:
        marks = Marks([Span(passage.start, passage.end)], 1)
        return document_pane(document, marks=marks, view=view, originals=originals, trail=trail)
    return passage_pane(
        hit.document_title,
        text=passage.text,
        mark=Span(0, len(passage.text)),
        note=wording.happened(passage.document_id, gone=document is None),
        trail=trail,
    )


def _trail(named: _Named, kind: str, label: str, n_places: int) -> Trail:
    def view(number: int) -> View | None:
        there = 0 < number <= n_places
        return View(place=f"{named.turn}.{kind}{number}") if there else None

    current = named.number if kind == "h" else 0
    return Trail(
        label,
        here=view(named.number),
        before=view(named.number - 1),
        after=view(named.number + 1),
        others=_read_html(named.answer.hits, named.turn, current),
    )


def _read_html(hits: Sequence[Hit], turn: int, current: int) -> str:
    """The passages that were read for an answer, each a button that shows it."""
    if not hits:
        return ""
    rows = "".join(
        _hit_html(hit, View(place=f"{turn}.h{number}"), now=number == current)
        for number, hit in enumerate(hits, 1)
    )
    return (
        f"<details class='q-read'><summary>{wording.were_read(len(hits))}</summary>"
        f"<ol>{rows}</ol></details>"
    )


def _hit_html(hit: Hit, view: View, *, now: bool) -> str:
    scores = html_text(wording.scores(hit.cosine, hit.bm25))
    current = " aria-current='true'" if now else ""
    excerpt = html_text(wording.shortened(hit.passage.text))
    return (
        f"<li><button type='button' class='q-go q-passage' value='{html_text(str(view))}' "
        f"data-go='{html_text(view.place)}' title='{scores}'{current}>"
        f"<span class='q-excerpt' dir='auto'>{excerpt}</span>"
        f"<span class='q-of'><bdi>{html_text(hit.document_title)}</bdi>"
        f"<bdi>{html_text(wording.place(hit.passage))}</bdi>"
        f"<span>{html_text(wording.scored(hit.score))}</span></span></button></li>"
    )
