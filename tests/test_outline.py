"""Tests of index.formats.outline: bookmarks name the parts of a PDF, whatever they claim."""

from pathlib import Path

import pytest
from fpdf import FPDF

from index.document import load
from index.formats import Place
from index.formats.outline import Bookmark, outlined
from index.formats.pdf import MAX_BOOKMARKS, MAX_DEPTH, read_pdf
from index.passage import split

WORDS = "The ferry leaves the old quay at noon, and is back before the evening bell is rung."


def book() -> FPDF:
    document = FPDF()
    document.set_title("The ferries")
    document.set_font("Times", size=11)
    return document


def line(document: FPDF, words: str, *, size: int = 11) -> None:
    document.set_font("Times", size=size)
    document.multi_cell(150, size / 2, words, new_x="LMARGIN", new_y="NEXT")
    document.ln(4)


def places(document: FPDF) -> dict[str, str]:
    """Names of the parts, by the first words that stand in them."""
    parsed = read_pdf(bytes(document.output()))
    return {parsed.text[place.start :].split("\n")[0]: place.name for place in parsed.places}


def raw(*outline: bytes) -> bytes:
    """A PDF of one page with outline entries from object 10 on."""
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<<"
        b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>>>>>>>endobj",
        b"4 0 obj<</Length 39>>stream\nBT /F 12 Tf 20 200 Td (Some words) Tj ET\nendstream endobj",
        b"5 0 obj<</Type/Outlines/First 10 0 R>>endobj",
    ]
    for number, entry in enumerate(outline, start=10):
        objects.append(b"%d 0 obj<<%s>>endobj" % (number, entry))
    return b"%PDF-1.4\n" + b"\n".join(objects) + b"\ntrailer<</Root 1 0 R>>\n"


def names(*outline: bytes) -> list[str]:
    return [place.name for place in read_pdf(raw(*outline)).places]


def test_bookmarks_name_what_stands_below_their_words() -> None:
    document = book()
    document.add_page()
    line(document, WORDS)
    document.start_section("Fares")
    line(document, "3 Fares", size=16)
    line(document, WORDS)
    document.start_section("3.1 In winter", level=1)
    line(document, "In winter", size=14)
    document.add_page()
    document.start_section("A part without a heading", level=1)
    line(document, "It costs nothing.")
    assert places(document) == {
        "3 Fares": "Fares",
        "In winter": "Fares › 3.1 In winter",
        "It costs nothing.": "Fares › A part without a heading",
    }


def test_equal_headings_of_a_page_have_a_place_each() -> None:
    document = book()
    document.add_page()
    for name in ("Winter", "Summer"):
        document.start_section(name)
        line(document, name, size=16)
        document.start_section("Fares", level=1)
        line(document, "Fares", size=14)
        line(document, WORDS)
    parsed = read_pdf(bytes(document.output()))
    assert [place.name for place in parsed.places] == [
        *("Winter", "Winter › Fares", "Summer", "Summer › Fares"),
    ]
    assert all(parsed.text[each.start :].startswith(each.name[-5:]) for each in parsed.places[1::2])


def test_passages_of_a_pdf_know_their_page_and_their_headings(library: Path) -> None:
    document = book()
    for name in ("Fares", "Times"):
        document.add_page()
        document.start_section(name)
        line(document, WORDS)
    (library / "a.pdf").write_bytes(bytes(document.output()))
    loaded = load(library / "a.pdf", folder=library)
    last = split(loaded)[-1].start
    assert (loaded.page(last), loaded.place(last)) == (2, "Times")
    assert loaded.heading(last) == "The ferries\nTimes"


def test_a_bookmark_that_leads_nowhere_leads_those_below_it() -> None:
    part, chapter = b"/Title(Part)/First 11 0 R", b"/Title(Fares)/Dest[3 0 R/Fit]"
    assert names(part, chapter) == ["Part", "Part › Fares"]
    assert names(part) == names(b"/Title(Far)/Dest[99 0 R/Fit]") == []


@pytest.mark.parametrize("link", [b"/Next 10 0 R", b"/First 10 0 R", b"/Next 11 0 R"])
def test_an_outline_that_runs_in_circles_ends(link: bytes) -> None:
    entries = [b"/Title(One)/Dest[3 0 R/Fit]/Next 11 0 R", b"/Title(Two)/Dest[3 0 R/Fit]" + link]
    assert names(*entries) == ["One", "Two"]


def test_a_deep_outline_is_read_to_a_depth() -> None:
    entries = [b"/Title(T%d)/Dest[3 0 R/Fit]/First %d 0 R" % (n, n + 11) for n in range(50)]
    assert [name.count("›") + 1 for name in names(*entries)] == [*range(1, MAX_DEPTH + 1)]


@pytest.mark.parametrize(
    "outline",
    [
        [b"/Title(T)/Dest[3 0 R/Fit]/Next %d 0 R" % (n + 11) for n in range(MAX_BOOKMARKS + 1)],
        [b"/Title(%s)/Dest[3 0 R/Fit]" % (b"x" * 1_000_000)],
        [b"/Title<FEFFD800>/Dest[3 0 R/Fit]"],
    ],
    ids=["crowded", "long", "half-a-character"],
)
def test_an_outline_that_helps_nobody_is_passed_over(outline: list[bytes]) -> None:
    parsed = read_pdf(raw(*outline))
    assert (parsed.text, parsed.places) == ("Some words", ())


def test_an_outline_out_of_order_gives_places_in_order() -> None:
    document = book()
    for _ in range(2):
        document.add_page()
        line(document, WORDS)
    content = bytes(document.output())
    parsed = read_pdf(content)
    assert parsed.places == ()
    second = parsed.page_starts[1]
    outline = [Bookmark(0, "Last", 1), Bookmark(0, "First", 0), Bookmark(0, "Beyond", 2)]
    assert outlined(parsed, outline) == (Place(0, "First"), Place(second, "Last"))
