"""HTML pages, as the text that a reader of the page sees."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.errors import UnreadableFile
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
_SPACES = re.compile(r"\s+")
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These close themselves, so an opening without a closing goes no deeper.
_SELF_CLOSING = frozenset(
    re.findall(
        rb"\w+",
        b"area base br col dd dt embed hr img input li link meta optgroup option p param rp rt "
        b"source tbody td tfoot th thead tr track wbr",
    )
)
_WESTERN = ("ascii", "us-ascii", "latin1", "iso-8859-1", "iso8859-1", "windows-1252", "cp1252")
_LEGACY = dict.fromkeys(_WESTERN, "cp1252") | {
    **{f"windows-{page}": f"cp{page}" for page in (1250, 1251, *range(1253, 1259))},
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (*range(2, 9), 10, 13, 14, 15, 16)},
    **{label: label for label in ("koi8-r", "koi8-u", "shift_jis", "euc-jp", "big5", "euc-kr")},
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    "iso-8859-9": "cp1254",
    "macintosh": "mac_roman",
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)


def read_html(content: bytes) -> Parsed:
    """The visible text of a page, a line for each block; its title is `title`, else `h1`.

    Raises:
        UnreadableFile: The bytes are not text, or are nested too deep.
    """
    _check_depth(content)
    tree = LexborHTMLParser(_decode(content))
    return Parsed(_visible_text(tree.body), _title(tree))


def _check_depth(content: bytes) -> None:
    depth = 0
    for closing, name in _TAG.findall(content):
        if bytes(name).lower() not in _SELF_CLOSING:
            depth = max(depth - 1, 0) if closing else depth + 1
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"HTML nested more than {MAX_DEPTH} tags deep")


def _decode(content: bytes) -> str:
    """The page's characters: UTF-8 where they are that, else the legacy encoding it declares.

    Source: WHATWG, Encoding standard, section 4.2, for what a label stands for: ASCII and Latin-1
        are windows-1252.
    """
    try:
        return decode(content)
    except UnreadableFile:
        declared = _CHARSET.search(content[:2048])
        encoding = _LEGACY.get(declared[1].decode("ascii").lower()) if declared else None
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


def _visible_text(body: LexborNode | None) -> str:
    """The text below a node: blocks end lines, cells are set apart, the rest is one space."""
    if body is None:
        return ""
    # A node's nearest block, by the node's address; None for what is not shown. The walk comes
    # to a parent before its children, so depth costs nothing.
    blocks: dict[int, LexborNode | None] = {body.mem_id: body}
    pieces: list[str] = []
    last: LexborNode | None = None
    for node in body.traverse(include_text=True):
        parent = node.parent
        inherited = blocks.get(parent.mem_id) if parent is not None else None
        block = node if node.tag in _BLOCKS else inherited
        shown = node.mem_id == body.mem_id or inherited is not None
        blocks[node.mem_id] = block if shown and node.tag not in _UNSEEN else None
        if node.tag == "br":
            pieces.append("\n")
        elif node.tag == "-text" and block is not None and shown:
            text = node.text_content or ""
            text = text if block.tag == "pre" else _SPACES.sub(" ", text)
            if last is not None and block.mem_id != last.mem_id:
                pieces.append(" | " if _same_row(last, block) else "\n\n")
            if text.strip() or pieces:
                pieces.append(text)
                last = block if text.strip() else last
    return _tidy("".join(pieces))


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
