"""Tests of index.formats.furniture: what is a header or a footer, in files made with fpdf2."""

from collections.abc import Iterator, Sequence

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from index.formats.furniture import MIN_PAGES, Page, without_furniture
from index.formats.layout import Line
from index.formats.pdf import read_pdf

TOP = 800.0
FIRMS = ("Alpenrose", "Bergfink", "Cimbra", "Dolomit")


def page(*rows: tuple[float, str], top: float = TOP) -> Page:
    """A page of lines, each with its distance from the top edge."""
    lines = [Line(text, 50, 50 + 5 * len(text), top - at, 10) for at, text in rows]
    return Page(lines, 0, top)


def texts(pages: Sequence[Page]) -> list[list[str]]:
    return [[line.text for line in lines] for lines in without_furniture(pages)]


def body(number: int, rest: str = "line of text.") -> Iterator[tuple[float, str]]:
    """Lines that are alike on no two pages."""
    for row in range(20):
        yield 100 + 12 * row, f"{'abcdefghij'[number]}{'klmnopqrstuvwxyzabcd'[row]} {rest}"


def report(*headers: str) -> list[Page]:
    """Pages of text, each with a header."""
    return [page((50, header), *body(number)) for number, header in enumerate(headers)]


def heads(pages: Sequence[Page]) -> list[str]:
    """The headers that are left."""
    return [lines[0] for lines in texts(pages) if not lines[0].endswith("of text.")]


def test_a_header_is_kept_once() -> None:
    assert heads(report(*["Harbour report"] * 5)) == ["Harbour report"]


@pytest.mark.parametrize(
    "headers",
    [
        ["Harbour report"] * (MIN_PAGES - 1),
        ["Status: overdue", "Status: paid", "Status: overdue", "Status: overdue"],
        ["Status: overdue", "Status: overdue", "Status: overdue", "Status: paid"],
        [f"Invoice {number}" for number in range(1001, 1007)],
        [f"Invoice | {number}" for number in range(1001, 1007)],
        [f"Day {number}" for number in range(1, 7)],
        [f"Chapter | {number}" for number in range(1, 7)],
        [f"{number}" for number in range(1001, 1007)],
    ],
)
def test_what_pages_say_of_their_own_stays(headers: list[str]) -> None:
    assert heads(report(*headers)) == headers


def test_left_and_right_pages_may_have_other_headers() -> None:
    assert heads(report(*["Harbour report", "The storm"] * 4)) == ["Harbour report", "The storm"]


def test_what_few_pages_show_stays() -> None:
    pages = [page(*body(number)) for number in range(4)]
    secret = report(*["Secret"] * 3)
    assert heads([*pages, *secret]) == ["Secret"] * 3


def test_lines_at_the_usual_distance_are_text() -> None:
    pages = [page((88, "Payment in 30 days"), *body(number)) for number in range(5)]
    assert heads(pages) == ["Payment in 30 days"] * 5


def test_what_stands_inside_the_page_is_text() -> None:
    pages = [page(*body(number), (400, "Outcome: passed")) for number in range(5)]
    assert [lines[-1] for lines in texts(pages)] == ["Outcome: passed"] * 5


def test_a_title_is_larger_than_a_header() -> None:
    pages = [
        Page([one.lines[0]._replace(height=14), *one.lines[1:]], one.bottom, one.top)
        for one in report(*["Certificate"] * 5)
    ]
    assert heads(pages) == ["Certificate"] * 5


def test_the_same_words_at_other_heights_are_no_header() -> None:
    pages = [page((20 + 10 * number, "Results"), *body(number)) for number in range(5)]
    assert heads(pages) == ["Results"] * 5


def test_headers_change_with_the_part_where_sentences_go_on_from_page_to_page() -> None:
    parts = ["The quay"] * 3 + ["Ships"] * 3
    headers = [f"{part} | {number}" for number, part in enumerate(parts, 7)]
    rest = "of the ferries that leave for Holm and"
    flowing = [page((50, header), *body(n, rest)) for n, header in enumerate(headers)]
    assert [lines[0] for lines in texts(flowing) if "|" in lines[0]] == [
        "The quay | 7",
        "Ships | 10",
    ]
    assert heads(report(*headers)) == headers


def test_what_is_kept_of_headers_has_no_text_go_on_from_it() -> None:
    kept = without_furniture(report(*["Harbour report"] * 5))
    assert [[line.beside for line in lines[:2]] for lines in kept[:2]] == [
        [True, False],
        [False, False],
    ]


def forms(*pages: Sequence[str]) -> bytes:
    """A PDF with a page for each list of lines."""
    document = FPDF()
    for lines in pages:
        document.add_page()
        document.set_font("Helvetica", size=12)
        for line in lines:
            document.cell(0, 9, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())


