"""Markdown, as it stands in the file."""

import re
from collections.abc import Iterator

from index.formats.headings import Heading, paths
from index.formats.parsed import Parsed
from index.formats.text import MAX_TITLE_CHARACTERS, decode, headline

# A title that YAML folds over several lines begins with ">" or "|" and is passed over.
_FRONT_MATTER_TITLE = re.compile(
    r"\A---\n(?:(?!---).*\n)*?title:[ \t]*([^\s>|].*)\n", re.IGNORECASE
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_CODE = re.compile(r"^(```++|~~~++).*\n(?:(?!\1).*\n)*(?:\1.*)?", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_EMPHASIS = re.compile(r"(?<!\\)([*_`]{1,3})(?=\S)(.+?)(?<=\S)\1")
_MARKDOWN_HEADING = re.compile(r"^(?:#{1,6}[ \t]+(\S.*)|(\S.*)\n=+[ \t]*)$", re.MULTILINE)
# A fence, a heading behind number signs, or a line above one that underlines it.
_MARK = re.compile(
    r"^ {0,3}(?:(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>.*)"
    r"|(?P<signs>#{1,6})[ \t]+(?P<words>\S.*)"
    r"|(?P<underlined>\S.*)\n {0,3}(?P<underline>=+|-+)[ \t]*)$",
    re.MULTILINE,
)
_NO_PARAGRAPH = re.compile(r"[>|<]|[-*+][ \t]|\d+[.)][ \t]|([-*_=])[ \t]*(?:\1[ \t]*)*$")
# The time for marks grows with the square of their line.
_MAX_MARKED = 500


def read_markdown(content: bytes) -> Parsed:
    """A Markdown text as it stands; its title is the front matter's, else its first heading.

    Raises:
        UnreadableFile: The bytes are not text.
    """
    text = decode(content)
    title = markdown_title(text) or headline(text)
    return Parsed(text, title, places=paths(_headings(text), title=title))


def markdown_title(text: str) -> str | None:
    """The front matter's title, else the first heading; None without either."""
    title = None
    if match := _FRONT_MATTER_TITLE.match(text):
        title = match[1].strip().strip("'\"")
    elif match := _MARKDOWN_HEADING.search(_CODE.sub("", text)):
        title = _without_markup(_without_closing(match[1] or match[2]))
    return (title or "")[:MAX_TITLE_CHARACTERS] or None


def _headings(text: str) -> Iterator[Heading]:
    """The headings that stand in no fenced code; one that is underlined is a single line.

    Source: CommonMark 0.31.2, sections 4.2, 4.3 and 4.5.
    """
    front_matter = _FRONT_MATTER.match(text)
    fence = ""
    for match in _MARK.finditer(text, front_matter.end() if front_matter else 0):
        if mark := match["fence"]:
            if not fence:
                fence = mark
            elif mark.startswith(fence) and not match["info"].strip():
                fence = ""
        elif fence:
            continue
        elif signs := match["signs"]:
            name = _without_markup(_without_closing(match["words"]))
            yield Heading(match.start("signs"), len(signs), name)
        elif _stands_alone(text, match.start(), match["underlined"]):
            level = 1 if match["underline"].startswith("=") else 2
            yield Heading(match.start("underlined"), level, _without_markup(match["underlined"]))


def _stands_alone(text: str, start: int, line: str) -> bool:
    """Whether a line is a paragraph's first, and not a list's, a quote's or a table's."""
    before = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
    return not before.strip() and not _NO_PARAGRAPH.match(line[:_MAX_MARKED])


def _without_closing(heading: str) -> str:
    """A heading's text without the number signs that may close it: "C#" keeps its own."""
    heading = heading.strip()
    bare = heading.rstrip("#")
    return bare.rstrip() if bare != bare.rstrip() else heading


def _without_markup(heading: str) -> str:
    """A heading's words, without the marks of links, emphasis and code."""
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", heading[:_MAX_MARKED])).strip()
