"""Answer -> escaped HTML for the chat; pure functions."""

from index.search import Hit
from qa.answer import Answer, Citation
from ui import wording
from ui.escape import html_text, name_html
from ui.excerpt import excerpt
from ui.plain import terminal
from ui.talks import link_html
from ui.wording import place, quotation, refusal, stands_alone

LARGE_CHARACTERS = 90  # an answer up to this size is set large


def question_html(question: str, *, turn: int | None = None) -> str:
    """The question as one bubble of the chat, with a button that edits it if it is a turn's."""
    edit = "" if turn is None else _edit_html(f"{turn}.q", wording.edited(turn))
    return (
        f"<div class='q-asked' data-plain='{html_text(question)}'>"
        f"<div class='q-question' dir='auto'>{html_text(question)}</div>{edit}</div>"
    )


def step_html(step: str) -> str:
    """What is being done for a question, in the place of its answer."""
    return f"<div class='q-step'><span class='q-dot'></span>{html_text(step)}</div>"


def answer_html(answer: Answer, *, turn: int) -> str:
    """The answer as one bubble of the chat, without a line feed.

    Each of its buttons carries a place as its value: `turn.c1` is the first citation of that
    turn, `turn.h1` the first passage that was read, `turn.u` the question as it was understood.
    What is copied of it stands in `data-plain`.
    """
    inner = _refused_html(answer, turn) if answer.text is None else _answered_html(answer, turn)
    return (
        f"<div class='q-answer' data-turn='{turn}' data-plain='{html_text(terminal(answer))}'>"
        f"{_understood_html(answer, turn)}{inner}<p>{link_html(answer.understood_as)}</p></div>"
    )


def stopped_html() -> str:
    """That a question was stopped, in the place of its answer."""
    return f"<div class='q-answer q-stopped' role='alert'><p>{wording.STOPPED}</p></div>"


def trouble_html(message: str) -> str:
    """Something that went wrong, as one bubble of the chat."""
    return f"<div class='q-answer q-trouble' role='alert'><p>{html_text(message)}</p></div>"


def _answered_html(answer: Answer, turn: int) -> str:
    text = answer.text or ""
    size = "q-large" if len(text) <= LARGE_CHARACTERS else "q-long"
    cited = "".join(
        _cited_html(citation, answer, turn=turn, number=number)
        for number, citation in enumerate(answer.citations, start=1)
    )
    return (
        f"<p class='q-words {size}' dir='auto'>{html_text(text)}</p>"
        f"<ol class='q-citations'>{cited}</ol>"
        f"{_missing_html(answer)}{_sure_html(answer.confidence)}"
    )


def _sure_html(confidence: float) -> str:
    """How sure it is, in words; the number shows on hover, and opens for keys and fingers."""
    return (
        "<details class='q-sure'>"
        f"<summary title='{html_text(wording.sureness_number(confidence))}'>"
        f"{html_text(wording.sureness(confidence))}</summary>"
        f"<p>{html_text(wording.sureness_meaning(confidence))}</p></details>"
    )


def _guess_html(guess: Citation, answer: Answer, *, turn: int) -> str:
    """The words that are too unsure to be an answer; small, and said to be a guess."""
    said = html_text(wording.guess_said(answer.confidence))
    place = _cited_html(guess, answer, turn=turn, number=1)
    return f"<p class='q-guess'>{said}</p><ol class='q-citations q-guessed'>{place}</ol>"


def _cited_html(citation: Citation, answer: Answer, *, turn: int, number: int) -> str:
    source = _source_html(citation.document_title, citation.document_id, where=place(citation))
    button = _button_html(f"{turn}.c{number}", label=str(number), inner=source)
    if stands_alone(citation, answer):
        return f"<li>{button}</li>"
    before, quote, after = map(html_text, quotation(citation))
    words = f"<blockquote dir='auto'>{before}<mark>{quote}</mark>{after}</blockquote>"
    return f"<li>{words}{button}</li>"


def _refused_html(answer: Answer, turn: int) -> str:
    parts = ["<div class='q-refused'>", f"<p class='q-why'>{html_text(refusal(answer))}</p>"]
    if answer.guess:
        parts.append(_guess_html(answer.guess, answer, turn=turn))
    parts.append(_missing_html(answer))
    if advice := wording.advice(answer):
        parts.append(f"<p class='q-advice'>{html_text(advice)}</p>")
    if nearest := wording.nearest(answer):
        parts.append(f"<p class='q-nearest'>{wording.NEAREST}</p><ol class='q-citations'>")
        for number, hit in nearest:
            parts.append(_nearest_html(hit, f"{turn}.h{number}", answer.understood_as))
        parts.append("</ol>")
    return "".join([*parts, "</div>"])


def _missing_html(answer: Answer) -> str:
    """The question's words that stand in no document, as `wording.missing` gives them, if any."""
    words = ", ".join(_missing_word_html(*each) for each in wording.missing(answer))
    return f"<p class='q-missing'>{wording.MISSING} {words}</p>" if words else ""


def _missing_word_html(word: str, meant: str | None) -> str:
    said = f"<b dir='auto'>{html_text(word)}</b>"
    if meant is None:
        return said
    return f"{said} ({wording.MEANT} <b dir='auto'>{html_text(meant)}</b>?)"


def _nearest_html(hit: Hit, value: str, question: str) -> str:
    passage = hit.passage
    words = "".join(
        f"<b>{html_text(part)}</b>" if asked else html_text(part)
        for part, asked in excerpt(passage.text, question)
    )
    source = _source_html(hit.document_title, passage.document_id, where=place(passage))
    return (
        f"<li><blockquote dir='auto'>{words}</blockquote>"
        f"{_button_html(value, label='→', inner=source)}</li>"
    )


def _source_html(title: str, document_id: str, *, where: str) -> str:
    name = "" if document_id == title else f" <span class='q-path'>{name_html(document_id)}</span>"
    return f"<bdi class='q-title'>{html_text(title)}</bdi>{name} <bdi>{html_text(where)}</bdi>"


def _button_html(value: str, *, label: str, inner: str) -> str:
    return (
        f"<button type='button' class='q-cite' value='{value}' title='{wording.SHOW}'>"
        f"<span class='q-number'>{label}</span><span class='q-source-line'>{inner}</span></button>"
    )


def _understood_html(answer: Answer, turn: int) -> str:
    if answer.understood_as == answer.question:
        return ""
    said = f"{wording.UNDERSTOOD}: <q dir='auto'>{html_text(answer.understood_as)}</q>"
    edit = _edit_html(f"{turn}.u", wording.EDITED_UNDERSTOOD)
    return f"<p class='q-understood'>{said} {edit}</p>"


def _edit_html(value: str, what: str) -> str:
    # The chat drops labels: what is edited is told by words that only a screen reader finds.
    return (
        f"<button type='button' class='q-edit' value='{value}'>{wording.EDIT}"
        f"<span class='q-unseen'> {html_text(what)}</span></button>"
    )


def replacing_html(turn: int, *, n_turns: int) -> str:
    """The line above the question box while its question is to replace an earlier one."""
    said = html_text(wording.replacing(turn, n_later=n_turns - turn))
    return (
        f"<p class='q-replacing' role='status'><span>{said}</span>"
        f"<button type='button' class='q-cancel'>{wording.CANCEL}</button></p>"
    )


def heard_html(answer: Answer, *, turn: int) -> str:
    """A new answer for those who hear it."""
    return f"<p>{html_text(wording.heard(answer, turn=turn))}</p>"
