"""Tests of index.formats.merged: the value of a merged cell counts for each row it reaches over."""

from io import BytesIO
from itertools import product
from time import monotonic

import pytest
from openpyxl import Workbook

from index.formats import merged
from index.formats.merged import Merged
from index.formats.sheets import read_xlsx, xlsx_rows
from tests.test_sheets import replaced, saved, workbook

REGIONS = [
    ["Region", "Town", "Fee"],
    ["North", "Kiel", 6],
    [None, "Husum", 7],
    [None, "Aalen", 8],
    ["South", "Ulm", 9],
    [None, "Wil", 10],
]


def regions() -> Workbook:
    made = workbook(REGIONS)
    made.active.merge_cells("A2:A4")
    return made


def test_each_row_has_the_value_that_reaches_into_it() -> None:
    assert read_xlsx(saved(regions())).text.split("\n") == [
        "Region is North, Town is Kiel, Fee is 6",
        "Region is North, Town is Husum, Fee is 7",
        "Region is North, Town is Aalen, Fee is 8",
        "Region is South, Town is Ulm, Fee is 9",
        "Town is Wil, Fee is 10",
    ]


def test_rows_are_shown_as_they_are_read() -> None:
    told = xlsx_rows(saved(regions()), first=1, last=1).told["rows"]
    assert [row["cells"] for row in told] == [["North", "Husum", "7"]]


def test_across_columns_the_first_alone_has_the_value() -> None:
    made = workbook([["Fees of 2025"], ["Town", "Fee", "Remark"], ["Kiel", 6, "both"], ["Ulm", 7]])
    made.active.merge_cells("A1:C1")
    made.active.merge_cells("C3:D4")
    assert read_xlsx(saved(made)).text.split("\n") == [
        "Fees of 2025",
        "Town is Kiel, Fee is 6, Remark is both",
        "Town is Ulm, Fee is 7, Remark is both",
    ]


def test_blank_rows_below_a_merged_cell_stay_blank() -> None:
    made = regions()
    made.active["A6"] = "East"
    made.active["B4000"] = "Thun"
    made.active.merge_cells("A6:A7")
    part = "xl/worksheets/sheet1.xml"
    text = read_xlsx(replaced(saved(made), part, b"A6:A7", b"A6:A1048576")).text
    assert text.endswith("Region is East, Town is Wil, Fee is 10\nRegion is East, Town is Thun")


def test_what_is_repeated_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merged, "MAX_REPEATED", 8)
    assert read_xlsx(saved(regions())).text.count("North") == 2


@pytest.mark.parametrize("tag", [b"mergeCell", b"x:mergeCell"])
@pytest.mark.parametrize("before", [0, merged._CHUNK - 5, merged._CHUNK, 3 * merged._CHUNK])
def test_the_list_is_found_wherever_it_stands(tag: bytes, before: int) -> None:
    xml = b'%s<%ss count="1"><%s ref="A2:B3"/></%ss>' % (b" " * before, tag, tag, tag)
    rows = [(2, ["North"]), (3, ["", "Ulm"]), (4, ["", "Wil"])]
    found = list(Merged().rows(rows, BytesIO(xml)))
    assert found == [(2, ["North"]), (3, ["North", "Ulm"]), (4, ["", "Wil"])]


def test_many_merged_cells_over_many_rows_take_no_time() -> None:
    letters = [f"A{first}{second}" for first, second in product("ABCDEFGHIJ", repeat=2)]
    each = "".join(f'<mergeCell ref="{name}1:{name}1048576"/>' for name in letters)
    xml = f"<mergeCells>{each}</mergeCells>".encode()
    first = (1, ["x"] * 1_000)
    rows = ((number, ["Ulm"]) for number in range(2, 200_000))
    started = monotonic()
    found = Merged().rows((first, *rows), BytesIO(xml))
    assert sum(1 for _ in found) == 199_999
    assert monotonic() - started < 5
