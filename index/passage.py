"""A passage: a slice of a document small enough to be embedded, ranked and read at once."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import sentencex

from index.document import Document
from index.formats import Place

TARGET_CHARACTERS = 500
MAX_CHARACTERS = 700
MIN_CHARACTERS = 20  # borders closer than this are one

# What it costs to cut at a border, in units of the squared relative distance from the target
# size: a paragraph's end is free, a sentence's end is worth half a passage's length off target.
_PARAGRAPH, _SENTENCE, _LINE, _WORD, _MIDWORD = 0.0, 0.25, 0.6, 4.0, 8.0
_BEFORE_HEADING, _AFTER_HEADING = -0.5, 2.0

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_HEADING = re.compile(r"^#{1,6}[^\S\n]+\S.*\n\s*", re.MULTILINE)
# With the rules above and below that reStructuredText and Markdown have.
_RULE = r"[^\w\s]{2,}[^\S\n]*"
_HEADLINE = re.compile(
    rf"(?:{_RULE}\n)?(?P<words>[^\n]{{1,200}}?)[^\w\n]{{0,50}}\n(?:{_RULE}(?:\n|\Z))?\s*"
)
# sentencex's time grows with the square of a line of short sentences.
_WINDOW = 10_000
_SPACES = re.compile(r"\s*")
_WORDS = re.compile(r"\w+")
_SENTENCE_END = ".!?…:;\"'”’)]。！？"


class Span(NamedTuple):
    """Half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document; `text == document.text[start:end]`.

    Attributes:
        id: The catalogue's number for it, from 1, never used again after a removal.
        document_id: The document it is cut from.
        start: Offset of its first character in the document's text.
        end: Offset just past its last character.
        text: The slice itself.
        page: Page of its first character, from 1; None when the format has no pages.
        place: Name of the part that its first character stands in: "sheet Costs, row 88", or the
            headings above it; None when the format names none.
    """

    id: int
    document_id: str
    start: int
    end: int
    text: str
    page: int | None = None
    place: str | None = None


class Words(NamedTuple):
    """What of a passage is searched by its words.

    Attributes:
        passage: Its id.
        document: The catalogue's number for its document.
        heading: Title and headings above it, a line each.
        text: The slice itself.
    """

    passage: int
    document: int
    heading: str
    text: str


class _Border(NamedTuple):
    offset: int
    cost: float


def split(document: Document) -> list[Span]:
    """Spans of the passages of a document, in order.

    Every character that is not white space stands in exactly one span; no span crosses a page or
    a part that stands apart, begins or ends with white space, or is longer than
    `MAX_CHARACTERS`. Among all ways to cut at the borders of headings, paragraphs, sentences and
    lines the cheapest is taken: each passage costs its squared relative distance from
    `TARGET_CHARACTERS` plus the cost of the border it ends at. An empty document gives no span.
    """
    apart = (place.start for place in document.places if place.apart)
    edges = sorted({0, *document.page_starts, *apart, len(document.text)})
    headings = [place for place in document.places if not place.apart]
    return [
        span
        for start, end in pairwise(edges)
        for span in _pack(document.text, start, end, _between(headings, start, end))
    ]


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of a text, in order, without the white space between them."""
    spans = []
    start = 0
    for offset in [*_sentence_ends(text), len(text)]:
        if span := _trim(text, start, offset):
            spans.append(span)
        start = offset
    return spans


def _sentence_ends(text: str) -> Iterator[int]:
    """Offsets at which a sentence has ended and the next has not begun.

    sentencex takes the full stop inside "Russia-U.S." for an end; in a script that puts white
    space between sentences an end without it is none.
    """
    last = start = 0
    while start < len(text):
        window = text[start : start + _WINDOW]
        for boundary in sentencex.get_sentence_boundaries("en", window):
            end = start + int(boundary["end_index"])
            if end <= last or (text[end - 1].isascii() and not text[end - 1].isspace()):
                continue
            if end == start + _WINDOW < len(text):
                break  # cut by the window, not by the sentence
            last = _SPACES.match(text, end).end()  # type: ignore[union-attr]  # always matches
            if last < len(text):
                yield last
        start = last if last > start else start + _WINDOW


