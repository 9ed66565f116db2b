"""Tests of index.formats.tables: how a row reads."""

import pytest

from index.formats.tables import TableLine, row_text, table_lines


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
    assert [line.text for line in table_lines(rows)] == lines


def test_rows_below_a_header_say_their_columns_and_which_row_they_are() -> None:
    rows = [["Fees", ""], ["Port", "Fee"], ["", ""], ["Skarn", "6"], ["Holm", "9"]]
    assert table_lines(rows) == [
        TableLine(1, "Fees", named=False),
        TableLine(4, "Port is Skarn, Fee is 6", named=True),
        TableLine(5, "Port is Holm, Fee is 9", named=True),
    ]


def test_a_row_may_be_shorter_than_the_others() -> None:
    rows = [["Port", "Fee", "Note"], ["Skarn", "6"], ["Ulm", "7", "x"], ["Holm"]]
    assert [line.text for line in table_lines(rows)] == [
        "Port is Skarn, Fee is 6",
        "Port is Ulm, Fee is 7, Note is x",
        "Port is Holm",
    ]
    form = [["Capital", "Skarn"], ["Language"], ["Coin", "Mark"]]
    assert [line.text for line in table_lines(form)][1] == "Language"


def test_two_columns_of_words_may_be_a_form_unless_the_table_has_a_header() -> None:
    rows = [["Capital", "Skarn"], ["Language", "Norse"], ["Coin", "Mark"]]
    assert [line.text for line in table_lines(rows)] == [
        "Capital | Skarn",
        "Language | Norse",
        "Coin | Mark",
    ]
    assert [line.text for line in table_lines(rows, names_at=0)] == [
        "Capital is Language, Skarn is Norse",
        "Capital is Coin, Skarn is Mark",
    ]
    assert [line.text for line in table_lines(rows, names_at=1)] == [
        "Capital | Skarn",
        "Language is Coin, Norse is Mark",
    ]
    assert [line.text for line in table_lines([["", ""], ["a", "b"]], names_at=0)] == ["a | b"]
