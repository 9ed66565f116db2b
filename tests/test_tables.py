"""Tests of index.formats.tables: how a row reads."""

import pytest

from index.formats.tables import row_text, table_lines


def test_a_row_carries_the_names_of_its_columns() -> None:
    assert row_text(["Skarn", "", "6 euros"], ["Port", "Depth", "Fee:"]) == (
        "Port is Skarn, Fee is 6 euros"
    )


def test_cells_without_a_name_stand_alone() -> None:
    assert row_text(["Skarn", "3", "x"], ["", "Depth"]) == "Skarn, Depth is 3, x"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["Port", "Fee"], ["Skarn", "6"], ["", ""]], ["Port is Skarn, Fee is 6"]),
        ([["Fees", ""], ["Port", "Fee"], ["Skarn", "6"]], ["Fees", "Port is Skarn, Fee is 6"]),
        ([["Port:", "Skarn"], ["Fee:", "6"]], ["Port: Skarn", "Fee: 6"]),
        ([["Port", "Fee"]], ["Port | Fee"]),
        ([["Skarn", "6"], ["Holm", "9"]], ["Skarn | 6", "Holm | 9"]),
        ([[""]], []),
    ],
)
def test_a_table_in_a_text_is_a_line_for_each_row(rows: list[list[str]], lines: list[str]) -> None:
    assert table_lines(rows) == lines
