"""Where on a printed page the characters of its text stand."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.passage import Span

MAX_TRIED = 200_000  # pairs of a line and an offset, for one page

_GAP = re.compile(r"\s*")


class Box(NamedTuple):
    """A rectangle on a page, in parts of its width and height, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class PrintedLine(NamedTuple):
    """A line as it is printed.

    Attributes:
        text: Its words.
        boxes: Of each character of the text; None for one that shows nothing.
    """

    text: str
    boxes: Sequence[Box | None]


class _Kept(NamedTuple):
    """A line that stands in the text from an offset on, and those before it."""

    number: int
    start: int
    before: "_Kept | None"


def rectangles(text: str, lines: Sequence[PrintedLine], quote: Span) -> list[Box]:
    """Where a quote of a page stands on it, a rectangle for each line that it touches.

    Args:
        text: The page's text, which `read_pdf` made of some of the lines.
        lines: The page's lines.
        quote: A place in the text.

    Returns:
        From the first line on; nothing where text and lines do not go together.
    """
    found = []
    for number, start in _kept(text.rstrip(), [line.text for line in lines]):
        line = lines[number]
        first, last = max(quote.start - start, 0), max(quote.end - start, 0)
        boxes = [box for box in line.boxes[first:last] if box is not None]
        if boxes:
            found.append(_around(boxes))
    return found


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _kept(text: str, lines: Sequence[str]) -> list[tuple[int, int]]:
    """Numbers of the lines that make up the text, each with the offset at which it begins.

    The lines come in order and account for every character but white space, and the hyphen that
    a line was broken at. Headers and footers are left out of a text: of all ways that fit, the
    one that leaves out the fewest first lines is taken. Empty when none fits.
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[int, int, _Kept | None]] = [(0, 0, None)]
    ends = len(text) - text.endswith("-")  # which may be a hyphen that a line was broken at
    while waiting and len(seen) < MAX_TRIED:
        number, offset, kept = waiting.pop()
        if offset == len(text) or (number == len(lines) and offset >= ends):
            return list(_unrolled(kept))[::-1]
        if number == len(lines) or (number, offset) in seen:
            continue
        seen.add((number, offset))
        waiting.append((number + 1, offset, kept))
        for start in _begins(text, offset):
            if text.startswith(lines[number], start):
                end = start + len(lines[number])
                waiting.append((number + 1, end, _Kept(number, start, kept)))
    return []


def _unrolled(kept: _Kept | None) -> Iterator[tuple[int, int]]:
    while kept is not None:
        yield kept.number, kept.start
        kept = kept.before


def _begins(text: str, offset: int) -> list[int]:
    """Where the next line may begin; the likelier last."""
    after = _GAP.match(text, offset).end()  # type: ignore[union-attr]  # always matches
    if offset and text.startswith("-", offset):
        return [_GAP.match(text, offset + 1).end(), after]  # type: ignore[union-attr]  # likewise
    return [after]
