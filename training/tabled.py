"""Tables made of names and numbers, in the forms in which the index reads rows, with questions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.formats.tables import row_text, table_lines
from index.passage import Span
from training.data import Row, is_held_out, load_set
from training.nearmiss import NAME

_T = TypeVar("_T")
NAMES_FROM = ("squad", "natural-questions", "timeqa")
N_TABLES, N_CHECKED = 2_000, 150
_SEED, _CHECK_SEED = 1, 2
_N_QUESTIONS, _UNANSWERED = 4, 0.15
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")
_THINGS = (
    "Rent", "Electricity", "Water", "Internet", "Paper", "Coffee", "Insurance", "Cleaning",
    "Heating", "Travel", "Postage", "Telephone", "Repairs", "Training", "Software", "Furniture",
    "Printer", "Desk", "Lamp", "Chair", "Keyboard", "Screen", "Cable", "Battery", "Bicycle",
    "Kettle", "Ladder", "Hammer", "Drill", "Paint", "Bread", "Cheese", "Apples", "Rice", "Salmon",
    "Olive oil", "Potatoes", "Steel", "Copper", "Timber", "Gravel", "Cement", "Hotel", "Flight",
    "Taxi", "Catering", "Licences", "Server", "Backup", "Security", "Marketing", "Research",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A kind of column.

    Attributes:
        names: What its header may say.
        kind: Of its cells.
        asked: Questions for a cell: {key} is what the row is of, {name} the header.
        back: Questions for the row by a cell: {cell} is the cell, {of} what rows are of.
    """

    names: tuple[str, ...]
    kind: str
    asked: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


