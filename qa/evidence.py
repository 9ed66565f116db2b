"""What speaks for and against the best span, as numbers that a person can check."""

import math
import re
from collections.abc import Sequence

from qa.question import content_words
from qa.reader import Candidate
from qa.statements import sentences_around

MAX_MARGIN = 20.0
FEATURES = (
    "span",
    "probability",
    "margin",
    "agreement",
    "cosine",
    "behind",
    "bm25",
    "covered",
    "named",
    "near",
    "unknown",
    "kind",
    "length",
)

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred"
    r"|thousand|million|billion|dozen|half|twice|once|no|none|several|few|many)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-ZÀ-ÖØ-Þ]")
_KINDS = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), found)
    for asked, found in (
        (r"how\s+(?:many|much|old|long|far|tall|big|high|deep|often)", _NUMBER),
        (r"when|what\s+(?:year|date|day)|which\s+year", _NUMBER),
        (r"who|whom|whose|where", _CAPITAL),
    )
)


def features(question: str, candidates: Sequence[Candidate], *, n_unknown: int) -> dict[str, float]:
    """What speaks for and against the first candidate.

    Args:
        question: The question as it was searched for.
        candidates: All candidates, best first; at least one.
        n_unknown: How many content words of the question stand in no document.

    Returns:
        `span` score against no answer, flattened beyond 8 · `probability` of all spans that say
        the same · `margin` to the best different answer, as a logarithm · `agreement` other
        passages that give the same, likewise · `cosine` of the passage · `behind` how far its
        score is behind the best passage's · `bm25` per content word · `covered` share of the
        content words in the passage or its title · `named` that share of the names and numbers
        alone · `near` share of the content words in the span's own sentence · `unknown` share of
        them in no document · `kind` 1 when the question asks for a number, a time, a person or a
        place and the span looks like one, -1 when it does not, 0 for other questions · `length`
        logarithm of the span's words.
    """
    best, hit = candidates[0], candidates[0].hit
    others = [each for each in candidates[1:] if not _same(each, best)]
    agreeing = {
        each.hit.passage.id
        for each in candidates[1:]
        if _same(each, best) and each.score > 0 and each.hit.passage.id != hit.passage.id
    }
    margin = min(max(best.score - others[0].score, 0.0), MAX_MARGIN) if others else MAX_MARGIN
    words = content_words(question)
    names = [word for word in words if _is_name(word, question)]
    read = f"{hit.document_title} {hit.passage.text}".lower()
    n = max(len(words), 1)
    return {
        "span": 8 * math.tanh(best.score / 8),
        "probability": sum(each.probability for each in candidates if _same(each, best)),
        "margin": math.log1p(margin),
        "agreement": math.log1p(len(agreeing)),
        "cosine": hit.cosine,
        "behind": max(each.hit.score for each in candidates) - hit.score,
        "bm25": hit.bm25 / n,
        "covered": _share(words, read),
        "named": _share(names, read),
        "near": _share(words, _sentence(best).lower()),
        "unknown": n_unknown / n,
        "kind": _kind(question, best.text),
        "length": math.log1p(len(best.text.split())),
    }


def plain(text: str) -> str:
    """A text in lower case, without the punctuation and articles that make no difference."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates say the same, or overlap in one place."""
    one_place = one.hit.passage.document_id == other.hit.passage.document_id
    if one_place and one.start < other.end and other.start < one.end:
        return True
    return plain(one.text) == plain(other.text)


def _share(words: Sequence[str], text: str) -> float:
    """Share of the words whose beginnings stand in a text in lower case; 1 without words."""
    if not words:
        return 1.0
    return sum(_stem(word.lower()) in text for word in words) / len(words)


def _stem(word: str) -> str:
    """A word's beginning, long enough to find its other forms."""
    return word[: max(4, len(word) - 3)] if len(word) > 4 else word


def _is_name(word: str, question: str) -> bool:
    """Whether a word of the question is a number or, not being its first, has a capital."""
    return word[0].isdigit() or (word[0].isupper() and not question.startswith(word))


def _sentence(candidate: Candidate) -> str:
    """The sentences that a candidate's span touches."""
    passage = candidate.hit.passage
    start, end = candidate.start - passage.start, candidate.end - passage.start
    return passage.text[slice(*sentences_around(passage.text, start, end))]


def _kind(question: str, span: str) -> float:
    for asked, found in _KINDS:
        if asked.search(question):
            return 1.0 if found.search(span) else -1.0
    return 0.0
