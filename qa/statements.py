"""What a text states: its sentences, the rows of its tables, the items of its lists, headlines."""

import re
from collections.abc import Iterator
from itertools import pairwise

from index.passage import Span, sentences
from index.words import is_content

_ROW = re.compile(r"^\s*\||\S\s+\|\s+\S|\S *\t\s*\S|[^\s.!?:;,] {3,}\S")
# A line that ends before this share of the longest line had room for the next word.
_FULL_LINE = 0.7
MARKER = re.compile(r"\s*(?:[-*•+]|\d{1,3}[.)]|#{1,6})[ \t]+(?=\S)")


def sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Start and end of the sentences that a span touches; the span lies within.

    A row of a table, an item of a list without its marker and a headline count as sentences.
    """
    touched = [span for span in statements(text) if span.end > start and span.start < end]
    return (
        min([start, *(span.start for span in touched)]),
        max([end, *(span.end for span in touched)]),
    )


def statements(text: str) -> Iterator[Span]:
    """Spans of the sentences, rows, items and headlines of a text, in order."""
    for block in blocks(text):
        kept = text[block.start : block.end]
        if _ROW.search(kept):
            yield Span(block.end - len(kept.lstrip()), block.end)
            continue
        marker = MARKER.match(kept)
        offset = block.start + (marker.end() if marker else 0)
        for span in sentences(text[offset : block.end]):
            yield Span(offset + span.start, offset + span.end)


def blocks(text: str) -> Iterator[Span]:
    """Spans of the runs of lines of a text that no sentence crosses, in order."""
    lines = [Span(*match.span()) for match in re.finditer(r"[^\n]*\S", text)]
    width = max((line.end - line.start for line in lines), default=0)
    start = lines[0].start if lines else 0
    for line, following in pairwise(lines):
        if _is_border(text, line, following, width=width):
            yield Span(start, line.end)
            start = following.start
    if lines:
        yield Span(start, lines[-1].end)


def _is_border(text: str, line: Span, following: Span, *, width: int) -> bool:
    """Whether a line ends on purpose, not because it was full."""
    above, below = text[line.start : line.end], text[following.start : following.end]
    if text.count("\n", line.end, following.start) > 1 or _ROW.search(above) or _ROW.search(below):
        return True
    if MARKER.match(below) or above.lstrip().startswith("#"):
        return True
    first = below.split()[0]
    if first[0].islower():
        return False
    begins = len(first) > 1 and first.istitle() and not is_content(first)  # "The", "When"
    return begins or len(above) + 1 + len(first) <= _FULL_LINE * width
