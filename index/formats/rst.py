"""reStructuredText, as it stands in the file."""

import re
from collections.abc import Iterator

from index.formats.headings import Heading, paths
from index.formats.parsed import Parsed
from index.formats.text import MAX_TITLE_CHARACTERS, decode, headline

# No rule is longer than 300: the memory for a longer one grows with it.
_RULE = r"[!-/:-@\[-`{-~]"
_HEADING = re.compile(
    rf"^(?:(?P<over>(?P<mark>{_RULE})(?P=mark){{0,300}})[ \t]*\n"
    r"[ \t]*(?P<between>\S.*)\n(?P=over)[ \t]*"
    rf"|(?P<above>\S.*)\n(?P<under>({_RULE})\6{{0,300}})[ \t]*)$",
    re.MULTILINE,
)
_NO_PARAGRAPH = re.compile(r"[-*+•‣⁃][ \t]|\.\.[ \t]|\|[ \t]|>>>[ \t]")
_ROLE = re.compile(r"(?::[\w:.+-]+:)?`([^`<]+?)(?:\s*<[^`>]*>)?`(?::[\w:.+-]+:)?_{0,2}")
_LITERAL = re.compile(r"``(.+?)``")
_EMPHASIS = re.compile(r"(\*{1,2})(?=\S)(.+?)(?<=\S)\1|\|(?=\S)([^|]+)\|")
# A shorter rule is one only if it is as long as its heading.
_CERTAIN = 4
# The time for marks grows with the square of their line.
_MAX_MARKED = 500


def read_rst(content: bytes) -> Parsed:
    """A reStructuredText as it stands; its title is its first heading.

    Raises:
        UnreadableFile: The bytes are not text.
    """
    text = decode(content)
    first = next((each.name for each in _headings(text) if each.name), "")
    title = first[:MAX_TITLE_CHARACTERS] or headline(text)
    return Parsed(text, title, places=paths(_headings(text), title=title))


def _headings(text: str) -> Iterator[Heading]:
    """The section titles: a style of rule takes the next level where it first appears.

    Source: reStructuredText Markup Specification, "Sections".
    """
    levels: dict[tuple[str, bool], int] = {}
    for match in _HEADING.finditer(text):
        overlined = match["over"] is not None
        group = "between" if overlined else "above"
        rule, words = match["over"] or match["under"], match[group].rstrip()
        if not _underlines(rule, words) or not (overlined or _begins(text, match.start(), words)):
            continue
        level = levels.setdefault((rule[0], overlined), len(levels) + 1)
        yield Heading(match.start(), level, _without_markup(words))


def _underlines(rule: str, words: str) -> bool:
    is_rule = not words[0].isalnum() and words[0] * len(words) == words
    return len(rule) >= min(_CERTAIN, len(words)) and not is_rule


def _begins(text: str, start: int, words: str) -> bool:
    """Whether a line is a paragraph's first: it follows an empty line or a mark-up line."""
    before = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start].strip()
    return (not before or before.startswith("..")) and not _NO_PARAGRAPH.match(words)


def _without_markup(words: str) -> str:
    """A heading's words, without the marks of literals, roles, links and emphasis."""
    words = _LITERAL.sub(r"\1", words[:_MAX_MARKED])
    words = _ROLE.sub(r"\1", words)
    return _EMPHASIS.sub(lambda match: match[2] or match[3], words).strip()
