"""The worst answers of an evaluation, with their passages, for a person to read."""

import re
from collections.abc import Sequence

from index.passage import Passage, Span
from qa.evaluate import Outcome
from qa.figures import Figures
from ui.escape import html_text
from ui.wording import counted, percent, place

N_WORST = 30
PASSAGE_CHARACTERS = 1200  # more of a passage is cut, around its span


def worst_html(outcomes: Sequence[Outcome], measured: Figures) -> str:
    """The worst answers as a list, with a line that says which they are."""
    shown = worst(outcomes)
    items = "".join(map(_wrong_html, shown))
    listed = f'<ol class="worst">{items}</ol>' if items else ""
    return f'<p class="about">{html_text(_about_worst(shown, measured))}</p>{listed}'


def _about_worst(shown: Sequence[Outcome], measured: Figures) -> str:
    n_given = sum(each.given for each in shown)
    about = "No wrong answer."
    if measured.wrong:
        wrong = f"{measured.wrong:,} of {counted(measured.answered, 'answer')} wrong"
        about = f"{wrong}; these are the {n_given} most certain." if n_given > 1 else f"{wrong}."
    if len(shown) == n_given:
        return about
    return f"{about} Marked as withheld: best spans that would have been wrong answers."


def worst(outcomes: Sequence[Outcome], *, n: int = N_WORST) -> list[Outcome]:
    """Wrong answers given, most certain first, then wrong spans withheld; ties keep their order."""
    wrong = [each for each in outcomes if not each.right and (each.given or each.span)]
    return sorted(wrong, key=lambda each: (not each.given, -each.probability))[:n]


def _wrong_html(outcome: Outcome) -> str:
    answers = "<br>".join(f"<bdi>{html_text(each)}</bdi>" for each in outcome.case.answers)
    span = f'<bdi class="span">{html_text(outcome.span)}</bdi>' if outcome.span else "–"
    sure = f'<span class="where">{html_text(percent(outcome.probability))} sure</span>'
    badge = "" if outcome.given else ' <span class="withheld">withheld</span>'
    said = "Answer" if outcome.given else "Best span"
    return (
        f'<li><div><h3 class="question" dir="auto">{html_text(outcome.case.question)}</h3>'
        f"<dl><dt>Right</dt><dd>{answers or 'none: the documents hold no answer'}</dd>"
        f"<dt>{said}</dt><dd>{span} {sure}{badge}</dd>{_source_html(outcome.passage)}</dl></div>"
        f"{_passage_html(outcome)}</li>"
    )


def _source_html(passage: Passage | None) -> str:
    if passage is None:
        return ""
    name, where = html_text(passage.document_id), html_text(place(passage))
    return f'<dt>Document</dt><dd><bdi>{name}</bdi> <span class="where">{where}</span></dd>'


def _passage_html(outcome: Outcome) -> str:
    if outcome.passage is None:
        return ""
    text = outcome.passage.text
    mark = _found(outcome, outcome.passage)
    if mark is None:
        return f'<blockquote dir="auto">{html_text(_cut(text, PASSAGE_CHARACTERS))}</blockquote>'
    before, span, after = map(html_text, _around(text, mark))
    return f'<blockquote dir="auto">{before}<mark>{span}</mark>{after}</blockquote>'


def _found(outcome: Outcome, passage: Passage) -> Span | None:
    """Where an outcome's span stands in its passage; None where it does not."""
    if outcome.start is None or not outcome.span:
        return None
    start = outcome.start - passage.start
    found = Span(start, start + len(outcome.span))
    return found if passage.text[slice(*found)] == outcome.span else None


def _around(text: str, mark: Span) -> tuple[str, str, str]:
    """The text before, in and after the mark, cut to what is shown of a passage."""
    before, span, after = text[: mark.start], text[mark.start : mark.end], text[mark.end :]
    span = _cut(span, PASSAGE_CHARACTERS)
    room = max(PASSAGE_CHARACTERS - len(span), 0)
    n_before = min(len(before), max(room // 2, room - len(after)))
    return _cut(before[::-1], n_before)[::-1], span, _cut(after, room - n_before)


def _cut(text: str, n_characters: int) -> str:
    """The text, cut at a space where it is longer, with an ellipsis."""
    if len(text) <= n_characters:
        return text
    kept = text[:n_characters]
    words = re.match(r".*(?=\s)", kept, flags=re.DOTALL)
    return (words[0] if words else kept) + " …"
