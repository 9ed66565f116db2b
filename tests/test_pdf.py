"""Tests of index.formats.pdf: real files, made with fpdf2."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.formats.pdf import MAX_PAGES, read_pdf

HARBOUR = (
    "The harbour of Skarn was rebuilt in 1911 after the great storm, and its breakwater was "
    "lengthened by forty metres. Ships of the northern line have called there ever since, "
    "carrying timber, salted fish and a good number of passengers."
)
LIGHT = "The lighthouse keeper lives on the island of Holm. He comes to town every second Sunday."


def pdf(title: str | None = None) -> FPDF:
    document = FPDF()
    document.set_font("Times", size=11)
    if title is not None:
        document.set_title(title)
    return document


def pages(texts: Sequence[str], *, title: str | None = None) -> bytes:
    """A PDF with a page for each text, whose paragraphs are parted by empty lines."""
    document = pdf(title)
    for text in texts:
        document.add_page()
        for paragraph in filter(None, text.split("\n\n")):
            document.multi_cell(120, 5, paragraph, new_x="LMARGIN", new_y="NEXT")
            document.ln(4)
    return bytes(document.output())


def test_lines_become_paragraphs_again() -> None:
    assert read_pdf(pages([f"{HARBOUR}\n\n{LIGHT}"])).text == f"{HARBOUR}\n\n{LIGHT}"


def test_paragraphs_without_a_gap_are_told_by_their_short_last_line() -> None:
    document = pdf()
    document.add_page()
    document.multi_cell(120, 5, f"{HARBOUR}\n{LIGHT}")
    assert read_pdf(bytes(document.output())).text == f"{HARBOUR}\n{LIGHT}"


def test_every_page_counts_an_empty_one_too() -> None:
    parsed = read_pdf(pages([LIGHT, "", "The third page is short."]))
    assert len(parsed.page_starts) == 3
    third = parsed.page_starts[2]
    assert parsed.text[third:] == "The third page is short."
    assert parsed.page_starts[1] == third


def test_empty_pages_at_the_end_count() -> None:
    parsed = read_pdf(pages([LIGHT, "", ""]))
    assert parsed.page_starts == (0, len(LIGHT), len(LIGHT))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("It was an extraordi-\nnary evening in the old town.", "It was an extraordinary evening"),
        (
            "The brave captain was well-\nknown. A well-known man.",
            "The brave captain was well-known",
        ),
        ("A report on Russia-\nUkraine talks was published.", "A report on Russia-Ukraine talks"),
        ("The reign of 1914-\n1918 was hard for the town.", "The reign of 1914-1918 was hard"),
    ],
)
def test_a_word_broken_by_a_hyphen_is_whole_again(lines: str, text: str) -> None:
    assert read_pdf(pages([lines])).text.startswith(text)


def test_a_hyphen_that_ends_a_page_stays() -> None:
    assert read_pdf(pages(["It was an extraordi-", "nary evening."])).text == (
        "It was an extraordi-\n\nnary evening."
    )


def test_a_heading_stands_apart_from_its_text() -> None:
    document = pdf()
    document.add_page()
    document.set_font("Times", "B", 16)
    document.cell(0, 8, "The harbour", new_x="LMARGIN", new_y="NEXT")
    document.set_font("Times", size=11)
    document.multi_cell(120, 5, HARBOUR)
    parsed = read_pdf(bytes(document.output()))
    assert parsed.text == f"The harbour\n\n{HARBOUR}"
    assert parsed.title == "The harbour"


def test_items_and_table_rows_keep_their_lines() -> None:
    document = pdf()
    document.add_page()
    for line in ("- salt and pepper", "- bread", "1. Row to the island of Holm."):
        document.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
    for port, fee in (("Port", "Fee"), ("Skarn", "6 euros"), ("Holm", "9 euros")):
        document.cell(80, 5, port)
        document.cell(40, 5, fee, new_x="LMARGIN", new_y="NEXT")
    assert read_pdf(bytes(document.output())).text.split("\n") == [
        "- salt and pepper",
        "- bread",
        "1. Row to the island of Holm.",
        "Port | Fee",
        "Skarn | 6 euros",
        "Holm | 9 euros",
    ]


class Report(FPDF):
    """Pages with a header, a footer that counts them and a bare number."""

    def header(self) -> None:
        """Says what it is."""
        self.set_font("Times", size=9)
        self.cell(0, 5, "Harbour report 1911", new_x="LMARGIN", new_y="NEXT")
        self.ln(5)

    def footer(self) -> None:
        """Says which page it is, twice."""
        self.set_y(-15)
        self.cell(0, 5, f"Page {self.page_no()} of 4")
        self.set_y(-10)
        self.cell(0, 5, f"{self.page_no() + 10}")


def test_headers_and_footers_are_kept_once_and_page_numbers_never() -> None:
    document = Report()
    for text in ("Alpha stands here.", "Beta stands here.", "Gamma stands here.", "Delta too."):
        document.add_page()
        document.set_font("Times", size=11)
        document.multi_cell(120, 5, text)
    parsed = read_pdf(bytes(document.output()))
    assert parsed.text.split("\n\n") == [
        "Harbour report 1911",
        "Alpha stands here.",
        "Page 1 of 4",
        "Beta stands here.",
        "Gamma stands here.",
        "Delta too.",
    ]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Keeping bees", "Keeping bees"),
        ("Microsoft Word - bees.doc", "A colony in winter"),
        ("untitled", "A colony in winter"),
        (None, "A colony in winter"),
    ],
)
def test_the_title_is_the_metadatas_if_it_says_something(title: str | None, found: str) -> None:
    assert read_pdf(pages([f"A colony in winter\n\n{LIGHT}"], title=title)).title == found


def test_ligatures_and_invisible_hyphens_do_not_hide_words() -> None:
    document = pdf()
    document.add_font("DejaVu", fname=_dejavu())
    document.set_font("DejaVu", size=11)
    document.add_page()
    document.cell(0, 5, "The ﬁnal oﬀer of the café 🙂 and 𝑥.")
    assert read_pdf(bytes(document.output())).text.startswith("The final offer of the café ")


def _dejavu() -> str:
    from matplotlib import get_data_path  # noqa: PLC0415 - it has the font

    return f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"


def test_an_encrypted_file_is_said_to_be_one() -> None:
    document = pdf()
    document.add_page()
    document.cell(0, 5, LIGHT)
    document.set_encryption(owner_password="owner", user_password="user")
    with pytest.raises(UnreadableFile, match="encrypted with a password; save it without one"):
        read_pdf(bytes(document.output()))


def test_a_file_that_only_may_not_be_printed_is_read() -> None:
    document = pdf()
    document.add_page()
    document.cell(0, 5, LIGHT)
    document.set_encryption(owner_password="owner")
    assert read_pdf(bytes(document.output())).text == LIGHT


@pytest.mark.parametrize(
    ("n_pages", "reason"),
    [(1, "scanned: 1 page holds no text"), (3, "scanned: 3 pages hold no text; run OCR over it")],
)
def test_a_scan_without_text_is_said_to_be_one(n_pages: int, reason: str) -> None:
    document = pdf()
    for _ in range(n_pages):
        document.add_page()
        document.rect(10, 10, 50, 50, style="F")
    with pytest.raises(UnreadableFile, match=reason):
        read_pdf(bytes(document.output()))


def test_too_many_pages_are_refused() -> None:
    kids = b"3 0 R " * (MAX_PAGES + 1)
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count %d>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        % (MAX_PAGES + 1)
        + b"trailer<</Root 1 0 R>>\n"
    )
    with pytest.raises(UnreadableFile, match="10,001 pages, over the limit of 10,000"):
        read_pdf(content)


@given(st.binary(max_size=300))
def test_bytes_with_the_wrong_name_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"damaged, or no PDF"):
        read_pdf(content)


@given(st.floats(min_value=0, max_value=1))
def test_a_cut_file_is_read_or_refused(share: float) -> None:
    content = pages([HARBOUR, LIGHT])
    with suppress(UnreadableFile):
        assert read_pdf(content[: int(share * len(content))]).text


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=20))
def test_an_altered_file_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(pages([HARBOUR]))
    for at, byte in changes:
        content[at % len(content)] = byte
    with suppress(UnreadableFile):
        assert len(read_pdf(bytes(content)).page_starts) == 1


def test_threads_may_read_at_once() -> None:
    contents = [pages([f"{LIGHT}\n\nNumber {number}."] * 5) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        texts = [parsed.text for parsed in pool.map(read_pdf, contents)]
    assert [text[-2:-1] for text in texts] == list("01234567")
