"""The part of a passage that a question's words stand in."""

import re
from collections.abc import Iterator

from index.words import content_words
from ui.escape import one_line

N_CHARACTERS = 200
_WORD = re.compile(r"\w+")
_ENDINGS = 3  # letters by which the forms of a long word may differ


def excerpt(text: str, question: str) -> list[tuple[str, bool]]:
    """The stretch of a text with most of a question's words, in parts, and which are its words.

    The text is on one line; where it is cut, an ellipsis stands.
    """
    line = one_line(text)
    stems = {_stem(part) for word in content_words(question) for part in _WORD.findall(word)}
    found = [
        match.span()
        for match in _WORD.finditer(line)
        if any(match[0].lower().startswith(stem) for stem in stems)
    ]
    start, end = _stretch(line, found)
    parts = list(_parts(line, start, end, found))
    before = [("… ", False)] if start else []
    return before + parts + ([(" …", False)] if end < len(line) else [])


def _stem(word: str) -> str:
    return word.lower()[: max(4, len(word) - _ENDINGS)]


def _stretch(line: str, found: list[tuple[int, int]]) -> tuple[int, int]:
    """Start and end, between words, of the stretch that holds most of the places found."""
    if len(line) <= N_CHARACTERS:
        return 0, len(line)
    starts = [0, *(start for start, _ in found)]
    first = max(starts, key=lambda at: sum(at <= each < at + N_CHARACTERS for each, _ in found))
    lead = max(0, first - N_CHARACTERS // 5)
    start = line.rfind(". ", lead, first) + 2 if ". " in line[lead:first] else lead
    if start and line[start - 1] != " ":
        start = line.find(" ", start, first) + 1 or first
    end = min(len(line), start + N_CHARACTERS)
    if end < len(line):
        end = max(line.rfind(" ", start, end + 1), first + 1)
    return start, end


def _parts(
    line: str, start: int, end: int, found: list[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    at = start
    for first, last in found:
        if at <= first and last <= end:
            if at < first:
                yield line[at:first], False
            yield line[first:last], True
            at = last
    if at < end:
        yield line[at:end], False
