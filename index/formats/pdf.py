"""PDF files: a page's lines, from the places of its characters."""

import unicodedata
from collections.abc import Iterator
from functools import cache, partial
from itertools import islice
from threading import Lock
from typing import Any

from index.errors import UnreadableFile
from index.formats.composer import Composer
from index.formats.furniture import Page, without_furniture
from index.formats.layout import Line, paragraphs, words
from index.formats.outline import Bookmark, outlined
from index.formats.parsed import Parsed
from index.formats.superscripts import Glyph, glyph, written
from index.formats.text import as_text, headline
from index.formats.title import own_title

MAX_PAGES = 10_000
MAX_BOOKMARKS = 10_000
MAX_DEPTH = 10  # of the outline

_MAX_NAME_BYTES = 1_000  # in UTF-16: no heading is as long
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_ENDS = "\r\n"
_HYPHENS = "\x02\ufffe\xad"  # PDFium's mark of a hyphen that ends a line, and a soft one
_WIDE_GAP = 2.0  # of a line's height: the next cell of a table
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_UNSEEN = dict.fromkeys([*range(9), *range(11, 32), 0x7F, 0xFFFD, 0xFFFE, 0xFFFF])
CLEAN = {**_UNSEEN, **_LIGATURES, 9: " ", 10: " ", 13: " ", 0xA0: " ", 0xAD: None}
# PDFium keeps its state in globals: no two threads may be in it at once.
PDFIUM = Lock()


def read_pdf(content: bytes) -> Parsed:
    """The text of a PDF, page by page; its title is the metadata's, else a headline.

    What its outline names is a part of the text below that heading.

    Raises:
        UnreadableFile: It is encrypted, damaged, scanned without text, or too long.
    """
    with PDFIUM:
        title, outline, pages = _opened(content)
    if not any(page.lines for page in pages):
        raise UnreadableFile(f"scanned: {_counted(len(pages))} no text; run OCR over it")
    texts = without_furniture(pages)
    known = words(texts)
    composer = Composer()
    for lines in texts:
        composer.page()
        for paragraph in paragraphs(lines, known=known):
            composer.add(paragraph)
    parsed = composer.parsed(title=title)
    parsed = parsed if title else parsed._replace(title=headline(parsed.text))
    return parsed._replace(places=outlined(parsed, outline))


def _counted(n_pages: int) -> str:
    return f"{n_pages} pages hold" if n_pages != 1 else "1 page holds"


def _opened(content: bytes) -> tuple[str | None, list[Bookmark], list[Page]]:
    """The title that the metadata gives, the outline, and the pages."""
    import pypdfium2  # noqa: PLC0415 - only a PDF needs it

    try:
        with pypdfium2.PdfDocument(content) as pdf:
            if len(pdf) > MAX_PAGES:
                raise UnreadableFile(
                    f"{len(pdf):,} pages, over the limit of {MAX_PAGES:,}; split it"
                )
            title = own_title(pdf.get_metadata_value("Title"))
            return title, _bookmarks(pdf), [_page(page) for page in pdf]
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise UnreadableFile("encrypted with a password; save it without one") from error
        reason = str(error).rstrip(".")
        raise UnreadableFile(f"damaged, or no PDF: {reason}") from error


def _bookmarks(pdf: Any) -> list[Bookmark]:
    """The outline of an open PDF, in order; where it runs in circles, up to there.

    An outline of more entries than `MAX_BOOKMARKS`, or with a name without end, is none.
    """
    found: list[Bookmark] = []
    for bookmark in islice(pdf.get_toc(max_depth=MAX_DEPTH), MAX_BOOKMARKS + 1):
        name = _name(bookmark)
        if name is None:
            return []
        leads_to = bookmark.get_dest()
        found.append(Bookmark(bookmark.level, name, leads_to and leads_to.get_index()))
    return found if len(found) <= MAX_BOOKMARKS else []


