"""How the pages of a document go together: as a text that flows, or each by itself."""

import re
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from index.formats.layout import SENTENCE_ENDS, Line

_NUMBER = re.compile(r"\d+")
_FULL = 0.85  # of the longest line
_FULL_CHARACTERS = 30
_LAST_LINES = 3  # one of which may end the text of a page: notes may be below it
_FLOWING = 0.1  # of all turns of the page are within a sentence
_ALIKE = 0.25  # of all lines begin like one at the same height one or two pages on


class Text(Enum):
    """How the text of a document's pages goes together."""

    ALIKE = "each page says the same of something else, as forms do"
    PARTED = "each page may stand by itself"
    FLOWING = "sentences go on from page to page"


def kind_of(pages: Sequence[Sequence[Line]]) -> Text:
    """How pages go together.

    Args:
        pages: Their lines in the order of the file, but for those in the margins.
    """
    if _are_alike(pages):
        return Text.ALIKE
    turns = [_goes_on(upper, lower) for upper, lower in pairwise(filter(None, pages))]
    return Text.FLOWING if sum(turns) > _FLOWING * len(turns) else Text.PARTED


def _are_alike(pages: Sequence[Sequence[Line]]) -> bool:
    """Whether lines begin as those at the same height one or two pages before or after."""
    begun = [[_beginnings(line) for line in lines] for lines in pages]
    every = [set().union(*each) for each in begun]
    alike = 0
    for number, lines in enumerate(begun):
        near = set().union(*every[max(number - 2, 0) : number], *every[number + 1 : number + 3])
        alike += sum(not near.isdisjoint(each) for each in lines)
    return alike > _ALIKE * sum(map(len, begun))


def _beginnings(line: Line) -> set[tuple[int, str]]:
    """How a line begins, with its height on the page: its first two words, and its label."""
    text = _NUMBER.sub("0", line.text)
    label, colon, _ = text.partition(":")
    begun = {" ".join(text.split()[:2]), label if colon else ""} - {""}
    return {(round(line.bottom), each) for each in begun}


def _goes_on(upper: Sequence[Line], lower: Sequence[Line]) -> bool:
    """Whether a page ends within a sentence and the next goes on with it."""
    ends = any(
        not line.text.endswith(SENTENCE_ENDS) and _is_full(line, upper)
        for line in upper[-_LAST_LINES:]
    )
    return ends and lower[0].text[0].islower() and _is_full(lower[0], lower)


def _is_full(line: Line, lines: Sequence[Line]) -> bool:
    longest = max(each.right - each.left for each in lines)
    return len(line.text) >= _FULL_CHARACTERS and line.right - line.left >= _FULL * longest
