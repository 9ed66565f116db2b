"""Tests of index.formats.formulas: a formula without a value stands in its cell itself."""

from io import BytesIO

import pytest
import xlsxwriter

from index.formats import formulas
from index.formats.formulas import uncomputed
from index.formats.sheets import read_xlsx
from tests.test_sheets import replaced, saved, workbook

PART = "xl/worksheets/sheet1.xml"


def test_a_formula_that_openpyxl_writes_has_no_value_yet() -> None:
    made = workbook(
        [["Part", "Price", "Total"], ["Valve", 4, "=B2*2"], ["Pump", 5, '=IF(B3<6,"a")']]
    )
    assert read_xlsx(saved(made)).text.split("\n") == [
        "Part is Valve, Price is 4, Total is =B2*2",
        'Part is Pump, Price is 5, Total is =IF(B3<6,"a")',
    ]


def test_a_zero_that_waits_to_be_computed_is_no_value() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["Part", "Price", "Total"])
        sheet.write_row(1, 0, ["Valve", 0, "=B2*2"])
        sheet.write_row(2, 0, ["Pump", 5])
        sheet.write_formula(2, 2, "=B3*2", None, 10)
    assert read_xlsx(file.getvalue()).text.split("\n") == [
        "Part is Valve, Price is 0, Total is =B2*2",
        "Part is Pump, Price is 5, Total is 10",
    ]


def test_a_zero_that_was_computed_is_one() -> None:
    content = saved(workbook([["Part", "Total"], ["Valve", "=0*2"]]))
    content = replaced(content, PART, b"<v></v>", b"<v>0</v>")
    content = replaced(content, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    assert read_xlsx(content).text == "Part is Valve, Total is 0"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (b'<c r="AB12"><f>A1</f><v></v></c>', {12: [(27, "=A1")]}),
        (b'<c r="AB12" s="3"><f t="array" ref="AB12">A1</f><v/></c>', {12: [(27, "=A1")]}),
        (b'<c s="3" r="A1"><f>B1&gt;2</f></c>', {1: [(0, "=B1>2")]}),
        (b'<c r="A1"><f>B1</f> <v> </v> </c>', {1: [(0, "=B1")]}),
        (b'<c r="A1"><f>B1</f>\n</c>', {1: [(0, "=B1")]}),
        (b'<c r="A1"><f>B1</f>' + b" " * 300_000 + b"<v>" + b" " * 300_000, {}),
        (b'<c r="A1"><f>B1</f><v>0</v></c>', {}),
        (b'<c r="A1"><f>B1</f><v>5</v></c>', {}),
        (b'<c r="A1" t="str"><f>""</f><v></v></c>', {}),
        (b'<c r="A1"><f t="shared" si="0"/><v></v></c>', {}),
        (b'<c r="A1"/><c r="B1"><f>A1</f><v></v></c>', {1: [(1, "=A1")]}),
        (b'<c r="A1"><v>5</v></c><c r="B1"><v></v></c>', {}),
    ],
)
@pytest.mark.parametrize("before", [0, formulas._CHUNK - 20, 3 * formulas._CHUNK])
def test_formulas_without_a_value_are_found(
    cell: bytes, found: dict[int, list[tuple[int, str]]], before: int
) -> None:
    assert uncomputed(BytesIO(b" " * before + cell), on_load=False) == found


def test_their_number_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "MAX_FORMULAS", 1)
    made = workbook([["Part", "Total"], ["Valve", "=1*2"], ["Pump", "=2*2"]])
    assert read_xlsx(saved(made)).text == "Part is Valve, Total is =1*2\nPart is Pump"
