"""What speaks for and against the best span, as numbers that a person can check."""

import math
import re
from collections.abc import Sequence

from index.words import content_words, words
from qa.question import asks_date, asks_person, asks_quantity
from qa.reader import Candidate
from qa.statements import sentences_around

MAX_MARGIN = 20.0
MAX_LOG_ODDS = 6.0
FEATURES = (
    "span",
    "probability",
    "odds",
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

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?"
    r"|half|twice|once|no|none|several|few|many)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|\w{3,6}day|spring|summer|autumn|winter|morning|noon|evening|night|midnight"
    r"|today|yesterday|now|year|month|week|day|century|decade|during|after|before|when|until)",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-ZÀ-ÖØ-Þ]")
_TIME_ASKED = re.compile(r"\b(?:what|which)\s+(?:year|month|day|decade|century)\b", re.IGNORECASE)
_PLACE_ASKED = re.compile(r"\W*where\b", re.IGNORECASE)


def features(question: str, candidates: Sequence[Candidate], *, n_unknown: int) -> dict[str, float]:
    """What speaks for and against the first candidate.

    Args:
        question: The question as it was searched for.
        candidates: All candidates, best first; at least one.
        n_unknown: How many content words of the question stand in no document.

    Returns:
        `span` score against no answer, flattened beyond 8 · `probability` of all spans that say the
        same · `odds` logarithm of its odds, from -6 to 6 · `margin` to the best different answer,
        as a logarithm · `agreement` other passages that give the same, likewise · `cosine` of the
        passage · `behind` how far its score is behind the best passage's · `bm25` per content word
        · `covered` share of the content words in the passage or its title · `named` that share of
        the names and numbers alone · `near` share of the content words in the span's own sentence ·
        `unknown` share of them in no document · `kind` 1 when the question asks for a number, a
        time, a person or a place and the span looks like one, -1 when it does not, 0 for other
        questions · `length` logarithm of the span's words.
    """
    best, hit = candidates[0], candidates[0].hit
    others = [each for each in candidates[1:] if not _same(each, best)]
    agreeing = {
        each.hit.passage.id
        for each in candidates[1:]
        if _same(each, best) and each.score > 0 and each.hit.passage.id != hit.passage.id
    }
    margin = min(max(best.score - others[0].score, 0.0), MAX_MARGIN) if others else MAX_MARGIN
    asked = content_words(question)
    names = [word for word in asked if _is_name(word, question)]
    read = _parts(f"{hit.document_title} {hit.passage.text}")
    n = max(len(asked), 1)
    probability = sum(each.probability for each in candidates if _same(each, best))
    return {
        "span": 8 * math.tanh(best.score / 8),
        "probability": probability,
        "odds": _log_odds(probability),
        "margin": math.log1p(margin),
        "agreement": math.log1p(len(agreeing)),
        "cosine": hit.cosine,
        "behind": max(each.hit.score for each in candidates) - hit.score,
        "bm25": hit.bm25 / n,
        "covered": _share(asked, read),
        "named": _share(names, read),
        "near": _share(asked, _parts(_sentence(best))),
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


def _log_odds(probability: float) -> float:
    if not 0 < probability < 1:
        return MAX_LOG_ODDS if probability > 0 else -MAX_LOG_ODDS
    log_odds = math.log(probability) - math.log1p(-probability)
    return max(-MAX_LOG_ODDS, min(log_odds, MAX_LOG_ODDS))


def _share(asked: Sequence[str], read: Sequence[str]) -> float:
    """Share of the words with which, but for an ending, a word of a text begins; 1 without any."""
    if not asked:
        return 1.0
    stems = [_stem(part) for word in asked for part in _parts(word)]
    return sum(any(each.startswith(stem) for each in read) for stem in stems) / len(stems)


def _parts(text: str) -> list[str]:
    """The words of a text in lower case, split at hyphens too; a number has its end marked."""
    return [word + "#" if word.isdigit() else word for word in _WORD.findall(text.lower())]


def _stem(word: str) -> str:
    """A word's beginning, long enough to find its other forms."""
    return word if len(word) <= 4 or word.endswith("#") else word[: max(4, len(word) - 3)]


def _is_name(word: str, question: str) -> bool:
    """Whether a word of the question is a number or, not being its first, has a capital."""
    return word[0].isdigit() or (word[0].isupper() and words(question)[0] != word)


def _sentence(candidate: Candidate) -> str:
    """The sentences that a candidate's span touches."""
    passage = candidate.hit.passage
    start, end = candidate.start - passage.start, candidate.end - passage.start
    return passage.text[slice(*sentences_around(passage.text, start, end))]


def _kind(question: str, span: str) -> float:
    for is_asked, found in (
        (asks_date(question) or bool(_TIME_ASKED.search(question)), _TIME),
        (asks_quantity(question), _NUMBER),
        (asks_person(question) or bool(_PLACE_ASKED.match(question)), _CAPITAL),
    ):
        if is_asked:
            return 1.0 if found.search(span) else -1.0
    return 0.0
