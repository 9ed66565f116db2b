"""What memory a first build takes when the folder grows: of some documents, and of four times them.

`python -m benchmarks.building` prints the table and writes it to building.md, the figures to
building.json. The documents are made of the README's words; vectors are made without a model, which
takes as much memory for any folder. Files that are mapped into memory are not counted: the system
takes that memory back when it needs it. Linux only.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

from benchmarks.machine import describe
from benchmarks.nursery import HashEncoder
from benchmarks.serving import megabytes
from benchmarks.workspace import ROOT, SEED, say
from index.search import Index

TIMES = 4
WORDS = 5_000
EACH_SECONDS = 0.01


def lay_out(folder: Path, n: int) -> int:
    """Write documents of random words; bytes of all."""
    folder.mkdir(parents=True)
    random = Random(SEED)
    words = (ROOT / "README.md").read_text(encoding="utf-8").split()
    n_bytes = 0
    for number in range(n):
        text = "\n\n".join(" ".join(random.choices(words, k=50)) for _ in range(WORDS // 50))
        n_bytes += (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
    return n_bytes


def build(folder: Path) -> dict[str, float]:
    """Index the documents below a folder, beside them; the most memory that this process took."""
    highest, ended = megabytes()["own"], Event()

    def watch() -> None:
        nonlocal highest
        while not ended.wait(EACH_SECONDS):
            highest = max(highest, megabytes()["own"])

    with Index.create(
        folder / "index", documents=folder / "documents", encoder=HashEncoder()
    ) as index:
        watcher = Thread(target=watch)
        watcher.start()
        try:
            index.sync()
        finally:
            ended.set()
            watcher.join()
        return {"passages": len(index), "peak MB": highest}


def measured(folder: Path, n: int) -> dict[str, float]:
    """The same in a process of its own, of documents that are made for it."""
    say(f"{n:,} documents")
    n_bytes = lay_out(folder / "documents", n)
    command = [sys.executable, "-m", "benchmarks.building", "--build", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"building {n} ended with {ended.returncode}: {ended.stderr[-800:]}")
    figures: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return {"documents": n, "MB": n_bytes / 1e6} | figures


def markdown(kept: dict[str, Any]) -> str:
    """The table."""
    lines = ["| documents | passages | MB of text | most memory during the first build, MB |"]
    lines += ["|--:|--:|--:|--:|"]
    lines += [
        f"| {row['documents']:,} | {row['passages']:,} | {row['MB']:.0f} | {row['peak MB']:.0f} |"
        for row in kept["builds"]
    ]
    lines += ["", f"Measured on {kept['machine']['date']}."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measures, prints and keeps; or builds, for the process that measures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.building", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000, help="the fewer (default: 1000)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        print(json.dumps(build(options.build)))
        return 0
    sizes = (options.documents, TIMES * options.documents)
    with tempfile.TemporaryDirectory(prefix="quoth-building-") as folder:
        builds = [measured(Path(folder) / str(n), n) for n in sizes]
    kept = {"machine": describe(), "builds": builds}
    table = markdown(kept)
    print(table)
    (options.out / "building.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (options.out / "building.md").write_text(table, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
