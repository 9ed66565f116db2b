"""Answer, citation and turn, and what is always true of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from index.passage import Passage
from index.search import Hit

Reason = Literal["no_match", "weak", "empty_index"]
SEARCHED = "the documents that were searched"


@dataclass(frozen=True, slots=True)
class Citation:
    """One place where the words of an answer stand; `quote == document.text[start:end]`.

    Attributes:
        document_id: The document's path below its folder.
        document_title: What a reader would call the document.
        digest: SHA-256 of the file's bytes when it was indexed, as hexadecimal digits.
        start: Offset of the first quoted character in the document's text.
        end: Offset just past the last quoted character.
        page: Page of the first quoted character, from 1; None when the format has no pages.
        quote: The quoted words.
        passage: The passage that was read; it holds the quote.
        place: Name of the part that the quote stands in, as a table's row or the headings above
            it; None when the format names none.
    """

    document_id: str
    document_title: str
    digest: str
    start: int
    end: int
    page: int | None
    quote: str
    passage: Passage
    place: str | None = None

    def __post_init__(self) -> None:
        passage = self.passage
        inside = passage.start <= self.start < self.end <= passage.end
        there = passage.text[self.start - passage.start : self.end - passage.start]
        if not inside or there != self.quote or passage.document_id != self.document_id:
            raise ValueError(
                f"The quote {self.quote!r} does not stand at {self.start}-{self.end} "
                f"of '{self.document_id}'."
            )

    def overlaps(self, other: "Citation") -> bool:
        """Whether both quote a character that is the same one."""
        same = self.document_id == other.document_id
        return same and self.start < other.end and other.start < self.end

    def to_dict(self) -> dict[str, Any]:
        """The citation as JSON values, in the key names that others parse already."""
        return {
            "document_id": self.document_id,
            "document_title": self.document_title,
            "digest": self.digest,
            "start_char_index": self.start,
            "end_char_index": self.end,
            "page": self.page,
            "place": self.place,
            "cited_text": self.quote,
            "passage": self.passage.text,
            "passage_id": self.passage.id,
            "passage_start_char_index": self.passage.start,
            "passage_page": self.passage.page,
            "passage_place": self.passage.place,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Citation":
        """The citation that `to_dict` wrote."""
        passage = Passage(
            id=values["passage_id"],
            document_id=values["document_id"],
            start=values["passage_start_char_index"],
            end=values["passage_start_char_index"] + len(values["passage"]),
            text=values["passage"],
            page=values["passage_page"],
            place=values["passage_place"],
        )
        return cls(
            document_id=values["document_id"],
            document_title=values["document_title"],
            digest=values["digest"],
            start=values["start_char_index"],
            end=values["end_char_index"],
            page=values["page"],
            place=values["place"],
            quote=values["cited_text"],
            passage=passage,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question, or that they do not hold it.

    There is a text if and only if there are citations; then there is no reason, and no guess.

    Attributes:
        question: The question as it was asked.
        text: The answer, in the words of the first citation; None when there is none.
        citations: Where it stands, best first; empty when there is no answer.
        confidence: Probability that the best answer found is right, from 0 to 1; given for
            refusals too.
        reason: Why there is no answer: `no_match`, nothing that was read holds one;
            `weak`, the best one is too likely wrong; `empty_index`, there is nothing to read.
        hits: The passages that were read, best first.
        understood_as: The question as it was searched for: with earlier turns it may differ.
        missing_words: Words of the question that stand in no document, in their order.
        guess: The words that would be the answer if they were not too likely wrong, where they
            stand; only where the reason is `weak`.
        scope: The documents that were searched, in words, as "in reports/**, of format pdf"; None
            for all.
    """

    question: str
    text: str | None
    citations: tuple[Citation, ...]
    confidence: float
    reason: Reason | None
    hits: tuple[Hit, ...]
    understood_as: str
    missing_words: tuple[str, ...] = ()
    guess: Citation | None = None
    scope: str | None = None

    def __post_init__(self) -> None:
        if (self.text is None) != (not self.citations) or (self.text is None) != (
            self.reason in get_args(Reason)
        ):
            raise ValueError("An answer has a text and citations, or else a reason.")
        if self.guess and self.reason != "weak":
            raise ValueError("Only a weak candidate is a guess.")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"A confidence of {self.confidence} is no probability.")

    @property
    def quotes(self) -> tuple[Citation, ...]:
        """What is quoted: the citations, or the guess."""
        return (self.guess,) if self.guess else self.citations

    def __str__(self) -> str:
        """The text; for a refusal, one sentence that says so."""
        if self.text is not None:
            return self.text
        if self.reason == "empty_index":
            return "There are no documents to answer from."
        return f"Not in {'your documents' if self.scope is None else SEARCHED}."

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON values: the same object on every surface."""
        return {
            "question": self.question,
            "text": self.text,
            "confidence": self.confidence,
            "reason": self.reason,
            "citations": [citation.to_dict() for citation in self.citations],
            "hits": [hit.to_dict() for hit in self.hits],
            "understood_as": self.understood_as,
            "missing_words": list(self.missing_words),
            "guess": self.guess.to_dict() if self.guess else None,
            "scope": self.scope,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Answer":
        """The answer that `to_dict` wrote."""
        return cls(
            question=values["question"],
            text=values["text"],
            citations=tuple(Citation.from_dict(each) for each in values["citations"]),
            confidence=values["confidence"],
            reason=values["reason"],
            hits=tuple(Hit.from_dict(each) for each in values["hits"]),
            understood_as=values["understood_as"],
            missing_words=tuple(values["missing_words"]),
            guess=Citation.from_dict(guess) if (guess := values.get("guess")) else None,
            scope=values.get("scope"),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what was answered."""

    question: str
    answer: Answer
