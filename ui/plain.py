"""Answer -> Markdown or terminal text."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.search import Hit
from qa.answer import Answer
from ui.escape import markdown_text, one_line
from ui.wording import (
    MEANT,
    MISSING,
    guess_said,
    missing,
    nearest,
    place,
    quotation,
    refusal,
    shortened,
    stands_alone,
)


class Ink(NamedTuple):
    """What is written before and after words to set them apart in a terminal."""

    strong: tuple[str, str]
    quote: tuple[str, str]
    faint: tuple[str, str]


PLAIN = Ink(strong=("", ""), quote=("«", "»"), faint=("", ""))
ANSI = Ink(
    strong=("\x1b[1m", "\x1b[0m"), quote=("\x1b[1;33m", "\x1b[0m"), faint=("\x1b[2m", "\x1b[0m")
)


def markdown(answer: Answer) -> str:
    """The answer as Markdown: the text, then each citation as a quotation with its source."""
    if answer.text is None:
        return _refused_markdown(answer)
    parts = [_strong(answer.text), *_quoted_markdown(answer)]
    return "\n\n".join([*parts, *map(markdown_text, _missing(answer))])


def _quoted_markdown(answer: Answer) -> Iterator[str]:
    for number, citation in enumerate(answer.quotes, start=1):
        before, quote, after = quotation(citation)
        beside = _beside(before, markdown_text), _beside(after, markdown_text)
        words = _strong(quote).join(beside).strip()
        where = f"{markdown_text(citation.document_title)}, {markdown_text(place(citation))}"
        source = f"\\[{number}\\] {where}"
        yield source if stands_alone(citation, answer) else f"> {words}\n>\n> {source}"


def _strong(text: str) -> str:
    """A text in bold; of a blank one nothing, since asterisks alone draw a line."""
    words = markdown_text(text)
    return f"**{words}**" if words else ""


def _refused_markdown(answer: Answer) -> str:
    parts = [markdown_text(refusal(answer))]
    if answer.guess:
        parts += [guess_said(answer.confidence), *_quoted_markdown(answer)]
    parts.extend(map(markdown_text, _missing(answer)))
    parts.extend(f"> {markdown_text(shortened(hit.passage.text))}" for _, hit in nearest(answer))
    return "\n\n".join(parts)


def _missing(answer: Answer) -> Iterator[str]:
    """The question's words that stand in no document, as `missing` gives them: one line or none."""
    said = [f"{word} ({MEANT} {meant}?)" if meant else word for word, meant in missing(answer)]
    if said:
        yield f"{MISSING} {', '.join(said)}"


def terminal(answer: Answer, *, ink: Ink = PLAIN) -> str:
    """The answer as lines for a terminal, without a line feed at the end."""
    lines = _refused_lines(answer, ink) if answer.text is None else _answered_lines(answer, ink)
    if answer.understood_as != answer.question:
        lines += ["", _inked(f"Understood as: {one_line(answer.understood_as)}", ink.faint)]
    return "\n".join(lines)


def _answered_lines(answer: Answer, ink: Ink) -> list[str]:
    lines = [_inked(one_line(answer.text or ""), ink.strong), *_quoted_lines(answer, ink)]
    return lines + [line for said in _missing(answer) for line in ("", one_line(said))]


def _quoted_lines(answer: Answer, ink: Ink) -> list[str]:
    lines: list[str] = []
    for number, citation in enumerate(answer.quotes, start=1):
        before, quote, after = quotation(citation)
        words = _beside(before, one_line) + _inked(one_line(quote), ink.quote)
        words += _beside(after, one_line)
        where = one_line(place(citation))
        source = f"{one_line(citation.document_title)} ({one_line(citation.document_id)}), {where}"
        source = _inked(source, ink.faint)
        if stands_alone(citation, answer):
            lines += ["", f"  [{number}] {source}"]
        else:
            lines += ["", f"  [{number}] {words.strip()}", f"      {source}"]
    return lines


def _refused_lines(answer: Answer, ink: Ink) -> list[str]:
    lines = [_inked(refusal(answer), ink.strong)]
    if answer.guess:
        lines += [guess_said(answer.confidence), *_quoted_lines(answer, ink), ""]
    lines.extend(map(one_line, _missing(answer)))
    for _, hit in nearest(answer):
        lines += ["", "  " + hit_line(hit), "      " + _inked(hit_source(hit), ink.faint)]
    return lines


def hit_line(hit: Hit) -> str:
    """The passage of a hit on one line, shortened."""
    return shortened(hit.passage.text)


def hit_source(hit: Hit) -> str:
    """Where the passage of a hit stands, on one line."""
    passage = hit.passage
    where = one_line(place(passage))
    return f"{one_line(hit.document_title)} ({one_line(passage.document_id)}), {where}"


def _beside(text: str, escape: Callable[[str], str]) -> str:
    """A text on one line that stands beside other words: a space at its ends stays one."""
    left = " " if text[:1].isspace() else ""
    right = " " if text[-1:].isspace() and text.strip() else ""
    return left + escape(text) + right


def _inked(text: str, ink: tuple[str, str]) -> str:
    return ink[0] + text + ink[1]
