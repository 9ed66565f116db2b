"""The asking path: follow-up, search, read, decide, cite."""

import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from index.errors import IndexBusy, IndexMissing
from index.location import documents_folder, index_folder
from index.mirror import Changes
from index.progress import Bar, Progress
from index.search import Index, checked
from qa.answer import Answer, Citation, Reason, Turn
from qa.borders import sentences_around, whole
from qa.confidence import Confidence, features, plain
from qa.followup import standalone
from qa.question import content_words, wants_sentences
from qa.reader import Candidate, Reader, SpanReader

DEFAULT_K = 8
MAX_CITATIONS = 5
# What a hit's score is worth in units of the reader's logits, when candidates are ranked.
RETRIEVAL_WEIGHT = 8.0

_log = logging.getLogger("quoth")


class Assistant:
    """Answers questions from one index; it keeps no session, and threads may share it."""

    def __init__(
        self, index: Index, *, reader: Reader | None = None, confidence: Confidence | None = None
    ) -> None:
        """Use `Assistant.open` for a folder.

        Args:
            index: Where to search.
            reader: By default the one that ships.
            confidence: What was fitted to the reader; by default to the one that ships.
        """
        self.index = index
        self._reader = reader or SpanReader()
        self._confidence = confidence or Confidence.load()

    @classmethod
    def open(
        cls, *, documents: str | Path | None = None, index: str | Path | None = None
    ) -> "Assistant":
        """An assistant over a folder, with its index opened, or made empty; `sync` fills it.

        Args:
            documents: The folder; by default `QUOTH_DOCUMENTS`, else `seeds/`.
            index: The index folder; by default `QUOTH_INDEX`, else `.quoth/` beside the folder.

        Raises:
            FolderUnusable: A folder is missing, or cannot be read or written.
            StaleIndex: The index is of another version or another encoder.
            DamagedIndex: The index cannot be read.
        """
        folder = documents_folder(documents)
        return cls(Index.open_or_create(index_folder(folder, index), documents=folder))

    @property
    def threshold(self) -> float:
        """Probability below which an answer is withheld."""
        return self._confidence.threshold

    def sync(self, *, progress: Progress | None = None) -> Changes:
        """Make the index equal its folder; as `Index.sync`."""
        return self.index.sync(progress=progress)

    def follow(self, *, progress: Progress | None = None) -> Changes | None:
        """Sync, but for while another process writes: then None, and the index as it stands."""
        try:
            return self.sync(progress=progress)
        except IndexBusy as error:
            _log.info("Answering from the index as it stands: %s", error)
            return None

    def ask(self, question: str, *, history: Sequence[Turn] = (), k: int = DEFAULT_K) -> Answer:
        """What the documents say to a question, as they were at the last sync.

        Args:
            question: The question.
            history: Earlier turns, oldest first, for a question that leans on them.
            k: How many passages are read.

        Raises:
            ValueError: The question is empty or too long, or `k` is out of range.
        """
        question = checked(question)
        understood = standalone(question, history)
        hits = self.index.search(understood, k=k)
        unknown = self.index.unknown_words(content_words(understood))
        candidates = ranked(self._reader.read(understood, hits))
        probability, reason = self._decide(understood, candidates, n_unknown=len(unknown))
        citations = () if reason else self._cite(understood, candidates)
        if not hits:
            reason = "empty_index"
        elif not citations and not reason:  # none stands in its document
            probability, reason = 0.0, "no_match"
        return Answer(
            question=question,
            text=citations[0].quote if citations else None,
            citations=citations,
            confidence=probability,
            reason=reason,
            hits=tuple(hits),
            understood_as=understood,
            missing_words=unknown,
        )

    def _decide(
        self, question: str, candidates: Sequence[Candidate], *, n_unknown: int
    ) -> tuple[float, Reason | None]:
        """Probability that the first candidate is right, and why to withhold it, if so."""
        if not candidates:
            return 0.0, "no_match"
        values = features(question, candidates, n_unknown=n_unknown)
        probability = self._confidence.probability(values)
        if probability >= self.threshold:
            return probability, None
        return probability, "weak" if candidates[0].score > 0 else "no_match"

    def _cite(self, question: str, candidates: Sequence[Candidate]) -> tuple[Citation, ...]:
        """Citations of the best candidate and of those that say the same, best first."""
        best = plain(candidates[0].text)
        alike = [each for each in candidates if plain(each.text) == best]
        citations: dict[tuple[str, int], Citation] = {}
        for candidate in alike:
            citation = self._citation(question, candidate)
            if citation and len(citations) < MAX_CITATIONS:
                citations.setdefault((citation.document_id, citation.start), citation)
        return tuple(citations.values())

    def _citation(self, question: str, candidate: Candidate) -> Citation | None:
        """The candidate as a citation, held against the document; None if they differ."""
        passage = candidate.hit.passage
        start, end = candidate.start - passage.start, candidate.end - passage.start
        start, end = whole(passage.text, start, end, question=question)
        if wants_sentences(question):
            start, end = sentences_around(passage.text, start, end)
        quote = passage.text[start:end]
        start, end = start + passage.start, end + passage.start
        document = self.index.document(passage.document_id)
        if document is None or document.text[start:end] != quote:
            _log.error(
                "Dropped a citation: %r does not stand at %d-%d of '%s'. "
                "Delete the index and build it again: quoth index",
                *(quote, start, end, passage.document_id),
            )
            return None
        return Citation(
            document_id=document.id,
            document_title=document.title,
            digest=document.digest,
            start=start,
            end=end,
            page=document.page(start),
            quote=quote,
            passage=passage,
        )


def ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates by the reader's score and their passage's, best first."""
    return sorted(candidates, key=lambda each: -(each.score + RETRIEVAL_WEIGHT * each.hit.score))


def answer(
    question: str,
    *,
    documents: str | Path | None = None,
    history: Sequence[Turn] = (),
    k: int = DEFAULT_K,
) -> Answer:
    """What the documents of a folder say to a question.

    The index is built, or brought up to date, first; a bar shows on a terminal if that takes
    more than a second. Opened indexes stay open for the next question.

    Args:
        question: The question.
        documents: The folder; by default `QUOTH_DOCUMENTS`, else `seeds/`.
        history: Earlier turns, oldest first.
        k: How many passages are read.

    Raises:
        ValueError: The question is empty or too long.
        AppError: The folder, the index or a model cannot be used; the text says what to do.
    """
    question = checked(question)
    folder = documents_folder(documents)
    where = index_folder(folder)
    try:
        assistant = _opened(folder, where)
        _follow(assistant)
    except IndexMissing:  # it was deleted since it was opened
        _opened.cache_clear()
        assistant = _opened(folder, where)
        _follow(assistant)
    return assistant.ask(question, history=history, k=k)


def _follow(assistant: Assistant) -> None:
    with Bar() as bar:
        assistant.follow(progress=bar)


@lru_cache(maxsize=4)
def _opened(documents: Path, index: Path) -> Assistant:
    return Assistant.open(documents=documents, index=index)
