"""Titles in a file's own properties, which programs fill in when people do not."""

import re

from index.formats.text import MAX_TITLE_CHARACTERS, normalise

_SAYS_NOTHING = re.compile(
    r"untitled.*|no title|title|"
    r"(?:document|presentation|powerpoint presentation|slide|book|workbook|sheet|mappe|doc)\W*\d*|"
    r"microsoft (?:word|powerpoint|excel)\b.*|"
    r".*\.(?:docx?|dotx?|odt|rtf|pptx?|odp|xlsx?|ods|pdf|tex|dvi|indd|qxd|pages|txt|html?)",
    re.IGNORECASE,
)


def own_title(title: str | None) -> str | None:
    """A title from a file's properties on one line; None when it only says what wrote the file."""
    words = " ".join(normalise(title or "").replace("\0", " ").split())
    if _SAYS_NOTHING.fullmatch(words) or not any(character.isalpha() for character in words):
        return None
    return words[:MAX_TITLE_CHARACTERS]
