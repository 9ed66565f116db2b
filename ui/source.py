"""The source pane: a document as HTML, with the places that were cited marked."""

from collections.abc import Sequence
from itertools import pairwise

from index.document import Document
from index.passage import Span
from ui.escape import html_text

SHOWN_CHARACTERS = 60_000  # a browser lays this out in an instant; a longer text is cut


def document_pane(document: Document, *, marks: Sequence[Span] = (), current: int = 0) -> str:
    """The whole text of a document, its marks numbered from 1, the current one set apart.

    Args:
        document: What is shown.
        marks: Places in its text; mark n gets the HTML id `q-mark-n`. They may overlap.
        current: Which mark the reader came for, from 1; 0 for none. A document too long to be
            shown whole is shown around it, and a note says so.
    """
    centre = marks[current - 1] if current else Span(0, 0)
    window = _window(document.text, centre)
    note = ""
    if len(window) < len(document.text):
        note = (
            f"<p class='q-note' role='note'>A long document: characters {window.start + 1:,} to "
            f"{window.stop:,} of {len(document.text):,} are shown.</p>"
        )
    path = "" if document.title == document.id else html_text(document.id)
    return _pane(
        heading=f"<h2 dir='auto'>{html_text(document.title)}</h2><p class='q-path'>{path}</p>",
        body=note
        + f"<div class='q-text' dir='auto'>{_body(document, window, marks, current)}</div>",
    )


def passage_pane(title: str, *, text: str, mark: Span, note: str) -> str:
    """A passage as it was read, for a document that has changed or gone since.

    Args:
        title: The document's title.
        text: The passage.
        mark: The quoted place in it.
        note: What has happened to the document, in words.
    """
    before, quote, after = text[: mark.start], text[mark.start : mark.end], text[mark.end :]
    body = (
        f"<p class='q-note' role='note'>{html_text(note)}</p>"
        f"<div class='q-text' dir='auto'>{html_text(before)}"
        f"<mark id='q-mark-1' class='q-now'>{html_text(quote)}</mark>{html_text(after)}</div>"
    )
    return _pane(heading=f"<h2 dir='auto'>{html_text(title)}</h2>", body=body)


def empty_pane(message: str) -> str:
    """A pane with one line in its middle."""
    return f"<div class='q-empty'><p>{html_text(message)}</p></div>"


def _pane(*, heading: str, body: str) -> str:
    return (
        "<section class='q-document' aria-label='Source'>"
        f"<header class='q-heading'>{heading}"
        "<button type='button' class='q-back'>Back to the conversation</button></header>"
        "<div class='q-scroll' tabindex='0' role='region' aria-label='Text of the document'>"
        f"{body}</div></section>"
    )


def _window(text: str, centre: Span) -> range:
    """Offsets of the part that is shown: all of a text that is short enough.

    It begins and ends at a line's end or a space where one is near.
    """
    if len(text) <= SHOWN_CHARACTERS:
        return range(len(text))
    start = max(0, min(centre.start - SHOWN_CHARACTERS // 2, len(text) - SHOWN_CHARACTERS))
    end = max(start + SHOWN_CHARACTERS, centre.end)
    near = 200
    if start:
        cut = max(text.find(space, start, start + near) for space in "\n ")
        start = cut + 1 if cut > 0 else start
    if end < len(text):
        cut = max(text.rfind(space, end - near, end) for space in "\n ")
        end = cut if cut >= centre.end else end
    return range(start, end)


def _body(document: Document, window: range, marks: Sequence[Span], current: int) -> str:
    """The text of the window, cut wherever a mark or a page begins or ends."""
    edges = {window.start, window.stop, *document.page_starts}
    edges.update(offset for mark in marks for offset in mark)
    cuts = sorted(offset for offset in edges if window.start <= offset <= window.stop)
    pages = {offset: number for number, offset in enumerate(document.page_starts, start=1)}
    begun: set[int] = set()
    pieces = []
    for start, end in pairwise(cuts):
        if start in pages:
            pieces.append(f"<span class='q-page'>Page {pages[start]}</span>")
        numbers = [n for n, mark in enumerate(marks, 1) if mark.start <= start and end <= mark.end]
        opening = ""
        for number in numbers:
            name = "" if number in begun else f" id='q-mark-{number}'"
            opening += f"<mark{name} class='{'q-now' if number == current else 'q-also'}'>"
        begun.update(numbers)
        pieces.append(opening + html_text(document.text[start:end]) + "</mark>" * len(numbers))
    return "".join(pieces)
