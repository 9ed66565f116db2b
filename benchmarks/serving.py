"""One index served by a process of its own; its last line is what that cost, as JSON.

`python -m benchmarks.serving INDEX QUESTIONS CHANGES`, where QUESTIONS is a JSON list: the index is
opened and asked; so many times a document is put into its folder and taken out again.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np

from index.encoder import OnnxEncoder
from index.search import CANDIDATES, WORDED, Index
from qa.metrics import percentile

WARM_UP = 20
CHANGES = 5
RANKED = 10
_TEXT = (
    "The ferry of the northern harbour was built in {0}. Her engine was replaced after {0} "
    "crossings, and the old one stands in the museum beside the mill."
)

_T = TypeVar("_T")


def serve(folder: Path, questions: list[str], *, n_changes: int) -> dict[str, float | str]:
    """What opening, asking and changing an index costs: milliseconds, seconds, megabytes."""
    load = round(os.getloadavg()[0], 1)
    encoder = OnnxEncoder()
    opening, index = timed(lambda: Index.open(folder, encoder=encoder))
    first, _ = timed(lambda: index.search(questions[0]))
    asked = times(index.search, questions)
    worked = times(index.search, questions, clock=time.process_time)
    memory = megabytes()
    slipped = times(index.search, [misspelled(question) for question in questions])
    encoded = times(encoder.encode_question, questions)
    vectors = [encoder.encode_question(question) for question in questions]
    dense = times(lambda vector: index._dense.search(vector, k=CANDIDATES), vectors)
    n_worded = WORDED * CANDIDATES
    lexical = times(lambda question: index._lexical.search(question, k=n_worded), questions)
    kept: dict[str, float | str] = {
        "structure": index.status().dense,
        "gigabytes on disk": index.status().n_bytes / 1e9,
        "open s": opening,
        "first search s": first,
        **{f"search {name} ms": value for name, value in spread(asked).items()},
        "processor p50 ms": percentile(worked, 0.5),
        **{f"misspelled {name} ms": value for name, value in spread(slipped).items()},
        **{f"encoding {name} ms": value for name, value in spread(encoded).items()},
        **{f"dense {name} ms": value for name, value in spread(dense).items()},
        **{f"lexical {name} ms": value for name, value in spread(lexical).items()},
        **{f"{name} MB": value for name, value in memory.items()},
        "all MB": sum(memory.values()),
        "load": load,
        f"recall@{RANKED}": recall(index, vectors),
    }
    if n_changes:
        kept |= change(index, n_changes)
    index.close()
    return kept


def misspelled(question: str) -> str:
    """A question with two letters exchanged in the middle of its longest word."""
    word = max(question.split(), key=len)
    i = len(word) // 2
    return question.replace(word, word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :])


def change(index: Index, n: int) -> dict[str, float]:
    """Median seconds to take in one document that came, and one that went; seconds to merge."""
    assert index.documents is not None
    nothing, _ = timed(index.sync)
    added, removed = [], []
    for number in range(n):
        path = index.documents / "one-more.txt"
        path.write_text(_TEXT.format(1900 + number), encoding="utf-8")
        added.append(timed(index.sync)[0])
        path.unlink()
        removed.append(timed(index.sync)[0])
    merge = timed(lambda: index._renewed_dense(index._catalogue).save(index.folder))[0]
    return {
        "sync nothing s": nothing,
        "add s": median(added),
        "add, slowest s": max(added),
        "remove s": median(removed),
        "write vectors anew s": merge,
    }


def recall(index: Index, vectors: list[np.ndarray]) -> float:
    """Share of the passages that are nearest in truth which the view finds."""
    ids, asked = np.array(index._catalogue.ids()), np.stack(vectors)
    best = np.full((len(asked), RANKED), -np.inf, np.float32)
    for start in range(0, len(ids), 20_000):
        rows = index._catalogue.vectors(ids[start : start + 20_000].tolist())
        best = np.sort(np.hstack([best, asked @ rows.T]))[:, -RANKED:]
    n_found = sum(
        sum(product >= least - 1e-6 for _, product in index._dense.search(vector, k=RANKED))
        for vector, least in zip(vectors, best[:, 0], strict=True)
    )
    return n_found / (RANKED * len(vectors))


def timed(
    call: Callable[[], _T], *, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, _T]:
    """Seconds that a call takes, and what it gives."""
    start = clock()
    given = call()
    return clock() - start, given


def times(
    call: Callable[[_T], object],
    subjects: list[_T],
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Milliseconds of a call for each subject, after some to warm up."""
    for subject in subjects[:WARM_UP]:
        call(subject)
    return [1000 * timed(partial(call, subject), clock=clock)[0] for subject in subjects]


def spread(milliseconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": percentile(milliseconds, 0.5), "p95": percentile(milliseconds, 0.95)}


def megabytes() -> dict[str, float]:
    """What this process holds: memory of its own, and pages of files, which may be given back."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return {
        "own": int(lines["RssAnon"].split()[0]) / 1000,
        "mapped": int(lines["RssFile"].split()[0]) / 1000,
    }


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    served = serve(Path(sys.argv[1]), asked, n_changes=int(sys.argv[3]))
    print(json.dumps(served))
