"""Which row of a table names its columns, and which row below begins another table."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

WINDOW = 20  # rows that show what a table's header is

_WORD, _YEAR, _DATE, _TIME, _CODE, _AMOUNT = "word", "year", "date", "time", "code", "amount"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_CENTURIES = r"(?:19|20)\d\d"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
# The first that fits: "2024"; "2024-03", "2024-03-05", "5.3.2024", "03/2024", "2023/24"; "12:30",
# "8:00-9:00"; "5G", "16GB", "1st"; "3.5 kg", "€ 12", "15 %", "+41 79 000 00 00".
_KINDS = {
    _YEAR: re.compile(_CENTURIES),
    _DATE: re.compile(
        rf"{_CENTURIES}[-/.]{_MONTH}(?:[-/.]{_DAY}(?:[T ]{_CLOCK})?)?"
        rf"|{_DAY}[-/.]{_MONTH}[-/.](?:{_CENTURIES}|\d\d)|{_MONTH}/{_DAY}/(?:{_CENTURIES}|\d\d)"
        rf"|{_MONTH}[-/.]{_CENTURIES}|{_CENTURIES}[-/–](?:{_CENTURIES}|\d\d)"
    ),
    _TIME: re.compile(rf"{_CLOCK}(?:\s?[-–]\s?{_CLOCK})?"),
    _CODE: re.compile(r"\d{1,4}(?:[A-Z]{1,2}|st|nd|rd|th)"),
    _AMOUNT: re.compile(
        r"(?:(?:EUR|USD|GBP|CHF)\s?|[^\w\s]{0,2}\s?)[-+−]?\d[\d\s.,:/’'-]*[^\W\d_]{0,3}\W{0,2}"
        r"|(?i:true|false)"
    ),
}
_NEEDED = {_DATE: 2, _TIME: 3, _CODE: 1}  # of one kind, to be names over anything but amounts
_QUANTITY = re.compile(r"(?:\W|EUR|USD|GBP|CHF){0,4}\d|(?i:true|false)$")
_LETTER = re.compile(r"[^\W\d_]")
_MISSING = re.compile(r"(?i:n\.?/?a\.?|none|nil|unknown|missing|tba|tbd|closed)")


def header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of a table's first rows names its columns; None when none does.

    It is the first that fills more than half of the columns in use, if all its cells are words,
    or years one after the other, or, in a table of more than two columns, dates, times or codes
    as "5G" over cells of other kinds. Numbers are no names. Two columns of which the first ends
    in colons are a form, which has no header.

    Args:
        rows: The first `WINDOW` rows that are not empty.
    """
    used = {column for row in rows for column, cell in enumerate(row) if cell}
    if len(used) == 2 and all(not row[min(used)] or row[min(used)].endswith(":") for row in rows):
        return None
    for number, row in enumerate(rows):
        if 2 * sum(map(bool, row)) > len(used):
            named = _are_names(row, rows[number + 1 :], n_columns=len(used))
            return number if named else None
    return None


def _kind(cell: str) -> str:
    return next((kind for kind, form in _KINDS.items() if form.fullmatch(cell)), _WORD)


def _column(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    """The cells of a column that are not empty."""
    return [row[column] for row in rows if column < len(row) and row[column]]


def _are_names(row: Sequence[str], below: Sequence[Sequence[str]], *, n_columns: int) -> bool:
    kinds = {column: _kind(cell) for column, cell in enumerate(row) if cell}
    values = {column: kind for column, kind in kinds.items() if kind != _WORD}
    under = {column: [_kind(cell) for cell in _column(below, column)] for column in values}
    years = {column: int(row[column]) for column, kind in values.items() if kind == _YEAR}
    if years and _follow(list(years.values()), [under[column] for column in years]):
        values = {column: kind for column, kind in values.items() if column not in years}
    if not values:
        return True
    repeated = len({row[column] for column in values}) < len(values)
    return n_columns > 2 and not repeated and _differ(values, under)


def _follow(years: Sequence[int], under: Sequence[Sequence[str]]) -> bool:
    """Whether years stand one after the other, or three in equal steps with none below them."""
    steps = {after - before for before, after in pairwise(years)}
    if len(years) < 3 or any(_YEAR in kinds for kinds in under):
        return steps in ({1}, {-1})
    return len(steps) == 1 and 0 not in steps


def _differ(values: Mapping[int, str], under: Mapping[int, Sequence[str]]) -> bool:
    """Whether dates, times and codes stand over other kinds of cells than their own.

    One alone needs two cells below it. Words below ("present", "closed") tell less than amounts:
    two dates or three times have to stand over them.
    """
    n_of = Counter(values.values())
    for column, kind in values.items():
        kinds = under[column]
        if kind not in _NEEDED or kind in kinds or len(kinds) < (1 if n_of[kind] > 1 else 2):
            return False
        over_amounts = kind == _DATE and set(kinds) <= {_AMOUNT, _YEAR}
        if n_of[kind] < _NEEDED[kind] and not over_amounts:
            return False
    return True


class Above:
    """What a table shows of its columns, by its first rows, to what stands below a blank row."""

    def __init__(self, names: Sequence[str]) -> None:
        """Begin a table.

        Args:
            names: Of its columns; empty when it has none.
        """
        self._names = names
        self._n_rows = 0
        self._seen: defaultdict[int, set[str]] = defaultdict(set)

    def add(self, row: Sequence[str]) -> None:
        """Takes a row's cells into account, if it is one of the first `WINDOW`."""
        if self._n_rows == WINDOW:
            return
        self._n_rows += 1
        for column, cell in enumerate(row):
            if cell:
                self._seen[column].add(cell)

    def ends_at(self, row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
        """Whether a row behind a blank one, all of whose cells may be names, begins another table.

        It does where it says a name of this table's columns again, or differs from this table in
        a column. A row of which a cell stands in its column above is one more of this table.

        Args:
            row: Cells of the row.
            below: The rows that follow it up to the next blank one.
        """
        cells = {column: cell for column, cell in enumerate(row) if cell}
        if any(cell in self._seen[column] for column, cell in cells.items()):
            return False
        again = any(self._name(column) == cell for column, cell in cells.items())
        return again or any(
            self._differs(column, cell, _column(below, column), n_rows=len(below))
            for column, cell in cells.items()
        )

    def _name(self, column: int) -> str:
        return self._names[column] if column < len(self._names) else ""

    def _differs(self, column: int, cell: str, below: Sequence[str], *, n_rows: int) -> bool:
        """Whether a cell begins a column that is not this table's.

        This table does not use it and most rows below do; or a word stands where this table holds
        quantities, or where only the rows below do; or a date where nothing else is one.
        """
        above = self._seen[column]
        if not above and not self._name(column):
            return 2 * len(below) > n_rows
        if (kind := _kind(cell)) != _WORD:
            return bool(above) and kind not in map(_kind, (*above, *below))
        if not _LETTER.search(cell) or _QUANTITY.match(cell) or _MISSING.fullmatch(cell):
            return False
        n_quantities = sum(1 for each in above if _QUANTITY.match(each))
        n_below = sum(1 for each in below if _QUANTITY.match(each))
        if above and n_quantities == len(above):
            return not self._is_lower(cell) or (bool(below) and not n_below)
        return bool(below) and not n_quantities and n_below == len(below)

    def _is_lower(self, cell: str) -> bool:
        """Whether a word begins as no name of this table's columns does: "by weight"."""
        return cell[0].islower() and not any(name[:1].islower() for name in self._names)
