"""HTML pages, as the text that a reader of the page sees."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from index.errors import UnreadableFile
from index.formats.charset import codec
from index.formats.grids import grids
from index.formats.headings import paths
from index.formats.nodes import SOFT_HYPHEN
from index.formats.parsed import Parsed, Place
from index.formats.scripts import without_scripts
from index.formats.tabled import below_name, row_name
from index.formats.text import MAX_TITLE_CHARACTERS, as_text, decode, normalise
from index.formats.visible import Page, Row, visible_text

MAX_DEPTH = 3000  # the parser's time grows with the square of the depth

_SPACES = re.compile(r"\s+")
_TABLE = re.compile(r"<table", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These close themselves, so an opening without a closing goes no deeper.
_SELF_CLOSING = frozenset(
    re.findall(
        r"\w+",
        "area base br col dd dt embed hr img input li link meta optgroup option p param rp rt "
        "source tbody td tfoot th thead tr track wbr",
    )
)
# So do these, parts of a drawing, where they say so.
_DRAWN = frozenset(
    re.findall(r"\w+", "circle ellipse image line path polygon polyline rect stop use")
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)


def read_html(content: bytes) -> Parsed:
    """The visible text of a page, a line for each block; its title is `title`, else `h1`.

    Rows of a table carry the names of its columns, if it names them.

    Raises:
        UnreadableFile: The bytes are not text, or are nested too deep.
    """
    page = read_page(content, tables=True)
    headings = paths(page.headings, title=page.title)
    places = sorted([*_row_places(page.rows, headings), *headings], key=lambda each: each.start)
    return Parsed(page.text, page.title, places=tuple(places))


def read_page(content: bytes, *, tables: bool = False) -> Page:
    """The visible text of a page, a line for each block, and its headings.

    Args:
        content: The page.
        tables: Whether rows are to carry the names of their columns.

    Raises:
        UnreadableFile: The bytes are not text, or are nested too deep.
    """
    page = _decode(content)
    if _is_deep(page):
        page = without_scripts(page)  # which looks nested wherever one compares two numbers
    if _is_deep(page):
        raise UnreadableFile(f"HTML nested more than {MAX_DEPTH} tags deep")
    tree = LexborHTMLParser(page)
    found = grids(tree.body) if tables and tree.body and _TABLE.search(page) else {}
    text = visible_text(tree.body, found)
    return text._replace(title=_title(tree))


def _row_places(rows: Iterable[Row], headings: Sequence[Place]) -> Iterator[Place]:
    """The rows as places below the headings above them."""
    for row in rows:
        above = bisect_left(headings, row.start, key=lambda place: place.start)
        part = headings[above - 1].name if above else ""
        name = row_name(part, row.table, row.number) if row.number else below_name(part, row.table)
        yield Place(row.start, name, apart=True)


def _is_deep(page: str) -> bool:
    """Whether a page may be nested too deep, by all in it that looks like a tag."""
    depth = end = 0
    for tag in _TAG.finditer(page):
        name = tag[2].lower()
        if name in _DRAWN and 0 <= end < tag.end():
            end = page.find(">", tag.end())
        closed = name in _DRAWN and end > 0 and page[end - 1] == "/"
        if name not in _SELF_CLOSING and not closed:
            depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def _decode(content: bytes) -> str:
    """The page's characters: UTF-8 where they are that, else the legacy encoding it declares."""
    try:
        return decode(content)
    except UnreadableFile:
        declared = _CHARSET.search(content[:2048])
        encoding = codec(declared[1].decode("ascii")) if declared else None
        if encoding is None or b"\0" in content:
            raise
        try:
            return as_text(content.decode(encoding))
        except UnicodeError as error:
            raise UnreadableFile(f"neither UTF-8 nor {encoding}, as it says") from error


def _title(tree: LexborHTMLParser) -> str | None:
    """The head's title, else the first heading of the first rank that says something."""
    for node in (*tree.css("head > title"), *tree.css("h1")):
        if title := _SPACES.sub(" ", node.text().replace(SOFT_HYPHEN, "")).strip():
            return normalise(title)[:MAX_TITLE_CHARACTERS]
    return None