def _between(headings: Sequence[Place], start: int, end: int) -> Sequence[Place]:
    """Those of the headings of a document that stand in a half-open range."""
    begins = attrgetter("start")
    first, last = (bisect_left(headings, offset, key=begins) for offset in (start, end))
    return headings[first:last]


def _pack(text: str, start: int, end: int, headings: Sequence[Place]) -> Iterator[Span]:
    """Spans of the passages of one page, by dynamic programming over its borders."""
    borders = _borders(text, start, end, headings)
    best = [0.0] + [float("inf")] * (len(borders) - 1)
    cut_before = [0] * len(borders)
    for j in range(1, len(borders)):
        for i in range(j - 1, -1, -1):
            size = borders[j].offset - borders[i].offset
            if size > MAX_CHARACTERS and i < j - 1:
                break
            cost = best[i] + (size / TARGET_CHARACTERS - 1) ** 2 + borders[j].cost
            if cost < best[j]:
                best[j], cut_before[j] = cost, i
    cuts = [len(borders) - 1]
    while cuts[-1] > 0:
        cuts.append(cut_before[cuts[-1]])
    cuts.reverse()
    for i, j in pairwise(cuts):
        if span := _trim(text, borders[i].offset, borders[j].offset):
            yield span


def _borders(text: str, start: int, end: int, places: Sequence[Place] = ()) -> list[_Border]:
    """Places of one page where a passage may end, ascending, its two ends included.

    Neighbours stand at most `MAX_CHARACTERS` apart.

    Args:
        text: Of the document.
        start: Where the page begins.
        end: Where it ends.
        places: Headings that its reader found on it.
    """
    page = text[start:end]
    costs: dict[int, float] = {}
    for match in re.finditer(r"\n\s*", page):
        ended = match.start() > 0 and page[match.start() - 1] in _SENTENCE_END
        costs[match.end()] = _PARAGRAPH if ended else _LINE
    for offset in _sentence_ends(page):
        costs[offset] = min(costs.get(offset, _SENTENCE), _SENTENCE)
    for match in _BLANK_LINE.finditer(page):
        costs[match.end()] = _PARAGRAPH
    headings = [match.span() for match in _HEADING.finditer(page)]
    headings += (_headline(page, each.start - start, each.name) for each in places)
    costs |= {before: _BEFORE_HEADING for before, _ in headings}
    costs |= {after: _AFTER_HEADING for _, after in headings if after}
    costs[0] = costs[len(page)] = _PARAGRAPH
    known = [_Border(start + offset, costs[offset]) for offset in sorted(costs)]
    known = _thin(known)
    filled = (b for pair in pairwise(known) for b in _fill(text, *pair))
    return [known[0], *filled]


def _headline(page: str, start: int, name: str) -> tuple[int, int]:
    """Where a heading begins and ends; it ends at 0 where its own words do not stand there."""
    line = _HEADLINE.match(page, start)
    last = _WORDS.findall(name)[-1:]
    stands = line is not None and _WORDS.findall(line["words"])[-1:] == last
    return start, line.end() if line and stands else 0


def _thin(borders: list[_Border]) -> list[_Border]:
    """The borders without the dearer of two that stand closer than a passage would be short.

    It bounds the work on a page of a million one-letter lines; the two ends stay.
    """
    first, *inner, last = borders
    kept = [first]
    for border in inner:
        if border.offset - kept[-1].offset >= MIN_CHARACTERS or kept[-1] is first:
            kept.append(border)
        elif border.cost < kept[-1].cost:
            kept[-1] = border
    return [*kept, last]


def _fill(text: str, left: _Border, right: _Border) -> Iterator[_Border]:
    """The right border, behind as many cuts between words as its distance needs."""
    offset = left.offset
    while right.offset - offset > MAX_CHARACTERS:
        reach = offset + TARGET_CHARACTERS
        space = max(text.rfind(" ", offset + 1, reach), text.rfind("\t", offset + 1, reach))
        offset = space + 1 if space > offset else reach
        yield _Border(offset, _WORD if space > 0 else _MIDWORD)
    yield right


def _trim(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; None when nothing is left."""
    kept = text[start:end]
    left = start + len(kept) - len(kept.lstrip())
    right = left + len(kept.strip())
    return Span(left, right) if right > left else None
