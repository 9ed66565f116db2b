"""Tests of index.formats.word: real documents, made with python-docx."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.document import Document as Written
from docx.oxml import parse_xml

from index.document import Document as Read
from index.errors import UnreadableFile
from index.formats import Place
from index.formats.word import read_docx
from index.passage import split

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def saved(document: Written) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def with_part(content: bytes, changes: dict[str, tuple[str, str]], **added: str) -> bytes:
    """An archive with other words in some parts, and with new parts below word/."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            old, new = changes.get(name, ("", ""))
            words = before.read(name).decode("utf-8") if old else ""
            assert not old or old in words
            after.writestr(name, words.replace(old, new) if old else before.read(name))
        for name, words in added.items():
            after.writestr(f"word/{name}.xml", words)
    return file.getvalue()


def test_headings_name_what_stands_below_them() -> None:
    document = Document()
    document.add_paragraph("A word before.")
    document.add_heading("Setup", 1)
    document.add_heading("On Linux", 2)
    document.add_paragraph("Type make.")
    document.add_heading("Use", 1)
    document.add_paragraph("Press the button.")
    parsed = read_docx(saved(document))
    assert parsed.text.split("\n\n") == [
        "A word before.",
        "Setup",
        "On Linux",
        "Type make.",
        "Use",
        "Press the button.",
    ]
    assert parsed.places == (
        Place(16, "Setup"),
        Place(23, "Setup › On Linux"),
        Place(45, "Use"),
    )
    assert parsed.title == "Setup"


def test_the_title_is_the_properties_else_the_title_paragraphs() -> None:
    document = Document()
    document.core_properties.title = "Word Document"
    document.add_heading("Keeping bees", 0)
    document.add_heading("Winter", 1)
    content = saved(document)
    assert read_docx(content).title == "Word Document"
    document.core_properties.title = "Document1"
    assert read_docx(saved(document)).title == "Keeping bees"


