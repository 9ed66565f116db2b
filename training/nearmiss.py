"""Questions that a passage seems to answer and does not, made from questions that it answers.

The kinds are those that Rajpurkar et al. 2018 (SQuAD 2.0, table 2) found among questions that
people wrote to look answerable: an exchanged name or number, an antonym, a negation, something
else in the place of a word; and the passage without the sentence that held the answer.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from index.passage import Span
from training.wordnet import Wordnet

NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]*(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'’-]*)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_WORD = re.compile(r"\b[a-z]{3,}\b")
_HELPING = re.compile(
    r"\b(did|does|do|was|were|is|are|has|have|had|can|could|would|will)\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z\"'(])")
_PLAIN = {
    "first": "last", "last": "first", "before": "after", "after": "before", "most": "least",
    "more": "fewer", "less": "more", "least": "most", "highest": "lowest", "largest": "smallest",
    "biggest": "smallest", "oldest": "newest", "best": "worst", "always": "never",
}  # fmt: skip
_NOT_CHANGED = frozenset(
    re.findall(
        r"\S+",
        "the and for with from that this what who whom whose which when where why how did does was "
        "were are has have had can could will would name names called many much kind type year "
        "years time people person place part than into over about during between long far old "
        "often",
    )
)
_SHORTEST_REST = 150
NearMiss = tuple[str, str]


class NearMisses:
    """Makes near misses, one for each question where one can be made."""

    def __init__(self, wordnet: Wordnet, chance: np.random.Generator) -> None:
        self._wordnet = wordnet
        self._chance = chance
        self._seen: dict[re.Pattern[str], list[str]] = {NAME: [], _NUMBER: []}

    def make(self, question: str, passage: str, answers: Sequence[Span]) -> NearMiss | None:
        """A question and a passage that does not answer it.

        Args:
            question: A question that the passage answers.
            passage: The passage.
            answers: Where it does.
        """
        held = [passage[start:end] for start, end in answers]
        kinds: list[Callable[[], NearMiss | None]] = [
            lambda: self._exchange(question, passage, held),
            lambda: self._another_word(question, passage),
            lambda: self._negate(question, passage),
            lambda: self._cut(question, passage, held),
        ]
        order = self._chance.choice(4, size=4, replace=False, p=[0.36, 0.3, 0.06, 0.28])
        made = (kinds[number]() for number in order)
        near = next((one for one in made if one), None)
        for pattern in self._seen:
            self._seen[pattern] += pattern.findall(question)
        return near

    def _exchange(self, question: str, passage: str, held: list[str]) -> NearMiss | None:
        """Another name or number: of the passage, or of an earlier question."""
        for number in self._chance.permutation(2):
            pattern = (NAME, _NUMBER)[number]
            found = [m for m in pattern.finditer(question) if m[0] in passage]
            if not found:
                continue
            match = found[self._chance.integers(len(found))]
            near = pattern.findall(passage) if self._chance.random() < 0.6 else self._seen[pattern]
            taken = " ".join([question, *held]).lower()
            others = [
                other for other in near if other.lower() not in taken and match[0] not in other
            ]
            if others:
                other = others[self._chance.integers(len(others))]
                return _replace(question, match, other), passage
        return None

    def _another_word(self, question: str, passage: str) -> NearMiss | None:
        """A word of the question's by one that excludes it and that the passage lacks."""
        words = list(_WORD.finditer(question))
        for match in (words[i] for i in self._chance.permutation(len(words))):
            word = match[0]
            if word in _NOT_CHANGED:
                continue
            others = [_PLAIN[word]] if word in _PLAIN else self._wordnet.others(word)
            others = [other for other in others if other not in passage]
            if others:
                return _replace(
                    question, match, others[self._chance.integers(len(others))]
                ), passage
        return None

    def _negate(self, question: str, passage: str) -> NearMiss | None:
        match = _HELPING.search(question)
        if match is None or match.end() == len(question):
            return None
        negation = [" not", "n't", " never"][self._chance.integers(3)]
        if match[0].lower() in ("can", "will") and negation == "n't":
            negation = " not"
        subject = re.match(r"\s+(?:the\s+)?\w+", question[match.end() :])
        at = match.end()
        if negation != "n't" and subject and match.start() and match[0] in ("did", "does", "do"):
            at += subject.end()
        return question[:at] + negation + question[at:], passage

    def _cut(self, question: str, passage: str, held: list[str]) -> NearMiss | None:
        """The passage without the sentences that hold an answer."""
        sentences = _SENTENCE_END.split(passage)
        kept = [
            one for one in sentences if not any(answer.lower() in one.lower() for answer in held)
        ]
        rest = " ".join(kept)
        return (question, rest) if len(rest) >= _SHORTEST_REST and rest != passage else None


def _replace(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
