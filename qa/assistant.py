"""The asking path: follow-up, search, read, decide, cite."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from index.catalogue import Catalogue
from index.errors import IndexBusy, IndexMissing
from index.location import documents_folder, index_folder
from index.mirror import Changes
from index.passage import Passage, Span
from index.progress import Bar, Progress
from index.scope import ANYWHERE, Scope
from index.search import Hit, Index, checked
from index.words import content_words
from qa.answer import Answer, Citation, Reason, Turn
from qa.borders import whole
from qa.confidence import Confidence
from qa.evidence import features, plain
from qa.followup import standalone
from qa.question import wants_sentences
from qa.reader import Candidate, Reader, SpanReader
from qa.statements import sentences_around

DEFAULT_K = 8
MAX_CITATIONS = 5
# What a hit's score is worth in units of the reader's logits, when candidates are ranked.
RETRIEVAL_WEIGHT = 10.0

_log = logging.getLogger("quoth")


@dataclass(frozen=True, slots=True)
class Found:
    """The passages to read for a question.

    Attributes:
        question: The question as it was asked.
        understood_as: The question as it was searched for.
        hits: The passages, best first.
    """

    question: str
    understood_as: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the passages hold on a question, before it is decided whether to answer.

    Attributes:
        question: The question as it was asked.
        understood_as: The question as it was searched for.
        hits: The passages that were read, best first.
        candidates: Spans that may answer, best first.
        missing_words: Content words and codes of the question that stand in no document.
        missing_codes: Those of them that are codes: then nothing that was read can answer it.
        evidence: The features of the first candidate; empty without one.
        probability: Probability that the first candidate is right; 0 without one, and where a code
            is missing.
    """

    question: str
    understood_as: str
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    missing_words: tuple[str, ...]
    missing_codes: tuple[str, ...]
    evidence: Mapping[str, float]
    probability: float


