"""How fast both index, and how long a warm question takes."""

import time
from collections.abc import Callable
from functools import partial

from benchmarks.report import Table
from benchmarks.stock import Stock, load_encoder
from benchmarks.workspace import Workspace, passages, track
from index.search import Index
from qa.assistant import Assistant
from qa.metrics import percentile

PARAGRAPHS_A_ROUND = 200
WARM_QUESTIONS = 200
# So long the threads of one side may spin after a call; they must not slow the other side.
PAUSE_SECONDS = 0.01


def run(work: Workspace, table: Table) -> None:
    """Both timings."""
    index_passages(work, table)
    ask_warm(work, table)


def index_passages(work: Workspace, table: Table) -> None:
    """Passages a second from files to a searchable index, models loaded, the sides in turn."""
    encoder, peer = work.encoder, load_encoder()
    contexts = list(work.document_ids)
    n = min(PARAGRAPHS_A_ROUND, len(contexts))
    quoth: list[float] = []
    stock: list[float] = []
    Stock.build([("warm-up", context) for context in contexts[:8]], peer)
    encoder.encode_passages(contexts[:8])
    try:
        for each in track(range(work.rounds), "indexing", total=work.rounds):
            first = each * n % (len(contexts) - n + 1)
            documents = work.lay_out(f"round-{each}", contexts[first : first + n])
            cut = passages(documents)
            folder = work.folder / f"index-{each}"
            with Index.create(folder, documents=documents, encoder=encoder) as index:
                quoth.append(len(cut) / seconds(index.sync))
            stock.append(len(cut) / seconds(partial(Stock.build, cut, peer)))
    finally:
        table.compare(
            "passages indexed",
            "a second",
            quoth,
            stock,
            note=f"median of {len(stock)} rounds of {n} paragraphs, the sides in turn, models "
            "loaded; Quoth reads, cuts and indexes files and keeps the index on disk, stock is "
            "given the same passages, encodes in batches of 32 and keeps its index in memory",
        )


def ask_warm(work: Workspace, table: Table) -> None:
    """p50 and p95 of a question over all paragraphs, the sides in turn."""
    index, peer, assistant = work.index, work.stock, Assistant(work.index)
    questions = [case.question for case in work.cases[:WARM_QUESTIONS]]
    for question in questions[:5]:
        assistant.ask(question)
        peer.retrieve(question)
    stock: list[float] = []
    searches: list[float] = []
    answers: list[float] = []
    try:
        for question in track(questions, "warm questions", total=len(questions)):
            stock.append(seconds(partial(peer.retrieve, question)))
            searches.append(seconds(partial(index.search, question)))
            answers.append(seconds(partial(assistant.ask, question)))
    finally:
        n = f"{len(answers)} questions over {len(work.document_ids):,} paragraphs, in turn"
        for name, share in (("p50", 0.5), ("p95", 0.95)) if answers else ():
            found, peer_found, answered = (
                1000 * percentile(times, share) for times in (searches, stock, answers)
            )
            table.put(f"{name}, 8 passages found", "ms", found, peer_found, note=n)
            note = f"{n}; stock has no reader that works without an LLM"
            table.put(f"{name}, answered and cited", "ms", answered, note=note)


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes, after a pause."""
    time.sleep(PAUSE_SECONDS)
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
