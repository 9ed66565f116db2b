"""A question and the turns before it as a question that stands alone.

Rules, not a model: a pronoun becomes the name that the last turn was about, "what about X?"
becomes the last question asked of X, and what neither fits keeps the last question's words at
its side, so that the search at least looks in the right place.
"""

import re
from collections.abc import Sequence

from index.words import content_words, is_content
from qa.answer import Turn

_PERSONAL = re.compile(r"\b(he|him|she|her|they|them|it|this|that|these|those)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(his|her|their|its)\b(?=\s+\w)", re.IGNORECASE)
_PEOPLE = frozenset(("he", "him", "his", "she", "her"))
_AND = re.compile(r"^\s*(?:and|but|so)\b[\s,]*", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^\s*(?:what|how)\s+about\s+", re.IGNORECASE)
_BARE = re.compile(r"(who|when|where|why|how|which|what)\s*\?*\s*", re.IGNORECASE)
# What begins with one of these is a question of its own, and no subject.
_ASKING = re.compile(
    r"(?:who|whom|whose|when|where|why|how|which|what|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|should|may|might|must)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?:after|at|before|between|by|during|for|from|in|of|on|since|to|under|until|with|without)\b",
    re.IGNORECASE,
)
_PREPOSITION_WITHIN = re.compile(rf"\b{_PREPOSITION.pattern}", re.IGNORECASE)
_OF_ONE = re.compile(r"\w+ (?:an?|the)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d[\d.,]*\b")
_ASIDE = re.compile(r"^(?:(?:Who|When|Where|Why|How|Which|What): )+")
MAX_SUBJECT_WORDS = 5
# A question that has gathered more than this over many turns says less than the last one alone.
MAX_WORDS, MAX_CHARACTERS = 40, 300
_NAME = re.compile(r"\b[A-Z][\w'’.-]*(?:\s+(?:of\s+|the\s+|de\s+|von\s+)?[A-Z][\w'’-]*)*")


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the earlier turns; itself if it needs none.

    Args:
        question: The question as it was asked.
        history: The turns before it, oldest first; the last one counts.
    """
    if not history:
        return question
    understood = _understood(question, history[-1])
    short = len(understood.split()) <= MAX_WORDS and len(understood) <= MAX_CHARACTERS
    return understood if short else question


def _understood(question: str, last: Turn) -> str:
    before = _ASIDE.sub("", last.answer.understood_as)
    rest = _AND.sub("", question)
    if match := _BARE.fullmatch(rest):
        return f"{match[1].capitalize()}: {before}"
    subject = _subject(rest, led_in=rest != question)
    if subject and not _PERSONAL.fullmatch(subject):
        return _asked_of(subject, before)
    if pronoun := _POSSESSIVE.search(rest) or _PERSONAL.search(rest):
        return _resolved(rest, pronoun, last)
    return rest


def _subject(rest: str, *, led_in: bool) -> str | None:
    """The subject of "what about X?", or of "X?" when "and" led it in; None if it is neither."""
    if match := _WHAT_ABOUT.match(rest):
        subject = rest[match.end() :].strip(" ?")
    elif led_in and not _ASKING.match(rest):
        subject = rest.strip(" ?")
    else:
        return None
    return subject if 0 < len(subject.split()) <= MAX_SUBJECT_WORDS else None


def _asked_of(subject: str, before: str) -> str:
    """The last question, of another subject: one of the same kind gives way to it."""
    if preposition := _PREPOSITION.match(subject):
        return _with_phrase(subject, preposition[0], before)
    if _NUMBER.fullmatch(subject) and (numbers := list(_NUMBER.finditer(before))):
        return before[: numbers[-1].start()] + subject + before[numbers[-1].end() :]
    names = _names(before)
    if not names:
        return f"{before.rstrip('? ')} {subject}?"
    at = before.rfind(names[-1])
    return before[:at] + subject + before[at + len(names[-1]) :]


def _with_phrase(phrase: str, preposition: str, before: str) -> str:
    """The last question with another "for a child" in place of its own, or at its end."""
    own = list(re.finditer(rf"\b{preposition}\b", before, re.IGNORECASE))
    if not own:
        return f"{before.rstrip('? ')} {phrase}?"
    old = before[own[-1].start() :].rstrip("? ")
    if after := _PREPOSITION_WITHIN.search(old, len(preposition)):
        old = old[: after.start()].rstrip()
    if _OF_ONE.match(old) and _OF_ONE.match(phrase):  # the verb may follow: "for an adult cost"
        old = " ".join(old.split(" ")[: len(phrase.split())])
    at = own[-1].start()
    return before[:at] + phrase + before[at + len(old) :]


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
    words = [word for word in content_words(before) if word.lower() not in question.lower()]
    return f"{question.rstrip('? ')} ({' '.join(words)})?" if words else question


def _names(question: str) -> list[str]:
    """The names in a question: words with a capital, but for a first word like "What"."""
    return [
        match[0]
        for match in _NAME.finditer(question)
        if match.start() > 0 or is_content(match[0].split()[0])
    ]
