"""What an evaluation found, as one HTML page on its own: figures, plots, the worst answers.

The page runs no script and asks for nothing. It has a light and a dark face.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from qa.evaluate import Outcome
from qa.figures import Figures
from ui.escape import html_text
from ui.plots import plots
from ui.wording import counted, milliseconds, percent, share
from ui.worst import worst_html

_STYLE = Path(__file__).parent / "assets" / "report.css"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<header><h1 dir="auto">{title}</h1><p>{summary}</p></header>
<main>
<section><h2>Figures</h2><div class="groups">{figures}</div></section>
<section><h2>Plots</h2><div class="plots">{plots}</div></section>
<section><h2>Worst answers</h2>{worst}</section>
</main>
</body>
</html>
"""


class Row(NamedTuple):
    """A figure: its name, its value as it is shown, what it means in plain words."""

    name: str
    value: str
    meaning: str


def report(outcomes: Sequence[Outcome], measured: Figures, *, title: str) -> str:
    """The page, whole; the same outcomes give the same page.

    Args:
        outcomes: What was asked, one or more.
        measured: Their figures.
        title: What was measured, in words; it heads the page.
    """
    groups = _groups(measured).items()
    return _PAGE.format(
        title=html_text(title),
        css=_STYLE.read_text(encoding="utf-8"),
        summary=_summary(measured),
        figures="\n".join(_table(name, rows) for name, rows in groups),
        plots="\n".join(plots(outcomes, measured)),
        worst=worst_html(outcomes, measured),
    )


def _summary(measured: Figures) -> str:
    wrong = percent(share(measured.wrong, measured.answered))
    said = f"{counted(measured.n, 'question')} asked, {measured.answered:,} answered"
    return said + (f", {wrong} of the answers wrong." if measured.answered else ".")


def _groups(measured: Figures) -> dict[str, list[Row]]:
    return {
        "Answers": _answers(measured),
        "Refusals": _refusals(measured),
        "Finding": _finding(measured),
        "Certainty": _certainty(measured),
        "Speed": _speed(measured),
    }


def _answers(measured: Figures) -> list[Row]:
    answered = _of(measured.answered, measured.n)
    right, wrong = (_of(n, measured.answered) for n in (measured.right, measured.wrong))
    return [
        Row("Questions", f"{measured.n:,}", f"With an answer: {measured.answerable:,}."),
        Row("Answered", answered, "Questions that were given an answer; the others were refused."),
        Row(
            "Right",
            right,
            "Answers given that share enough words with a right one: F1 of .5 or more.",
        ),
        Row("Wrong", wrong, "Answers given that do not, or whose question has no answer."),
        Row(
            "Exact match",
            percent(share(measured.exact_match, 100)),
            "Best spans equal to a right answer, of all questions that have one, refused or not.",
        ),
        Row(
            "F1",
            percent(share(measured.f1, 100)),
            "Words that those spans share with a right answer, on average.",
        ),
        Row(
            "Quotes exact",
            percent(measured.citations_exact),
            "Answers, given or withheld, whose every quote stands in its file where it says.",
        ),
    ]


def _refusals(measured: Figures) -> list[Row]:
    without = measured.n - measured.answerable
    return [
        Row(
            "Rightly refused",
            _of(measured.refused_right, without),
            "Of the questions that have no answer, those that were given none.",
        ),
        Row(
            "Wrongly refused",
            _of(measured.refused_wrong, measured.answerable),
            "Of the questions that have an answer, those that were given none.",
        ),
    ]


def _finding(measured: Figures) -> list[Row]:
    return [
        Row(
            "Cited first",
            percent(measured.recall_at_1),
            "Answerable questions whose right passage came first, once the best were read.",
        ),
        Row("Among the first 5", percent(measured.recall_at_5), "The same among 5 passages."),
        Row("Among the first 20", percent(measured.recall_at_20), "The same among 20 passages."),
    ]


def _certainty(measured: Figures) -> list[Row]:
    return [
        Row("Threshold", percent(measured.threshold), "An answer less certain was withheld."),
        Row(
            "Calibration error",
            percent(measured.ece),
            "How far stated certainty is from the share that is right, on average; less is better.",
        ),
        Row(
            "Risk over all thresholds",
            percent(measured.aurc),
            "Mean share wrong as more and more is answered, the most certain first; less is "
            "better.",
        ),
        Row(
            "The same for the reader alone",
            percent(measured.aurc_of_span),
            "Had the reader's own probability put the questions in order.",
        ),
        Row(
            "Wrong at 80% answered",
            percent(measured.wrong_at_80_coverage),
            "Share wrong if the most certain four in five were answered.",
        ),
    ]


def _speed(measured: Figures) -> list[Row]:
    return [
        Row("p50", milliseconds(measured.seconds_p50), "Half of the questions took less time."),
        Row("p95", milliseconds(measured.seconds_p95), "95 in 100 questions took less time."),
    ]


def _table(name: str, rows: Sequence[Row]) -> str:
    lines = "".join(
        f'<tr><th scope="row">{html_text(row.name)}'
        f'<span class="meaning">{html_text(row.meaning)}</span></th>'
        f"<td>{html_text(row.value)}</td></tr>"
        for row in rows
    )
    return (
        f'<div class="group"><table><caption>{name}</caption><tbody>{lines}</tbody></table></div>'
    )


def _of(part: int, whole: int) -> str:
    """A count and its share of a whole; a dash where there is no whole."""
    return f"{part:,} ({percent(part / whole)})" if whole else "–"
