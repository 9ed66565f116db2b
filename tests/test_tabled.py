"""Tests of index.formats.tabled: a row that names its columns is a part of its own."""

from index.formats.composer import Composer
from index.formats.parsed import Parsed, Place
from index.formats.tabled import add_table

ROWS = [["Fees", "", ""], ["Port", "Sea", "Fee"], ["", "", ""], ["Skarn", "north", "6"]]


def composed(rows: list[list[str]], *, part: str, behind: str = "") -> Parsed:
    composer = Composer()
    composer.add("Before.")
    add_table(composer, rows, number=2, part=part)
    if behind:
        composer.place(behind)
    composer.add("Behind.")
    return composer.parsed(title=None)


def test_named_rows_are_apart_and_so_is_what_follows() -> None:
    parsed = composed(ROWS, part="Ports › North")
    assert parsed.text == (
        "Before.\n\nFees\n\nPort is Skarn, Sea is north, Fee is 6\n\nBehind.".replace(
            "Fees\n\n", "Fees\n"
        )
    )
    assert parsed.places == (
        Place(14, "Ports › North › table 2, row 4", apart=True),
        Place(53, "Ports › North › below table 2", apart=True),
    )


def test_a_heading_behind_a_table_is_parted_from_it() -> None:
    places = composed(ROWS, part="", behind="South").places
    assert places[-2:] == (Place(53, "below table 2", apart=True), Place(53, "South"))


def test_rows_without_names_stay_with_the_text() -> None:
    parsed = composed([["Port:", "Skarn"], ["Fee:", "6"]], part="Ports")
    assert parsed.text == "Before.\n\nPort: Skarn\nFee: 6\n\nBehind."
    assert parsed.places == ()
