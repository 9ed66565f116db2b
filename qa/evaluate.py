"""An assistant asked labelled questions: how often it is right, how sure, and how fast."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.document import load
from index.encoder import OnnxEncoder
from index.errors import UnreadableFile
from index.passage import Passage
from index.progress import Progress
from index.search import Index
from qa.answer import Citation
from qa.assistant import DEFAULT_K, Assistant, Reading
from qa.cases import Case
from qa.metrics import (
    is_right,
    normalised,
)
from qa.reader import SpanReader

N_RANKED = 20
N_TEXTS = 64  # so many documents are kept to hold quotes against


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, asked.

    Attributes:
        case: The question.
        span: The reader's best span, whether it was given as the answer or withheld; None
            without one.
        start: Offset of the span's first character in its document; None without one.
        quote: What is quoted, or would be, around the span; None without a citation.
        passage: The passage that it stands in; None without one.
        probability: That the span is right, as the assistant holds.
        span_probability: The reader's own probability of the span; 0 without one.
        given: Whether the assistant gave it as its answer.
        rank: Place, from 1, of the first passage that is the right one to have found; None when
            it is not among the first `N_RANKED`, or no passage is right.
        exact: Whether the quote of every citation stands in the file that it names, read anew;
            None without a span.
        seconds: From the question to the answer.
    """

    case: Case
    span: str | None
    start: int | None
    quote: str | None
    passage: Passage | None
    probability: float
    span_probability: float
    given: bool
    rank: int | None
    exact: bool | None
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the span is right, given or withheld: F1 of .5 or more with an answer."""
        if not self.span or not self.case.answers:
            return False
        return is_right(self.span, self.case.answers)


class Place:
    """Documents to ask about, opened.

    Attributes:
        assistant: Answers from them.
        own: Id of the document that each context became; empty when they are the user's own.
    """

    def __init__(self, assistant: Assistant, own: dict[str, str] | None = None) -> None:
        """Texts are read anew from the folder that the assistant's index mirrors."""
        self.assistant = assistant
        self.own = own or {}
        self._texts: dict[str, str] = {}

    def ask(self, case: Case, *, k: int = DEFAULT_K) -> Outcome:
        """One question, asked and judged."""
        began = time.perf_counter()
        try:
            reading = self.assistant.read(case.question, k=k)
        except ValueError:  # more word pieces than can be read
            seconds = time.perf_counter() - began
            return Outcome(case, None, None, None, None, 0.0, 0.0, False, None, None, seconds)  # noqa: FBT003
        answer = self.assistant.conclude(reading)
        seconds = time.perf_counter() - began
        best = reading.candidates[0] if reading.candidates else None
        citations = answer.citations or (self.assistant.cite(reading) if best else ())
        return Outcome(
            case=case,
            span=best.text if best else None,
            start=best.start if best else None,
            quote=citations[0].quote if citations else None,
            passage=best.hit.passage if best else None,
            probability=reading.probability,
            span_probability=best.probability if best else 0.0,
            given=answer.text is not None,
            rank=self._rank(case, reading),
            exact=bool(citations) and all(map(self._stands, citations)) if best else None,
            seconds=seconds,
        )

    def _rank(self, case: Case, reading: Reading) -> int | None:
        if not case.answers:
            return None
        hits = self.assistant.index.search(reading.understood_as, k=N_RANKED)
        passages = [each.hit.passage for each in reading.candidates]
        passages += [hit.passage for hit in hits]
        ranking = list(dict.fromkeys(passages))[:N_RANKED]
        right = (n for n, each in enumerate(ranking, start=1) if self._is_right(case, each))
        return next(right, None)

    def _is_right(self, case: Case, passage: Passage) -> bool:
        """Whether it is of the question's own document; if there is but one, holds an answer."""
        if len(self.own) > 1:
            return passage.document_id == self.own.get(case.context or "")
        words = f" {normalised(passage.text)} "
        return any(f" {normalised(answer)} " in words for answer in case.answers)

    def _stands(self, citation: Citation) -> bool:
        text = self._text(citation.document_id)
        return text[citation.start : citation.end] == citation.quote

    def _text(self, document_id: str) -> str:
        """A document's text, from its file; nothing when it cannot be read."""
        folder = self.assistant.index.documents
        if folder and document_id not in self._texts:
            if len(self._texts) >= N_TEXTS:
                self._texts.clear()
            try:
                self._texts[document_id] = load(folder / document_id, folder=folder).text
            except UnreadableFile:
                self._texts[document_id] = ""
        return self._texts.get(document_id, "")


def evaluate(
    cases: Sequence[Case],
    *,
    index: Index | None = None,
    together: bool = False,
    assistant: Callable[[Index], Assistant] | None = None,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Asks every question; the outcomes come as they are known, not in the order of the cases.

    Args:
        cases: The questions.
        index: Ask it; by default each question is asked of its own context.
        together: Ask each question of all contexts.
        assistant: Makes one for an index; by default `Assistant`.
        progress: Called with how many are asked, of how many.

    Raises:
        ValueError: A context is needed and missing.
    """
    make = assistant or _maker()
    places: Iterable[tuple[Place, Sequence[Case]]]
    if index is not None:
        places = [(Place(make(index)), cases)]
    elif together:
        places = _over_all(_by_context(cases), cases, make, progress)
    else:
        places = _over_each(_by_context(cases), make)
    done = 0
    for place, asked in places:
        for case in asked:
            yield place.ask(case)
            done += 1
            if progress:
                progress(done, len(cases), "asking")


_Make = Callable[[Index], Assistant]
_Places = Iterator[tuple["Place", Sequence[Case]]]


def _over_all(
    by_context: Mapping[str, object],
    cases: Sequence[Case],
    make: _Make,
    progress: Progress | None,
) -> _Places:
    with laid_out(list(by_context), make, progress) as place:
        yield place, cases


def _over_each(by_context: Mapping[str, Sequence[Case]], make: _Make) -> _Places:
    for context, asked in by_context.items():
        with laid_out([context], make) as place:
            yield place, asked


def _by_context(cases: Sequence[Case]) -> dict[str, list[Case]]:
    by_context: dict[str, list[Case]] = {}
    for case in cases:
        if case.context is None:
            raise ValueError(
                f"The question {case.question!r} has no context. Name the documents that it is "
                "to be asked of: --documents DIR"
            )
        by_context.setdefault(case.context, []).append(case)
    return by_context


@contextmanager
def laid_out(
    contexts: Sequence[str], make: _Make, progress: Progress | None = None
) -> Iterator[Place]:
    """A temporary folder that holds each context as a file, indexed."""
    with tempfile.TemporaryDirectory(prefix="quoth-") as temporary:
        documents = Path(temporary, "contexts")
        documents.mkdir()
        own = {context: f"{n:06}.txt" for n, context in enumerate(contexts, start=1)}
        for context, name in own.items():
            (documents / name).write_text(context, encoding="utf-8", errors="replace")
        index = Index.create(Path(temporary, "index"), documents=documents, encoder=_encoder())
        with index:
            index.sync(progress=progress)
            yield Place(make(index), own)


@lru_cache(maxsize=1)
def _encoder() -> OnnxEncoder:
    return OnnxEncoder()


def _maker() -> _Make:
    reader = SpanReader()
    return lambda index: Assistant(index, reader=reader)
