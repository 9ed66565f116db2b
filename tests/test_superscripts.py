"""Tests of index.formats.superscripts: raised numbers of pages made with fpdf2."""

import unicodedata

import pypdfium2
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from index.formats.pdf import characters_of, read_pdf
from index.formats.superscripts import DROPPED, Glyph, glyph, written


def page(*parts: str, degrees: float = 0) -> bytes:
    """A PDF of one line; a part that begins with ^ is raised, one that begins with _ lowered."""
    document = FPDF()
    document.add_page()
    document.set_font("Times", size=11)
    with document.rotation(degrees, 50, 50):
        document.set_xy(50, 50)
        for part in parts:
            document.char_vpos = {"^": "SUP", "_": "SUB"}.get(part[0], "LINE")
            document.write(6, part.lstrip("^_"))
    return bytes(document.output())


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["The canoe costs 40", "^2", " euros per day."], "The canoe costs 40 ² euros per day."),
        (["The canoe costs 40", "^2"], "The canoe costs 40 ²"),
        (["It is 3×10", "^-7", " metres long."], "It is 3×10 ⁻⁷ metres long."),
        (["It costs 40", "^1,2", ", no more."], "It costs 40 ¹,², no more."),
        (["The old harbour", "^12", " is shut."], "The old harbour ¹² is shut."),
        (["It was shut in 1911.", "^3", " It opened."], "It was shut in 1911. ³ It opened."),
        (["It covers 5 km", "^2", " in all."], "It covers 5 km² in all."),
        (["It covers 5 m", "^2", ", or 6."], "It covers 5 m², or 6."),
        (["The 21", "^st", " of May"], "The 21st of May"),
        (["It is H", "_2", "O."], "It is H2O."),
        (["It is x", "_1", "^2", " in all."], "It is x1 ² in all."),
    ],
)
def test_a_raised_number_is_told_from_what_it_stands_at(parts: list[str], text: str) -> None:
    assert read_pdf(page(*parts)).text == text


def test_the_word_before_a_raised_number_does_not_reach_into_the_line_above() -> None:
    glyphs = [
        *(Glyph(6 * n, 6 * n + 6, 112, 11, (1, 0)) for n in range(7)),
        Glyph(0, 6, 100, 11, (1, 0)),
        Glyph(6, 10, 104, 7, (1, 0)),
    ]
    assert "".join(written(list("It is\r\nR2"), glyphs.__getitem__)) == "It is\r\nR²"


@pytest.mark.parametrize(("mark", "note"), [("2", "Without tax."), ("14", " Without tax.")])
def test_a_note_begins_with_its_mark(mark: str, note: str) -> None:
    document = FPDF()
    document.add_page()
    document.set_font("Times", size=7)
    document.text(50, 48.5, mark)
    left = 50 + document.get_string_width(mark)
    document.set_font("Times", size=11)
    document.text(left, 50, note)
    marked = {"2": "² Without tax.", "14": "¹⁴ Without tax."}
    assert read_pdf(bytes(document.output())).text == marked[mark]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_line_that_is_turned_has_its_superscripts(degrees: float) -> None:
    with pypdfium2.PdfDocument(page("It costs 40", "^2", "euros", degrees=degrees)) as document:
        pieces = characters_of(document[0].get_textpage())
    assert "".join(pieces).replace(DROPPED, "").strip() == "It costs 40 ² euros"


def test_a_fraction_is_no_superscript() -> None:
    document = FPDF()
    document.add_page()
    document.set_font("Times", size=11)
    for part, place in (("It took 2 ", "LINE"), ("1", "NOM"), ("/", "LINE"), ("2", "DENOM")):
        document.char_vpos = place  # type: ignore[assignment]  # takes a name
        document.write(6, part)
    assert "21" not in read_pdf(bytes(document.output())).text


@pytest.mark.parametrize(
    ("size", "rise"), [(11, 0), (7, 0), (7, -3), (11, 4), (14, 4), (3, 3), (7, 12)]
)
def test_only_what_is_smaller_and_higher_is_raised(size: float, rise: float) -> None:
    glyphs = [Glyph(0, 6, 100, 11, (1, 0)), Glyph(6, 10, 100 + rise, size, (1, 0))]
    assert written(list("42"), glyphs.__getitem__) == list("42")


@pytest.mark.parametrize("left", [20, 0, -400])
def test_only_what_is_near_is_raised(left: float) -> None:
    glyphs = [Glyph(0, 6, 100, 11, (1, 0)), Glyph(left, left + 4, 104, 7, (1, 0))]
    assert written(list("42"), glyphs.__getitem__) == list("42")


@pytest.mark.parametrize("number", ["2015-09-07", "1911", "12,000"])
def test_a_long_number_is_no_mark(number: str) -> None:
    assert read_pdf(page("Port of Holm", f"^{number}")).text == f"Port of Holm{number}"


def test_a_glyph_is_seen_with_its_line_to_the_right() -> None:
    upright = glyph((10, 20), (10, 18, 16, 28), 1, (11, 0, 0, 11))
    assert upright == Glyph(10, 16, 20, 11, (1, 0))
    turned = glyph((-20, 10), (-28, 10, -18, 16), 1, (0, 11, -11, 0))
    assert turned == Glyph(10, 16, 20, 11, (0, 1))


@given(
    st.text(alphabet="a4 \r\n-2[", max_size=30),
    st.lists(st.sampled_from([(7.0, 104.0), (11.0, 100.0)]), min_size=30, max_size=30),
)
def test_every_character_has_a_piece(text: str, places: list[tuple[float, float]]) -> None:
    def shown(number: int) -> Glyph:
        size, baseline = places[number]
        return Glyph(6 * number, 6 * number + 6, baseline, size, (1, 0))

    pieces = written(list(text), shown)
    assert len(pieces) == len(text)
    plain = unicodedata.normalize("NFKC", "".join(pieces)).replace("−", "-")
    assert [c for c in plain if c.isprintable() and c != " "] == [
        c for c in text if c not in " \r\n"
    ]
