"""Several readers averaged into one, weight by weight, which errs less than each of them.

`python -m training.average runs/reader/mean runs/reader/hour=0.4 runs/reader/near=0.6`. The runs
must have gone on from one another, or from a common one: then what lies between is a reader too.

Source: Wortsman et al. 2022, Robust fine-tuning of zero-shot models; Wortsman et al. 2022, Model
    soups: averaging weights of multiple fine-tuned models improves accuracy without increasing
    inference time.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from training.reader import load_reader


def average(runs: Mapping[Path, float]) -> dict[str, Tensor]:
    """The weighted mean of the readers of some runs; the weights need not sum to 1."""
    total = sum(runs.values())
    states = {run: load_reader(run).state_dict() for run in runs}
    names = next(iter(states.values())).keys()
    return {
        name: sum(
            (states[run][name] * (share / total) for run, share in runs.items()), torch.zeros(())
        )
        for name in names
    }


def main() -> None:
    """Writes the mean as a run's checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m training.average")
    parser.add_argument("folder", type=Path, help="write the mean here")
    parser.add_argument("runs", nargs="+", metavar="RUN=WEIGHT", help="a run's folder, its weight")
    arguments = parser.parse_args()
    runs = {
        Path(run): float(share)
        for run, _, share in (each.rpartition("=") for each in arguments.runs)
    }
    arguments.folder.mkdir(parents=True, exist_ok=True)
    torch.save({"reader": average(runs)}, arguments.folder / "checkpoint.pt")


if __name__ == "__main__":
    main()
