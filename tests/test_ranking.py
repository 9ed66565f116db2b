"""Tests of benchmarks.ranking: a collection is read as it is laid out and measured as papers do."""

import gzip
import json
from math import log2
from pathlib import Path

import pytest
from conftest import WordEncoder

from benchmarks.ranking import (
    RANKINGS,
    Collection,
    collection,
    markdown,
    measured,
    ndcg,
    paragraphs,
    reciprocal_ranks,
    run,
)
from index.passage import Passage
from index.search import Hit

TEXTS = {
    "a": ("Mills", "The old mill was built of stone by the monks."),
    "b": ("", "The ferry leaves every forty minutes for the island."),
    "c": ("", "A flood broke the wheel and the dam above it."),
}


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))


def hit(number: int) -> Hit:
    return Hit(Passage(number, f"{number}.txt", 0, 1, "x"), "", 0.0, 0.0, 0.0)


def test_the_gain_of_a_ranking_is_the_textbooks() -> None:
    """Grades 3, 2, 3, 0, 1, 2 found in this order, of which 3, 3, 3, 2, 2, 2, 1 are possible.

    Source: the example of Wikipedia, Discounted cumulative gain.
    """
    found = ndcg([3, 2, 3, 0, 1, 2], [3, 3, 2, 2, 1, 0, 3, 2], k=6)
    assert found == pytest.approx(6.861 / 8.740, abs=1e-3)
    assert ndcg([0, 0], [1], k=10) == ndcg([], [], k=10) == 0
    assert ndcg([1], [1, 1, 1], k=1) == 1


def test_a_document_found_late_is_recalled_only_by_then() -> None:
    found = ["x", "y", "right"]
    assert [measured(f"recall@{k}", found, {"right": 1}) for k in (1, 2, 3)] == [0, 0, 1]
    assert measured("nDCG@10", found, {"right": 2}) == pytest.approx(1 / log2(4))


def test_ranks_are_fused_by_their_reciprocals() -> None:
    fused = reciprocal_ranks([hit(1), hit(2), hit(3)], [hit(2), hit(4)])
    assert [each.passage.id for each in fused] == [2, 1, 4, 3]


def test_a_collection_is_read_as_it_is_laid_out(tmp_path: Path) -> None:
    rows = [{"_id": each, "title": title, "text": text} for each, (title, text) in TEXTS.items()]
    write(tmp_path / "tiny" / "corpus.jsonl.gz", *map(json.dumps, rows))
    asked = [{"_id": "1", "text": "Who built the mill?"}, {"_id": "2", "text": "Of no answer?"}]
    write(tmp_path / "tiny" / "queries.jsonl.gz", *map(json.dumps, asked))
    write(tmp_path / "tiny" / "qrels.tsv.gz", "query-id\tcorpus-id\tscore", "1\ta\t3", "1\tc\t1")
    read = collection(tmp_path / "tiny")
    assert read == ("tiny", TEXTS, [("Who built the mill?", {"a": 3, "c": 1})])


def test_question_cases_are_a_collection_of_their_contexts(tmp_path: Path) -> None:
    cases = [
        {"question": "When?", "answers": ["1742"], "context": "In 1742."},
        {"question": "Who?", "answers": ["monks"], "context": "By monks."},
        {"question": "Since when?", "answers": ["1742"], "context": "In 1742."},
    ]
    write(tmp_path / "cases.jsonl.gz", *map(json.dumps, cases))
    read = paragraphs(tmp_path / "cases.jsonl.gz")
    assert read.documents == {"0000": ("", "In 1742."), "0001": ("", "By monks.")}
    assert [grades for _, grades in read.questions] == [{"0000": 1}, {"0001": 1}, {"0000": 1}]


def test_every_ranking_is_measured_on_the_real_index() -> None:
    asked = Collection("new-wiki", TEXTS, [("Who built mills of stone?", {"a": 1})])
    figures = run(asked, WordEncoder())
    assert list(figures) == ["nDCG@10", "recall@1", "recall@5", "recall@20"]
    assert all(row == dict.fromkeys(RANKINGS, 1.0) for row in figures.values())
    wrong = Collection("med", TEXTS, [("Who built mills of stone?", {"missing": 1})])
    assert run(wrong, WordEncoder()) == {"nDCG@10": dict.fromkeys(RANKINGS, 0.0)}


def test_the_table_has_a_row_for_each_measure() -> None:
    figures = {"nDCG@10": dict.fromkeys(RANKINGS, 0.5), "recall@1": dict.fromkeys(RANKINGS, 1)}
    runs = {"tiny": {"questions": 1_000, "documents": 3, "figures": figures}}
    lines = markdown(runs, {"date": "2026-01-02"}).splitlines()
    assert lines[2].startswith("| tiny, 1,000 questions, 3 documents: nDCG@10 | 0.500 | ")
    assert lines[3] == "| the same: recall@1 | 1.000 | 1.000 | 1.000 | 1.000 |"
