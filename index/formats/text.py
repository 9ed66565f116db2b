"""Plain text."""

import codecs
import re
import unicodedata
from itertools import pairwise

from index.errors import UnreadableFile
from index.formats.parsed import Parsed

MAX_TITLE_CHARACTERS = 120
# What is looked at to make a title: the time to take marks away grows with its square.
MAX_HEADING_CHARACTERS = 1_000

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Marks are neither letters, digits nor white space.
_PILE = re.compile(r"[^\w\s\x00-\x7f]{100}")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_text(content: bytes) -> Parsed:
    """A plain text; its title is a headline that stands first or last.

    Raises:
        UnreadableFile: The bytes are not text.
    """
    text = decode(content)
    return Parsed(text, headline(text))


def decode(content: bytes) -> str:
    """The bytes as normalised text: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        UnreadableFile: The bytes are in neither encoding, or are no text.
    """
    marked = [(mark, name) for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)]
    mark, encoding = marked[0] if marked else (b"", "utf-8")
    content = content[len(mark) :]
    if encoding == "utf-8" and b"\0" in content:
        raise UnreadableFile(f"binary (a zero byte at {content.index(0)}), not text")
    try:
        return as_text(content.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"not {encoding.upper()} (byte 0x{content[error.start]:02x} at {error.start}); "
            "save it as UTF-8"
        ) from error


def as_text(characters: str) -> str:
    """The characters, normalised.

    Raises:
        UnreadableFile: They are no text: too many of them are control characters.
    """
    text = normalise(characters)
    if len(_CONTROLS.findall(text)) * 20 > len(text):
        raise UnreadableFile("binary (more than one control character in twenty), not text")
    return text


def normalise(text: str) -> str:
    """The text in Unicode's form NFC with one kind of line end.

    Where more marks stand on one letter than any script has, they are put in order in parts: the
    time to order them grows with the square of their number.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    cuts = [0, *(match.end() for match in _PILE.finditer(text)), len(text)]
    return "".join(unicodedata.normalize("NFC", text[start:end]) for start, end in pairwise(cuts))


def headline(text: str) -> str | None:
    """The text's first line, else its last, if it reads like a headline."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if len(lines) < 2:
        return None
    first, second = lines[0], lines[1]
    if _isheadline(first) and not second[:1].islower():
        return first
    before, last = lines[-2], lines[-1]
    if _isheadline(last) and (not before or before[-1] in ".!?\"”'’)"):
        return last
    return None


def _isheadline(line: str) -> bool:
    """Whether a line is short, holds a letter, and ends like no sentence."""
    return (
        0 < len(line) <= MAX_TITLE_CHARACTERS
        and any(character.isalpha() for character in line)
        and line[-1] not in '.!?:;,"”'
    )
