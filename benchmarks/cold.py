"""How long a question takes from an idle machine: process, imports, models, index, answer."""

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import Table
from benchmarks.workspace import ROOT, Workspace, track

SEEDS = ROOT / "seeds"
QUESTION = "How many drones did Lavrov cite?"


def run(work: Workspace, table: Table) -> None:
    """`quoth ask` and the stock script in turn, with an index at hand and without."""
    times: dict[tuple[str, str], list[float]] = {
        (side, state): [] for side in ("quoth", "stock") for state in ("none", "present")
    }
    try:
        for each in track(range(work.rounds), "cold starts", total=work.rounds):
            folder = work.folder / f"cold-{each}"
            for state in ("none", "present"):  # the first of the two leaves the index
                for side, command in commands(folder).items():
                    times[side, state].append(wall_seconds(command))
    finally:
        note = (
            f"median of {len(times['stock', 'present'])} processes on seeds/, in turn; Quoth "
            "answers and cites, the stock script loads its index and retrieves"
        )
        for state, name in (("present", "index present"), ("none", "no index yet")):
            measure = f"cold question, {name}"
            table.compare(measure, "s", times["quoth", state], times["stock", state], note=note)


def commands(folder: Path) -> dict[str, list[str]]:
    """What each side's user would type; the index is kept below a folder."""
    python = sys.executable
    where = ["--documents", str(SEEDS), "--index", str(folder / "quoth")]
    return {
        "quoth": [python, "-m", "ui.cli", "ask", QUESTION, *where],
        "stock": [python, "-m", "benchmarks.stock", str(SEEDS), str(folder / "stock"), QUESTION],
    }


def wall_seconds(command: list[str]) -> float:
    """How long a process takes from start to end.

    Raises:
        RuntimeError: It fails.
    """
    start = time.perf_counter()
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if ended.returncode:
        raise RuntimeError(f"{command[1:4]} ended with {ended.returncode}: {ended.stderr[-800:]}")
    return taken