def test_a_style_that_is_made_from_a_heading_is_one() -> None:
    document = Document()
    style = document.styles.add_style("Our chapter", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_heading("Setup", 1)
    document.add_paragraph("On Linux", style="Our chapter")
    assert read_docx(saved(document)).places[-1].name == "Setup › On Linux"


def test_items_stand_on_lines_of_their_own() -> None:
    document = Document()
    document.add_paragraph("You need:")
    document.add_paragraph("salt", style="List Bullet")
    document.add_paragraph("bread", style="List Number")
    document.add_paragraph("Then go.")
    assert read_docx(saved(document)).text == "You need:\n\n- salt\n- bread\n\nThen go."


def test_rows_of_a_table_carry_the_names_of_its_columns() -> None:
    document = Document()
    document.add_paragraph("The fees:")
    table = document.add_table(0, 3)
    for row in (("Region", "Port", "Fee"), ("North", "Skarn", "6 euros"), ("", "Holm", "9 euros")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("So far.")
    parsed = read_docx(saved(document))
    assert parsed.text == (
        "The fees:\n\n"
        "Region is North, Port is Skarn, Fee is 6 euros\n"
        "Region is North, Port is Holm, Fee is 9 euros\n\n"
        "So far."
    )
    assert parsed.places == (
        Place(11, "table 1, row 2", apart=True),
        Place(58, "table 1, row 3", apart=True),
        Place(105, "below table 1", apart=True),
    )


def test_a_row_that_names_its_columns_is_a_passage_below_its_headings() -> None:
    document = Document()
    document.add_heading("Fees", 1)
    for _ in range(2):
        document.add_paragraph("Of the north:")
        table = document.add_table(0, 2)
        for row in (("Port", "Fee"), ("Skarn", "6"), ("Holm", "9")):
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    document.add_paragraph("So far.")
    parsed = read_docx(saved(document))
    spans = split(Read("a.docx", "", "", parsed.text, places=parsed.places))
    assert [parsed.text[start:end] for start, end in spans] == [
        "Fees\n\nOf the north:",
        *("Port is Skarn, Fee is 6", "Port is Holm, Fee is 9"),
        "Of the north:",
        *("Port is Skarn, Fee is 6", "Port is Holm, Fee is 9"),
        "So far.",
    ]
    assert [place.name for place in parsed.places] == [
        "Fees",
        *("Fees › table 1, row 2", "Fees › table 1, row 3", "Fees › below table 1"),
        *("Fees › table 2, row 2", "Fees › table 2, row 3", "Fees › below table 2"),
    ]
    assert {place.heading for place in parsed.places} == {"Fees"}


def test_a_form_of_two_columns_names_none_unless_its_first_row_is_marked() -> None:
    document = Document()
    table = document.add_table(0, 2)
    for row in (("Capital", "Skarn"), ("Language", "Norse"), ("Coin", "Mark")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    assert read_docx(saved(document)).text == "Capital | Skarn\nLanguage | Norse\nCoin | Mark"
    first = table.rows[0]._tr.get_or_add_trPr()
    first.append(parse_xml(f"<w:tblHeader {NAMESPACES}/>"))
    assert read_docx(saved(document)).text.split("\n")[0] == "Capital is Language, Skarn is Norse"


def test_comments_and_boxes_in_a_table_follow_it_once() -> None:
    document = Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rent", "870 euros"
    document.add_comment(table.cell(0, 1).paragraphs[0].runs, text="Lowered.", author="The city")
    box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
    table.cell(0, 0).paragraphs[0]._p.append(
        parse_xml(
            f"<w:r {NAMESPACES}><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    document.add_paragraph("Signed.")
    assert read_docx(saved(document)).text == (
        "Rent | 870 euros\n\nThe city: Lowered.\n\nin the box\n\nSigned."
    )


def test_cells_over_several_columns_do_not_shift_the_others() -> None:
    document = Document()
    table = document.add_table(3, 3)
    for at, words in enumerate(("Port", "Depth", "Fee")):
        table.cell(0, at).text = words
        table.cell(2, at).text = words.lower()
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Skarn"
    table.cell(1, 2).text = "6 euros"
    assert read_docx(saved(document)).text.split("\n")[0] == "Port is Skarn, Fee is 6 euros"


def rows_of(*rows: str) -> str:
    """What is read of a table of three columns."""
    document = Document()
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    grid = "<w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
    document.element.body.insert(0, parse_xml(f"<w:tbl {NAMESPACES}>{grid}{table}</w:tbl>"))
    return read_docx(saved(document)).text


def cells(*words: str) -> str:
    return "".join(f"<w:tc><w:p><w:r><w:t>{each}</w:t></w:r></w:p></w:tc>" for each in words)


MARKED = "<w:trPr><w:tblHeader/></w:trPr>"


def test_cells_and_rows_in_content_controls_stand_in_their_columns() -> None:
    control = f"<w:sdt><w:sdtContent>{cells('Captain')}</w:sdtContent></w:sdt>"
    inner = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cells('4711')}</w:tr></w:tbl>"
    assert (
        rows_of(
            MARKED + cells("Name", "Role", "Berth"),
            cells("Anna") + control + f"<w:tc>{inner}<w:p/></w:tc>",
        )
        == "Name is Anna, Role is Captain, Berth is 4711"
    )


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    before = "<w:trPr><w:gridBefore w:val='1'/><w:tblHeader/></w:trPr>"
    assert rows_of(before + cells("Adults", "Children"), cells("Summer", "12", "6")) == (
        "Summer, Adults is 12, Children is 6"
    )
    far = "<w:trPr><w:gridBefore w:val='99999999'/></w:trPr>"
    assert "Holm" in rows_of(cells("Port", "Fee", "Note"), far + cells("Holm"))


def test_a_title_over_all_columns_is_no_header_though_it_is_marked() -> None:
    title = (
        "<w:tc><w:tcPr><w:gridSpan w:val='3'/></w:tcPr><w:p><w:r><w:t>Fees</w:t></w:r></w:p></w:tc>"
    )
    rows = MARKED + title, MARKED + cells("Port", "Adult", "Child"), cells("Skarn", "12", "6")
    assert rows_of(*rows) == "Fees\nPort is Skarn, Adult is 12, Child is 6"


def paragraph(inside: str) -> bytes:
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {NAMESPACES}>{inside}</w:p>"))
    return saved(document)


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
    content = paragraph(
        f"<w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert read_docx(content).text == "before\n\nin the box"


@pytest.mark.parametrize("kind", ["customXml", "ins", "moveTo", "smartTag"])
def test_what_wraps_paragraphs_is_read(kind: str) -> None:
    document = Document()
    wrapped = f"<w:{kind} {NAMESPACES}><w:p><w:r><w:t>wrapped</w:t></w:r></w:p></w:{kind}>"
    document.element.body.insert(0, parse_xml(wrapped))
    assert read_docx(saved(document)).text == "wrapped"


def test_content_controls_are_read_and_tables_of_contents_are_not() -> None:
    document = Document()
    for gallery, words in (("Table of Contents", "Setup 3"), ("Cover Pages", "The report")):
        control = (
            f"<w:sdt {NAMESPACES}><w:sdtPr><w:docPartObj><w:docPartGallery w:val='{gallery}'/>"
            f"</w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        )
        document.element.body.insert(0, parse_xml(control))
    assert read_docx(saved(document)).text == "The report"


def test_a_footnote_follows_its_paragraph() -> None:
    document = Document()
    document.add_paragraph("The harbour was rebuilt.")
    document.add_paragraph("Ships call there.")
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    content = with_part(
        saved(document),
        {
            "word/document.xml": (
                "rebuilt.</w:t></w:r>",
                'rebuilt.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>',
            ),
            "word/_rels/document.xml.rels": (
                "</Relationships>",
                f'<Relationship Id="n1" Type="{relation}" Target="footnotes.xml"/></Relationships>',
            ),
            "[Content_Types].xml": (
                "</Types>",
                f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>',
            ),
        },
        footnotes=(
            f'<w:footnotes {NAMESPACES}><w:footnote w:id="2"><w:p><w:r><w:t>In 1911.</w:t></w:r>'
            "</w:p></w:footnote></w:footnotes>"
        ),
    )
    assert read_docx(content).text == "The harbour was rebuilt.\n\nIn 1911.\n\nShips call there."


def test_comments_follow_their_paragraph_with_who_made_them() -> None:
    document = Document()
    paragraph = document.add_paragraph("The fee is ")
    paragraph.add_run("6 euros.")
    first, second = paragraph.runs
    document.add_comment(first, text="Since 1911?", author="The harbour office")
    document.add_comment(second, text="Yes.\nSee the tariff.", author="")
    document.add_comment(second, text="", author="Nobody")
    document.add_paragraph("Ships call there.")
    assert read_docx(saved(document)).text.split("\n\n") == [
        "The fee is 6 euros.",
        "The harbour office: Since 1911?",
        "Yes. See the tariff.",
        "Ships call there.",
    ]


def test_entities_in_utf_16_do_not_grow() -> None:
    document = Document()
    document.add_paragraph("words")
    content = saved(document)
    with ZipFile(BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode()
    laughs = '<!DOCTYPE a [<!ENTITY a0 "ha">'
    laughs += "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)) + "]>"
    declaration, rest = body.split("?>", 1)
    assert "UTF-8" in declaration
    bomb = f'<?xml version="1.0" encoding="UTF-16"?>{laughs}{rest.replace("words", "words &a9;")}'
    file = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            is_body = name == "word/document.xml"
            after.writestr(name, bomb.encode("utf-16") if is_body else before.read(name))
    with pytest.raises(UnreadableFile) as caught:
        read_docx(file.getvalue())
    assert "Maximum entity amplification" in str(caught.value.__cause__)


def test_deep_nesting_is_refused() -> None:
    depth = 5000
    content = saved(Document())
    deep = "<w:sdt><w:sdtContent>" * depth + "</w:sdtContent></w:sdt>" * depth
    change = {"word/document.xml": ("<w:body>", f"<w:body>{deep}")}
    with pytest.raises(UnreadableFile, match="damaged, or no DOCX file"):
        read_docx(with_part(content, change))


@pytest.mark.parametrize("size", [0, 10, 3000, 20_000])
def test_a_cut_file_is_refused(size: int) -> None:
    content = saved(Document())
    assert len(content) > size
    with pytest.raises(UnreadableFile, match="damaged, or no DOCX file"):
        read_docx(content[:size])


def test_a_workbook_with_the_wrong_name_is_refused() -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - for this test alone

    file = BytesIO()
    Workbook().save(file)
    with pytest.raises(UnreadableFile, match="damaged, or no DOCX file"):
        read_docx(file.getvalue())
