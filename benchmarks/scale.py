"""What more passages cost: search, recall, memory, opening, and a change, up to a million.

`python -m benchmarks.scale --documents FOLDER --passages 100000 --passages 1000000 --work WORK`
indexes the documents of FOLDER, makes an index of each size of its passages (beyond their number
they are repeated with changes), serves each in a process of its own, and writes scale.json,
scale.md and scale.svg. What lies in WORK already is not made again; delete it to start anew.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.grown import COSINE, EXCHANGED, Real, lay_out
from benchmarks.job import peak_bytes
from benchmarks.machine import describe
from benchmarks.scale_report import draw, markdown
from benchmarks.structures import compare
from benchmarks.workspace import ROOT, say
from index.encoder import OnnxEncoder
from index.search import Index

SIZES = [1_000, 10_000, 100_000, 1_000_000]
COMPARED_AT = 100_000
QUESTIONS = 200


def main() -> int:
    """Measure what was asked for."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="quoth-scale-") as fallback:
        work = options.work or Path(fallback)
        work.mkdir(parents=True, exist_ok=True)
        kept: dict[str, Any] = {"machine": describe(), "documents": index_real(work, options)}
        real = Real.of(work / "real")
        asked = work / "questions.json"
        asked.write_text(json.dumps(real.questions(QUESTIONS)), encoding="utf-8")
        kept["grown"] = {"cosine": COSINE, "words exchanged": EXCHANGED, "questions": QUESTIONS}
        kept["sizes"] = {}
        for n in options.passages or SIZES:
            kept["sizes"][n] = made(real, n, work) | served(work / str(n), asked)
            print(n, json.dumps(kept["sizes"][n]), flush=True)
        if options.structures:
            kept["structures"] = compare(real, COMPARED_AT)
        elif (before := options.out / "scale.json").exists():
            kept["structures"] = json.loads(before.read_text(encoding="utf-8"))["structures"]
    _keep(kept, options.out)
    print(markdown(kept))
    return 0


def index_real(work: Path, options: argparse.Namespace) -> dict[str, float]:
    """Index the documents; passages, and seconds and peak memory unless a killed run had begun."""
    path = work / "real.json"
    if not path.exists():
        begun = (work / "real").exists()
        start = time.perf_counter()
        with Index.open_or_create(work / "real", documents=options.documents) as index:
            index.sync(progress=lambda done, total, what: say(f"{what}: {done} of {total}"))
            seconds = time.perf_counter() - start
            kept: dict[str, float] = {"passages": len(index)}
            if not begun:
                kept |= {"seconds": seconds, "peak MB": peak_bytes() / 1e6}
        path.write_text(json.dumps(kept), encoding="utf-8")
    figures: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return figures


def made(real: Real, n: int, work: Path) -> dict[str, float]:
    """Make the index of n passages; seconds that its views took."""
    folder, path = work / str(n), work / f"{n}.json"
    if not path.exists():
        shutil.rmtree(folder, ignore_errors=True)
        encoder = OnnxEncoder()
        lay_out(real, n, folder, encoder)
        say(f"{n:,} passages: views")
        start = time.perf_counter()
        Index.open(folder / "index", encoder=encoder).close()
        kept = {"views s": time.perf_counter() - start}
        path.write_text(json.dumps(kept), encoding="utf-8")
    figures: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return figures


def served(folder: Path, questions: Path) -> dict[str, float | str]:
    """What a process that serves an index measures."""
    say(f"serving {folder.name}")
    command = [sys.executable, "-m", "benchmarks.serving", str(folder / "index"), str(questions)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"serving {folder} ended with {ended.returncode}: {ended.stderr[-800:]}")
    figures: dict[str, float | str] = json.loads(ended.stdout.splitlines()[-1])
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
        "--structures", action="store_true", help="compare faiss's structures again"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder of the figures"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
