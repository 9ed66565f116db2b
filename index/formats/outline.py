"""A PDF's outline: its bookmarks as headings of the pages that they lead to."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from index.formats.headings import Heading, paths
from index.formats.parsed import Parsed, Place

_MAX_LINES = 300  # of a page, among which a heading is looked for
_LINE = re.compile(r"^.*\S.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")


class Bookmark(NamedTuple):
    """An entry of an outline.

    Attributes:
        level: How many stand above it.
        name: Its words.
        page: Number of the page that it leads to, from 0; None when it leads to none.
    """

    level: int
    name: str
    page: int | None


class _Line(NamedTuple):
    """Where a line begins, and its words without a number before them."""

    start: int
    words: list[str]


def outlined(parsed: Parsed, outline: Sequence[Bookmark]) -> tuple[Place, ...]:
    """A place for each bookmark: where its words begin a line of its page, else the page's start.

    One that leads to no page stands where the next one does.
    """
    headings: list[Heading] = []
    waiting: list[Bookmark] = []
    for bookmark, start in zip(outline, _starts(parsed, outline), strict=True):
        waiting.append(bookmark)
        if start is not None:
            headings += (Heading(start, each.level, each.name) for each in waiting)
            waiting.clear()
    places = paths(headings, title=parsed.title)
    return tuple(sorted(places, key=lambda place: place.start))


def _starts(parsed: Parsed, outline: Sequence[Bookmark]) -> Iterator[int | None]:
    """Where each bookmark leads to in the text; None for one that leads to no page."""
    ends = [*parsed.page_starts[1:], len(parsed.text)]
    pages: dict[int, list[_Line]] = {}
    before = -1
    for _, name, page in outline:
        if page is None or page >= len(ends):
            yield None
            continue
        start = parsed.page_starts[page]
        if page not in pages:
            pages[page] = list(_lines(parsed.text, start, ends[page]))
        words = _words(name)
        fitting = (each.start for each in pages[page] if each.words[: len(words)] == words)
        before = next((each for each in fitting if words and each > before), start)
        yield before


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    for line in islice(_LINE.finditer(text, start, end), _MAX_LINES):
        yield _Line(line.start(), _words(line[0]))


def _words(text: str) -> list[str]:
    """The words in lower case, without the number that a heading may have before them."""
    words = _WORD.findall(text.casefold())
    while words and words[0].isdecimal():
        words.pop(0)
    return words
