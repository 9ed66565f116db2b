"""Tests of benchmarks.scale: grown indexes are sound, and one command measures and writes all."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import scale
from benchmarks.grown import COSINE, PASSAGES_PER_DOCUMENT, Real, lay_out
from benchmarks.scale_report import markdown
from benchmarks.serving import misspelled, recall, spread
from index.audit import audit
from index.encoder import OnnxEncoder
from index.search import Index

TEXTS = [
    "The mill of the valley was built in 1742 beside the ford, where carts could cross the river.",
    "A ferry carries barley from the harbour to the island twice a week, but not while it freezes.",
    "In the flood of that spring the wheel broke, and the miller had the bakers wait until summer.",
]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder()


@pytest.fixture(scope="module")
def real(encoder: OnnxEncoder) -> Real:
    return Real(TEXTS, encoder.encode_passages(TEXTS))


def test_grown_passages_are_the_real_ones_and_then_changed_ones(real: Real) -> None:
    texts, vectors = zip(*real.grown(9), strict=True)
    assert list(texts[:3]) == TEXTS
    assert np.array_equal(np.stack(vectors[:3]), real.vectors)
    assert not set(texts[3:]) & set(TEXTS)
    for number in range(3, 9):
        assert np.linalg.norm(vectors[number]) == pytest.approx(1, abs=1e-5)
        assert vectors[number] @ real.vectors[number % 3] == pytest.approx(COSINE, abs=0.1)
    again = [text for text, _ in real.grown(9)]
    assert again == list(texts)


def test_an_index_that_was_laid_out_is_a_sound_one(
    real: Real, encoder: OnnxEncoder, tmp_path: Path
) -> None:
    n = PASSAGES_PER_DOCUMENT + 5
    lay_out(real, n, tmp_path, encoder)
    with Index.open(tmp_path / "index", encoder=encoder) as index:
        assert len(index) == n
        assert index.sync().unchanged == len(index.listing()) == 2
        assert index.search("mill built 1742")[0].passage.text == TEXTS[0]
        vectors = list(encoder.encode_passages(TEXTS))
        assert recall(index, vectors) == 1
    assert audit(tmp_path / "index", progress=lambda *_: None).sound


def test_one_command_measures_and_writes_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice: what was made stays, and the same tables come of it."""
    library, work = tmp_path / "library", tmp_path / "work"
    library.mkdir()
    (library / "valley.txt").write_text("\n\n".join(TEXTS * 3), encoding="utf-8")
    options = ["--documents", library, "--work", work, "--out", tmp_path, "--passages", 30]
    monkeypatch.setattr(sys, "argv", ["scale", *map(str, options)])
    made: list[float] = []
    for _ in range(2):
        assert scale.main() == 0
        kept = json.loads((tmp_path / "scale.json").read_text(encoding="utf-8"))
        made.append(kept["sizes"]["30"]["views s"])
        table = (tmp_path / "scale.md").read_text(encoding="utf-8")
        assert table == markdown(kept)
        assert table in capsys.readouterr().out
        assert "| search, p50, ms |" in table
        assert "30: exact" in table
        assert ", all real: exact" in table
        assert [path.name for path in library.iterdir()] == ["valley.txt"]
        assert (tmp_path / "scale.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert made[0] == made[1]


def test_the_tables_show_what_was_compared_and_under_what_load() -> None:
    figures: dict[str, Any] = {
        **dict.fromkeys(["recall@10", "all MB", "own MB", "gigabytes on disk", "open s"], 0.5),
        **dict.fromkeys(["first search s", "sync nothing s", "add s", "remove s"], 0.25),
        **dict.fromkeys(["write vectors anew s", "views s", "views load", "load"], 2.5),
        "processor p50 ms": 1.0,
        "structure": "exact",
    }
    for part in ("search", "encoding", "dense", "lexical"):
        figures |= {f"{part} {name} ms": each for name, each in spread([1.0, 3.0]).items()}
    row = {"structure": "flat, 16 bits", "p50 ms": 1.5, "recall@10": 0.99}
    table = markdown(
        {
            "machine": {"date": "2026-01-01", "cores": 2, "cpu": "a processor", "load": 0.5},
            "documents": {"passages": 1000, "seconds": 10.0, "load": 0.25, "peak MB": 300.0},
            "grown": {"words exchanged": 0.2, "cosine": 0.8, "questions": 7},
            "real": {"structure": "exact", "search p50 ms": 1.25},
            "sizes": {"1000": figures},
            "structures": {"load": 0.75, "rows": [row]},
        }
    )
    assert "in 10 s, 100 a second, with 300 MB at most (load 0.25 at its start)" in table
    assert "| flat, 16 bits | 1.50 | 0.990 |" in table
    assert "load 0.75 when the comparison began" in table
    assert "| load when serving began |  | 2.50 |" in table
    assert "| passages | 1,000, all real | 1,000 |" in table
    assert "| search, p50, ms | 1.25 | 2.00 |" in table


def test_a_question_is_misspelled_in_its_longest_word() -> None:
    assert misspelled("the harbour of Vell") == "the habrour of Vell"
