"""Where an answer's words begin and end, as a person would mark them."""

import re

from index.passage import sentences
from qa.question import counted_noun

_NUMBER_AT_END = re.compile(
    r"(?:^|\s)(?:[$€£¥]?\d[\d.,]*|[A-Za-z]+(?:teen|ty|dred|sand|lion)|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|eleven|twelve)$",
    re.IGNORECASE,
)
_NEXT_WORDS = re.compile(r"(?:[ \t]+[A-Za-z][\w-]*){1,3}")
_MARKS_BEFORE = "$€£¥#"
_MARKS_BEHIND = "%°"
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", "„": "“"}
_LOOSE = " \t\n,;:"


def whole(text: str, start: int, end: int, *, question: str) -> tuple[int, int]:
    """The span with what a person would not cut off, and without what dangles.

    A currency sign, a percent sign and the thing counted ("91" drones) come in; a comma at an
    end, or a bracket or quotation mark without its partner, goes out.

    Args:
        text: The text that the span lies in.
        start: Offset of its first character.
        end: Offset just past its last.
        question: What was asked.

    Returns:
        Start and end, never empty.
    """
    start, end = _without_loose_ends(text, start, end)
    while start > 0 and text[start - 1] in _MARKS_BEFORE and text[start].isdigit():
        start -= 1
    while end < len(text) and text[end] in _MARKS_BEHIND and text[end - 1].isdigit():
        end += 1
    return start, _with_counted(text, start, end, question)


def sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Start and end of the sentences that a span touches; the span lies within."""
    touched = [span for span in sentences(text) if span.end > start and span.start < end]
    return (
        min([start, *(span.start for span in touched)]),
        max([end, *(span.end for span in touched)]),
    )


def _without_loose_ends(text: str, start: int, end: int) -> tuple[int, int]:
    kept = text[start:end]
    for left, right in _PAIRS.items():
        if kept.startswith(left) and right not in kept:
            kept = kept[1:]
        if kept.endswith(right) and left not in kept:
            kept = kept[:-1]
    if kept.count('"') == 1:
        kept = kept.removeprefix('"')
        if not kept[-2:-1].isdigit():  # 5'10" is whole
            kept = kept.removesuffix('"')
    kept = kept.strip(_LOOSE)
    if not kept:
        return start, end
    left_off = text[start:end].index(kept)
    return start + left_off, start + left_off + len(kept)


def _with_counted(text: str, start: int, end: int, question: str) -> int:
    """The end, past the thing counted when the span ends with its bare number."""
    noun = counted_noun(question)
    behind = _NEXT_WORDS.match(text, end)
    if noun is None or behind is None or not _NUMBER_AT_END.search(text[start:end]):
        return end
    for word in re.finditer(r"\S+", behind[0]):
        if _singular(word[0].lower()) == _singular(noun):
            return end + word.end()
    return end


def _singular(word: str) -> str:
    """An English plural without its ending, near enough to compare."""
    return re.sub(r"(?:(?<=[sxzh])es|s)$", "", re.sub(r"ies$", "y", word))
