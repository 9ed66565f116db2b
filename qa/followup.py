"""A question and the turns before it as a question that stands alone.

Rules, not a model: a pronoun becomes the name that the last turn was about, "what about X?"
becomes the last question asked of X, and what neither fits keeps the last question's words at
its side, so that the search at least looks in the right place.
"""

import re
from collections.abc import Sequence

from qa.answer import Turn
from qa.question import content_words, is_content

_PERSONAL = re.compile(r"\b(he|him|she|her|they|them|it|this|that|these|those)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(his|her|their|its)\b(?=\s+\w)", re.IGNORECASE)
_PEOPLE = frozenset(("he", "him", "his", "she", "her"))
_WHAT_ABOUT = re.compile(
    r"^\s*(?:and|what about|how about|and what about)\s+(.+?)\s*\?*\s*$", re.IGNORECASE
)
_BARE = re.compile(
    r"^\s*(?:and\s+|but\s+)?(who|when|where|why|how|which|what)\s*\?*\s*$", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][\w'’.-]*(?:\s+(?:of\s+|the\s+|de\s+|von\s+)?[A-Z][\w'’-]*)*")


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the earlier turns; itself if it needs none.

    Args:
        question: The question as it was asked.
        history: The turns before it, oldest first; the last one counts.
    """
    if not history:
        return question
    last = history[-1]
    before = last.answer.understood_as
    if match := _BARE.match(question):
        return f"{match[1].capitalize()}: {before}"
    if (match := _WHAT_ABOUT.match(question)) and len(match[1].split()) <= 5:
        return _asked_of(match[1], before)
    if pronoun := _POSSESSIVE.search(question) or _PERSONAL.search(question):
        return _resolved(question, pronoun, last)
    return question


def _asked_of(subject: str, before: str) -> str:
    """The last question, of another subject."""
    names = _names(before)
    if not names:
        return f"{before.rstrip('? ')} {subject}?"
    at = before.rfind(names[-1])
    return before[:at] + subject + before[at + len(names[-1]) :]


def _resolved(question: str, pronoun: re.Match[str], last: Turn) -> str:
    """The question with the pronoun's name in its place, or with the last question's words."""
    if _names(question):  # it names somebody itself: "What did Trump say about his call?"
        return question
    before, answer = last.answer.understood_as, last.answer.text or ""
    names = _names(before)
    answer_is_name = bool(_NAME.fullmatch(answer.strip()))
    if not names and answer_is_name:
        names = [answer.strip()]
    if answer_is_name and before.lower().lstrip().startswith(("who", "which", "what")):
        names = [answer.strip()]
    if names and (pronoun[0].lower() in _PEOPLE or answer_is_name):
        name = names[-1] + ("'s" if pronoun.re is _POSSESSIVE else "")
        return question[: pronoun.start()] + name + question[pronoun.end() :]
    words = [word for word in dict.fromkeys(content_words(before)) if word not in question.lower()]
    return f"{question.rstrip('? ')} ({' '.join(words)})?" if words else question


def _names(question: str) -> list[str]:
    """The names in a question: words with a capital, but for a first word like "What"."""
    return [
        match[0]
        for match in _NAME.finditer(question)
        if match.start() > 0 or is_content(match[0].split()[0])
    ]