INVOICES = [
    [
        f"Invoice {number}",
        f"Customer: {firm}",
        "Payment terms: 30 days net",
        f"Total: {7 * number} euros",
        "Status: overdue" if firm != "Bergfink" else "Status: paid",
    ]
    for number, firm in enumerate(FIRMS, 1001)
]
LONG_INVOICES = [
    [
        *lines[:2],
        *(f"Delivery {each} to the firm of {lines[1]}" for each in "abcdefghi"),
        *lines[2:],
    ]
    for lines in INVOICES
]
TOURS = [
    [
        f"Day {number}",
        f"Morning in {town}: we walk around the old town.",
        f"Price of the day: {10 * number + 60} euros.",
        "Night in a double room.",
        "Breakfast included.",
    ]
    for number, town in enumerate(("Skarn", "Holm", "Lindvik", "Mossby"), 1)
]
CHAPTERS = [
    [f"Chapter {number}", "", *(f"This chapter is of the parish, part {part}." for part in "abcd")]
    for number in range(1, 16)
]


@pytest.mark.parametrize("pages", [INVOICES, LONG_INVOICES, TOURS, CHAPTERS])
def test_pages_that_are_alike_lose_nothing(pages: list[list[str]]) -> None:
    parsed = read_pdf(forms(*pages))
    starts = [*parsed.page_starts, len(parsed.text)]
    for number, lines in enumerate(pages):
        text = parsed.text[starts[number] : starts[number + 1]]
        assert text.split() == " ".join(lines).split()


class Form(FPDF):
    """Pages with a title apart from the text, and a footer."""

    def header(self) -> None:
        """Names the form."""
        self.set_font("Helvetica", size=12)
        self.cell(0, 5, "Certificate of calibration", new_x="LMARGIN", new_y="NEXT")
        self.ln(12)

    def footer(self) -> None:
        """Says how it ended, and which page it is."""
        self.set_y(-25)
        self.cell(0, 5, "Outcome: passed")
        self.set_y(-12)
        self.cell(0, 5, f"Page {self.page_no()} of 4")


def test_forms_lose_no_words_but_that_it_is_a_page() -> None:
    document = Form()
    for firm in FIRMS:
        document.add_page()
        for line in (f"Instrument: Gauge {firm}", "Place: Skarn", f"Number: 7{len(firm)}"):
            document.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
    text = read_pdf(bytes(document.output())).text
    assert text.count("Certificate of calibration") == text.count("Outcome: passed") == 4
    assert text.count("Page") == 1


class Numbered(FPDF):
    """Pages with a figure of the whole document in their header, and their number in the footer."""

    figure = ""

    def header(self) -> None:
        """Shows the figure."""
        self.set_font("Helvetica", size=12)
        self.cell(0, 5, self.figure, new_x="LMARGIN", new_y="NEXT")
        self.ln(12)

    def footer(self) -> None:
        """Shows the page's number."""
        self.set_y(-12)
        self.cell(0, 5, str(self.page_no()))


@pytest.mark.parametrize("figure", ["+41 44 668 18 00", "31.12.2024", "2024-0815", "2024"])
def test_a_header_of_figures_stays_on_the_first_page(figure: str) -> None:
    document = Numbered()
    document.figure = figure
    for number, firm in enumerate([*FIRMS, "Vell", "Oster"]):
        document.add_page()
        for line in (f"The mill of {firm} was built by the river.", "It burnt." * (number + 1)):
            document.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
    parsed = read_pdf(bytes(document.output()))
    assert parsed.text.count(figure) == 1
    assert parsed.text.startswith(figure)


rows = st.lists(
    st.builds(
        Line,
        text=st.text(alphabet="ab 12|-", min_size=1).map(str.strip).filter(bool),
        left=st.floats(0, 600),
        right=st.floats(0, 600),
        bottom=st.sampled_from([0.0, 12.0, 40.0, 41.0, 300.0, 312.0, 740.0, 780.0]),
        height=st.sampled_from([8.0, 10.0, 20.0]),
    ),
    max_size=8,
)


@given(st.lists(rows.map(lambda lines: Page(lines, 0, TOP)), max_size=6))
def test_no_words_are_lost_with_the_headers(pages: list[Page]) -> None:
    def shown(pages: Sequence[Sequence[Line]]) -> set[str]:
        return {
            "".join(c for c in line.text if c.isalpha()) for lines in pages for line in lines
        } - {""}

    assert shown(without_furniture(pages)) == shown([page.lines for page in pages])


@given(st.lists(rows.map(lambda lines: Page(lines, 0, TOP)), max_size=2))
def test_few_pages_lose_nothing(pages: list[Page]) -> None:
    assert texts(pages) == [[line.text for line in page.lines] for page in pages]
