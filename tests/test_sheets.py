"""Tests of index.formats.sheets: real workbooks, made with openpyxl."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from index.errors import UnreadableFile
from index.formats import Place, sheets
from index.formats.sheets import read_xlsx


def saved(workbook: Workbook) -> bytes:
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """An archive with other words in one of its parts."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            words = before.read(name)
            if name == part:
                assert old in words
                words = words.replace(old, new)
            after.writestr(name, words)
    return file.getvalue()


def workbook(rows: list[list[object]], *, sheet: str = "Costs") -> Workbook:
    made = Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    return made


def test_each_row_stands_apart_with_its_number_and_its_columns() -> None:
    made = workbook([["Port", "Fee", "Since"], ["Skarn", 6.0, datetime(1911, 3, 5)]])
    made.active.append([])
    made.active.append(["Holm", None, datetime(1923, 1, 1)])
    parsed = read_xlsx(saved(made))
    assert (
        parsed.text
        == "Port is Skarn, Fee is 6, Since is 1911-03-05\nPort is Holm, Since is 1923-01-01"
    )
    assert parsed.places == (
        Place(0, "sheet Costs, row 2", apart=True),
        Place(45, "sheet Costs, row 4", apart=True),
    )
    assert parsed.title is None


def test_numbers_are_shown_as_the_sheet_shows_them() -> None:
    made = workbook([["Port", "Share", "Fee"], ["Skarn", 0.153, 1234.5]])
    made.active["B2"].number_format = "0.0%"
    made.active["C2"].number_format = '#,##0.00 "EUR"'
    assert read_xlsx(saved(made)).text == "Port is Skarn, Share is 15.3%, Fee is 1,234.50 EUR"


def test_every_sheet_is_read_a_hidden_one_too() -> None:
    made = workbook([["Port", "Fee"], ["Skarn", 6]])
    hidden = made.create_sheet("Old fees")
    hidden.sheet_state = "hidden"
    hidden.append(["Port", "Fee"])
    hidden.append(["Skarn", 4])
    parsed = read_xlsx(saved(made))
    assert [place.name for place in parsed.places] == [
        "sheet Costs, row 2",
        "sheet Old fees, row 2",
    ]
    assert parsed.text == "Port is Skarn, Fee is 6\n\nPort is Skarn, Fee is 4"


def test_rows_above_the_header_keep_their_own_places() -> None:
    made = workbook([["Fees of the northern line"], [], ["Port", "Fee", "Depth"], ["Skarn", 6, 4]])
    parsed = read_xlsx(saved(made))
    assert parsed.text == "Fees of the northern line\nPort is Skarn, Fee is 6, Depth is 4"
    assert [place.name for place in parsed.places] == ["sheet Costs, row 1", "sheet Costs, row 4"]


def test_columns_without_a_header_go_by_their_letters() -> None:
    made = workbook([["Skarn", 6]])
    made.active["AB1"] = "north"
    assert read_xlsx(saved(made)).text == "A is Skarn, B is 6, AB is north"


def test_a_header_alone_is_text() -> None:
    assert read_xlsx(saved(workbook([["Port", "Fee"]]))).text == "Port | Fee"


def test_a_cell_of_many_lines_stays_on_one() -> None:
    made = workbook([["Port", "Remark"], ["Skarn", "rebuilt\nin 1911"]])
    assert read_xlsx(saved(made)).text == "Port is Skarn, Remark is rebuilt in 1911"


def test_a_formula_gives_the_value_that_was_saved_with_it() -> None:
    made = workbook([["Port", "Fee"], ["Skarn", "=2*3"]])
    content = saved(made)
    assert read_xlsx(content).text == "Port is Skarn, Fee is =2*3"
    part = "xl/worksheets/sheet1.xml"
    computed = replaced(content, part, b"<v></v></c>", b"<v>6</v></c>")
    assert read_xlsx(computed).text == "Port is Skarn, Fee is 6"


def test_the_title_is_the_properties() -> None:
    made = workbook([["Port", "Fee"], ["Skarn", 6]])
    made.properties.title = "Fees of the ports"
    assert read_xlsx(saved(made)).title == "Fees of the ports"


def test_a_dimension_that_is_stated_wrongly_hides_no_row() -> None:
    content = saved(workbook([["Port", "Fee"], ["Skarn", 6]]))
    part = "xl/worksheets/sheet1.xml"
    assert read_xlsx(replaced(content, part, b'ref="A1:B2"', b'ref="A1:A1"')).text == (
        "Port is Skarn, Fee is 6"
    )


@pytest.mark.parametrize("row", [b"4000000000", b"1048577"])
def test_a_row_beyond_the_last_is_refused(row: bytes) -> None:
    content = saved(workbook([["Port", "Fee"], ["Skarn", 6]]))
    far = replaced(content, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="%s"' % row)
    with pytest.raises(UnreadableFile, match="more than 1,048,576 rows in a sheet"):
        read_xlsx(far)


def test_wide_rows_of_nothing_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_CELLS", 100_000)
    made = workbook([])
    for row in range(1, 10):
        made.active.cell(row, 16_384, "far")
    with pytest.raises(UnreadableFile, match="or 100,000 cells; split it"):
        read_xlsx(saved(made))


def test_entities_in_utf_16_do_not_grow() -> None:
    laughs = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY a0 "ha">'
    laughs += "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    content = saved(workbook([["Port", "Fee"], ["Skarn", 6]]))
    with ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    bomb = laughs + "]>" + sheet.decode().replace("<sheetData>", "<sheetData><!-- -->&a9;")
    part = "xl/worksheets/sheet1.xml"
    with pytest.raises(UnreadableFile, match="damaged, or no XLSX file") as caught:
        read_xlsx(replaced(content, part, sheet, bomb.encode("utf-16")))
    assert "EntitiesForbidden" in repr(caught.value.__cause__.__cause__)


@pytest.mark.parametrize("size", [0, 10, 1000, 4000])
def test_a_cut_file_is_refused(size: int) -> None:
    content = saved(workbook([["Port", "Fee"], ["Skarn", 6]]))
    assert len(content) > size
    with pytest.raises(UnreadableFile, match="damaged, or no XLSX file"):
        read_xlsx(content[:size])


def test_another_archive_is_refused() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "words")
    with pytest.raises(UnreadableFile, match="damaged, or no XLSX file"):
        read_xlsx(file.getvalue())
