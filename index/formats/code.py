"""Source code, settings and logs, as they stand in the file, named by their lines."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from index.formats.parsed import Parsed, Place
from index.formats.text import decode

BLOCK_CHARACTERS = 500  # as many as a passage aims at

_LINE = re.compile(r"^[^\S\n]*\S.*\n?", re.MULTILINE)
_CLOSING = ("}", ")", "]", "end")
# A block that ends in its first part is taken only where there is no later border.
_EARLY = BLOCK_CHARACTERS // 5


class _Border(NamedTuple):
    offset: int
    rank: int


def read_code(content: bytes) -> Parsed:
    """A text as it stands, in blocks named "lines 12–30"; it has no title of its own.

    Raises:
        UnreadableFile: The bytes are not text.
    """
    text = decode(content)
    return Parsed(text, None, places=tuple(_places(text)))


def _places(text: str) -> Iterator[Place]:
    """A place for each block, which stands apart: no passage tears what stands together."""
    line, before = 1, 0
    for start, end in pairwise(chain(_blocks(text), [len(text)])):
        line += text.count("\n", before, start)
        last = line + text[start:end].rstrip().count("\n")
        yield Place(start, f"line {line}" if last == line else f"lines {line}–{last}", apart=True)
        before = start


def _blocks(text: str) -> Iterator[int]:
    """Offsets at which blocks of at most `BLOCK_CHARACTERS` begin; a longer line is one.

    Each ends at the last of the best borders in reach.
    """
    start = None
    borders: list[_Border] = []
    end = 0
    for match in _LINE.finditer(text):
        if start is None:
            yield (start := match.start())
        else:
            borders.append(_Border(match.start(), _rank(match[0], n_blank=match.start() - end)))
        end = match.end()
        while borders and len(match[0].rstrip()) + match.start() - start > BLOCK_CHARACTERS:
            start = _best(borders, start)
            yield start
            borders = [each for each in borders if each.offset > start]


def _rank(line: str, *, n_blank: int) -> int:
    """How well a block may begin with a line that has so many blank characters above it.

    Best with an unindented one behind an empty one, else with any behind an empty one, else with
    an unindented one. What closes a bracket or a body begins none.
    """
    begins = not line[0].isspace() and not line.startswith(_CLOSING)
    return 2 * (n_blank > 0) + begins


def _best(borders: list[_Border], start: int) -> int:
    """Offset of the last of the best borders, not too near the block's start if it may be."""
    return max(borders, key=lambda it: (it.offset - start >= _EARLY, it.rank, it.offset)).offset