class Assistant:
    """Answers questions from one index; it keeps no session, and threads may share it."""

    def __init__(
        self, index: Index, *, reader: Reader | None = None, confidence: Confidence | None = None
    ) -> None:
        """Use `Assistant.open` for a folder.

        Args:
            index: Where to search.
            reader: By default the one that ships.
            confidence: What was fitted to the reader; by default what `quoth calibrate` fitted to
                this index, else what ships.
        """
        self.index = index
        self._reader = reader or SpanReader()
        own = confidence or Confidence.beside(index.folder, reader=self._reader.fingerprint)
        self.confidence = own or Confidence.load()

    @classmethod
    def open(
        cls, *, documents: str | Path | None = None, index: str | Path | None = None
    ) -> "Assistant":
        """An assistant over a folder, with its index opened, or made empty; `sync` fills it.

        Args:
            documents: The folder; by default `QUOTH_DOCUMENTS`, else `seeds/`.
            index: The index folder; by default `QUOTH_INDEX`, else `.quoth/NAME` beside the folder,
                by its name.

        Raises:
            FolderUnusable: A folder is missing, or cannot be read or written.
            StaleIndex: The index is of another version or another encoder.
            DamagedIndex: The index cannot be read.
        """
        folder = documents_folder(documents)
        return cls(Index.open_or_create(index_folder(folder, index), documents=folder))

    @property
    def reader(self) -> str:
        """Name and content of the reader."""
        return self._reader.fingerprint

    @property
    def threshold(self) -> float:
        """Probability below which an answer is withheld."""
        return self.confidence.threshold

    def sync(self, *, progress: Progress | None = None) -> Changes:
        """Make the index equal its folder; as `Index.sync`."""
        return self.index.sync(progress=progress)

    def follow(self, *, progress: Progress | None = None) -> Changes | None:
        """Sync, but for while another process writes: then None, and the index as it stands.

        Raises:
            IndexBusy: Another process writes, and the index holds no document yet.
        """
        try:
            return self.sync(progress=progress)
        except IndexBusy as error:
            self.index.require_documents(error)
            _log.info("Answering from the index as it stands: %s", error)
            return None

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        k: int = DEFAULT_K,
        scope: Scope = ANYWHERE,
        threshold: float | None = None,
    ) -> Answer:
        """What the documents say to a question, as they were at the last sync.

        Args:
            question: The question.
            history: Earlier turns, oldest first, for a question that leans on them.
            k: How many passages are read.
            scope: Which documents are searched.
            threshold: Probability, from 0 to 1, below which an answer is withheld; by default
                `self.threshold`, the calibrated one. At 0 the best candidate is always given.

        Raises:
            ValueError: The question is empty or too long, `k` or the threshold is out of range,
                or no document is in the scope.
        """
        if threshold is not None and not 0 <= threshold <= 1:
            raise ValueError(f"A threshold of {threshold} is no probability. Give one from 0 to 1.")
        reading = self.read(question, history=history, k=k, scope=scope)
        answer = self.conclude(reading, threshold=threshold)
        return replace(answer, scope=str(scope)) if scope else answer

    def read(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        k: int = DEFAULT_K,
        scope: Scope = ANYWHERE,
    ) -> Reading:
        """The best spans for a question, however unlikely; arguments and errors as of `ask`."""
        return self.weigh(self.find(question, history=history, k=k, scope=scope))

    def find(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        k: int = DEFAULT_K,
        scope: Scope = ANYWHERE,
    ) -> Found:
        """The passages to read for a question; arguments and errors as of `ask`."""
        question = checked(question)
        understood = standalone(question, history)
        return Found(question, understood, tuple(self.index.search(understood, k=k, scope=scope)))

    def weigh(self, found: Found) -> Reading:
        """The best spans of the passages found."""
        understood, hits = found.understood_as, found.hits
        missing = self.index.unknown_words(content_words(understood), question=understood)
        codes = self.index.unknown_codes(understood)
        candidates = ranked(self._reader.read(understood, hits))
        evidence = features(understood, candidates, n_unknown=len(missing)) if candidates else {}
        return Reading(
            question=found.question,
            understood_as=understood,
            hits=hits,
            candidates=tuple(candidates),
            missing_words=_with_codes(missing, codes, understood),
            missing_codes=codes,
            evidence=evidence,
            probability=self.confidence.probability(evidence) if evidence and not codes else 0.0,
        )

    def conclude(self, reading: Reading, *, threshold: float | None = None) -> Answer:
        """The answer that a reading allows, or why there is none; threshold as of `ask`."""
        limit = self.threshold if threshold is None else threshold
        probability, reason = reading.probability, _withheld(reading, limit)
        quoted = self.cite(reading) if reason in (None, "weak") else ()
        if not quoted and reading.candidates:  # none stands in its document
            probability, reason = 0.0, "no_match"
        citations, guess = ((), next(iter(quoted), None)) if reason else (quoted, None)
        return Answer(
            question=reading.question,
            text=citations[0].quote if citations else None,
            citations=citations,
            confidence=probability,
            reason=reason,
            hits=reading.hits,
            understood_as=reading.understood_as,
            missing_words=reading.missing_words,
            guess=guess,
        )

    def cite(self, reading: Reading) -> tuple[Citation, ...]:
        """Citations of the first candidate and of those that say the same, best first."""
        first, *others = reading.candidates
        quoted = self._quoted(reading, first)
        citations: list[Citation] = []
        places = [(first, quoted), *((each, self._quoted(reading, each)) for each in others)]
        for candidate, place in places:
            alike = plain(candidate.text) == plain(first.text) or _said(first, quoted) == _said(
                candidate, place
            )
            citation = self._citation(reading, candidate.hit.passage, place) if alike else None
            if citation and not any(map(citation.overlaps, citations)):
                citations.append(citation)
        return tuple(citations[:MAX_CITATIONS])

    def _quoted(self, reading: Reading, candidate: Candidate) -> Span:
        """What is quoted of a candidate's passage, in the passage."""
        passage = candidate.hit.passage
        start, end = candidate.start - passage.start, candidate.end - passage.start
        start, end = whole(passage.text, start, end, question=reading.understood_as)
        if wants_sentences(reading.understood_as):
            start, end = sentences_around(passage.text, start, end)
        return Span(start, end)

    def _citation(self, reading: Reading, passage: Passage, place: Span) -> Citation | None:
        """A place in a passage as a citation, held against the document; None if they differ."""
        quote = passage.text[slice(*place)]
        start, end = place.start + passage.start, place.end + passage.start
        document = self.index.document(passage.document_id)
        if document is None or document.text[start:end] != quote:
            self._dropped(reading, passage, f"{quote!r} at {start}-{end}")
            return None
        return Citation(
            document_id=document.id,
            document_title=document.title,
            digest=document.digest,
            start=start,
            end=end,
            page=document.page(start),
            place=document.place(start),
            quote=quote,
            passage=passage,
        )

    def _dropped(self, reading: Reading, passage: Passage, quote: str) -> None:
        """Log why a quote is not cited: its document was changed meanwhile, or there is a fault."""
        with closing(Catalogue.open(self.index.folder)) as catalogue:
            now = catalogue.passages([passage.id])
        if passage.id in now and now[passage.id].passage in [hit.passage for hit in reading.hits]:
            _log.error(
                "Dropped a citation: '%s' does not hold %s. Delete the index and build it again: "
                "quoth index",
                *(passage.document_id, quote),
            )
        else:
            _log.info(
                "Dropped a citation: '%s' was changed or removed after it was searched, and no "
                "longer holds %s. Ask again.",
                *(passage.document_id, quote),
            )


