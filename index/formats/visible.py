"""The text of an HTML page that a reader of it sees, its headings and its tables' rows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from index.formats.grids import Grid
from index.formats.headings import Heading
from index.formats.nodes import BLOCKS, CELLS, LEVELS, characters, is_shown
from index.formats.raised import raised
from index.formats.text import normalise

_SPACES = re.compile(r"\s+")
_SOLID = re.compile(r"\S+")
_LINK_SIGNS = " ¶"  # what documentation puts behind a heading as a link to it


class Page(NamedTuple):
    """What a reader of a page sees.

    Attributes:
        text: Its visible text.
        title: Its `title`, else its first `h1`; None without either.
        headings: Those that are shown, in order.
        rows: Those of tables that say the names of their columns, in order, and where each table
            ends.
    """

    text: str
    title: str | None
    headings: tuple[Heading, ...]
    rows: tuple["Row", ...] = ()


class Row(NamedTuple):
    """Where a row of a table begins, or what follows the table.

    Attributes:
        start: Offset of its first character.
        table: Number of its table, from 1.
        number: Of the row, from 1; 0 for what follows.
    """

    start: int
    table: int
    number: int


class _Spot(NamedTuple):
    """What a node stands in: its nearest block, the heading around it, a superscript."""

    block: LexborNode
    heading: "_Words | None"
    is_raised: bool = False


@dataclass(slots=True)
class _Words:
    """The words of a heading while they are gathered.

    Attributes:
        level: From 1 to 6.
        n_before: How many characters that are not white space stand before its own; None until
            there is one of its own.
        pieces: The words and what parts them.
    """

    level: int
    n_before: int | None = None
    pieces: list[str] = field(default_factory=list)

    def name(self) -> str:
        """The heading's words as a name."""
        return normalise("".join(self.pieces).strip().rstrip(_LINK_SIGNS))


class _Text:
    """The text of a page while it is gathered, and the headings in it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._n_solid = 0
        self._last: LexborNode | None = None  # the block of the last words, or a table
        self._is_parted = False  # by a block of nothing but white space
        self._headings: list[_Words] = []
        self._rows: list[Row] = []  # with how many solid characters stand before each
        self._n_tables = 0

    def begin(self, level: int) -> _Words:
        """A heading that begins here."""
        self._headings.append(_Words(level))
        return self._headings[-1]

    def add(self, text: str, spot: _Spot) -> None:
        """Put a text node behind what is there, set apart as its block is from the last."""
        text = normalise(text) if spot.block.tag == "pre" else _SPACES.sub(" ", text)
        is_apart = self._last is None or spot.block.mem_id != self._last.mem_id
        if (is_apart or self._is_parted) and not text.strip():
            self._is_parted = True
            return
        if self._last is not None and is_apart and _same_row(self._last, spot.block):
            self.write(" | ", spot.heading)
        elif self._last is not None and (is_apart or self._is_parted):
            self.write("\n\n", spot.heading)
        if spot.is_raised:
            text = raised("".join(self._pieces[-3:]), text)
        self.write(text, spot.heading)
        self._last, self._is_parted = spot.block, False

    def table(self, node: LexborNode, grid: Grid) -> None:
        """Put a table's rows behind what is there, a line each."""
        self._n_tables += 1
        self.write(f"\n\n{grid.caption}\n\n" if grid.caption else "\n\n", None)
        for line in grid.lines:
            if line.named:
                self._rows.append(Row(self._n_solid, self._n_tables, line.number))
            self.write(f"{line.text}\n", None)
        self._rows.append(Row(self._n_solid, self._n_tables, 0))
        self._last = node

    def write(self, piece: str, heading: _Words | None) -> None:
        """Put characters behind what is there, and behind a heading's words."""
        n_solid = sum(map(len, piece.split()))
        if heading:
            heading.pieces.append(piece)
            if n_solid and heading.n_before is None:
                heading.n_before = self._n_solid
        self._pieces.append(piece)
        self._n_solid += n_solid

    def finish(self) -> Page:
        """The tidy text, its headings and its tables' rows in order."""
        tidy = _tidy("".join(self._pieces))
        known = [each for each in self._headings if each.n_before is not None]
        known.sort(key=lambda each: each.n_before or 0)
        starts = list(_offsets(tidy, (each.n_before or 0 for each in known)))
        rows = [row for row in self._rows if row.start < self._n_solid]  # the last table ends it
        begins = list(_offsets(tidy, (row.start for row in rows)))
        text, places = _composed(tidy, (*starts, *begins))
        headings = (
            Heading(places[start], each.level, each.name())
            for start, each in zip(starts, known, strict=True)
        )
        return Page(
            text,
            None,
            tuple(headings),
            tuple(
                row._replace(start=places[start]) for start, row in zip(begins, rows, strict=True)
            ),
        )


def visible_text(body: LexborNode | None, tables: Mapping[int, Grid]) -> Page:
    """The text below a node: blocks end lines, cells are set apart, the rest is one space.

    Args:
        body: The node.
        tables: What is to be said of some tables, by their addresses.
    """
    text = _Text()
    if body is None:
        return text.finish()
    # What each node stands in, by its address; None for what is not shown. The walk comes to a
    # parent before its children, so depth costs nothing.
    spots: dict[int, _Spot | None] = {}
    for node in body.traverse(include_text=True):
        parent = node.parent
        spot = spots.get(parent.mem_id) if parent is not None else None
        if node.tag == "br":
            text.write("\n", spot.heading if spot else None)
        elif node.tag == "-text" and spot:
            text.add(characters(node), spot)
        elif node.mem_id == body.mem_id:
            spot = _Spot(body, None)
        elif spot and is_shown(node):
            spot = _beside(node, spot, text)
            if node.mem_id in tables:
                text.table(node, tables[node.mem_id])
                spot = None
        else:
            spot = None
        spots[node.mem_id] = spot
    return text.finish()


def _beside(node: LexborNode, spot: _Spot, text: _Text) -> _Spot:
    """What a node's children stand in."""
    if node.tag in BLOCKS:
        level = LEVELS.get(node.tag or "")
        return _Spot(node, text.begin(level) if level else spot.heading, spot.is_raised)
    return spot._replace(is_raised=True) if node.tag == "sup" else spot


def _offsets(text: str, counts: Iterable[int]) -> Iterator[int]:
    """Where the characters stand that have so many before them, not counting white space.

    Making a text tidy takes away white space alone, so these counts hold before and after.
    """
    words = _SOLID.finditer(text)
    n_before, start, end = 0, 0, 0
    for count in counts:
        while count >= n_before + end - start:
            n_before += end - start
            start, end = next(words).span()
        yield start + count - n_before


def _composed(text: str, starts: Iterable[int]) -> tuple[str, dict[int, int]]:
    """The text normalised, and where in it begins what began at each offset.

    An entity may stand for a mark, whose letter stands before it, even in another node.
    """
    cuts = sorted({0, *starts, len(text)})
    pieces = [normalise(text[start:end]) for start, end in pairwise(cuts)]
    ends = accumulate(map(len, pieces), initial=0)
    return "".join(pieces), dict(zip(cuts, ends, strict=True))


def _same_row(left: LexborNode, right: LexborNode) -> bool:
    """Whether two blocks are cells of one table row."""
    return (
        left.tag in CELLS
        and right.tag in CELLS
        and left.parent is not None
        and right.parent is not None
        and left.parent.mem_id == right.parent.mem_id
    )


def _tidy(text: str) -> str:
    """The text without spaces at line ends and without more than one empty line."""
    lines = (
        line.strip(" ") if not line.startswith("    ") else line.rstrip()
        for line in text.split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
