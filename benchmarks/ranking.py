"""What the two halves of a search find alone, and what their fusion finds.

`python -m benchmarks.ranking --data DATA` prints the table and writes it to ranking.md, the figures
to ranking.json. DATA holds dev/squadshifts-new-wiki.jsonl.gz, whose paragraphs are the documents
of its questions, and the test collections retrieval/cranfield and retrieval/med as BEIR lays them
out (Thakur et al. 2021): corpus.jsonl.gz, queries.jsonl.gz, qrels.tsv.gz.
"""

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from math import log2
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any, NamedTuple

from benchmarks.machine import describe
from benchmarks.workspace import CASES, SEED, say, track
from index.encoder import SHIPPED_ENCODER, Encoder, OnnxEncoder
from index.search import Hit, Index
from qa.cases import load_cases

COLLECTIONS = ("cranfield", "med")
RANKINGS = ("dense", "BM25", "reciprocal ranks", "Quoth")
MEASURES = {
    "new-wiki": ("nDCG@10", "recall@1", "recall@5", "recall@20"),
    "cranfield": ("nDCG@10",),
    "med": ("nDCG@10",),
}
# Passages of a search, enough for twenty documents; of the halves, enough for either's best.
N_PASSAGES, N_PASSAGES_OF_HALVES = 100, 500
RANK_CONSTANT = 60

Grades = Mapping[str, int]


class Collection(NamedTuple):
    """Documents, and questions with the documents that answer them.

    Attributes:
        name: What it is called.
        documents: Title, which may be empty, and text of each document by its id.
        questions: Each question with the grades of the documents that answer it.
    """

    name: str
    documents: Mapping[str, tuple[str, str]]
    questions: Sequence[tuple[str, Grades]]


def paragraphs(path: Path) -> Collection:
    """Question cases as a collection: each context is a document, one question's only answer."""
    cases = load_cases(path)
    ids = {text: f"{n:04}" for n, text in enumerate(dict.fromkeys(c.context or "" for c in cases))}
    questions = [(case.question, {ids[case.context or ""]: 1}) for case in cases]
    return Collection("new-wiki", {each: ("", text) for text, each in ids.items()}, questions)


def collection(folder: Path) -> Collection:
    """A test collection in BEIR's layout; questions without an answer are left out."""
    documents = {
        row["_id"]: (row["title"], row["text"]) for row in _rows(folder / "corpus.jsonl.gz")
    }
    grades: dict[str, dict[str, int]] = {}
    with gzip.open(folder / "qrels.tsv.gz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            question, document, grade = line.split("\t")
            grades.setdefault(question, {})[document] = int(grade)
    asked = _rows(folder / "queries.jsonl.gz")
    questions = [(row["text"], grades[row["_id"]]) for row in asked if row["_id"] in grades]
    return Collection(folder.name, documents, questions)


def indexed(documents: Mapping[str, tuple[str, str]], folder: Path, encoder: Encoder) -> Index:
    """An index over documents, each a file; one that has a title is a page of HTML."""
    library = folder / "documents"
    library.mkdir()
    for name, (title, text) in documents.items():
        page = f"<title>{escape(title)}</title><p>{escape(text)}</p>" if title else text
        (library / f"{name}.{'html' if title else 'txt'}").write_text(page, encoding="utf-8")
    index = Index.create(folder / "index", documents=library, encoder=encoder)
    index.sync()
    return index


def rankings(index: Index, question: str) -> dict[str, list[str]]:
    """The documents that each way of ranking finds, best first.

    Both halves are read off the hits of a search that asks for many.
    """
    hits = index.search(question, k=N_PASSAGES_OF_HALVES)
    dense = sorted(hits, key=lambda hit: (-hit.cosine, hit.passage.id))
    lexical = sorted((hit for hit in hits if hit.bm25), key=lambda hit: (-hit.bm25, hit.passage.id))
    by_rank = reciprocal_ranks(dense[:N_PASSAGES], lexical[:N_PASSAGES])
    found = (dense, lexical, by_rank, index.search(question, k=N_PASSAGES))
    return dict(zip(RANKINGS, map(_documents, found), strict=True))


def reciprocal_ranks(*ranked: Sequence[Hit]) -> list[Hit]:
    """Rankings fused by rank.

    Source: Cormack, Clarke and Buettcher 2009, Reciprocal Rank Fusion.
    """
    hits = {hit.passage.id: hit for ranking in ranked for hit in ranking}
    scores = dict.fromkeys(hits, 0.0)
    for ranking in ranked:
        for rank, hit in enumerate(ranking, 1):
            scores[hit.passage.id] += 1 / (RANK_CONSTANT + rank)
    return [hits[each] for each in sorted(hits, key=lambda each: (-scores[each], each))]


def measured(measure: str, found: Sequence[str], grades: Grades) -> float:
    """What one ranking of documents is worth: `nDCG@k` or `recall@k`, whether one is found."""
    name, _, k = measure.partition("@")
    if name == "recall":
        return float(any(grades.get(each) for each in found[: int(k)]))
    return ndcg([grades.get(each, 0) for each in found[: int(k)]], grades.values(), k=int(k))


def ndcg(gains: Sequence[int], possible: Iterable[int], *, k: int) -> float:
    """Normalised discounted cumulative gain of the first k.

    Source: Jarvelin and Kekalainen 2002, Cumulated Gain-Based Evaluation, with log2(rank + 1).
    """
    best = sorted(possible, reverse=True)[:k]
    gained, most = (
        sum(gain / log2(rank + 1) for rank, gain in enumerate(each, 1)) for each in (gains, best)
    )
    return gained / most if most else 0.0


def run(asked: Collection, encoder: Encoder) -> dict[str, dict[str, float]]:
    """Each measure of each ranking, averaged over a collection's questions."""
    sums: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="quoth-ranking-") as folder:
        say(f"indexing {asked.name}")
        with indexed(asked.documents, Path(folder), encoder) as index:
            for question, grades in track(asked.questions, asked.name, total=len(asked.questions)):
                for ranking, found in rankings(index, question).items():
                    for measure in MEASURES[asked.name]:
                        worth = measured(measure, found, grades)
                        sums.setdefault(measure, {}).setdefault(ranking, []).append(worth)
    return {
        measure: {name: round(fmean(values), 4) for name, values in row.items()}
        for measure, row in sums.items()
    }