_ANY = (
    "What is the {name} of {key}?",
    "What {name} does {key} have?",
    "What was the {name} for {key}?",
    "{key}: what {name}?",
    "Which {name} has {key}?",
)
_ANY_BACK = ("Which {of} has the {name} {cell}?", "What {of} has {cell} as its {name}?")
COLUMNS = (
    Column(("Built", "Founded", "Opened", "Launched", "Established", "Published", "Completed"),
           "year", ("When was {key} {name}?", "In what year was {key} {name}?"),
           ("Which {of} was {name} in {cell}?", "What was {name} in {cell}?")),
    Column(("Amount", "Price", "Cost", "Fee", "Total", "Budget", "Expense"), "money",
           ("How much is {key}?", "How much does {key} cost?", "What does {key} cost?",
            "How much was {key}?", "What was the {name} of {key}?"),
           ("Which {of} costs {cell}?", "What costs {cell}?")),
    Column(("Capacity", "Seats", "Pages", "Employees", "Visitors", "Rooms", "Members", "Stock",
            "Population", "Students", "Orders", "Units sold"), "count",
           ("How many {name} does {key} have?", "What is the {name} of {key}?",
            "How many {name} are there in {key}?"),
           ("Which {of} has {cell} {name}?",)),
    Column(("Length", "Height", "Distance", "Weight", "Depth", "Width"), "measure",
           ("What is the {name} of {key}?", "What {name} does {key} have?")),
    Column(("Supplier", "Author", "Director", "Owner", "Captain", "Manager", "Contact", "Teacher",
            "Architect", "Editor", "Responsible"), "name",
           ("Who is the {name} of {key}?", "Who is {key}'s {name}?",
            "Who is the {name} for {key}?"),
           ("Which {of} has {cell} as {name}?", "What does {cell} have to do with?")),
    Column(("City", "Country", "Location", "Port", "Region", "Address", "Office"), "name",
           ("Where is {key}?", "In which {name} is {key}?", "Where can {key} be found?"),
           ("Which {of} is in {cell}?", "What is in {cell}?")),
    Column(("Date", "Due", "Deadline", "Departure", "Delivered", "Start", "End", "Last changed"),
           "date", ("When is {key}?", "What is the {name} of {key}?", "On what date is {key}?"),
           ("Which {of} is on {cell}?",)),
    Column(("Share", "Rate", "Growth", "Discount", "Result", "Turnout"), "percent",
           ("What is the {name} of {key}?", "How high is the {name} of {key}?")),
    Column(("Code", "Number", "Reference", "Serial", "Model", "Version"), "code"),
    Column(("Status", "State", "Condition", "Type", "Category", "Language"), "word"),
    Column(("Time", "Opens", "Closes", "Arrival"), "time",
           ("At what time is {key}?", "When is the {name} of {key}?"),
           ("Which {of} is at {cell}?",)),
)  # fmt: skip
_KEYS = {
    "name": ("Name", "Ship", "Station", "Building", "Company", "Museum", "Title", "Project",
             "Place", "Team", "School", "Bridge", "Customer", "Department"),
    "thing": ("Item", "Product", "Article", "Material", "Service", "Expense", "Position"),
}  # fmt: skip
_WORDS = (
    "open", "closed", "active", "pending", "paid", "new", "used", "public", "private", "English",
    "French", "German", "Spanish", "red", "green", "large", "small", "standard", "express", "draft",
    "approved", "rejected", "wood", "metal", "indoor", "outdoor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        names: Header of each column; what the rows are of comes first.
        rows: The cells.
        columns: What is known of each column but the first, in their order.
        by: Whether the second column, as a month, tells rows of one key apart.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[Column | None, ...]
    by: bool


class Tables:
    """Makes tables by chance.

    Args:
        names: Names to fill cells with.
        chance: What is random.
        checked: Of columns that training does not see.
    """

    def __init__(self, names: Sequence[str], chance: np.random.Generator, *, checked: bool) -> None:
        self._names = names
        self._chance = chance
        self._checked = checked
        self._cells: dict[str, Callable[[], str]] = {
            "year": lambda: str(chance.integers(1700, 2026)),
            "money": self._money,
            "count": lambda: _grouped(
                int(10 ** chance.uniform(0.5, 6)), self._pick(("", ",", ","))
            ),
            "measure": lambda: f"{self._number()} {self._pick(('m', 'km', 'kg', 'cm', 't', 'ft'))}",
            "name": lambda: self._pick(names),
            "date": self._date,
            "percent": lambda: (
                f"{chance.uniform(0, 100):.{chance.integers(2)}f}{self._pick((' %', '%'))}"
            ),
            "code": lambda: f"{self._pick('ABCKRX')}{self._pick(('-', '', '.'))}{self._number()}",
            "word": lambda: self._pick(_WORDS),
            "time": lambda: f"{chance.integers(5, 23)}:{chance.integers(0, 60):02}",
            "thing": lambda: self._pick(_THINGS),
        }

    def make(self) -> Table:
        """A table of 3 to 14 rows and 2 to 6 columns."""
        chance = self._chance
        kind = self._pick(("name", "name", "thing"))
        by = bool(chance.random() < 0.3)
        keys = list(dict.fromkeys(self._cells[kind]() for _ in range(chance.integers(3, 15))))
        chosen = [COLUMNS[i] for i in chance.permutation(len(COLUMNS))[: chance.integers(1, 6)]]
        names = [self._pick(self._known(_KEYS[kind]))]
        names += [self._pick(self._known(column.names)) for column in chosen]
        rows = [(key, *(self._cells[column.kind]() for column in chosen)) for key in keys]
        columns: list[Column | None] = list(chosen)
        if by:
            periods = self._pick((_MONTHS, _QUARTERS))
            names.insert(1, "Month" if periods is _MONTHS else "Quarter")
            columns.insert(0, None)
            rows = [
                (key, period, *(self._cells[column.kind]() for column in chosen))
                for key in keys[:5]
                for period in periods[:3]
            ]
        return Table(tuple(names), tuple(rows), tuple(columns), by)

    def asked(self, table: Table) -> Iterator[tuple[str, int, str]]:
        """Questions, the row that answers each, and the answer; some that no row answers: ""."""
        for _ in range(_N_QUESTIONS):
            row = int(self._chance.integers(len(table.rows)))
            column = int(self._chance.integers(1 + table.by, len(table.names)))
            known = table.columns[column - 1]
            assert known is not None
            cells = table.rows[row]
            if self._chance.random() < _UNANSWERED:
                other = self._cells["name"]()
                if not any(other in each for each in table.rows):
                    yield self._forward(known, table, column, (other, *cells[1:])), row, ""
            elif self._chance.random() < 0.75 or table.by:
                yield self._forward(known, table, column, cells), row, cells[column]
            elif [each[column] for each in table.rows].count(cells[column]) == 1:
                back = self._pick(known.back or _ANY_BACK)
                of, name = table.names[0].lower(), table.names[column].lower()
                yield back.format(of=of, name=name, cell=cells[column]), row, cells[0]

    def shown(self, table: Table, row: int, answer: str) -> tuple[str, list[Span]]:
        """The table as a text in some form, and where the answer stands in the row."""
        form = self._pick(("row", "row", "lines", "lines", "bars", "markdown", "record", "grid"))
        lines = [row_text(each, table.names) for each in table.rows]
        above: list[str] = []
        if form == "row":
            lines, row = [lines[row]], 0
        elif form == "bars":
            lines = [" | ".join(each) for each in table.rows]
            above = [" | ".join(table.names)]
        elif form == "markdown":
            lines = [f"| {' | '.join(each)} |" for each in table.rows]
            above = [f"| {' | '.join(table.names)} |", "|---" * len(table.names) + "|"]
        elif form == "record":
            pairs = zip(table.names, table.rows[row], strict=True)
            lines, row = ["\n".join(f"{name.lower()}: {cell}" for name, cell in pairs)], 0
        elif form == "grid":
            rows = [table.names, *table.rows]
            lines = [line.text for line in table_lines(rows, names_at=0)]
            if len(lines) != len(table.rows):  # its header was not seen to be one
                lines = [row_text(each, table.names) for each in table.rows]
        between = self._pick(("\n", "\n\n")) if form != "markdown" else "\n"
        offset = sum(len(line) + len(between) for line in [*above, *lines[:row]])
        text = between.join([*above, *lines])
        place = text.rfind(answer, offset, offset + len(lines[row])) if answer else -1
        return text, [Span(place, place + len(answer))] if place >= 0 else []

    def _forward(self, column: Column, table: Table, number: int, cells: Sequence[str]) -> str:
        name = table.names[number].lower()
        asked = self._pick((*column.asked, *column.asked, *_ANY[: 2 if column.asked else None]))
        key = cells[0]
        if self._chance.random() < 0.7 and key in _THINGS:
            key = self._pick(("the ", "")) + key.lower()
        question = asked.format(key=key, name=name)
        if table.by:
            question = question.removesuffix("?") + f" in {cells[1]}?"
        return question[0].upper() + question[1:]

    def _known(self, names: Sequence[str]) -> Sequence[str]:
        """Every fourth name of a column is kept for checking, and only those are checked."""
        return (
            names[3::4] or names[:1]
            if self._checked
            else [n for n in names if n not in names[3::4]]
        )

    def _pick(self, some: Sequence[_T]) -> _T:
        return some[int(self._chance.integers(len(some)))]

    def _number(self) -> str:
        value = 10 ** self._chance.uniform(0, 3.5)
        return f"{value:.1f}" if self._chance.random() < 0.3 else f"{value:.0f}"

    def _money(self) -> str:
        value = 10 ** self._chance.uniform(0.5, 5)
        digits = f"{value:.2f}" if self._chance.random() < 0.4 else f"{value:.0f}"
        form = self._pick(("{} EUR", "${}", "{} USD", "€ {}", "{}", "£{}", "{} euros"))
        return form.format(digits)

    def _date(self) -> str:
        year, month, day = (
            int(self._chance.integers(*ends)) for ends in ((1990, 2027), (0, 12), (1, 29))
        )
        forms = (f"{year}-{month + 1:02}-{day:02}", f"{day} {_MONTHS[month]} {year}",
                 f"{_MONTHS[month]} {day}", f"{day:02}.{month + 1:02}.{year}")  # fmt: skip
        return self._pick(forms)


def questions(data: Path, *, checked: bool) -> list[Row]:
    """Questions of made tables, each over its table in some form.

    Args:
        data: The data folder, whose contexts give the names.
        checked: To check a reader with: of columns and names that training does not see.
    """
    seed, n_tables = (_CHECK_SEED, N_CHECKED) if checked else (_SEED, N_TABLES)
    names = _names_of(data, held_out=checked)
    tables = Tables(names, np.random.default_rng(seed), checked=checked)
    rows = []
    for _ in range(n_tables):
        table = tables.make()
        for question, row, answer in tables.asked(table):
            text, spans = tables.shown(table, row, answer)
            if spans or not answer:
                rows.append(Row(question, text, tuple(spans)))
    return rows


def _names_of(data: Path, *, held_out: bool) -> list[str]:
    """Names that stand in contexts, of training or of those kept from it."""
    found: dict[str, None] = {}
    for name in NAMES_FROM:
        for context in dict.fromkeys(r.context for r in load_set(data / f"train/{name}.jsonl.gz")):
            if is_held_out(context) == held_out:
                found |= dict.fromkeys(each for each in NAME.findall(context) if len(each) < 30)
    return list(found)


def _grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)
