"""How good the answers are: with the right paragraph given, and among all of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean
from typing import cast

from benchmarks.report import Table
from benchmarks.workspace import Workspace, track
from index.document import Document
from index.formats.text import normalise
from index.passage import Passage, split
from index.search import Hit, Index
from qa.answer import Answer
from qa.assistant import Assistant, ranked
from qa.confidence import Confidence
from qa.evaluate import Case, Scores, found, scores
from qa.reader import Candidate, Reader, SpanReader


def run(work: Workspace, table: Table) -> None:
    """The figures of the gold paragraph, of all paragraphs, and of the stock retrieval."""
    reader, shipped = Remembering(SpanReader()), Confidence.load()
    table.settings["reader"] = reader.fingerprint
    table.settings["threshold"] = round(shipped.threshold, 4)
    never_withholding = replace(shipped, threshold=0.0)
    gold(work, table, reader, never_withholding)
    everywhere(work, table, reader, never_withholding, threshold=shipped.threshold)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question's answer when nothing is withheld.

    Attributes:
        case: The question.
        span: The best candidate of the reader, as it is; None when there is none.
        answer: What the assistant made of it.
    """

    case: Case
    span: str | None
    answer: Answer


class Remembering:
    """A reader that keeps what it last found, so that a question is read once and not twice."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.found: list[Candidate] = []

    @property
    def fingerprint(self) -> str:
        """Name and content of the model."""
        return self._reader.fingerprint

    def read(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """As the reader."""
        self.found = self._reader.read(question, hits)
        return self.found


class Paragraph:
    """Stands in for an index that holds one paragraph and finds all of it, each passage alike."""

    def __init__(self, text: str) -> None:
        text = normalise(text)
        self._document = Document("paragraph", "", "", text)
        self._hits = [
            Hit(Passage(n, "paragraph", *span, text[slice(*span)]), "", 1.0, 0.0, 0.0)
            for n, span in enumerate(split(self._document), start=1)
        ]

    def search(self, _: str, *, k: int) -> list[Hit]:
        """Every passage, in order, however many were asked for."""
        return self._hits[: max(k, len(self._hits))]

    def unknown_words(self, _: object) -> tuple[str, ...]:
        """None: nothing is withheld here."""
        return ()

    def document(self, _: str) -> Document:
        """The paragraph."""
        return self._document


def gold(work: Workspace, table: Table, reader: Remembering, confidence: Confidence) -> None:
    """EM and F1 when only the paragraph of the question is read."""
    outcomes: list[Outcome] = []

    @cache
    def assistant(context: str) -> Assistant:
        return Assistant(cast(Index, Paragraph(context)), reader=reader, confidence=confidence)

    try:
        steps = track(work.cases, "gold paragraph", total=len(work.cases))
        outcomes.extend(ask(assistant(case.context), reader, case) for case in steps)
    finally:
        if outcomes:
            note = f"{len(outcomes):,} questions, each with its paragraph alone"
            put_scores(table, "gold paragraph", outcomes, note)


def everywhere(
    work: Workspace, table: Table, reader: Remembering, confidence: Confidence, *, threshold: float
) -> None:
    """Recall, EM and F1 over all paragraphs, and what abstention makes of them."""
    assistant = Assistant(work.index, reader=reader, confidence=confidence)
    outcomes: list[Outcome] = []
    try:
        steps = track(work.cases, "all paragraphs", total=len(work.cases))
        outcomes.extend(ask(assistant, reader, case) for case in steps)
    finally:
        if outcomes:
            n = f"{len(outcomes):,} questions over {len(work.document_ids):,} paragraphs"
            put_scores(table, "all paragraphs", outcomes, n + ", nothing withheld")
            put_abstention(table, outcomes, threshold)
    put_recall(work, table, outcomes)


def ask(assistant: Assistant, reader: Remembering, case: Case) -> Outcome:
    """One question asked."""
    answer = assistant.ask(case.question)
    best = ranked(reader.found)[:1]
    return Outcome(case, best[0].text if best else None, answer)


def put_scores(table: Table, where: str, outcomes: Sequence[Outcome], note: str) -> None:
    """EM and F1 of the reader's span and of the quote that is shown."""
    cases = [each.case for each in outcomes]
    spans = scores([each.span for each in outcomes], cases)
    quotes = scores([each.answer.text for each in outcomes], cases)
    shown = f"{note}; the quote as shown, whole sentences for how and why"
    table.put(f"EM, {where}, span", "%", 100 * spans.exact_match, note=note)
    table.put(f"F1, {where}, span", "%", 100 * spans.f1, note=note)
    table.put(f"EM, {where}, quote", "%", 100 * quotes.exact_match, note=shown)
    table.put(f"F1, {where}, quote", "%", 100 * quotes.f1, note=shown)


def put_abstention(table: Table, outcomes: Sequence[Outcome], threshold: float) -> None:
    """How many questions are answered, and how many of the answers are wrong."""
    unseen = [each for each in outcomes if not fitted_on(each.case)]
    if not unseen:
        return
    given = [
        each.span if each.answer.text and each.answer.confidence >= threshold else None
        for each in unseen
    ]
    worth: Scores = scores(given, [each.case for each in unseen])
    note = (
        f"{worth.n:,} questions of the paragraphs that the confidence was not fitted on, all "
        "paragraphs searched; wrong: the reader's span has an F1 below .5 with every answer given"
    )
    table.put("questions answered", "%", 100 * worth.answered, note=note)
    table.put("wrong among the answered", "%", 100 * worth.wrong, note=note)


def fitted_on(case: Case) -> bool:
    """Whether `training.confidence` may have seen a case: it draws from half of the contexts."""
    return hashlib.sha256(case.context.encode()).digest()[0] % 2 == 0


def put_recall(work: Workspace, table: Table, outcomes: Sequence[Outcome]) -> None:
    """Share of the questions whose paragraph is among the first passages found."""
    cases = [each.case for each in outcomes]
    quoth = [[hit.passage.document_id for hit in each.answer.hits] for each in outcomes]
    stock: list[list[str]] = []
    peer = work.stock
    try:
        steps = track(cases, "stock retrieval", total=len(cases))
        stock.extend(peer.retrieve(case.question) for case in steps)
    finally:
        n = len(stock)
        note = f"{n:,} questions; the paragraph is among those of the first k passages"
        expected = [work.document_ids[case.context] for case in cases[:n]]
        for k in (1, 5) if n else ():
            ours, theirs = (
                100 * fmean(found(ids, each, k=k) for ids, each in zip(side, expected, strict=True))
                for side in (quoth[:n], stock)
            )
            table.put(f"recall@{k}", "%", ours, theirs, note=note)