def markdown(runs: Mapping[str, Any], machine: Mapping[str, Any]) -> str:
    """The table."""
    lines = [f"| | {' | '.join(RANKINGS)} |", "|---|" + "--:|" * len(RANKINGS)]
    for name, run_ in runs.items():
        what = f"{name}, {run_['questions']:,} questions, {run_['documents']:,} documents"
        for measure, row in run_["figures"].items():
            figures = " | ".join(f"{row[each]:.3f}" for each in RANKINGS)
            lines.append(f"| {what}: {measure} | {figures} |")
            what = "the same"
    lines += ["", f"Measured on {machine['date']}."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Runs every collection; 130 when interrupted, and nothing is kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ranking", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--questions", type=int, help="of each set, at most (default: all)")
    parser.add_argument("--encoder", type=Path, default=SHIPPED_ENCODER, help="its folder")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write")
    options = parser.parse_args()
    if not (options.data / CASES).is_file():
        parser.error(f"no {CASES} in '{options.data}'. Pass the folder that holds it: --data DATA")
    sets = [paragraphs(options.data / CASES)]
    sets += [collection(options.data / "retrieval" / name) for name in COLLECTIONS]
    runs: dict[str, Any] = {}
    encoder = OnnxEncoder(options.encoder)
    try:
        for each in sets:
            n = min(options.questions or len(each.questions), len(each.questions))
            asked = each._replace(questions=Random(SEED).sample(each.questions, n))
            sizes = {"questions": n, "documents": len(each.documents)}
            runs[each.name] = sizes | {"figures": run(asked, encoder)}
    except KeyboardInterrupt:
        say("Interrupted; nothing is kept.")
        return 130
    machine = describe()
    table = markdown(runs, machine)
    print(table)
    text = json.dumps({"machine": machine, "runs": runs}, indent=1, ensure_ascii=False) + "\n"
    (options.out / "ranking.json").write_text(text, encoding="utf-8")
    (options.out / "ranking.md").write_text(table, encoding="utf-8")
    return 0


def _documents(hits: Iterable[Hit]) -> list[str]:
    """Names of the documents of hits, each once, without the suffix of its file."""
    return list(dict.fromkeys(Path(hit.passage.document_id).stem for hit in hits))


def _rows(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    sys.exit(main())
