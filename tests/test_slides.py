"""Tests of index.formats.slides: real presentations, made with python-pptx."""

from io import BytesIO

import pytest
from lxml.etree import _Element as Element
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Made
from pptx.text.text import TextFrame
from pptx.util import Cm

from index.errors import UnreadableFile
from index.formats import Place
from index.formats.slides import read_pptx

TITLE_AND_TEXT, TITLE_ONLY, BLANK = 1, 5, 6
NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.{name}"'
    for prefix, name in (
        ("a", "openxmlformats.org/drawingml/2006/main"),
        ("a14", "microsoft.com/office/drawing/2010/main"),
        ("m", "openxmlformats.org/officeDocument/2006/math"),
        ("mc", "openxmlformats.org/markup-compatibility/2006"),
        ("p", "openxmlformats.org/presentationml/2006/main"),
    )
)
EQUATION = "<a14:m><m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath></a14:m>"


def saved(presentation: Made) -> bytes:
    file = BytesIO()
    presentation.save(file)
    return file.getvalue()


def add(presentation: Made, title: str, text: str, notes: str = "") -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_AND_TEXT])
    slide.shapes.title.text = title
    slide.placeholders[1].text = text
    if notes:
        slide.notes_slide.notes_text_frame.text = notes


def run(text: str, look: str = "") -> str:
    return f"<a:r><a:rPr {look}/><a:t>{text}</a:t></a:r>"


def alternatives(choice: str, fallback: str = "") -> str:
    return (
        f'<mc:AlternateContent {NAMESPACES}><mc:Choice Requires="a14">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def fill(frame: TextFrame, inside: str) -> None:
    """Puts what a paragraph holds in place of a frame's first."""
    first = frame.paragraphs[0]._p
    first.getparent().replace(first, parse_xml(f"<a:p {NAMESPACES}>{inside}</a:p>"))


def wrap(shape: Element, *, times: int = 1) -> None:
    """Makes a shape one of two alternatives, as PowerPoint does where it holds an equation."""
    for _ in range(times):
        around = parse_xml(alternatives("", fallback="<p:sp/>"))
        shape.addprevious(around)
        around[0].append(shape)
        shape = around


def test_each_slide_is_a_page_and_stands_apart() -> None:
    presentation = Presentation()
    add(presentation, "The harbour", "Rebuilt in 1911\nLengthened in 1923", notes="Show the map.")
    presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    add(presentation, "The light", "On the island of Holm")
    parsed = read_pptx(saved(presentation))
    assert parsed.text.split("\n\n") == [
        "The harbour",
        "Rebuilt in 1911\nLengthened in 1923",
        "Show the map.",
        "The light",
        "On the island of Holm",
    ]
    third = parsed.text.index("The light")
    assert parsed.page_starts == (0, third, third)
    assert parsed.places == (
        Place(0, "slide 1", apart=True),
        Place(third, "slide 3", apart=True),
    )


@pytest.mark.parametrize(
    ("title", "found"), [("Harbours", "Harbours"), ("PowerPoint Presentation", "The harbour")]
)
def test_the_title_is_the_properties_else_the_first_slides(title: str, found: str) -> None:
    presentation = Presentation()
    presentation.core_properties.title = title
    presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    add(presentation, "The harbour", "Rebuilt in 1911")
    assert read_pptx(saved(presentation)).title == found


def test_shapes_are_read_from_the_top_behind_the_title() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    for words, top in (("below", 12), ("above", 6)):
        slide.shapes.add_textbox(Cm(2), Cm(top), Cm(8), Cm(2)).text_frame.text = words
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(2), Cm(15), Cm(8), Cm(2)).text_frame.text = "in a group"
    slide.shapes.title.text = "first"
    slide.shapes.title.top = Cm(17)
    assert read_pptx(saved(presentation)).text == "first\n\nabove\n\nbelow\n\nin a group"


