"""Judgements as escaped HTML: what is said below the conversation, and the panel of figures."""

from collections.abc import Sequence

from qa.answer import Turn
from qa.metrics import percentile
from ui import wording
from ui.escape import html_text
from ui.judging import Judgement, Tally, certainty, tally
from ui.wording import counted, percent


def idle_html(turn: Turn | None, *, judging: bool) -> str:
    """The strip before anything is said: of a refusal, the answer may be marked at once."""
    if not judging:
        return "<div class='q-judge q-off'></div>"
    refused = turn is not None and turn.answer.text is None and bool(turn.answer.hits)
    return f"<div class='q-judge'>{_this_html() if refused else ''}</div>"


def said_html(judgement: Judgement, *, path: str) -> str:
    """The strip once something was said and kept, with what may be said further."""
    lines = [wording.judged_said(judgement.given, right=bool(judgement.right))]
    asks = ""
    if judgement.answers is None:
        held = judgement.given is None  # a refusal that is wrong: the documents do hold it
        asks = f"<p>{html_text(wording.JUDGE_WHAT if not held else wording.JUDGE_MARK)}</p>"
        asks += "" if held else _unheld_html()
        asks += _this_html()
    elif not judgement.right:
        lines.append(wording.answer_said(judgement.answers))
        asks = _this_html()
    said = html_text(" ".join(lines))
    return (
        f"<div class='q-judge q-said'><p role='status'>{said} "
        f"<span class='q-kept'>{html_text(wording.kept_said(path))}</span></p>{asks}</div>"
    )


def told_html(message: str) -> str:
    """The strip with a sentence alone: what was taken back, or could not be kept."""
    return f"<div class='q-judge q-said'><p role='status'>{html_text(message)}</p></div>"


def quality_html(judgements: Sequence[Judgement], *, plots: Sequence[str]) -> str:
    """What judged answers were worth: counts, then plots."""
    if not judgements:
        return f"<p class='q-none'>{html_text(wording.JUDGED_NONE)}</p>"
    rows = "".join(
        f"<tr><th scope='row'>{html_text(name)}</th><td>{html_text(value)}</td></tr>"
        for name, value in _rows(tally(judgements))
    )
    return (
        f"<table class='q-figures'><caption>{html_text(wording.judged_caption(len(judgements)))}"
        f"</caption><tbody>{rows}</tbody></table>{_plots_html(plots)}"
        f"<p class='q-small'>{html_text(wording.JUDGED_REFITS)}</p>"
    )


def speed_html(seconds: Sequence[float], *, plots: Sequence[str]) -> str:
    """How long the answers of this run took."""
    if not seconds:
        return f"<p class='q-none'>{html_text(wording.SPEED_NONE)}</p>"
    said = wording.speed_said(len(seconds), percentile(seconds, 0.5), percentile(seconds, 0.95))
    return f"<p>{html_text(said)}</p>{_plots_html(plots)}"


def drawn(judgements: Sequence[Judgement], seconds: Sequence[float]) -> tuple[list[str], list[str]]:
    """Plots of certainty and of time; each list is empty where there is nothing to draw."""
    from ui.plots import judged_plot, seconds_plot  # noqa: PLC0415 - only an open panel draws

    stated, right = certainty(judgements)
    return [judged_plot(stated, right)] if stated else [], [
        seconds_plot(seconds)
    ] if seconds else []


def _rows(worth: Tally) -> list[tuple[str, str]]:
    rows = [
        (wording.TALLY_RIGHT, f"{worth.right:,}"),
        (wording.TALLY_WRONG, f"{worth.wrong:,}"),
        (wording.TALLY_REFUSED_RIGHT, f"{worth.refused_right:,}"),
        (wording.TALLY_REFUSED_WRONG, f"{worth.refused_wrong:,}"),
    ]
    if worth.known:
        of = counted(worth.known, "answer")
        rows.append((wording.TALLY_EXACT, f"{percent(worth.exact_match)} of {of}"))
        rows.append((wording.TALLY_F1, percent(worth.f1)))
    if worth.ece is not None:
        rows.append((wording.TALLY_ECE, percent(worth.ece)))
    return rows


def _plots_html(plots: Sequence[str]) -> str:
    return f"<div class='q-plots'>{''.join(plots)}</div>" if plots else ""


def _this_html() -> str:
    """Shown where words are selected in the source."""
    said = html_text(wording.JUDGE_THIS)
    return f"<button type='button' class='q-this' hidden>{said}</button>"


def _unheld_html() -> str:
    said = html_text(wording.JUDGE_NOT_HELD)
    return f"<button type='button' class='q-unheld'>{said}</button>"
