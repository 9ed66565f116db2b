"""A passage that was found, with its scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.passage import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        passage: The passage.
        document_title: What a reader would call its document.
        score: What the ranking goes by, in units of cosine: above 1 where words fit well too.
        cosine: Cosine of question and passage.
        bm25: BM25 score, k1 0; of one that is not among the best by its words, the least of theirs
            where these are many.
    """

    passage: Passage
    document_title: str
    score: float
    cosine: float
    bm25: float

    def to_dict(self) -> dict[str, Any]:
        """The hit as JSON values."""
        return {
            "document_id": self.passage.document_id,
            "document_title": self.document_title,
            "passage_id": self.passage.id,
            "start_char_index": self.passage.start,
            "end_char_index": self.passage.end,
            "page": self.passage.page,
            "place": self.passage.place,
            "text": self.passage.text,
            "score": self.score,
            "cosine": self.cosine,
            "bm25": self.bm25,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Hit":
        """The hit that `to_dict` wrote."""
        passage = Passage(
            id=values["passage_id"],
            document_id=values["document_id"],
            start=values["start_char_index"],
            end=values["end_char_index"],
            text=values["text"],
            page=values["page"],
            place=values["place"],
        )
        scores = {key: values[key] for key in ("score", "cosine", "bm25")}
        return cls(passage=passage, document_title=values["document_title"], **scores)
