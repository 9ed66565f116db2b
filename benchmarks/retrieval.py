"""How often the right paragraph is found, beside the stock retrieval."""

from statistics import fmean

from benchmarks.report import Table
from benchmarks.workspace import Workspace, track


def run(work: Workspace, table: Table) -> None:
    """Share of the questions whose paragraph is among the first passages found."""
    quoth: list[list[str]] = []
    stock: list[list[str]] = []
    index, peer = work.index, work.stock
    try:
        for case in track(work.cases, "retrieval", total=len(work.cases)):
            found = [hit.passage.document_id for hit in index.search(case.question, k=20)]
            stock.append(peer.retrieve(case.question))
            quoth.append(found)
    finally:
        n = len(quoth)
        note = f"{n:,} questions; the paragraph is among those of the first k passages"
        expected = [work.document_ids[case.context or ""] for case in work.cases[:n]]
        for k in (1, 5) if n else ():
            ours, theirs = (
                100 * fmean(own in ids[:k] for ids, own in zip(side, expected, strict=True))
                for side in (quoth, stock[:n])
            )
            table.put(f"recall@{k}", "%", ours, theirs, note=note)
