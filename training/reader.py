"""The reader: the body with two scores on each piece, trained on spans.

Train: `python -m training.reader runs/reader/packed.npz runs/reader/hour --recipe hour`. Stopped
at any moment, the same command goes on from its last checkpoint.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from training.body import N_LAYERS, WIDTH, load_body
from training.groups import Batch, batches, epoch
from training.objective import loss, taught
from training.pack import Packed, load_packed
from training.recipes import RECIPES, Recipe

CHECKPOINT_SECONDS = 60


class Reader(nn.Module):
    """Scores that the answer starts and ends at a piece; position 0 is "not answered here"."""

    def __init__(self, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.body = load_body(dropout=dropout)
        self.head = nn.Linear(WIDTH, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores of start and of end, both (n, length)."""
        scores = self.head(self.body(input_ids, attention_mask, token_type_ids))
        return scores[:, :, 0], scores[:, :, 1]


class Others(NamedTuple):
    """Runs that one leans on: whose weights it begins with, and whose scores it learns."""

    first: Path | None
    teacher: Path | None


def train(
    packed: Packed,
    recipe: Recipe,
    folder: Path,
    *,
    others: Others,
    seconds: float,
) -> bool:
    """Trains, or goes on training; whether it came to the recipe's end within the seconds.

    Args:
        packed: What to read.
        recipe: How.
        folder: Of the checkpoints.
        others: Runs that this one leans on.
        seconds: When to stop.
    """
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    reader = Reader(dropout=recipe.dropout)
    if others.first:
        reader.load_state_dict(load_reader(others.first).state_dict())
    reader.to(device).train()
    teacher = load_reader(others.teacher).to(device) if others.teacher else None
    steps = _steps(packed, recipe)
    optimizer = torch.optim.AdamW(_groups(reader, recipe), weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: _rate(i, steps, recipe))
    parts = {"reader": reader, "optimizer": optimizer, "schedule": schedule}
    done = _resume(folder, parts, device)
    began = saved = time.monotonic()
    recent = 0.0
    for step, batch in zip(count(done + 1), _from(packed, recipe, done), strict=False):
        lost = _loss(reader, batch.to(device), teacher, recipe.taught)
        _step(reader, lost, optimizer)
        recent += 0.02 * (float(lost.detach()) - recent)
        schedule.step()
        if step % 50 == 0:
            print(f"{step}/{steps} loss {recent:.3f} {time.monotonic() - began:.0f} s", flush=True)
        if time.monotonic() - saved > CHECKPOINT_SECONDS or step == steps:
            _save(folder, parts, step)
            saved = time.monotonic()
        if time.monotonic() - began > seconds and step < steps:
            _save(folder, parts, step)
            return False
    return True


def load_reader(folder: Path) -> Reader:
    """The reader of a training run's last checkpoint."""
    reader = Reader()
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=True)
    reader.load_state_dict(state["reader"])
    return reader.eval()


def _loss(reader: Reader, batch: Batch, teacher: Reader | None, weight: float) -> Tensor:
    with torch.autocast(batch.input_ids.device.type, torch.bfloat16):
        scores = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        if teacher is None:
            return loss(*scores, batch)
        with torch.no_grad():
            theirs = teacher(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    return (1 - weight) * loss(*scores, batch) + weight * taught(scores, theirs, batch)


def _step(reader: Reader, lost: Tensor, optimizer: torch.optim.Optimizer) -> None:
    lost.backward()
    nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def _steps(packed: Packed, recipe: Recipe) -> int:
    plans = enumerate(recipe.epochs)
    return sum(len(epoch(packed, plan, seed=_seed(recipe, i))) for i, plan in plans)


def _from(packed: Packed, recipe: Recipe, done: int) -> Iterator[Batch]:
    """The batches that follow the first `done`."""
    for i, plan in enumerate(recipe.epochs):
        n = len(epoch(packed, plan, seed=_seed(recipe, i)))
        if done < n:
            yield from islice(batches(packed, plan, seed=_seed(recipe, i), first=done), n - done)
        done = max(0, done - n)


def _seed(recipe: Recipe, number: int) -> int:
    return 1_000 * recipe.seed + number


def _rate(step: int, steps: int, recipe: Recipe) -> float:
    """Part of the highest rate: a straight rise, then a straight fall to 0."""
    rise = max(1.0, recipe.warm_up * steps)
    return min((step + 1) / rise, max(0.0, (steps - step) / (steps - rise)))


def _groups(reader: Reader, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters by depth; the piece embeddings, far the largest part, stay as they are."""
    reader.body.embeddings.word_embeddings.weight.requires_grad = False
    parts = [reader.body.embeddings, *reader.body.layers, reader.head]
    groups: list[dict[str, object]] = []
    for depth, part in enumerate(parts):
        rate = recipe.rate * recipe.decay ** (N_LAYERS + 1 - depth)
        parameters = [p for p in part.parameters() if p.requires_grad]
        groups.append({"params": parameters, "lr": rate})
    return groups


def _save(folder: Path, parts: dict[str, object], step: int) -> None:
    """Replaces the checkpoint at once, so that a stop leaves the old one or the new."""
    folder.mkdir(parents=True, exist_ok=True)
    states = {name: part.state_dict() for name, part in parts.items()}  # type: ignore[attr-defined]
    torch.save({**states, "step": step}, folder / "checkpoint.new")
    (folder / "checkpoint.new").replace(folder / "checkpoint.pt")


def _resume(folder: Path, parts: dict[str, object], device: torch.device) -> int:
    """Steps done before; 0 when there is no checkpoint."""
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])  # type: ignore[attr-defined]
    return int(state["step"])


def main() -> None:
    """Trains by a named recipe."""
    parser = argparse.ArgumentParser(prog="python -m training.reader")
    parser.add_argument("packed", type=Path, help="the arrays that training.pack wrote")
    parser.add_argument("folder", type=Path, help="checkpoints go here")
    parser.add_argument("--recipe", choices=RECIPES, required=True)
    parser.add_argument("--from", dest="first", type=Path, help="begin with this run's weights")
    parser.add_argument("--teacher", type=Path, help="learn this run's scores too")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="then stop, to go on")
    arguments = parser.parse_args()
    recipe = RECIPES[arguments.recipe]
    if bool(recipe.taught) != bool(arguments.teacher):
        parser.error("--teacher goes with a recipe that has one")
    whole = train(
        load_packed(arguments.packed),
        recipe,
        arguments.folder,
        others=Others(arguments.first, arguments.teacher),
        seconds=arguments.seconds,
    )
    print("trained" if whole else "stopped; the same command goes on")


if __name__ == "__main__":
    main()
