"""Peak memory of both sides for the same job, each in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.report import Table
from benchmarks.workspace import ROOT, Workspace, track, write_passages

QUESTIONS = 20
SIDES = ("product", "stock")


def run(work: Workspace, table: Table) -> None:
    """Build the index of all paragraphs; then, in a new process, open it and ask."""
    cut = work.folder / "passages.json"
    write_passages(work.documents, cut)
    questions = work.folder / "questions.json"
    asked = [case.question for case in work.cases[:QUESTIONS]]
    questions.write_text(json.dumps(asked), encoding="utf-8")
    given = {"product": work.documents, "stock": cut}
    steps = [(job, side) for job in ("build", "ask") for side in SIDES]
    peaks: dict[tuple[str, str], list[float]] = {step: [] for step in steps}
    try:
        for job, side in track(steps, "memory", total=len(steps)):
            folder = work.folder / f"memory-{side}"
            subject = given[side] if job == "build" else questions
            peaks[job, side].append(peak_megabytes(side, job, folder, subject))
    finally:
        n = f"{len(work.document_ids):,} paragraphs"
        does = "Quoth answers, stock retrieves"
        for job, name, note in (
            ("build", "peak memory, building", f"index of {n}, one process each"),
            ("ask", "peak memory, asking", f"{len(asked)} questions to it, a new process; {does}"),
        ):
            table.compare(name, "MB", peaks[job, "product"], peaks[job, "stock"], note=note)


def peak_megabytes(side: str, job: str, folder: Path, subject: Path) -> float:
    """Peak memory of one job.

    Raises:
        RuntimeError: The process fails.
    """
    command = [sys.executable, "-m", "benchmarks.job", side, job, str(folder), str(subject)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{side} {job} ended with {ended.returncode}: {ended.stderr[-800:]}")
    return int(ended.stdout.split()[-1]) / 1e6
