"""A PDF's page as it is printed: its picture, and where on it each character of its text stands."""

import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from index.errors import UnreadableFile
from index.formats.parsed import Part
from index.formats.pdf import CLEAN, PDFIUM, characters_of, extent, line_pieces, line_spans
from index.formats.text import normalise

DOTS_PER_INCH = 110
MAX_SIDE = 1_600  # pixels; a page that is larger is shown smaller
MAX_CHARACTERS = 100_000  # of one page; where there are more, no places are given
WHOLE = 100_000  # the page's width and height, in the units of places

_POINTS_PER_INCH = 72

Box = tuple[int, int, int, int]
Traced = list[tuple[str, int]]


def printed_page(content: bytes, *, page: int) -> Part:
    """A page as a PNG, and its lines with a box for each of their characters.

    `lines` are in the order of the file and hold what `read_pdf` makes of them, each as its text
    and its boxes. A box is left, top, right and bottom in parts of `WHOLE`, from the upper left
    corner of the picture; None where a character is not printed or its place is not known.

    Args:
        content: The file.
        page: Its number, from 1.

    Raises:
        UnreadableFile: The file is damaged or has no such page.
    """
    import pypdfium2  # noqa: PLC0415 - only a PDF needs it

    try:
        with PDFIUM, pypdfium2.PdfDocument(content) as pdf:
            pdf.init_forms()
            if not 0 < page <= len(pdf):
                raise UnreadableFile(f"no page {page}: it has {len(pdf):,}")
            shown = pdf[page - 1]
            width, height, picture = _picture(shown)
            told = {"width": width, "height": height, "pages": len(pdf), "lines": _lines(shown)}
            return Part(told, picture)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(f"page {page} cannot be shown ({error})") from error


def _picture(page: Any) -> tuple[int, int, bytes]:
    """Width and height in pixels, and the PNG."""
    side = max(*page.get_size(), 1.0)
    scale = min(DOTS_PER_INCH / _POINTS_PER_INCH, (MAX_SIDE - 1) / side)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    starts = range(0, bitmap.height * stride, stride)
    rows = (pixels[start : start + 3 * bitmap.width] for start in starts)
    return bitmap.width, bitmap.height, png(bitmap.width, bitmap.height, rows)


def png(width: int, height: int, rows: Iterator[bytes]) -> bytes:
    """The picture whose rows hold red, green and blue of each pixel, a byte each.

    Source: ISO/IEC 15948:2004, sections 5 and 11.2.
    """
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), level=4)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def _lines(page: Any) -> list[tuple[str, list[Box | None]]]:
    """The lines of a page that hold words, with the boxes of their characters."""
    textpage = page.get_textpage()
    if textpage.count_chars() > MAX_CHARACTERS:
        return []
    characters = characters_of(textpage)
    boxed = _boxes(page, textpage)
    lines = []
    for span in line_spans(characters):
        shown, line = extent(textpage, characters, *span)
        pieces = line_pieces(textpage, characters, shown, line.height)
        if traced := composed(cleaned(pieces, shown.start)):
            text = "".join(character for character, _ in traced)
            lines.append((text, [boxed(i) if c != " " else None for c, i in traced]))
    return lines


def cleaned(pieces: list[str], start: int) -> Traced:
    """What `read_pdf` makes of a line's pieces: each character with the number of its piece."""
    traced: Traced = []
    for number, piece in enumerate(pieces, start):
        for character in piece.translate(CLEAN):
            if not character.isspace():
                traced.append((character, number))
            elif traced and traced[-1][0] != " ":
                traced.append((" ", number))
    if traced and traced[-1][0] == " ":
        traced.pop()
    return traced


def composed(traced: Traced) -> Traced:
    """The line in Unicode's form NFC; a letter made of several has the number of its first.

    Where letters compose that are not a base and its marks, no character keeps its number.
    """
    text = "".join(character for character, _ in traced)
    whole = normalise(text)
    if whole == text:
        return traced
    clusters: list[tuple[str, int]] = []
    for character, number in traced:
        if clusters and unicodedata.combining(character):
            clusters[-1] = (clusters[-1][0] + character, clusters[-1][1])
        else:
            clusters.append((character, number))
    pieced = [(letter, number) for each, number in clusters for letter in normalise(each)]
    same = "".join(letter for letter, _ in pieced) == whole
    return pieced if same else [(letter, -1) for letter in whole]


def _boxes(page: Any, textpage: Any) -> Callable[[int], Box | None]:
    """Gives the box of a character by its number, as the page is turned and cut."""
    across, down = _plane(page)

    def box(number: int) -> Box | None:
        if number < 0:
            return None
        left, bottom, right, top = textpage.get_charbox(number, loose=True)
        corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
        xs = sorted(across[0] + across[1] * x + across[2] * y for x, y in corners)
        ys = sorted(down[0] + down[1] * x + down[2] * y for x, y in corners)
        edges = [min(max(round(each), 0), WHOLE) for each in (xs[0], ys[0], xs[-1], ys[-1])]
        hidden = edges[0] == edges[2] or edges[1] == edges[3]
        return None if hidden else (edges[0], edges[1], edges[2], edges[3])

    return box


def _plane(page: Any) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """How a point of the page lies on its picture: two rows of an affine map, in `WHOLE`."""
    from pypdfium2 import raw  # noqa: PLC0415 - see above

    step = 1_000.0
    places = []
    for x, y in ((0.0, 0.0), (step, 0.0), (0.0, step)):
        across, down = raw.c_int(), raw.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, WHOLE, WHOLE, 0, x, y, across, down)
        places.append((across.value, down.value))
    (x0, y0), (x1, y1), (x2, y2) = places
    return (
        (x0, (x1 - x0) / step, (x2 - x0) / step),
        (y0, (y1 - y0) / step, (y2 - y0) / step),
    )
