"""Runs the benchmarks, prints their table and writes results.json and results.md.

`python -m benchmarks --data DATA`, where DATA/dev/squadshifts-new-wiki.jsonl.gz is SQuADShifts
new-wiki (Miller et al. 2020), a JSON object with `question`, `context` and `answers` on each line.
Ctrl-C prints the figures so far; only a part that is complete goes into the files.
"""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.report import Table, keep, markdown
from benchmarks.workspace import CASES, Workspace

PARTS = ("speed", "cold", "memory", "retrieval")


def main() -> int:
    """Run the parts that were asked for; 0, or 130 when interrupted."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="quoth-benchmarks-") as folder:
        work = Workspace(
            Path(folder),
            options.data,
            n_paragraphs=options.paragraphs,
            n_questions=options.questions,
            rounds=options.rounds,
        )
        for part in [options.only] if options.only else PARTS:
            table = Table(part, settings=work.settings())
            try:
                import_module(f"benchmarks.{part}").run(work, table)
            except KeyboardInterrupt:
                print(f"\nInterrupted; {part} so far, not kept:\n\n{markdown([table])}")
                return 130
            print(markdown([table]), flush=True)
            keep(table, options.out)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, help=f"folder with {CASES}")
    parser.add_argument("--only", choices=PARTS, help="run one part")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each timing (default: 5)")
    parser.add_argument("--questions", type=int, help="a sample of so many (default: all)")
    parser.add_argument("--paragraphs", type=int, help="a sample of so many (default: all)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder of the results"
    )
    options = parser.parse_args()
    if options.data is None:
        parser.error(f"no data. Pass the folder that holds {CASES}: --data DATA")
    if not (options.data / CASES).is_file():
        parser.error(f"no {CASES} in '{options.data}'. Pass the folder that holds it: --data DATA")
    return options


if __name__ == "__main__":
    sys.exit(main())
