"""Other ways to write a word: in two parts or as one, in full or by its initials, or a figure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.words import FUNCTION_WORDS

# Two initials are those of half the people there are; longer names are called by no initials.
_FEWEST, _MOST = 3, 8
_MINOR = r"(?:an?d?|at|by|d[eiu]|for|from|in|of|on|the|to|und|with)"
# Words that begin with a capital, and small ones between; possessive, so that time is linear.
_NAMES = re.compile(
    rf"(?<!\w)[A-Z]\w*+(?:(?:[\s-]|,\s)(?:{_MINOR}\s|&\s){{0,2}}[A-Z]\w*+){{{_FEWEST - 1},}}"
)
_WORD = re.compile(r"\w+")
_HYPHENED = re.compile(r"(?<![\w-])([^\W\d_]+)[-‐‑]([^\W\d_]+)(?![\w-])")
_CAPITALS = re.compile(rf"[A-Z]{{{_FEWEST},{_MOST}}}")
# A figure with its thousands set apart, or of five digits and more, or of four that are no year;
# one that begins with zero is a name, as of a ticket.
_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?![\d.,]*\d)")
_PLAIN = re.compile(r"(?<![\w.,])(?!0|1\d{3}\b|20\d\d\b)\d{4,12}(?![\d.,]*\d)(?!\w)")
# "set up" may be written as one; "put in", which is no "Putin", better not.
_BEHIND = FUNCTION_WORDS - {"down", "off", "out", "up"}
# What an apostrophe cuts off, too: "I'm ill" is no "mill".
_BEFORE = FUNCTION_WORDS | {"d", "ll", "m", "re", "ve"}


def initials(text: str) -> set[str]:
    """What the names in a text may be called by their initials, in lower case.

    "National Alliance to End Homelessness" is "naeh" or "nateh". Two names may stand side by side,
    or a name behind a first word of its sentence: so what a run of capitals begins and ends with
    counts as one, too.
    """
    called: set[str] = set()
    for run in _NAMES.findall(text):
        words = _WORD.findall(run)
        great = [i for i, word in enumerate(words) if word[0].isupper()]
        for n in range(_FEWEST, min(len(great), _MOST) + 1):
            for name in (words[: great[n - 1] + 1], words[great[-n] :]):
                firsts = "".join(word[0] for word in name)
                called |= {firsts.lower(), "".join(filter(str.isupper, firsts)).lower()}
    return called


def hyphened(text: str) -> list[tuple[str, str]]:
    """The parts, in lower case, of words of a text that have one hyphen: "log-in"."""
    return [(match[1].lower(), match[2].lower()) for match in _HYPHENED.finditer(text)]


def abbreviations(question: str) -> list[str]:
    """The words of a question that may be initials, each once; none where all of it is capitals."""
    words = [] if question.isupper() else _WORD.findall(question)
    return list(dict.fromkeys(filter(_CAPITALS.fullmatch, words)))


def partings(word: str) -> Iterator[tuple[str, str]]:
    """The ways to write a word in two: "e mail" for "email", but not "a live" for "alive"."""
    for i in range(1, len(word)):
        if _may_join(word[:i], word[i:]):
            yield word[:i], word[i:]


def joinings(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Neighbours, in lower case, that may be written as one, as "night life" may."""
    for first, second in pairwise(words):
        if first.isalpha() and second.isalpha() and _may_join(first, second):
            yield first, second


def regrouped(text: str) -> Iterator[tuple[str, str]]:
    """Figures of a text, each with its other form: "4,000" and "4000", "12000" and "12 000"."""
    for match in _GROUPED.finditer(text):
        yield match[0], re.sub(r"\D", "", match[0])
    for match in _PLAIN.finditer(text):
        yield match[0], f"{int(match[0]):,}".replace(",", " ")


def _may_join(first: str, second: str) -> bool:
    return first not in _BEFORE and second not in _BEHIND
