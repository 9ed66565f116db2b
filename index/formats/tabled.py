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
    headed: bool = False,
) -> None:
    """Adds a table's rows, a line each, those that name their columns apart.

    A reader takes rows that stand in one passage for each other.

    Args:
        composer: What they are added to.
        rows: The cells of each row, empty ones included.
        number: Of the table in its text, or its slide.
        part: What the part is called that the table stands in, and goes on below it; may be empty.
        headed: As of `table_lines`.
    """
    above = f"{part} › " if part else ""
    gap, named = "\n\n", False
    for line in table_lines(rows, headed=headed):
        if line.named:
            composer.place_apart(f"{above}table {number}, row {line.number}")
        composer.add(line.text, gap=gap)
        gap, named = "\n", line.named
    if named:
        composer.place_apart(f"{above}below table {number}")
