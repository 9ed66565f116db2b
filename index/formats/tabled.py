"""Tables that stand in a text: a row that names its columns is a part of its own."""

from collections.abc import Sequence

from index.formats.composer import Composer
from index.formats.tables import table_lines


def add_table(
    composer: Composer,
    rows: Sequence[Sequence[str]],
    *,
    number: int,
    part: str,
    names_at: int | None = None,
) -> None:
    """Adds a table's rows, a line each, those that name their columns apart.

    A reader takes rows that stand in one passage for each other.

    Args:
        composer: What they are added to.
        rows: The cells of each row, empty ones included.
        number: Of the table in its text, or its slide.
        part: What the part is called that the table stands in, and goes on below it; may be empty.
        names_at: As of `table_lines`.
    """
    gap, named = "\n\n", False
    for line in table_lines(rows, names_at=names_at):
        if line.named:
            composer.place_apart(row_name(part, number, line.number))
        composer.add(line.text, gap=gap)
        gap, named = "\n", line.named
    if named:
        composer.place_apart(below_name(part, number))


def row_name(part: str, table: int, row: int) -> str:
    """What a row of a table is called, below the part that it stands in."""
    return f"{_below(part)}table {table}, row {row}"


def below_name(part: str, table: int) -> str:
    """What a part is called where it goes on below a table."""
    return f"{_below(part)}below table {table}"


def _below(part: str) -> str:
    return f"{part} › " if part else ""
