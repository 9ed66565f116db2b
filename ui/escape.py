"""Any text made harmless for the place where it is shown: HTML, Markdown or a terminal."""

import re

# Embeddings, overrides and isolates reorder what is read ("Trojan Source"); the other controls
# move a terminal's cursor. A lone surrogate cannot be sent at all. They are shown by number.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
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
    return _CONTROLS.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
