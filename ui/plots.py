"""The plots of an evaluation, as elements of a page whose colours they take."""

import re
from collections.abc import Callable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluate import Outcome
from qa.figures import Figures
from qa.metrics import percentile, reliability, risk_at, risks
from ui.escape import html_text
from ui.wording import JUDGED_ABOUT, counted, milliseconds, share

if TYPE_CHECKING:  # drawing takes a second to import, and most calls draw nothing
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

N_BINS = 15
JUDGED_BINS = 5  # people judge tens of answers, not thousands

# Drawn in these and shown in the page's variables of the same names, light or dark.
_DRAWN = {
    "ink": "#1f1d1a",
    "soft": "#6a655d",
    "line": "#e4e0d9",
    "accent": "#2b4c6f",
    "sheet": "#ffffff",
}
_INK, _SOFT, _LINE, _ACCENT, _SHEET = _DRAWN.values()
_STYLE: dict[Any, Any] = {  # matplotlib spells its keys out as literals
    "svg.fonttype": "none",  # text stays text
    "font.size": 11,
    "text.color": _INK,
    "axes.edgecolor": _SOFT,
    "axes.labelcolor": _INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": _LINE,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "legend.frameon": False,
    "legend.fontsize": 10.5,
    "legend.borderaxespad": 0,
    "legend.borderpad": 0.2,
}
_ABOVE: dict[str, Any] = {
    "loc": "lower left",
    "bbox_to_anchor": (0, 1.02),
}  # where a legend covers no line


def plots(outcomes: Sequence[Outcome], measured: Figures) -> list[str]:
    """Risk against coverage, calibration, and seconds, each a figure with its caption."""
    return [
        _risk_figure(outcomes, measured),
        _calibration_figure(outcomes, measured),
        _seconds_figure(
            [each.seconds for each in outcomes], p50=measured.seconds_p50, p95=measured.seconds_p95
        ),
    ]


def judged_plot(probability: Sequence[float], right: Sequence[bool]) -> str:
    """Whether the certainty of answers that people judged can be believed, as a figure."""
    bins = reliability(probability, right, n_bins=JUDGED_BINS)
    return _certainty_figure(bins, about=JUDGED_ABOUT)


def seconds_plot(seconds: Sequence[float]) -> str:
    """How long answers took, as a figure."""
    return _seconds_figure(seconds, p50=percentile(seconds, 0.5), p95=percentile(seconds, 0.95))


def _risk_figure(outcomes: Sequence[Outcome], measured: Figures) -> str:
    probability, right = _judged(outcomes)
    said = [
        f"{risk_at(probability, right, coverage=coverage):.1%} wrong with {coverage:.0%} answered"
        for coverage in (0.5, 0.8, 1.0)
    ]
    return _figure(
        "risk",
        heading="What one more answer costs",
        about="The most certain questions are answered first; to the right, less certain ones "
        f"too, and more answers are wrong. Lower is better. {_at_threshold(measured)} At the left "
        "edge a share is of very few answers and may leave the frame.",
        label=f"Curve of errors among the answers against questions answered: {', '.join(said)}. "
        + _at_threshold(measured),
        draw=lambda axes: _draw_risk(axes, outcomes, measured),
    )


def _at_threshold(measured: Figures) -> str:
    at = f"At the threshold of {measured.threshold:.1%}"
    if not measured.answered:
        return f"{at} nothing is answered."
    answered, wrong = measured.answered / measured.n, measured.wrong / measured.answered
    return f"{at}, {answered:.1%} are answered, {wrong:.1%} of these answers wrong."


