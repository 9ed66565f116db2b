"""Scripts and styles of an HTML page, taken out of it."""

import re

_LEFT_OUT = ("script", "style")
# What stands in these is no markup.
_RAW = (*_LEFT_OUT, "iframe", "noembed", "noframes", "textarea", "title", "xmp")
_OPENING = re.compile(r"<!--|<([a-z][^\s/>]*+)", re.IGNORECASE)
_CLOSING = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
# Values of attributes may hold what ends a tag; possessive, so that time is linear.
_REST = re.compile(r"""(?:[^>=]|=\s*+(?:"[^"]*+"|'[^']*+')?)*+>""")


def without_scripts(page: str) -> str:
    """The page, its scripts and styles empty; one without an end is all the rest.

    Comments, values of attributes and what else is no markup open no script.
    """
    pieces: list[str] = []
    kept = at = 0
    while opening := _OPENING.search(page, at):
        name = (opening[1] or "").lower()
        if not name:
            end = page.find("-->", opening.end())
            at = end if end >= 0 else len(page)
            continue
        rest = _REST.match(page, opening.end())
        at = rest.end() if rest else len(page)
        if name in _RAW:
            closing = _CLOSING[name].search(page, at)
            end = closing.start() if closing else len(page)
            if name in _LEFT_OUT:
                pieces.append(page[kept:at])
                kept = end
            at = end
    return "".join((*pieces, page[kept:]))
