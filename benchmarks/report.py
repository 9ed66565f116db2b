"""Figures as a Markdown table, and the files that keep them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import describe

HIGHER_IS_BETTER = ("a second",)
NO_RATIO = ("%",)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of both sides.

    Attributes:
        measure: What was measured.
        unit: Its unit.
        quoth: Quoth's figure.
        stock: The peer's; None where it has none.
        note: How it was measured.
        quoth_samples: What `quoth` summarises; empty when nothing.
        stock_samples: What `stock` summarises.
    """

    measure: str
    unit: str
    quoth: float
    stock: float | None
    note: str
    quoth_samples: tuple[float, ...] = ()
    stock_samples: tuple[float, ...] = ()

    def ratio(self) -> float | None:
        """How many times better Quoth is; None where it cannot be said so."""
        if not self.stock or not self.quoth or self.unit in NO_RATIO:
            return None
        more = self.quoth / self.stock
        return more if self.unit in HIGHER_IS_BETTER else 1 / more


@dataclass
class Table:
    """The rows of one part, in the order in which they were measured.

    Attributes:
        part: Name of the part.
        settings: What it was run on.
        rows: The rows so far.
        machine: Where it was run.
    """

    part: str
    settings: dict[str, object]
    rows: list[Row] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=describe)

    def put(
        self, measure: str, unit: str, quoth: float, stock: float | None = None, *, note: str
    ) -> None:
        """Add a figure."""
        self.rows.append(Row(measure, unit, quoth, stock, note))

    def compare(
        self, measure: str, unit: str, quoth: Sequence[float], stock: Sequence[float], *, note: str
    ) -> None:
        """Add the medians of samples; nothing while a side has none."""
        if quoth and stock:
            medians = median(quoth), median(stock)
            self.rows.append(Row(measure, unit, *medians, note, tuple(quoth), tuple(stock)))


def keep(table: Table, folder: Path) -> None:
    """Write a part into results.json, in place of its last run, and all parts as results.md."""
    path = folder / "results.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept[table.part] = _rounded(
        {"machine": table.machine, "settings": table.settings, "rows": table.rows}
    )
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tables = [
        Table(part, run["settings"], [Row(**row) for row in run["rows"]], run["machine"])
        for part, run in kept.items()
    ]
    (folder / "results.md").write_text(markdown(tables), encoding="utf-8")


def markdown(tables: Sequence[Table]) -> str:
    """The tables as one, with numbered notes and the machines below."""
    lines = ["| | Quoth | stock LlamaIndex | ratio | |", "|---|--:|--:|--:|---|"]
    notes: dict[str, int] = {}
    for row in (row for table in tables for row in table.rows):
        note = notes.setdefault(row.note, len(notes) + 1)
        ratio = row.ratio()
        cells = [
            f"{row.measure}, {row.unit}" if row.unit != "a second" else f"{row.measure} a second",
            figure(row.quoth),
            "–" if row.stock is None else figure(row.stock),
            f"{ratio:.1f} ×" if ratio else "",
            f"({note})",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"{n}. {_capital(note)}." for note, n in notes.items()), ""]
    runs: dict[str, list[str]] = {}
    for table in tables:
        load = f"{table.part} (load at its start {table.machine['load']})"
        runs.setdefault(_where(table.machine), []).append(load)
    lines += [f"Measured on {where}: {', '.join(parts)}." for where, parts in runs.items()]
    return "\n".join(lines) + "\n"


def figure(value: float) -> str:
    """A figure with three digits that count, or all of its digits before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _where(machine: dict[str, Any]) -> str:
    """Day, machine and versions, but for the load."""
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"{machine['date']}, {machine['cores']} cores of {machine['cpu']}, {machine['system']}; "
        f"{versions}"
    )


def _rounded(values: Any) -> Any:
    """The values as JSON can hold them, numbers with six digits that count."""
    if isinstance(values, Row):
        values = asdict(values)
    if isinstance(values, float):
        return float(f"{values:.6g}")
    if isinstance(values, dict):
        return {key: _rounded(value) for key, value in values.items()}
    return [_rounded(value) for value in values] if isinstance(values, list | tuple) else values
