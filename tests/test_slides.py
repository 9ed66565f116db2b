"""Tests of index.formats.slides: real presentations, made with python-pptx."""

from io import BytesIO

import pytest
from pptx import Presentation
from pptx.presentation import Presentation as Made
from pptx.util import Cm

from index.errors import UnreadableFile
from index.formats import Place
from index.formats.slides import read_pptx

TITLE_AND_TEXT, TITLE_ONLY, BLANK = 1, 5, 6


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


@pytest.mark.parametrize("size", [0, 10, 3000, 20_000])
def test_a_cut_file_is_refused(size: int) -> None:
    content = saved(Presentation())
    assert len(content) > size
    with pytest.raises(UnreadableFile, match="damaged, or no PPTX file"):
        read_pptx(content[:size])