def _name(bookmark: Any) -> str | None:
    """A bookmark's words; None when they have no end, nothing when they are no text."""
    from pypdfium2 import raw  # noqa: PLC0415 - only see above

    if raw.FPDFBookmark_GetTitle(bookmark, None, 0) > _MAX_NAME_BYTES:
        return None
    try:
        return as_text(bookmark.get_title())
    except (UnicodeError, UnreadableFile):
        return ""


def _page(page: Any) -> Page:
    """The lines of a page, in the order of the file, and its edges."""
    textpage = page.get_textpage()
    characters = characters_of(textpage)
    lines = (_line(textpage, characters, *span) for span in line_spans(characters))
    _, bottom, _, top = page.get_bbox()
    return Page([line for line in lines if line.text], bottom, top)


def characters_of(textpage: Any) -> list[str]:
    """The characters of a page as PDFium counts them, those of raised numbers as superscripts."""
    from pypdfium2 import raw  # noqa: PLC0415 - see above

    count = textpage.count_chars()
    characters = [chr(raw.FPDFText_GetUnicode(textpage, i)) for i in range(count)]
    return written(characters, cache(partial(_glyph, textpage)))


def _glyph(textpage: Any, number: int) -> Glyph:
    """How a character is printed."""
    from pypdfium2 import raw  # noqa: PLC0415 - see above

    x, y, turn = raw.c_double(), raw.c_double(), raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(textpage, number, x, y)
    raw.FPDFText_GetMatrix(textpage, number, turn)
    size, box = raw.FPDFText_GetFontSize(textpage, number), textpage.get_charbox(number)
    return glyph((x.value, y.value), box, size, (turn.a, turn.b, turn.c, turn.d))


def line_spans(characters: list[str]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the lines; one that breaks a word ends with its hyphen."""
    start = 0
    for i, character in enumerate(characters):
        if character in _ENDS or character in _HYPHENS:
            yield start, i + (character in _HYPHENS)
            start = i + 1
    yield start, len(characters)


def _line(textpage: Any, characters: list[str], start: int, end: int) -> Line:
    shown, line = extent(textpage, characters, start, end)
    pieces = line_pieces(textpage, characters, shown, line.height)
    return line._replace(text=" ".join("".join(pieces).translate(CLEAN).split()))


def extent(textpage: Any, characters: list[str], start: int, end: int) -> tuple[range, Line]:
    """The numbers of the characters that a line shows, and the line without its words."""
    while start < end and characters[start].isspace():
        start += 1
    while end > start and characters[end - 1].isspace():
        end -= 1
    if start == end:
        return range(start, start), Line("", 0, 0, 0, 0)
    # Three characters vote, since one may be a superscript or a bullet of another font.
    boxes = [textpage.get_charbox(i, loose=True) for i in (start, (start + end) // 2, end - 1)]
    left, right = boxes[0][0], boxes[-1][2]
    bottom = sorted(box[1] for box in boxes)[1]
    height = max(sorted(box[3] - box[1] for box in boxes)[1], 1.0)
    hyphenated = _is_hyphenated(characters, end)
    return range(start, end - hyphenated), Line("", left, right, bottom, height, hyphenated)


def _is_hyphenated(characters: list[str], end: int) -> bool:
    """Whether a line that ends before `end` breaks a word, or an expression, at a hyphen."""
    last = characters[end - 1]
    return last in _HYPHENS or (last in "-‐" and end > 1 and characters[end - 2].isalnum())


def line_pieces(textpage: Any, characters: list[str], line: range, height: float) -> list[str]:
    """What each character of a line becomes: a bar where a gap is as wide as between cells."""
    pieces = []
    for i in line:
        piece = characters[i]
        if piece.isspace() and line.start < i < line.stop - 1:
            gap = textpage.get_charbox(i + 1)[0] - textpage.get_charbox(i - 1)[2]
            piece = " | " if gap > _WIDE_GAP * height else " "
        pieces.append(piece)
    return pieces
