"""Superscripts of a printed page: numbers that are smaller than what they stand at, and higher."""

import re
from collections.abc import Callable, Sequence
from math import hypot
from typing import NamedTuple

from index.formats.raised import raised

DROPPED = "\0"  # in place of a line end that is none

_BEGINS = re.compile(r"[\d(\[+−–-]")
_LONG = re.compile(r"\d{4}|\d[.,]\d{3}")  # more than a mark or a power
_ENDS = "\r\n"
_NO_ENDS = dict.fromkeys(map(ord, _ENDS))
_SMALLER = 0.92  # of the size of what it stands at
_SMALLEST = 0.45
_LOWEST = 0.15  # of that size, above its baseline
_HIGHEST = 0.8
_SAME_BASELINE = 0.1
_GAP = 0.3  # of that size, between the two: less than a space and the white at a letter's sides
_NOTE_GAP = 0.6  # between a note's mark and the note
_OVERLAP = 0.2
_TRIED = 3  # characters before it that it may stand at: subscripts may be between
_REACH = 8  # characters: line ends and spaces are among them
_MAX_CHARACTERS = 12  # of a number that is raised


class Glyph(NamedTuple):
    """How a character is printed, seen with its line running to the right.

    Attributes:
        left: Where it begins, in points.
        right: Where it ends.
        baseline: What it stands on.
        size: Its font's.
        way: Which way its line runs on the page.
    """

    left: float
    right: float
    baseline: float
    size: float
    way: tuple[float, float]


def glyph(
    origin: tuple[float, float],
    box: tuple[float, float, float, float],
    size: float,
    matrix: tuple[float, float, float, float],
) -> Glyph:
    """A character as a page has it.

    Args:
        origin: Where its baseline begins.
        box: Its left, lower, right and upper edge.
        size: Its font's.
        matrix: What turns and stretches the font.
    """
    a, b, c, d = matrix
    width = hypot(a, b) or 1.0
    across, along = a / width, b / width
    height = (a * d - b * c) / width
    side = -1 if height < 0 else 1
    ends = [across * x + along * y for x in box[::2] for y in box[1::2]]
    baseline = side * (across * origin[1] - along * origin[0])
    way = (round(across, 2), round(along, 2))
    return Glyph(min(ends), max(ends), baseline, size * abs(height), way)


def written(characters: Sequence[str], shown: Callable[[int], Glyph]) -> list[str]:
    """The characters, raised numbers as they are written in plain text: "40 ²", "m²".

    A line that is broken at such a number, though it goes on beside it, is not broken there.

    Args:
        characters: Of a page.
        shown: Gives how one is printed, by its number.

    Returns:
        As many pieces as there are characters.
    """
    page = _Page(list(characters), "".join(characters), shown)
    end = 0
    for match in _BEGINS.finditer(page.text):
        if match.start() >= end:
            end = page.write(match.start())
    return page.pieces


class _Page(NamedTuple):
    """A page's characters, what is written for each, and how it is printed."""

    pieces: list[str]
    text: str
    shown: Callable[[int], Glyph]

    def write(self, start: int) -> int:
        """Writes what begins there, if it is a number that is raised; gives where it ends."""
        before = self._base_before(start)
        if before is None and start and self.text[start - 1] not in _ENDS:
            return start + 1
        end = self._end(start)
        base = self._base_behind(end) if before is None else before
        number = self.text[start:end]
        preceding = "" if before is None else self._preceding(before, start)
        as_written = number if _LONG.search(number) else raised(preceding, number)
        if base is None or as_written == number:
            return end if base is not None else start + 1
        self._join(base + 1, start, "")
        lead = as_written[: len(as_written) - len(number) + 1]
        self.pieces[start:end] = [lead, *as_written[len(lead) :]]
        self._close(base, end, " " if before is None or lead[0] == " " else "")
        return end

    def _base_before(self, start: int) -> int | None:
        """The character before a raised one that it stands at; None where it is not raised."""
        one, tried = self.shown(start), 0
        for before in range(start - 1, max(start - _REACH, 0) - 1, -1):
            if self.text[before].isspace():
                continue
            other, tried = self.shown(before), tried + 1
            if tried > _TRIED or _alike(other, one):
                return None
            if _is_above(other, one) and _is_near(other, one, _GAP):
                return before
        return None

    def _base_behind(self, end: int) -> int | None:
        """The character behind a number that it stands at, as a note begins with its mark."""
        behind = self._next(end)
        if behind is None:
            return None
        one, other = self.shown(end - 1), self.shown(behind)
        return behind if _is_above(other, one) and _is_near(one, other, _NOTE_GAP) else None

    def _end(self, start: int) -> int:
        """Where what is raised ends."""
        first, end = self.shown(start), start + 1
        last = min(len(self.text), start + _MAX_CHARACTERS)
        while end < last and not self.text[end].isspace() and _alike(first, self.shown(end)):
            end += 1
        return end

    def _next(self, start: int) -> int | None:
        """The next character that is seen, if it is near."""
        reach = range(start, min(start + _REACH, len(self.text)))
        return next((number for number in reach if not self.text[number].isspace()), None)

    def _preceding(self, base: int, start: int) -> str:
        """The last of what stands before a raised number, on the line of its base and above."""
        before = "".join(self.pieces[max(start - _REACH, 0) : base + 1])
        return f"{before}{self.text[base + 1 : start].translate(_NO_ENDS)}".replace(DROPPED, "")

    def _close(self, base: int, end: int, space: str) -> None:
        """Has the line of the base go on behind the number, behind a space if that is apart."""
        behind = self._next(end)
        if behind == end:
            self.pieces[end - 1] += space if self.text[end].isalnum() else ""
        elif behind is not None and self._goes_on(base, end, behind):
            self._join(end, behind, " " if self.text[behind].isalnum() else "")

    def _goes_on(self, base: int, end: int, behind: int) -> bool:
        """Whether a character stands on the line of the base, right behind the number."""
        other = self.shown(behind)
        return _alike(self.shown(base), other) and _is_near(self.shown(end - 1), other, _NOTE_GAP)

    def _join(self, start: int, end: int, gap: str) -> None:
        """Puts something in place of the line end between two characters, if there is one."""
        if any(character in _ENDS for character in self.text[start:end]):
            self.pieces[start:end] = [*(gap + DROPPED * (end - start))[: end - start]]


def _alike(one: Glyph, other: Glyph) -> bool:
    """Whether two characters are of one size and stand on one baseline."""
    same_size = _SMALLER <= other.size / (one.size or 1.0) <= 1 / _SMALLER
    rise = abs(other.baseline - one.baseline)
    return one.way == other.way and same_size and rise <= _SAME_BASELINE * one.size


def _is_above(base: Glyph, other: Glyph) -> bool:
    smaller = _SMALLEST * base.size <= other.size <= _SMALLER * base.size
    rise = other.baseline - base.baseline
    higher = _LOWEST * base.size <= rise <= _HIGHEST * base.size
    return base.way == other.way and smaller and higher


def _is_near(left: Glyph, right: Glyph, gap: float) -> bool:
    """Whether a character begins where another ends, but for a gap in sizes of the larger one."""
    size = max(left.size, right.size)
    return -_OVERLAP * size <= right.left - left.right <= gap * size