def _draw_risk(axes: "Axes", outcomes: Sequence[Outcome], measured: Figures) -> None:
    probability, right = _judged(outcomes)
    reader = risks([each.span_probability for each in outcomes], right)
    quoth = risks(probability, right)
    shares = np.arange(len(outcomes) + 1) / len(outcomes)
    for risk, name, look in (
        (reader, "by the reader's own probability", {"color": _SOFT, "linestyle": (0, (4, 2))}),
        (quoth, "by Quoth's certainty", {"color": _ACCENT, "linewidth": 2}),
    ):
        axes.plot(shares, np.concatenate([risk[:1], risk]), label=name, **look)
    wrong = share(measured.wrong, measured.answered)
    if wrong is not None:
        name = f"at the threshold of {measured.threshold:.1%}"
        answered = measured.answered / measured.n
        axes.plot(
            answered, wrong, "o", color=_INK, markersize=7, zorder=4, clip_on=False, label=name
        )
    settled = [risk[len(outcomes) // 20 :].max() for risk in (reader, quoth)]
    axes.set(xlim=(0, 1), ylim=(0, 1.08 * max(*settled, wrong or 0, 0.01)))
    axes.set(xlabel="questions answered", ylabel="wrong among the answers")
    _in_percent(axes)
    axes.legend(**_ABOVE)


def _calibration_figure(outcomes: Sequence[Outcome], measured: Figures) -> str:
    return _certainty_figure(
        reliability(*_judged(outcomes), n_bins=N_BINS),
        about="Each dot stands for the best spans of about equal certainty, given or withheld; "
        "a larger dot for more questions. On the diagonal, 70% sure means right 7 times in 10; "
        "below it, Quoth is too sure. The mean distance, weighted by questions, is "
        f"{measured.ece:.1%}.",
    )


def _certainty_figure(bins: Floats, *, about: str) -> str:
    said = "; ".join(f"{stated:.0%} stated, {right:.0%} right" for _, stated, right in bins)
    ece = float(np.sum(bins[:, 0] * np.abs(bins[:, 1] - bins[:, 2])))
    return _figure(
        "calibration",
        heading="Whether certainty can be believed",
        about=about,
        label=f"Stated certainty against the share that is right, in {counted(len(bins), 'bin')}: "
        f"{said}. Expected calibration error {ece:.1%}.",
        draw=lambda axes: _draw_certainty(axes, bins),
    )


def _draw_certainty(axes: "Axes", bins: Floats) -> None:
    size, stated, right = bins.T
    axes.plot([0, 1], [0, 1], color=_SOFT, linewidth=1, linestyle=(0, (4, 2)))
    axes.plot(stated, right, color=_ACCENT, linewidth=1)
    axes.scatter(stated, right, s=12 + 600 * size, color=_ACCENT, zorder=3, clip_on=False)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="stated certainty", ylabel="share that is right")
    _in_percent(axes)


def _seconds_figure(seconds: Sequence[float], *, p50: float, p95: float) -> str:
    times = [1000 * each for each in seconds]
    marks = f"Half took less than {milliseconds(p50)}, 95 in 100 less than "
    marks += f"{milliseconds(p95)}; the longest {milliseconds(max(times) / 1000)}."
    n_beyond = sum(time > _longest_shown(times) for time in times)
    beyond = f" The last bar holds {n_beyond:,} that took longer still." if n_beyond else ""
    return _figure(
        "seconds",
        heading="How long an answer takes",
        about=f"From the question to the answer, in milliseconds. {marks}{beyond}",
        label=f"Histogram of the time of {counted(len(times), 'answer')}. {marks}",
        draw=lambda axes: _draw_seconds(axes, times, p50=p50, p95=p95),
    )


def _draw_seconds(axes: "Axes", times: Sequence[float], *, p50: float, p95: float) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - most calls draw nothing

    last = _longest_shown(times)
    axes.hist(np.minimum(times, last), bins=30, range=(0, last), color=_ACCENT, rwidth=0.9)
    for name, seconds, line in (
        ("p50", p50, "solid"),
        ("p95", p95, (0, (4, 2))),
    ):
        named = f"{name}: {milliseconds(seconds)}"
        axes.axvline(1000 * seconds, color=_SHEET, linewidth=4.5)  # sets it off from the bars
        axes.axvline(1000 * seconds, color=_INK, linewidth=1.5, linestyle=line, label=named)
    axes.set(xlim=(0, last), xlabel="milliseconds", ylabel="questions")
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.legend(ncols=2, **_ABOVE)


def _longest_shown(times: Sequence[float]) -> float:
    """Where the histogram ends: a few that took far longer must not squeeze all the others."""
    return float(max(min(1.1 * max(times), 1.5 * np.quantile(times, 0.98)), 1e-3))


def _judged(outcomes: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    return [each.probability for each in outcomes], [each.right for each in outcomes]


def _in_percent(axes: "Axes") -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda share, _: f"{100 * share:g}%")


def _figure(
    name: str, *, heading: str, about: str, label: str, draw: Callable[["Axes"], None]
) -> str:
    return (
        f"<figure>{_inline(_svg(name, draw), name=name, label=label)}"
        f"<figcaption><b>{html_text(heading)}</b>{html_text(about)}</figcaption></figure>"
    )


def _svg(name: str, draw: Callable[["Axes"], None]) -> str:
    """An SVG file of what is drawn, alike on every machine, whatever its settings."""
    from matplotlib import rc_context, rcdefaults, rcParams  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - likewise

    with rc_context():
        rcdefaults()
        rcParams.update({**_STYLE, "svg.hashsalt": name})
        figure = Figure(figsize=(5, 3.6), layout="constrained")
        draw(figure.add_subplot())
        file = StringIO()
        undated = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=undated)
    return file.getvalue()


def _inline(svg: str, *, name: str, label: str) -> str:
    """An SVG file as an element of the page: its ids its own, its colours and font the page's."""
    frame = re.search(r'viewBox="[^"]*"', svg)
    inner = svg[svg.index(">", svg.index("<svg")) + 1 :].rstrip()
    for pattern, replacement in (
        (r"(?s)<style.*?</style>", ""),
        (r'font-family: [^;"]*;? ?', ""),
        (r'\bid="', f'id="{name}-'),
        (r'(?:xlink:)?href="#', f'href="#{name}-'),
        (r"url\(#", f"url(#{name}-"),
        *((colour, f"var(--{each})") for each, colour in _DRAWN.items()),
    ):
        inner = re.sub(pattern, replacement, inner)
    return f'<svg role="img" aria-label="{html_text(label)}" {frame[0] if frame else ""}>{inner}'
