"""A trained reader as the folder that ships.

`python -m training.ship runs/reader/mean qa/models/reader`.
"""

import argparse
from pathlib import Path

from training.export import export, write_description
from training.groups import MAX_PIECES
from training.reader import load_reader

MAX_ANSWER_PIECES = 45  # 30 and 45 measure alike on new-wiki; policies ask for long spans


def ship(run: Path, folder: Path) -> None:
    """Writes the shipped folder, all but its card, from a run's last checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    export(load_reader(run), folder / "model.onnx", outputs=["start", "end"], by_length=True)
    write_description(
        folder,
        {
            "name": f"quoth-reader-{run.name}",
            "max_pieces": MAX_PIECES,
            "max_answer_pieces": MAX_ANSWER_PIECES,
        },
    )


def main() -> None:
    """Ships a run."""
    parser = argparse.ArgumentParser(prog="python -m training.ship")
    parser.add_argument("run", type=Path, help="a training run's folder")
    parser.add_argument("folder", type=Path, help="write the model here")
    arguments = parser.parse_args()
    ship(arguments.run, arguments.folder)


if __name__ == "__main__":
    main()
