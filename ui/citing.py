"""From a citation's number to the source pane that shows it."""

import re
from collections.abc import Sequence

from index.document import Document
from index.passage import Span
from index.search import Index
from qa.answer import Answer, Turn
from ui.source import document_pane, passage_pane

_PLACE = re.compile(r"([1-9]\d{0,5})\.([ch])([1-9]\d{0,3})")


def cited_pane(turns: Sequence[Turn], place: str, index: Index) -> str | None:
    """The source pane for a place such as `3.c1`; None when no turn has it.

    Args:
        turns: The conversation so far.
        place: `turn.c1` for the turn's first citation, `turn.h1` for its first passage read.
        index: Where the documents are kept now: one may have changed since it was quoted.
    """
    match = _PLACE.fullmatch(place)
    if match is None or int(match[1]) > len(turns):
        return None
    answer, number = turns[int(match[1]) - 1].answer, int(match[3])
    if match[2] == "c" and number <= len(answer.citations):
        return _quote_pane(answer, number, index)
    if match[2] == "h" and number <= len(answer.hits):
        return _read_pane(answer, number, index)
    return None


def _quote_pane(answer: Answer, number: int, index: Index) -> str:
    citation = answer.citations[number - 1]
    document = index.document(citation.document_id)
    there = document is not None and document.text[citation.start : citation.end]
    if document is not None and document.digest == citation.digest and there == citation.quote:
        cited = [each for each in answer.citations if each.document_id == document.id]
        marks = [Span(each.start, each.end) for each in cited]
        return document_pane(document, marks=marks, current=cited.index(citation) + 1)
    start = citation.start - citation.passage.start
    return passage_pane(
        citation.document_title,
        text=citation.passage.text,
        mark=Span(start, start + len(citation.quote)),
        note=_since(citation.document_id, document),
    )


def _read_pane(answer: Answer, number: int, index: Index) -> str:
    hit = answer.hits[number - 1]
    passage = hit.passage
    document = index.document(passage.document_id)
    if document is not None and document.text[passage.start : passage.end] == passage.text:
        return document_pane(document, marks=[Span(passage.start, passage.end)], current=1)
    return passage_pane(
        hit.document_title,
        text=passage.text,
        mark=Span(0, len(passage.text)),
        note=_since(passage.document_id, document),
    )


def _since(document_id: str, document: Document | None) -> str:
    happened = "is no longer there" if document is None else "has changed since"
    return f"{document_id} {happened}. This is the passage as it was read."