def test_rows_of_a_table_carry_the_names_of_its_columns() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    table = slide.shapes.add_table(3, 2, Cm(2), Cm(2), Cm(10), Cm(3)).table
    for row, cells in enumerate((("Port", "Fee"), ("Skarn", "6 euros"), ("Holm", "9 euros"))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    assert read_pptx(saved(presentation)).text == (
        "Port is Skarn, Fee is 6 euros\nPort is Holm, Fee is 9 euros"
    )


def test_rows_of_a_table_are_apart_and_a_cell_over_rows_stands_in_each() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    slide.shapes.title.text = "Fees"
    table = slide.shapes.add_table(3, 3, Cm(2), Cm(6), Cm(10), Cm(3)).table
    rows = (("Region", "Port", "Fee"), ("North", "Skarn", "6"), ("", "Holm", "9"))
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    slide.shapes.add_textbox(Cm(2), Cm(15), Cm(8), Cm(2)).text_frame.text = "So far."
    presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY]).shapes.title.text = "Next"
    parsed = read_pptx(saved(presentation))
    assert parsed.text == (
        "Fees\n\nRegion is North, Port is Skarn, Fee is 6\n"
        "Region is North, Port is Holm, Fee is 9\n\n"
        "So far.\n\nNext"
    )
    assert [(place.name, place.heading) for place in parsed.places] == [
        ("slide 1", ""),
        ("slide 1 › Fees › table 1, row 2", "slide 1 › Fees"),
        ("slide 1 › Fees › table 1, row 3", "slide 1 › Fees"),
        ("slide 1 › Fees › below table 1", "slide 1 › Fees"),
        ("slide 2", ""),
    ]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (
            run("It was 540") + run("2", 'baseline="30000"') + run(" million"),
            "It was 540 ² million",
        ),
        (run("It was 540") + run("2", 'baseline="30%"') + run(" million"), "It was 540 ² million"),
        (run("25 m") + run("2", 'baseline="30000"'), "25 m²"),
        (run("10") + 2 * run("1", 'baseline="30000"') + run(" nodes"), "10 ¹¹ nodes"),
        (run("21") + run("st", 'baseline="30000"'), "21st"),
        (run("CO") + run("2", 'baseline="-25000"'), "CO2"),
        (run("500") + run(" 400", 'strike="sngStrike"'), "500"),
        (run("500") + run(" 400", 'strike="dblStrike"'), "500"),
        (run("500") + run(" 400", 'strike="noStrike"'), "500 400"),
        (run("one") + "<a:br/>" + run("two"), "one two"),
        ('<a:fld id="{0}" type="slidenum"><a:rPr/><a:t>7</a:t></a:fld>', "7"),
        (run("so ") + EQUATION + run("holds"), "so holds"),
        (run("so ") + alternatives(EQUATION + run("it "), run("~")) + run("holds"), "so it holds"),
        ("<a:r/>" + run("all"), "all"),
    ],
)
def test_a_paragraph_says_what_is_shown_of_it(inside: str, text: str) -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    fill(slide.shapes.add_textbox(Cm(2), Cm(6), Cm(8), Cm(2)).text_frame, inside)
    assert read_pptx(saved(presentation)).text == text


@pytest.mark.parametrize("baseline", ["abc", "", "nan", "%", "0", "9" * 5000 + "x"])
def test_a_baseline_that_is_no_height_raises_nothing(baseline: str) -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    frame = slide.shapes.add_textbox(Cm(2), Cm(6), Cm(8), Cm(2)).text_frame
    fill(frame, run("54") + run("0", f'baseline="{baseline}"'))
    assert read_pptx(saved(presentation)).text == "540"


def test_titles_cells_and_notes_say_what_is_shown_of_them() -> None:
    noted = run("540") + run("2", 'baseline="30000"') + run(" old", 'strike="sngStrike"')
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    table = slide.shapes.add_table(1, 1, Cm(2), Cm(6), Cm(10), Cm(3)).table
    notes = slide.notes_slide.notes_text_frame
    assert notes is not None
    for frame in (slide.shapes.title.text_frame, table.cell(0, 0).text_frame, notes):
        fill(frame, noted)
    notes.add_paragraph().text = "one\vtwo"
    assert read_pptx(saved(presentation)).text == "540 ²\n\n540 ²\n\n540 ²\none\ntwo"


@pytest.mark.parametrize("times", [1, 3])
def test_shapes_that_hold_equations_are_read_in_their_place(times: int) -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    slide.shapes.title.text = "first"
    for words, top in (("below", 12), ("above", 6)):
        slide.shapes.add_textbox(Cm(2), Cm(top), Cm(8), Cm(2)).text_frame.text = words
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(2), Cm(15), Cm(8), Cm(2)).text_frame.text = "in a group"
    notes = slide.notes_slide.notes_placeholder
    assert notes is not None
    slide.notes_slide.notes_text_frame.text = "Show the map."
    inside = next(iter(group.shapes))
    for shape in (*slide.shapes, inside, notes):
        wrap(shape._element, times=times)
    parsed = read_pptx(saved(presentation))
    assert parsed.text == "first\n\nabove\n\nbelow\n\nin a group\n\nShow the map."
    assert parsed.title == "first"


def test_alternatives_in_alternatives_without_end_are_passed_over() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[BLANK])
    for words in ("deep", "flat"):
        slide.shapes.add_textbox(Cm(2), Cm(6), Cm(8), Cm(2)).text_frame.text = words
    wrap(slide.shapes[0]._element, times=100)
    assert read_pptx(saved(presentation)).text == "flat"


def test_handwriting_has_no_words() -> None:
    presentation = Presentation()
    add(presentation, "The harbour", "Rebuilt in 1911")
    shapes = presentation.slides[0].shapes
    shapes._spTree.append(parse_xml(alternatives("<p:contentPart/>", fallback="<p:pic/>")))
    assert read_pptx(saved(presentation)).text == "The harbour\n\nRebuilt in 1911"


@pytest.mark.parametrize("size", [0, 10, 3000, 20_000])
def test_a_cut_file_is_refused(size: int) -> None:
    content = saved(Presentation())
    assert len(content) > size
    with pytest.raises(UnreadableFile, match="damaged, or no PPTX file"):
        read_pptx(content[:size])
