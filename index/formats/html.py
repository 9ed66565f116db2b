"""HTML pages, as the text that a reader of the page sees."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.errors import UnreadableFile
from index.formats.charset import codec
from index.formats.headings import Heading, paths
from index.formats.parsed import Parsed
from index.formats.text import MAX_TITLE_CHARACTERS, as_text, decode, normalise

MAX_DEPTH = 3000  # the parser's time grows with the square of the depth

_UNSEEN = frozenset(
    (
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "button",
        "select",
        "textarea",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption dd details div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section "
        "summary table tbody td tfoot th thead tr ul",
    )
)
_CELLS = frozenset(("td", "th"))
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_SPACES = re.compile(r"\s+")
_SOLID = re.compile(r"\S+")
_LINK_SIGNS = " ¶"  # what documentation puts behind a heading as a link to it
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These close themselves, so an opening without a closing goes no deeper.
_SELF_CLOSING = frozenset(
    re.findall(
        rb"\w+",
        b"area base br col dd dt embed hr img input li link meta optgroup option p param rp rt "
        b"source tbody td tfoot th thead tr track wbr",
    )
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)


class Page(NamedTuple):
    """What a reader of a page sees.

    Attributes:
        text: Its visible text.
        title: Its `title`, else its first `h1`; None without either.
        headings: Those that are shown, in order.
    """

    text: str
    title: str | None
    headings: tuple[Heading, ...]


def read_html(content: bytes) -> Parsed:
    """The visible text of a page, a line for each block; its title is `title`, else `h1`.

    Raises:
        UnreadableFile: The bytes are not text, or are nested too deep.
    """
    page = read_page(content)
    return Parsed(page.text, page.title, places=paths(page.headings, title=page.title))


def read_page(content: bytes) -> Page:
    """The visible text of a page, a line for each block, and its headings.

    Raises:
        UnreadableFile: The bytes are not text, or are nested too deep.
    """
    _check_depth(content)
    tree = LexborHTMLParser(_decode(content))
    text, headings = _visible_text(tree.body)
    return Page(text, _title(tree), tuple(headings))


def _check_depth(content: bytes) -> None:
    depth = 0
    for closing, name in _TAG.findall(content):
        if bytes(name).lower() not in _SELF_CLOSING:
            depth = max(depth - 1, 0) if closing else depth + 1
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"HTML nested more than {MAX_DEPTH} tags deep")


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
        if title := _SPACES.sub(" ", node.text()).strip():
            return normalise(title)[:MAX_TITLE_CHARACTERS]
    return None


class _Spot(NamedTuple):
    """What a node stands in: its nearest block, and the heading around it, if there is one."""

    block: LexborNode
    heading: "_Words | None"


@dataclass(slots=True)
class _Words:
    """The words of a heading while they are gathered.

    Attributes:
        level: From 1 to 6.
        n_before: How many characters that are not white space stand before its own; None until
            there is one of its own.
        pieces: The words and what parts them.
    """

    level: int
    n_before: int | None = None
    pieces: list[str] = field(default_factory=list)


class _Text:
    """The text of a page while it is gathered, and the headings in it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._n_solid = 0
        self._last: LexborNode | None = None
        self._headings: list[_Words] = []

    def begin(self, level: int) -> _Words:
        """A heading that begins here."""
        self._headings.append(_Words(level))
        return self._headings[-1]

    def add(self, text: str, spot: _Spot) -> None:
        """Put a text node behind what is there, set apart as its block is from the last."""
        text = text if spot.block.tag == "pre" else _SPACES.sub(" ", text)
        if self._last is not None and spot.block.mem_id != self._last.mem_id:
            self.write(" | " if _same_row(self._last, spot.block) else "\n\n", spot.heading)
        if text.strip() or self._pieces:
            self.write(text, spot.heading)
            self._last = spot.block if text.strip() else self._last

    def write(self, piece: str, heading: _Words | None) -> None:
        """Put characters behind what is there, and behind a heading's words."""
        n_solid = sum(map(len, piece.split()))
        if heading:
            heading.pieces.append(piece)
            if n_solid and heading.n_before is None:
                heading.n_before = self._n_solid
        self._pieces.append(piece)
        self._n_solid += n_solid

    def finish(self) -> tuple[str, tuple[Heading, ...]]:
        """The tidy text, and its headings in order."""
        text = _tidy("".join(self._pieces))
        known = [each for each in self._headings if each.n_before is not None]
        known.sort(key=lambda each: each.n_before or 0)
        starts = _offsets(text, (each.n_before or 0 for each in known))
        return text, tuple(
            Heading(start, each.level, "".join(each.pieces).strip().rstrip(_LINK_SIGNS))
            for start, each in zip(starts, known, strict=True)
        )


def _visible_text(body: LexborNode | None) -> tuple[str, tuple[Heading, ...]]:
    """The text below a node: blocks end lines, cells are set apart, the rest is one space.

    With it come its headings.
    """
    text = _Text()
    if body is None:
        return text.finish()
    # What each node stands in, by its address; None for what is not shown. The walk comes to a
    # parent before its children, so depth costs nothing.
    spots: dict[int, _Spot | None] = {}
    for node in body.traverse(include_text=True):
        parent = node.parent
        spot = spots.get(parent.mem_id) if parent is not None else None
        if node.tag == "br":
            text.write("\n", spot.heading if spot else None)
        elif node.tag == "-text" and spot:
            text.add(node.text_content or "", spot)
        elif node.mem_id == body.mem_id:
            spot = _Spot(body, None)
        elif spot and node.tag in _BLOCKS:
            level = _LEVELS.get(node.tag or "")
            spot = _Spot(node, text.begin(level) if level else spot.heading)
        spots[node.mem_id] = spot if node.tag not in _UNSEEN else None
    return text.finish()


def _offsets(text: str, counts: Iterable[int]) -> Iterator[int]:
    """Where the characters stand that have so many before them, not counting white space.

    Making a text tidy takes away white space alone, so these counts hold before and after.
    """
    words = _SOLID.finditer(text)
    n_before, start, end = 0, 0, 0
    for count in counts:
        while count >= n_before + end - start:
            n_before += end - start
            start, end = next(words).span()
        yield start + count - n_before


def _same_row(left: LexborNode, right: LexborNode) -> bool:
    """Whether two blocks are cells of one table row."""
    return (
        left.tag in _CELLS
        and right.tag in _CELLS
        and left.parent is not None
        and right.parent is not None
        and left.parent.mem_id == right.parent.mem_id
    )


def _tidy(text: str) -> str:
    """The text without spaces at line ends and without more than one empty line."""
    lines = (
        line.strip(" ") if not line.startswith("    ") else line.rstrip()
        for line in text.split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