def _withheld(reading: Reading, threshold: float) -> Reason | None:
    """Why a reading gives no answer; None when it does."""
    if not reading.hits:
        return "empty_index"
    if not reading.candidates:
        return "no_match"
    if reading.probability >= threshold:
        return None
    weak = reading.candidates[0].score > 0 and not reading.missing_codes
    return "weak" if weak else "no_match"


def _with_codes(words: Sequence[str], codes: Sequence[str], question: str) -> tuple[str, ...]:
    """Words and codes that stand in no document, as the question has them in order."""
    others = [word for word in words if not any(word in code for code in codes)]
    return tuple(sorted([*others, *codes], key=question.find))


def _said(candidate: Candidate, place: Span) -> str:
    return plain(candidate.hit.passage.text[slice(*place)])


def ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates by the reader's score and their passage's, best first."""
    return sorted(candidates, key=lambda each: -(each.score + RETRIEVAL_WEIGHT * each.hit.score))


def answer(
    question: str,
    *,
    documents: str | Path | None = None,
    history: Sequence[Turn] = (),
    k: int = DEFAULT_K,
    scope: Scope = ANYWHERE,
) -> Answer:
    """What the documents of a folder say to a question.

    The index is built, or brought up to date, first; a bar shows on a terminal if that takes
    more than a second. Opened indexes stay open for the next question.

    Args:
        question: The question.
        documents: The folder; by default `QUOTH_DOCUMENTS`, else `seeds/`.
        history: Earlier turns, oldest first.
        k: How many passages are read.
        scope: Which of the documents are searched.

    Raises:
        ValueError: The question is empty or too long, or no document is in the scope.
        IndexBusy: Another process is taking in the first documents of the folder.
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
    return assistant.ask(question, history=history, k=k, scope=scope)


def _follow(assistant: Assistant) -> None:
    with Bar() as bar:
        assistant.follow(progress=bar)


@lru_cache(maxsize=4)
def _opened(documents: Path, index: Path) -> Assistant:
    return Assistant.open(documents=documents, index=index)
