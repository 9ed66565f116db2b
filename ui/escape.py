"""Any text made harmless for the place where it is shown: HTML, Markdown or a terminal."""

import re

# Embeddings, overrides and isolates reorder what is read ("Trojan Source"), tags and the marks of
# annotations hide letters in it; the other controls move a terminal's cursor. A lone surrogate
# cannot be sent at all. They are shown by number.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
# What is not seen in a name: some scripts need these within words, two of them between letters.
_UNSEEN = re.compile(
    "[\n\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2064\u3164\ufeff\uffa0]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~\n]")
_MARKDOWN = re.compile(r"^\d{1,9}(?=[.)])|^[#+=-]|[\\`*_\[\]<>&~$|^@]|:(?=//)|(?<=[Ww]{3})\.")
_SPACES = re.compile(r"\s+")


def html_text(text: str) -> str:
    """The text as HTML that shows it and does nothing else, inside Markdown too.

    Every mark of ASCII punctuation and every line's end stands as an entity: nothing is left
    that HTML, Markdown, LaTeX or a template could read as its own. Controls that would reorder
    or hide what is read are shown by their number, as `⟨U+202E⟩`.
    """
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", visible(text))


def name_html(name: str) -> str:
    """The path of a file as HTML, apart from the direction of what stands beside it.

    It runs from left to right whatever its script, so that its suffix is at its right end.
    """
    return f"<bdi dir='ltr'>{html_text(visible_name(name))}</bdi>"


def about_html(said: str, name: str) -> str:
    """A sentence as HTML; where the name of a file first stands in it, as `name_html` gives it."""
    before, there, after = said.partition(name) if name else (said, "", "")
    return html_text(before) + (name_html(there) if there else "") + html_text(after)


def visible_name(name: str) -> str:
    """The path of a file as `visible` gives it, line ends and what has no width by number too."""
    return _UNSEEN.sub(_number, visible(name))


def without_unseen(name: str) -> str:
    """The name of a file without what would reorder it or is not seen in it."""
    return _UNSEEN.sub("", _CONTROLS.sub("", name))


def markdown_text(text: str) -> str:
    """The text as one line of Markdown that shows it: no link, image, heading or HTML."""
    return _MARKDOWN.sub(
        lambda match: match[0] + "\\" if match[0].isdigit() else "\\" + match[0], one_line(text)
    )


def one_line(text: str) -> str:
    """The text as `visible` gives it, every run of white space one space, none at the ends."""
    return _SPACES.sub(" ", visible(text)).strip()


def visible(text: str) -> str:
    """The text with every control shown by its number and every line's end a line feed."""
    text = _LINE_ENDS.sub("\n", text)
    return _CONTROLS.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"
