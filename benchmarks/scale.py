"""What more passages cost: search, recall, memory, opening, and a change, up to a million.

`python -m benchmarks.scale --documents FOLDER --work WORK` indexes the documents of FOLDER, makes
an index of each size of its passages (beyond their number they are repeated with changes), serves
each in a process of its own, compares faiss's structures, and writes scale.json, scale.md and
scale.svg. What lies in WORK already is not made again, so that a run that was ended goes on; only
serving is measured each time. Delete WORK to start anew, or WORK/SIZE.json to build views again.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.grown import COSINE, EXCHANGED, Real, lay_out
from benchmarks.job import peak_bytes
from benchmarks.machine import describe
from benchmarks.scale_report import draw, markdown
from benchmarks.serving import CHANGES
from benchmarks.structures import compare
from benchmarks.workspace import ROOT, say
from index.dense import FILE_NAME as DENSE_FILE
from index.encoder import OnnxEncoder
from index.lexical import FOLDER_NAME as LEXICAL_FOLDER
from index.search import Index
from index.writer import discard

SIZES = [1_000, 10_000, 100_000, 1_000_000]
COMPARED_AT = 100_000
QUESTIONS = 200


def main() -> int:
    """Measure what was asked for."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="quoth-scale-") as fallback:
        work = options.work or Path(fallback)
        work.mkdir(parents=True, exist_ok=True)
        kept: dict[str, Any] = {"machine": describe()}
        kept["documents"] = _once(work / "real.json", lambda: index_real(work, options.documents))
        real = Real.of(work / "real")
        asked = work / "questions.json"
        asked.write_text(json.dumps(real.questions(QUESTIONS)), encoding="utf-8")
        kept["real"] = served(work / "real", asked, n_changes=0)  # its folder is not ours
        kept["grown"] = {"cosine": COSINE, "words exchanged": EXCHANGED, "questions": QUESTIONS}
        sizes = options.passages or SIZES
        views = {n: _once(work / f"{n}.json", partial(built, real, n, work)) for n in sizes}
        kept["sizes"] = {n: views[n] | served(work / str(n) / "index", asked) for n in sizes}
        if COMPARED_AT in sizes:
            compared = _once(
                work / "structures.json",
                lambda: {"load": describe()["load"], "rows": compare(real, COMPARED_AT)},
            )
            kept["structures"] = compared
    _keep(kept, options.out)
    print(markdown(kept))
    return 0


def index_real(work: Path, documents: Path) -> dict[str, float]:
    """Index the documents; passages, and seconds and peak memory unless a killed run had begun."""
    begun, load = (work / "real").exists(), describe()["load"]
    start = time.perf_counter()
    with Index.open_or_create(work / "real", documents=documents) as index:
        index.sync(progress=lambda done, total, what: say(f"{what}: {done} of {total}"))
        seconds = time.perf_counter() - start
        figures: dict[str, float] = {"passages": len(index)}
    if begun:
        return figures
    return figures | {"seconds": seconds, "load": load, "peak MB": peak_bytes() / 1e6}


def built(real: Real, n: int, work: Path) -> dict[str, float]:
    """Build the views of an index of n passages, laid out first; seconds that they took."""
    folder, draft = work / str(n), work / f"{n}.draft"
    encoder = OnnxEncoder()
    if not folder.exists():
        shutil.rmtree(draft, ignore_errors=True)
        lay_out(real, n, draft, encoder)
        draft.rename(folder)
    for view in (DENSE_FILE, LEXICAL_FOLDER):
        discard(folder / "index" / view)
    say(f"{n:,} passages: views")
    load, start = describe()["load"], time.perf_counter()
    Index.open(folder / "index", encoder=encoder).close()
    return {"views s": time.perf_counter() - start, "views load": load}


def served(index: Path, questions: Path, *, n_changes: int = CHANGES) -> dict[str, float | str]:
    """What a process that serves an index measures."""
    say(f"serving {index}")
    serving = ["benchmarks.serving", str(index), str(questions), str(n_changes)]
    command = [sys.executable, "-m", *serving]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"serving {index} ended with {ended.returncode}: {ended.stderr[-800:]}")
    figures: dict[str, float | str] = json.loads(ended.stdout.splitlines()[-1])
    return figures


def _once(path: Path, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a file has kept of a measurement, which is made where there is none."""
    if not path.exists():
        path.write_text(json.dumps(measure()), encoding="utf-8")
    figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return figures


def _keep(kept: dict[str, Any], folder: Path) -> None:
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    (folder / "scale.json").write_text(text, encoding="utf-8")
    (folder / "scale.md").write_text(markdown(kept), encoding="utf-8")
    draw(kept, folder / "scale.svg")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--documents", type=Path, required=True, help="folder of documents")
    parser.add_argument(
        "--passages", type=int, action="append", help="a size; may be given more than once"
    )
    parser.add_argument("--work", type=Path, help="folder that keeps what was made")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder of the figures"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
