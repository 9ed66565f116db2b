"""Answer -> escaped HTML for the chat; pure functions."""

from index.search import Hit
from qa.answer import Answer, Citation
from ui.escape import html_text
from ui.talks import link_html
from ui.wording import N_NEAREST, place, quotation, refusal, shortened, stands_alone

LARGE_CHARACTERS = 90  # an answer up to this size is set large


def question_html(question: str) -> str:
    """The question as one bubble of the chat."""
    return f"<div class='q-question' dir='auto'>{html_text(question)}</div>"


def answer_html(answer: Answer, *, turn: int) -> str:
    """The answer as one bubble of the chat, without a line feed.

    Each of its buttons carries a place as its value: `turn.c1` is the first citation of that
    turn, `turn.h1` the first passage that was read.
    """
    inner = _refused_html(answer, turn) if answer.text is None else _answered_html(answer, turn)
    link = link_html(answer.understood_as)
    return (
        f"<div class='q-answer' data-turn='{turn}'>{inner}{_understood_html(answer)}"
        f"<p>{link}</p></div>"
    )


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
        f"<p class='q-sure'>{answer.confidence:.0%} sure</p>"
    )


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
    if answer.missing_words:
        words = ", ".join(f"<b>{html_text(word)}</b>" for word in answer.missing_words)
        parts.append(f"<p class='q-missing'>In no document: {words}</p>")
    if answer.hits:
        parts.append("<p class='q-nearest'>The nearest passages:</p><ol class='q-citations'>")
        for number, hit in enumerate(answer.hits[:N_NEAREST], start=1):
            parts.append(_nearest_html(hit, f"{turn}.h{number}"))
        parts.append("</ol>")
    return "".join([*parts, "</div>"])


def _nearest_html(hit: Hit, value: str) -> str:
    passage = hit.passage
    source = _source_html(hit.document_title, passage.document_id, where=place(passage))
    return (
        f"<li><blockquote dir='auto'>{html_text(shortened(passage.text))}</blockquote>"
        f"{_button_html(value, label='→', inner=source)}</li>"
    )


def _source_html(title: str, document_id: str, *, where: str) -> str:
    name = "" if document_id == title else f" <span class='q-path'>{html_text(document_id)}</span>"
    return f"<bdi class='q-title'>{html_text(title)}</bdi>{name} <span>{html_text(where)}</span>"


def _button_html(value: str, *, label: str, inner: str) -> str:
    return (
        f"<button type='button' class='q-cite' value='{value}' title='Show it in the document'>"
        f"<span class='q-number'>{label}</span><span class='q-source-line'>{inner}</span></button>"
    )


def _understood_html(answer: Answer) -> str:
    if answer.understood_as == answer.question:
        return ""
    return f"<p class='q-understood'>Understood as: {html_text(answer.understood_as)}</p>"
