"""Kills processes that work on an index, and writes what became of it to faults.json and faults.md.

`python -m benchmarks.faults --kills 5000`. Ctrl-C prints what was seen so far and writes nothing.
The exit code is 1 if a promise was broken.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.kills import Trial, trial
from benchmarks.machine import describe
from benchmarks.workspace import track

SHARED_MEMORY = Path("/dev/shm")


@dataclass
class Tally:
    """What many kills came to.

    Attributes:
        killed: Processes that were killed.
        acknowledged: Processes that had said that their work was done.
        seconds: How long it took.
        at: How many were killed at each step, or a little after it.
        broken: The promises that were not kept.
    """

    killed: int = 0
    acknowledged: int = 0
    seconds: float = 0.0
    at: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, trial: Trial) -> None:
        """Count processes until one more has been killed."""
        before = self.killed
        while self.killed == before:
            kill = trial.kill()
            self.killed += kill.killed
            self.acknowledged += kill.acknowledged
            self.at.update([kill.at] if kill.killed and kill.at else [])
            self.broken += kill.broken

    def markdown(self) -> str:
        """The counts as a table."""
        rows = {
            "processes killed while they worked on an index": self.killed,
            "the same, at so many kinds of moments": len(self.at),
            "processes between them that ended by themselves": self.acknowledged,
            "promises broken": len(self.broken),
        }
        lines = ["| | |", "|---|--:|", *(f"| {what} | {n:,} |" for what, n in rows.items())]
        return "\n".join(lines) + "\n"


def main() -> int:
    """Kill, count and write; 0, 1 when a promise was broken, or 130 when interrupted."""
    options = _options()
    tally = Tally()
    begin = time.monotonic()
    shared = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="quoth-faults-", dir=shared) as place,
        trial(Path(place), seed=options.seed) as tried,
    ):
        try:
            for _ in track(range(options.kills), "kills", total=options.kills):
                tally.add(tried)
        except KeyboardInterrupt:
            print(f"\nInterrupted; not kept:\n\n{tally.markdown()}")
            return 130
    tally.seconds = round(time.monotonic() - begin, 1)
    _keep(tally, options.out, seed=options.seed)
    print(tally.markdown(), *tally.broken, sep="\n")
    return 1 if tally.broken else 0


def _keep(tally: Tally, folder: Path, *, seed: int) -> None:
    values = {"machine": describe(), "settings": {"seed": seed}} | vars(tally)
    text = json.dumps(values, indent=1, ensure_ascii=False)
    (folder / "faults.json").write_text(text + "\n", encoding="utf-8")
    (folder / "faults.md").write_text(tally.markdown(), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=5000, help="how many (default: 5000)")
    parser.add_argument("--seed", type=int, default=0, help="of what is random (default: 0)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder of the two files"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
