"""Tests of index.formats.printed: a page as a picture, and where its words are printed."""

import unicodedata
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from test_pdf import HARBOUR, LIGHT, pages, pdf

from index.errors import UnreadableFile
from index.formats.pdf import CLEAN, read_pdf
from index.formats.printed import MAX_SIDE, WHOLE, cleaned, composed, printed_page
from index.formats.text import normalise
from index.passage import Span
from index.placing import Box, PrintedLine, rectangles


def printed(content: bytes, page: int = 1) -> list[PrintedLine]:
    lines = printed_page(content, page=page).told["lines"]
    return [
        PrintedLine(text, [box and Box(*(edge / WHOLE for edge in box)) for box in boxes])
        for text, boxes in lines
    ]


def found(content: bytes, quote: str, *, page: int = 1) -> list[Box]:
    """The rectangles of a quote on its page."""
    parsed = read_pdf(content)
    starts = [*parsed.page_starts, len(parsed.text)]
    text = parsed.text[starts[page - 1] : starts[page]]
    start = text.index(quote)
    return rectangles(text, printed(content, page), Span(start, start + len(quote)))


def under(content: bytes, box: Box, *, page: int = 1) -> str:
    """What PDFium itself reads in a rectangle of a page that is not turned."""
    with pypdfium2.PdfDocument(content) as document:
        one = document[page - 1]
        width, height = one.get_size()
        edges = (
            box.left * width,
            (1 - box.bottom) * height,
            box.right * width,
            (1 - box.top) * height,
        )
        return " ".join(one.get_textpage().get_text_bounded(*edges).split())


def test_a_page_is_a_picture_with_its_size() -> None:
    part = printed_page(pages([HARBOUR]), page=1)
    assert part.content.startswith(b"\x89PNG")
    assert (part.told["width"], part.told["height"]) == (910, 1287)
    assert int.from_bytes(part.content[16:20]) == 910
    assert part.told["pages"] == 1


def test_a_page_as_large_as_a_poster_is_shown_smaller() -> None:
    document = FPDF(format=(5_000, 2_000))
    document.add_page()
    part = printed_page(bytes(document.output()), page=1)
    assert max(part.told["width"], part.told["height"]) <= MAX_SIDE


@pytest.mark.parametrize("page", [0, -1, 2])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(UnreadableFile, match=f"no page {page}: it has 1"):
        printed_page(pages([LIGHT]), page=page)


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="cannot be shown"):
        printed_page(b"%PDF-1.7 nothing", page=1)


@pytest.mark.parametrize("quote", ["1911", "The harbour", "forty metres", "lighthouse keeper"])
def test_a_quote_lies_under_its_rectangle(quote: str) -> None:
    content = pages([f"{HARBOUR}\n\n{LIGHT}"])
    (box,) = found(content, quote)
    assert under(content, box) == quote


def test_a_quote_over_three_lines_has_three_rectangles() -> None:
    content = pages([HARBOUR])
    boxes = found(content, HARBOUR[20:200])
    assert len(boxes) == 3
    assert all(upper.bottom <= lower.top + 0.01 for upper, lower in pairwise(boxes))
    assert "".join(" ".join(under(content, box) for box in boxes).split()) == "".join(
        HARBOUR[20:200].split()
    )


def test_a_word_broken_by_a_hyphen_is_marked_in_both_lines() -> None:
    content = pages(["It was an extraordi-\nnary evening in the old town."])
    first, second = found(content, "extraordinary")
    assert under(content, first) == "extraordi"
    assert under(content, second) == "nary"


def test_headers_that_are_left_out_of_the_text_shift_nothing() -> None:
    document = pdf()
    document.set_auto_page_break(auto=False)
    for number, ship in enumerate(("Auk", "Brant", "Curlew", "Dunlin"), 1):
        document.add_page()
        document.cell(0, 5, "Annual report of the harbour", new_x="LMARGIN", new_y="NEXT")
        document.ln(10)
        document.multi_cell(120, 5, f"The {ship} sailed with {3 * number} of {ship}'s crew. " * 9)
        document.set_y(-20)
        document.cell(0, 5, f"{number}")
    content = bytes(document.output())
    assert read_pdf(content).text.count("Annual report") == 1
    first, *_ = found(content, "The Curlew sailed with 9", page=3)
    assert under(content, first, page=3) == "The Curlew sailed with 9"


def test_cells_of_a_table_are_marked_where_they_stand() -> None:
    document = pdf()
    document.add_page()
    for port, fee in (("Port", "Fee"), ("Skarn", "6 euros"), ("Holm", "9 euros")):
        document.cell(80, 5, port)
        document.cell(40, 5, fee, new_x="LMARGIN", new_y="NEXT")
    content = bytes(document.output())
    (box,) = found(content, "9 euros")
    assert under(content, box) == "9 euros"
    assert box.left > 0.4


def test_a_quote_with_a_raised_number_is_marked_as_far_as_it_goes() -> None:
    document = pdf()
    document.add_page()
    document.write(5, "The canoe costs 40")
    document.char_vpos = "SUP"
    document.write(5, "2")
    document.char_vpos = "LINE"
    document.write(5, " euros per day.")
    content = bytes(document.output())
    (box,) = found(content, "40 ² euros")
    assert "".join(under(content, box).split()) == "402euros"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_has_its_rectangles_turned(turn: int) -> None:
    with pypdfium2.PdfDocument(pages([LIGHT])) as document:
        document[0].set_rotation(turn)
        kept = BytesIO()
        document.save(kept)
    straight = found(pages([LIGHT]), "Holm")[0]
    turned = found(kept.getvalue(), "Holm")[0]
    expected = {
        90: (1 - straight.bottom, straight.left, 1 - straight.top, straight.right),
        180: (1 - straight.right, 1 - straight.bottom, 1 - straight.left, 1 - straight.top),
        270: (straight.top, 1 - straight.right, straight.bottom, 1 - straight.left),
    }[turn]
    assert turned == pytest.approx(expected, abs=0.001)


pieces = st.lists(st.sampled_from([*"abe- \xa0\xad\t", "\u0301", "ﬁ", " | ", "\x02"]), max_size=30)


@given(pieces)
def test_a_traced_line_is_the_line_that_is_read(given_pieces: list[str]) -> None:
    traced = cleaned(given_pieces, 5)
    read = " ".join("".join(given_pieces).translate(CLEAN).split())
    assert "".join(character for character, _ in traced) == read
    assert [number for _, number in traced] == sorted(number for _, number in traced)
    line = composed(traced)
    assert "".join(character for character, _ in line) == normalise(read)


def test_a_letter_made_of_two_has_the_place_of_its_first() -> None:
    letters = unicodedata.normalize("NFD", "née")
    assert composed(cleaned(list(letters), 0)) == [("n", 0), ("é", 1), ("e", 3)]
