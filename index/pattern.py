"""One pattern of a `.gitignore` as a regular expression; the only door to pathspec."""

import re
from typing import NamedTuple

# Bracket expressions are translated here: pathspec knows neither classes nor escapes in them.
# Until then each is this character to pathspec, which no pattern may hold.
_HOLE = "\0"
_TOKEN = re.compile(
    r"\\.|(?P<set>\[[!^]?\]?+(?:\[:[^\[\]:]*:\]|\\.|[^\]\\])*+\])|(?P<open>\[)", re.DOTALL
)
_MEMBER = re.compile(r"\[:(?P<name>[^\[\]:]*):\]|(?P<low>\\?.)(?:-(?P<high>\\?.))?", re.DOTALL)
# Of ASCII alone, as git has them.
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class Pattern(NamedTuple):
    """What a pattern names.

    Attributes:
        regex: Found in the paths of the files that it names, and of all below the folders.
        includes: False where the pattern takes back what those before it name, as `!a.txt` does.
    """

    regex: re.Pattern[str]
    includes: bool


def pattern(text: str) -> Pattern:
    """The pattern that a text is.

    Raises:
        ValueError: It is none: it names nothing, or a bracket is not closed.
    """
    from pathspec.patterns.gitignore.spec import (  # noqa: PLC0415 - most questions need none
        GitIgnoreSpecPattern,
    )

    fault = f"{text[:40]!a} is no pattern"
    if _HOLE in text or "//" in text or text.removeprefix("!").strip() == "/":
        raise ValueError(fault)
    sets: list[str] = []
    try:
        made = GitIgnoreSpecPattern(_TOKEN.sub(lambda token: _emptied(token, sets), text))
        if made.regex is None or made.include is None:
            raise ValueError(fault)
        filled = iter(sets)
        regex = re.compile(re.sub(_HOLE, lambda _: next(filled), made.regex.pattern))
    except (ValueError, re.error):
        raise ValueError(fault) from None
    return Pattern(regex, made.include)


def _emptied(token: re.Match[str], sets: list[str]) -> str:
    """A hole for a bracket expression, which goes to the sets; what is escaped as it stands.

    Raises:
        ValueError: It is a bracket that is not closed, or one with a slash.
    """
    if token["open"] or "/" in (token["set"] or ""):
        raise ValueError(token[0])
    if not token["set"]:
        return token[0]
    sets.append(_set(token["set"]))
    return _HOLE


def _set(bracket: str) -> str:
    """A bracket expression as a regular expression, of one character that is no slash.

    Raises:
        ValueError: It names a class that there is none of.
    """
    negated = bracket[1] in "!^"
    members = []
    for member in _MEMBER.finditer(bracket[1 + negated : -1]):
        if (name := member["name"]) is not None:
            if name not in _CLASSES:
                raise ValueError(bracket)
            members.append(_CLASSES[name])
        else:
            ends = filter(None, (member["low"], member["high"]))
            members.append("-".join(re.escape(end[-1]) for end in ends))
    return f"(?!/)[{'^' if negated else ''}{''.join(members)}]"
