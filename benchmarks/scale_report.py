"""The figures of benchmarks.scale as a table, and as a plot."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import figure

# Measure, its key, and what must be reached at 100,000 and at a million passages.
_ROWS = (
    ("search, p50, ms", "search p50 ms", "5", "10"),
    ("search, p95, ms", "search p95 ms", "10", "25"),
    ("the same, of both cores' time, p50, ms", "processor p50 ms", "", ""),
    ("with its longest word misspelled, p50 (p95), ms", "misspelled", "", ""),
    ("of it encoding the question, p50, ms", "encoding p50 ms", "", ""),
    ("of it vectors, p50 (p95), ms", "dense", "", ""),
    ("of it words, p50 (p95), ms", "lexical", "", ""),
    ("recall@10 of exact", "recall@10", "", "≥ .98"),
    ("memory, files that it maps included, MB", "all MB", "1,000", "1,500"),
    ("of it its own, MB", "own MB", "", ""),
    ("on disk, GB", "gigabytes on disk", "", ""),
    ("open, s", "open s", "", "2"),
    ("first search, s", "first search s", "", ""),
    ("a sync that finds nothing new, s", "sync nothing s", "", ""),
    ("a sync that adds one document, s", "add s", "", "2"),
    ("a sync that removes one, s", "remove s", "", ""),
    ("one change in 10,000: vectors' file written anew, s", "write vectors anew s", "", ""),
    ("views built from the catalogue, s", "views s", "", ""),
    ("load when that began", "views load", "", ""),
    ("load when serving began", "load", "", ""),
)


def markdown(kept: Mapping[str, Any]) -> str:
    """The tables, and where they were measured."""
    sizes = {int(n): figures for n, figures in kept["sizes"].items()}
    columns = {f"{kept['documents']['passages']:,}, all real": kept["real"]}
    columns |= {f"{n:,}": figures for n, figures in sizes.items()}
    header = ["passages", *columns, "must reach at 100,000", "at 1,000,000"]
    lines = [_row(header), "|---|" + "--:|" * (len(header) - 1)]
    lines += [
        _row([name, *(_cell(figures, key) for figures in columns.values()), *goals])
        for name, key, *goals in _ROWS
    ]
    documents, machine = kept["documents"], kept["machine"]
    rate = ""
    if "seconds" in documents:
        rate = (
            f", indexed from files in {documents['seconds']:,.0f} s, "
            f"{documents['passages'] / documents['seconds']:.0f} a second, with "
            f"{documents['peak MB']:,.0f} MB at most (load {documents['load']} at its start)"
        )
    grown = kept["grown"]
    structures = [f"{name}: {figures['structure']}" for name, figures in columns.items()]
    lines += [
        "",
        f"{documents['passages']:,} passages are of real documents{rate}; "
        "beyond their number they are repeated with one word in "
        f"{1 / grown['words exchanged']:.0f} exchanged and vectors of cosine {grown['cosine']} "
        f"with the real ones. {grown['questions']} questions, runs of eight words.",
        *structures,
        "",
        f"{machine['date']}, {machine['cores']} cores of {machine['cpu']}, load {machine['load']} "
        "at the start.",
    ]
    if "structures" in kept:
        lines += ["", *_structures(kept["structures"])]
    return "\n".join(lines) + "\n"


def _structures(compared: Mapping[str, Any]) -> list[str]:
    measured = compared["rows"]
    keys = [key for key in measured[0] if key != "structure"]
    return [
        _row(["structure, 100,000 passages", *keys]),
        "|---|" + "--:|" * len(keys),
        *(_row([row["structure"], *(_number(key, row[key]) for key in keys)]) for row in measured),
        "",
        f"Of one core each; load {compared['load']} when the comparison began.",
    ]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(figures: Mapping[str, Any], key: str) -> str:
    if key in figures:
        return _number(key, figures[key])
    if f"{key} p50 ms" not in figures:
        return ""
    return f"{figure(figures[f'{key} p50 ms'])} ({figure(figures[f'{key} p95 ms'])})"


def _number(key: str, value: float) -> str:
    return f"{value:.3f}" if key.startswith("recall") else figure(value)


def draw(kept: Mapping[str, Any], path: Path) -> None:
    """Seconds of a change and of a search against the number of passages."""
    import matplotlib as mpl  # noqa: PLC0415 - a second to import
    from matplotlib.figure import Figure  # noqa: PLC0415 - a second to import

    sizes = sorted(int(n) for n in kept["sizes"])
    rows = [kept["sizes"].get(n) or kept["sizes"][str(n)] for n in sizes]
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "quoth", "font.size": 11}):
        drawn = Figure(figsize=(7, 3.6), layout="constrained")
        axes = drawn.subplots()
        for key, name in (
            ("add s", "add one document"),
            ("remove s", "remove one"),
            ("sync nothing s", "find nothing new"),
            ("open s", "open"),
        ):
            axes.plot(sizes, [row[key] for row in rows], marker="o", label=name)
        axes.plot(
            sizes, [row["search p50 ms"] / 1000 for row in rows], marker="o", label="search (p50)"
        )
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="seconds")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
        drawn.savefig(path, format="svg", metadata={"Date": None})
