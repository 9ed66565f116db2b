"""Running headers, footers and page numbers: what stands on pages beside their text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import NamedTuple

from index.formats.layout import Line
from index.formats.pagination import Reading, readings
from index.formats.turns import Text, kind_of

MIN_PAGES = 3  # that show the same at the same height

_MARGIN = 0.2  # of a page's height, at its top and at its foot
_MAX_ROWS = 3
_MAX_CHARACTERS = 200
_SAME_ROW = 0.4  # heights of a line
_SAME_PLACE = 2.0  # points
_LEAST_STEP = 0.7  # heights of a line
_SET_APART = 1.7  # usual distances of two rows
_SMALLER = 0.8  # times the height of the text: it is told from a header at any distance
_LARGER = 1.12  # times the height of the text: a title
_MUCH_LARGER = 1.5  # and a number that is none of a page
_MOST = 0.75  # of all pages show a header, where no text says that they belong together


class Page(NamedTuple):
    """A page as it is printed.

    Attributes:
        lines: In the order of the file.
        bottom: Its lower edge, in points.
        top: Its upper edge.
    """

    lines: list[Line]
    bottom: float
    top: float


class _Row(NamedTuple):
    """Lines that stand beside each other, as a line of cells."""

    text: str
    bottom: float
    height: float
    lines: tuple[Line, ...]


class _Usual(NamedTuple):
    """What is usual in a document.

    Attributes:
        step: How far a row of a paragraph is below another.
        height: How high rows are.
        kind: How its pages go together.
    """

    step: float
    height: float
    kind: Text = Text.PARTED


class _Shown(NamedTuple):
    """A row on its page, which is counted from 0."""

    page: int
    row: _Row


def without_furniture(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages' lines without running headers, footers and page numbers.

    What is such stands in the margin, set apart from the text by smaller letters or by far more
    than its lines are from each other, in letters that are no larger, and on at least `MIN_PAGES`
    pages at the same height in the same words, but for the page's own number. Where sentences do
    not go on from page to page, no page may have other words in its place; where pages are alike,
    as forms are, all words stay. What says something is kept on the first page that shows it, so
    no words are lost.
    """
    rows = [_rows(page.lines) for page in pages]
    usual = _usual(rows)
    outer = [_outer(page, each, usual) for page, each in zip(pages, rows, strict=True)]
    margins = {id(line) for each in outer for row in each for line in row.lines}
    texts = [[line for line in page.lines if id(line) not in margins] for page in pages]
    usual = usual._replace(kind=kind_of(texts))
    beside: set[int] = set()
    dropped: set[int] = set()
    for row, stays in _repeats(outer, usual):
        (beside if stays else dropped).update(map(id, row.lines))
    return [
        [line._replace(beside=id(line) in beside) for line in page.lines if id(line) not in dropped]
        for page in pages
    ]


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """The rows of a page, from its top to its foot."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.bottom):
        if groups and groups[-1][0].bottom - line.bottom < _SAME_ROW * line.height:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_row(sorted(group, key=lambda line: line.left)) for group in groups]


def _row(lines: Sequence[Line]) -> _Row:
    text = " | ".join(line.text for line in lines)
    height = max(line.height for line in lines)
    return _Row(text, min(line.bottom for line in lines), height, tuple(lines))


def _usual(pages: Sequence[Sequence[_Row]]) -> _Usual:
    """What is usual on pages whose kind is not yet known.

    A quarter of all steps from row to row is at most the usual one: lines of a paragraph are near.
    Steps of less than a line are from column to column.
    """
    height = median([row.height for rows in pages for row in rows] or [1.0])
    every = (_step(*pair) for rows in pages for pair in pairwise(rows))
    steps = [step for step in every if step >= _LEAST_STEP * height]
    return _Usual(quantiles(steps, n=4)[0] if len(steps) > 1 else 1.2 * height, height)


def _step(upper: _Row, lower: _Row) -> float:
    """From row to row, less what the lower one is larger."""
    return upper.bottom - lower.bottom - max(lower.height - upper.height, 0.0)


def _outer(page: Page, rows: Sequence[_Row], usual: _Usual) -> list[_Row]:
    """The rows in a page's margins that are set apart from its text, or smaller."""
    margin = _MARGIN * (page.top - page.bottom)
    n_high = sum(row.bottom > page.top - margin for row in rows[:_MAX_ROWS])
    n_low = sum(row.bottom + row.height < page.bottom + margin for row in rows[-_MAX_ROWS:])
    head = foot = 0
    for number, (upper, lower) in enumerate(pairwise(rows), 1):
        far = _step(upper, lower) >= _SET_APART * usual.step
        if number <= n_high and (far or upper.height <= _SMALLER * lower.height):
            head = number
        if len(rows) - number <= n_low and (far or lower.height <= _SMALLER * upper.height):
            foot = foot or len(rows) - number
    chosen = [*rows[:head], *rows[max(len(rows) - foot, head) :]]
    return [row for row in chosen if len(row.text) <= _MAX_CHARACTERS]


def _repeats(outer: Sequence[Sequence[_Row]], usual: _Usual) -> Iterator[tuple[_Row, bool]]:
    """The rows that repeat, and whether they stay: where they say something that no other does."""
    for reading, every in _shown(outer, usual).items():
        for same in _by_place(every):
            if len({each.page for each in same}) < MIN_PAGES:
                continue
            first = min(each.page for each in same)
            owned = reading.offset is not None or _has_its_place(same, outer, usual.kind)
            for each in same:
                yield each.row, reading.says_something and (each.page == first or not owned)


def _shown(outer: Sequence[Sequence[_Row]], usual: _Usual) -> dict[Reading, list[_Shown]]:
    """What rows say, each with all that say it."""
    shown: defaultdict[Reading, list[_Shown]] = defaultdict(list)
    for page, rows in enumerate(outer):
        for row in rows:
            for reading in readings(row.text, page=page + 1, n_pages=len(outer), kind=usual.kind):
                largest = _LARGER if reading.says_something else _MUCH_LARGER
                if row.height <= largest * usual.height:
                    shown[reading].append(_Shown(page, row))
    return shown


def _by_place(every: Sequence[_Shown]) -> list[list[_Shown]]:
    """Those at the same height of their pages together."""
    groups: list[list[_Shown]] = []
    for each in sorted(every, key=lambda each: each.row.bottom):
        if groups and each.row.bottom - groups[-1][0].row.bottom <= _SAME_PLACE:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _has_its_place(same: Sequence[_Shown], outer: Sequence[Sequence[_Row]], kind: Text) -> bool:
    """Whether most pages show a row that repeats, and none has another in its place.

    Left and right pages are two kinds. Where the text flows, a header may change with the part.
    """
    kept = {each.page for each in same}
    sides = {page % 2 for page in kept}
    pages = range(min(kept), max(kept) + 1) if kind is Text.FLOWING else range(len(outer))
    others = [page for page in pages if page not in kept and page % 2 in sides]
    if kind is not Text.FLOWING and len(kept) < _MOST * (len(kept) + len(others)):
        return False
    place = same[0].row.bottom
    return not any(
        abs(row.bottom - place) <= 2 * _SAME_PLACE for page in others for row in outer[page]
    )
