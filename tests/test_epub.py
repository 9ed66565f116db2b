"""Tests of index.formats.epub: chapters in reading order, and no book that unpacks for ever."""

import struct
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import damage
import pytest
from damage import altered, read_or_refused
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.formats.epub import MAX_DEPTH, MAX_ENTRIES, MAX_TEXT_BYTES, read_epub
from index.formats.parsed import Place
from index.passage import split

CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
XHTML = 'media-type="application/xhtml+xml"'


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title/><script src='x.js'/></head><body>{body}</body></html>"
    )


def package(items: str, spine: str, title: str = "Bees and Men") -> str:
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        f"</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )


def archive(files: dict[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as book:
        book.writestr("mimetype", "application/epub+zip", ZIP_STORED)
        for name, content in files.items():
            book.writestr(name, content)
    return packed.getvalue()


def book(chapters: dict[str, str], extra: str = "", **files: str | bytes) -> bytes:
    """A book whose spine is the chapters in their order, and whose manifest is not."""
    items = "".join(f'<item id="{n}" href="text/{n}" {XHTML}/>' for n in sorted(chapters)) + extra
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    texts = {f"OEBPS/text/{name}": chapter(body) for name, body in chapters.items()}
    parts = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package(items, spine)}
    return archive({**parts, **texts, **files})


CHAPTERS = {
    "z.xhtml": "<h1>The hive</h1><p>A colony<br/>is strong.</p><h2>The queen</h2><p>She lays.</p>",
    "a.xhtml": '<p><a id="p1"/>Smoke calms them.</p>',
    "b.xhtml": "<h1>Bees and Men</h1><p>They are old friends.</p>",
}
NCX = (
    '<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" '
    '"http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>'
    "<navPoint><navLabel><text>Of\n smoke</text></navLabel>"
    '<content src="text/a.xhtml#p1"/></navPoint></navMap></ncx>'
)
NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
NAV = (
    '<nav epub:type="landmarks"><a href="a.xhtml">Begin</a></nav>'
    '<nav epub:type="toc"><ol><li><a href="a.xhtml">Of <i>smoke</i></a></li></ol></nav>'
)
NAV_ITEM = f'<item id="nav" href="text/nav.xhtml" {XHTML} properties="nav"/>'
TEXT = (
    "The hive\n\nA colony\nis strong.\n\nThe queen\n\nShe lays.\n\nSmoke calms them.\n\n"
    "Bees and Men\n\nThey are old friends."
)


@pytest.mark.parametrize(
    "content",
    [
        book(CHAPTERS, NCX_ITEM, **{"OEBPS/toc.ncx": NCX}),
        book(CHAPTERS, NAV_ITEM, **{"OEBPS/text/nav.xhtml": chapter(NAV)}),
    ],
    ids=["ncx", "nav"],
)
def test_chapters_stand_in_reading_order_under_their_names(content: bytes) -> None:
    parsed = read_epub(content)
    assert parsed.text == TEXT
    assert parsed.title == "Bees and Men"
    assert parsed.places == (
        Place(0, "The hive"),
        Place(TEXT.index("The queen"), "The hive › The queen"),
        Place(TEXT.index("Smoke"), "Of smoke"),
        Place(TEXT.index("Bees"), "Bees and Men"),
    )


@pytest.mark.parametrize("toc", ["<ncx>", "", "<ncx>&nbsp;</ncx>"])
def test_a_table_of_contents_that_is_damaged_or_missing_costs_only_its_names(toc: str) -> None:
    files = {"OEBPS/toc.ncx": toc} if toc else {}
    parsed = read_epub(book(CHAPTERS, NCX_ITEM, **files))
    assert parsed.text == TEXT
    assert "Of smoke" not in [place.name for place in parsed.places]


def test_a_book_is_cut_into_passages_that_know_their_chapter(library: Path) -> None:
    body = "<h1>Wax</h1>" + "<p>The wax is drawn out in flakes and set in six walls.</p>" * 40
    (library / "bees.epub").write_bytes(book({"a.xhtml": "<h1>Smoke</h1><p>It calms.", "b": body}))
    document = load(library / "bees.epub", folder=library)
    spans = split(document)
    assert len(spans) > 3
    assert all(document.text[start:end].strip() for start, end in spans)
    assert document.place(spans[-1].start) == "Wax"
    assert document.heading(spans[-1].start) == "Bees and Men\nWax"


reason = partial(damage.reason, read_epub)


def encryption(path: str) -> str:
    return (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        f'<enc:CipherData><enc:CipherReference URI="{path}"/></enc:CipherData>'
        "</enc:EncryptedData></encryption>"
    )


def test_encrypted_chapters_are_said_to_be_and_encrypted_fonts_hide_nothing() -> None:
    locked = {"META-INF/encryption.xml": encryption("OEBPS/text/a.xhtml")}
    assert reason(book(CHAPTERS, **locked)) == "protected by DRM: its chapters are encrypted"
    fonts = {"META-INF/encryption.xml": encryption("OEBPS/fonts/serif.otf")}
    assert read_epub(book(CHAPTERS, **fonts)).text == TEXT


def test_a_password_is_said_to_be_there() -> None:
    content = bytearray(book(CHAPTERS))
    for mark, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = content.rindex(mark)
        struct.pack_into("<H", content, at + flags, 1)
    assert reason(bytes(content)) == "protected by a password"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = book({"a.xhtml": "<p>" + "a" * 100_000_000})
    assert len(bomb) < 1_000_000
    assert reason(bomb) == "unpacks to 100 MB, too much for its size"


def test_an_entry_that_is_longer_than_it_says_is_damage() -> None:
    content = bytearray(book({"a.xhtml": "<p>" + "a" * 1_000_000}))
    at = content.index(b"OEBPS/text/a.xhtml", content.index(b"PK\1\2")) - 46
    struct.pack_into("<L", content, at + 24, 1_000)
    assert "Bad CRC-32" in reason(bytes(content))


def test_the_entries_and_the_text_are_bounded() -> None:
    crowd = {f"f{n}": "" for n in range(MAX_ENTRIES)}
    assert reason(book(CHAPTERS, **crowd)) == f"more than {MAX_ENTRIES:,} entries"
    half = b"<p>" + bytes(range(97, 123)) * (MAX_TEXT_BYTES // 50)
    files = {f"OEBPS/{n}": half for n in "ab"}
    items = "".join(f'<item id="{n}" href="{n}" {XHTML}/>' for n in "ab")
    opf = package(items, '<itemref idref="a"/><itemref idref="b"/>')
    parts = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf}
    assert reason(archive({**parts, **files}, ZIP_STORED)) == "chapters of more than 50 MB"


def test_a_way_to_pack_whose_memory_has_no_bound_is_refused() -> None:
    content = archive({"META-INF/container.xml": CONTAINER}, ZIP_LZMA)
    assert reason(content) == "packed in a way that no EPUB is"


def test_entities_are_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><container>&b;</container>'
    file = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><container>&a;</container>'
    for container in (laughs, file):
        content = archive({"META-INF/container.xml": container})
        assert reason(content) == "its XML declares entities, which a book does not need"


def test_deep_xml_is_refused() -> None:
    deep = "<a>" * (MAX_DEPTH + 1)
    content = archive({"META-INF/container.xml": deep})
    assert reason(content) == f"XML nested more than {MAX_DEPTH} tags deep"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "no EPUB, or a damaged one"),
        ({"META-INF/container.xml": "<container/>"}, "no EPUB: its container names no package"),
        ({"META-INF/container.xml": "<container"}, "a damaged EPUB: bad XML"),
        ({"META-INF/container.xml": CONTAINER}, "no EPUB, or a damaged one"),
        (
            {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package("", "")},
            "no EPUB: it lists no chapters that are in it",
        ),
    ],
)
def test_an_archive_that_is_no_book_gives_its_reason(files: dict[str, str], why: str) -> None:
    assert reason(archive(files)).startswith(why)


WHOLE = book(CHAPTERS, NCX_ITEM, **{"OEBPS/toc.ncx": NCX})


@given(st.integers(0, len(WHOLE) - 1))
def test_a_book_cut_short_is_damaged(n_bytes: int) -> None:
    assert "EPUB" in reason(WHOLE[:n_bytes])


@given(altered(WHOLE))
def test_a_book_with_bytes_changed_is_read_or_gives_a_reason(content: bytes) -> None:
    if parsed := read_or_refused(read_epub, content):
        starts = [place.start for place in parsed.places]
        assert starts == sorted(starts)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_book(content: bytes) -> None:
    assert reason(content).startswith("no EPUB")
