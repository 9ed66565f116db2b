"""Nodes of an HTML page: which are shown, and which end a line."""

import re

from selectolax.lexbor import LexborNode

UNSEEN = frozenset(
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
        "del",
        "s",
        "strike",
    )
)
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption dd details div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section "
        "summary table tbody td tfoot th thead tr ul",
    )
)
CELLS = frozenset(("td", "th"))
LEVELS = {f"h{level}": level for level in range(1, 7)}
SOFT_HYPHEN = "\xad"  # where a word may be broken at a line's end; no part of it
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def characters(node: LexborNode) -> str:
    """The characters of a text node, without soft hyphens."""
    return (node.text_content or "").replace(SOFT_HYPHEN, "")


def is_shown(node: LexborNode) -> bool:
    """Whether a reader sees a node where its parent is seen; what is struck through is not."""
    if node.tag in UNSEEN:
        return False
    attributes = node.attributes
    if not attributes:
        return True
    hidden = "hidden" in attributes and attributes["hidden"] != "until-found"
    return not hidden and not _HIDDEN.search(attributes.get("style") or "")
