"""A document's text as it runs on, with its structure: headings, lines of code, a mail's head."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from index.document import Document
from index.formats import SOURCE_CODE
from index.passage import Span
from ui import wording
from ui.marking import Marks
from ui.view import View

SHOWN_CHARACTERS = 60_000  # a browser lays this out in an instant; a longer text is cut
MORE_CHARACTERS = 30_000  # that one press on "more" adds
MAX_SHOWN_CHARACTERS = 300_000
SHOWN_LINES = 4_000  # likewise: a line of code, or a heading, is an element
MAX_SHOWN_LINES = 12_000
MAX_HEADING_CHARACTERS = 300

_NEAR = 200  # characters in which a better place to cut is looked for
_MAILS = {".eml", ".msg"}
_MARKDOWNS = {".md", ".markdown"}
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE_TAG = "<span class='q-fence'>"
_SIGNS = re.compile(r"#{1,6}[ \t]+")


class Part(NamedTuple):
    """A part of the text that is set in its own way; one may hold others."""

    start: int
    end: int
    opening: str
    closing: str = "</span>"


def window(text: str, centre: Span, view: View) -> range:
    """Offsets of the part that is shown: all of a text that is short enough.

    It begins and ends at a line's end or a space where one is near.
    """
    if len(text) <= SHOWN_CHARACTERS and text.count("\n") <= SHOWN_LINES:
        return range(len(text))
    if view.last > view.first:
        asked = _asked(text, view)
        return _few_lines(text, asked, around=max(view.here, view.first), most=MAX_SHOWN_LINES)
    start = max(0, min(centre.start - SHOWN_CHARACTERS // 2, len(text) - SHOWN_CHARACTERS))
    end = max(start + SHOWN_CHARACTERS, centre.end)
    shown = range(_start(text, start), _end(text, end, least=centre.end))
    return _few_lines(text, shown, around=centre.start, most=SHOWN_LINES)


def _asked(text: str, view: View) -> range:
    """The part that was asked for, cut at the end that the reader did not go to."""
    start, end = min(view.first, len(text) - 1), min(view.last, len(text))
    if end - start > MAX_SHOWN_CHARACTERS:
        if view.here < (start + end) // 2:
            end = start + MAX_SHOWN_CHARACTERS
        else:
            start = end - MAX_SHOWN_CHARACTERS
    begin = _start(text, start)
    if begin >= end:  # between two spaces
        begin, end = start, max(end, start + 1)
    return range(begin, _end(text, end, least=begin + 1))


def _few_lines(text: str, shown: range, *, around: int, most: int) -> range:
    """The part, cut to so many lines, half of them above a place and half below."""
    if text.count("\n", shown.start, shown.stop) <= most:
        return shown
    start = end = min(max(around, shown.start), shown.stop)
    for _ in range(most // 2 + 1):
        start = text.rfind("\n", shown.start, start)
        if start < 0:
            break
    for _ in range(most // 2):
        end = text.find("\n", end, shown.stop) + 1 or shown.stop
    return range(max(start + 1, shown.start), end)


def _start(text: str, start: int) -> int:
    if not start or text[start - 1] in "\n ":
        return start
    cut = max(text.find(space, start, start + _NEAR) for space in "\n ")
    return cut + 1 if cut > 0 else start


def _end(text: str, end: int, *, least: int) -> int:
    if end >= len(text) or text[end] in "\n ":
        return min(end, len(text))
    cut = max(text.rfind(space, end - _NEAR, end) for space in "\n ")
    return cut if cut >= least else end


def flow_html(document: Document, shown: range, marks: Marks, *, here: int = -1) -> str:
    """The text of a window, with its parts and pages, and each place in it marked."""
    parts = list(_parts(document, shown))
    edges = {shown.start, shown.stop, *document.page_starts, *marks.edges(), max(here, 0)}
    edges.update(offset for part in parts for offset in (part.start, part.end))
    cuts = sorted(offset for offset in edges if shown.start <= offset <= shown.stop)
    opening: defaultdict[int, list[str]] = defaultdict(list)
    closing: defaultdict[int, list[str]] = defaultdict(list)
    for part in parts:
        opening[part.start].append(part.opening)
        closing[part.end].insert(0, part.closing)
    pages = {offset: number for number, offset in enumerate(document.page_starts, start=1)}
    pieces = []
    for start, end in pairwise([*cuts, shown.stop]):
        pieces += closing[start]
        if start == here:
            pieces.append("<span class='q-here'></span>")
        if start in pages and start < end:
            pieces.append(f"<span class='q-page'>{_page_label(document, pages[start])}</span>")
        pieces += opening[start]
        pieces.append(marks.html(document.text, start, end) if start < end else "")
    return "".join(pieces)


def _page_label(document: Document, number: int) -> str:
    """What a page is called where it begins."""
    label = wording.slide_label if _suffix(document) == ".pptx" else wording.page_label
    return label(number)


def flow_class(document: Document) -> str:
    """How the text is set."""
    return "q-text q-code" if _suffix(document) in SOURCE_CODE else "q-text"


def _suffix(document: Document) -> str:
    return PurePath(document.id).suffix.lower()


def _parts(document: Document, shown: range) -> Iterator[Part]:
    """The parts of the window; each holds those that follow it up to its end."""
    if _suffix(document) in SOURCE_CODE:
        yield from _code_lines(document.text, shown)
    elif _suffix(document) in _MAILS:
        yield from _mail_head(document, shown)
    else:
        yield from _headings(document, shown)
        if _suffix(document) in _MARKDOWNS and not shown.start:
            yield from _fences(document.text, shown)


def _code_lines(text: str, shown: range) -> Iterator[Part]:
    first = text.count("\n", 0, shown.start) + 1
    for number, line in enumerate(_lines(text, shown), first):
        yield Part(*line, f"<span class='q-line' data-number='{number}'>")


def _lines(text: str, shown: range) -> Iterator[Span]:
    """The lines of a window, with their ends."""
    start = shown.start
    while start < shown.stop:
        end = text.find("\n", start, shown.stop) + 1 or shown.stop
        yield Span(start, end)
        start = end


def _mail_head(document: Document, shown: range) -> Iterator[Part]:
    """The headers as a block, the name of each set apart."""
    body = document.places[1].start if len(document.places) > 1 else len(document.text)
    if shown.start or shown.stop < body:
        return
    head = len(document.text[:body].rstrip())
    yield Part(0, head, "<span class='q-mail-head'>")
    if head < body:
        yield Part(head, body, "<span class='q-gap'>")
    for start, end in _lines(document.text, range(head)):
        if (colon := document.text.find(": ", start, end)) > 0:
            yield Part(start, colon + 1, "<span class='q-name'>")


def _headings(document: Document, shown: range) -> Iterator[Part]:
    """The headings, their level by how many stand above them."""
    text = document.text
    first = bisect_left(document.places, shown.start, key=lambda place: place.start)
    places = [(place.start, 3 + place.name.count(" › ")) for place in document.places[first:]
              if not place.apart]  # fmt: skip
    signs = _SIGNS.match(text)
    begin = signs.end() if signs else 0
    if document.entitled and text.startswith(document.title, begin) and not shown.start:
        places = [(0, 2), *((start, level) for start, level in places if start)]
    before = 0
    for start, level in places:
        end = text.find("\n", start) + 1 or len(text)
        if start >= shown.stop:
            return
        if before <= start and end <= shown.stop and end - start <= MAX_HEADING_CHARACTERS:
            before = end
            yield Part(start, end, _heading_tag(min(level, 6)))
            if signs := _SIGNS.match(text, start):
                yield Part(start, signs.end(), "<span class='q-signs'>")


def _fences(text: str, shown: range) -> Iterator[Part]:
    """Code between fences; one that is not closed ends with the window."""
    begun, fence = 0, ""
    for start, end in _lines(text, shown):
        mark = _FENCE.match(text, start, end)
        if mark and not fence:
            begun, fence = start, mark[1]
        elif mark and mark[1].startswith(fence):
            yield Part(begun, end, _CODE_TAG)
            fence = ""
    if fence:
        yield Part(begun, shown.stop, _CODE_TAG)


def _heading_tag(level: int) -> str:
    return f"<span class='q-head q-head-{level}' role='heading' aria-level='{level}'>"
