"""Lines as they stand on a page become paragraphs."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

SENTENCE_ENDS = tuple(".!?:;…”\"'")

_LARGER_GAP = 1.3  # of the usual distance of two lines
_OTHER_SIZE = 0.12
_INDENT = 0.7  # of a line's height
_SAME_LINE = 0.4  # heights of a line: a superscript moves by less
_FIGURE = 4.0  # heights of a line: no gap between two paragraphs is as large
_FULL = 0.85  # of a column's width: a line that is set to it comes as near
_NEIGHBOURS = 60  # lines that may tell where a column ends
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_ITEM = re.compile(r"(?:[•▪●◦‣∙*–—-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s+\S")
_CELLS = " | "


class Line(NamedTuple):
    """One line of a page.

    Attributes:
        text: Its words; cells of a table row are set apart by " | ".
        left: Where it begins, in points from the page's left edge.
        right: Where it ends.
        bottom: The lower edge of its font, in points from the page's foot.
        height: The height of its font.
        hyphenated: Whether a word goes on in the next line; the hyphen is not part of the text.
        beside: Whether it is a header or a footer: no text goes on from it or with it.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float
    hyphenated: bool = False
    beside: bool = False


def words(pages: Sequence[Sequence[Line]]) -> Counter[str]:
    """How often each word stands unbroken, in lower case; a hyphen is part of one."""
    counts: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            counts.update(_WORD.findall(line.text.lower()))
    return counts


def paragraphs(lines: Sequence[Line], *, known: Counter[str]) -> list[str]:
    """The page's paragraphs; items, table rows and verses in one keep their lines.

    Args:
        lines: Of one page, in reading order.
        known: The document's words, which tell a hyphen that breaks a word from one that is
            part of it.
    """
    leading = _leading(lines)
    found: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else None
        if before is not None and _goes_on(before, line, leading, _right(lines, number - 1)):
            found[-1] = _joined(found[-1], before, line, known)
            continue
        if before is not None and before.hyphenated:
            found[-1] += "-"
        if before is not None and _is_near(before, line, leading):
            found[-1] += f"\n{line.text}"
        else:
            found.append(line.text)
    if lines and lines[-1].hyphenated:
        found[-1] += "-"
    return found


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance of two lines, in heights of the upper one."""
    steps = sorted(
        (upper.bottom - lower.bottom) / upper.height
        for upper, lower in pairwise(lines)
        if 0.5 < (upper.bottom - lower.bottom) / upper.height < 2.5
    )
    return steps[len(steps) // 2] if steps else 1.2


def _right(lines: Sequence[Line], number: int) -> float:
    """Where a line's column ends: the furthest of its neighbours that begin near it.

    An end that one line alone comes near is none: verses and addresses are not set to a width.
    """
    line = lines[number]
    near = lines[max(number - _NEIGHBOURS, 0) : number + _NEIGHBOURS]
    ends = sorted(other.right for other in near if abs(other.left - line.left) < 3 * line.height)
    alone = len(ends) < 2 or ends[-2] - line.left < _FULL * (ends[-1] - line.left)
    return inf if alone else ends[-1]


def _is_near(before: Line, line: Line, leading: float) -> bool:
    """Whether a line stands right below another of its size."""
    same_size = abs(before.height - line.height) <= _OTHER_SIZE * before.height
    return same_size and 0 < before.bottom - line.bottom <= leading * _LARGER_GAP * before.height


def _goes_on(before: Line, line: Line, leading: float, right: float) -> bool:
    """Whether a line goes on with the sentence or the paragraph of the line before it."""
    if before.hyphenated:
        return line.text[0].isalnum() and not line.beside
    steps = (before.bottom - line.bottom) / max(before.height, line.height)
    if abs(steps) < _SAME_LINE and line.left >= before.right:
        return True
    cells = _CELLS in line.text or _CELLS in before.text
    if _ITEM.match(line.text) or cells or before.beside or line.beside:
        return False
    mid_sentence = not before.text.endswith(SENTENCE_ENDS) and line.text[0].islower()
    if not _is_near(before, line, leading):
        # The next column, or a figure between.
        return mid_sentence and before.height == line.height and not 0 < steps < _FIGURE
    indented = line.left > before.left + _INDENT * before.height
    if mid_sentence or (indented and _ITEM.match(before.text)):
        return True
    return not indented and not _has_room(before, line, right)


def _has_room(before: Line, line: Line, right: float) -> bool:
    """Whether the next line's first word would have fitted, so that the break was meant."""
    width = (before.right - before.left) / max(len(before.text), 1)
    return before.right + width * (len(line.text.split(maxsplit=1)[0]) + 1) < right


def _joined(paragraph: str, before: Line, line: Line, known: Counter[str]) -> str:
    if not before.hyphenated:
        return f"{paragraph} {line.text}"
    left, right = _LAST_WORD.search(paragraph), _FIRST_WORD.match(line.text)
    if left is None or right is None:
        return f"{paragraph}-{line.text}"
    whole, parted = (f"{left[0]}{mark}{right[0]}".lower() for mark in ("", "-"))
    if known[whole] == known[parted]:
        broken = right[0].islower() and left[0][-1:].islower()
    else:
        broken = known[whole] > known[parted]
    return f"{paragraph}{'' if broken else '-'}{line.text}"
