"""What answers and refusals say in words, wherever they are shown."""

from typing import NamedTuple

from index.passage import Passage
from qa.answer import Answer, Citation
from qa.statements import sentences_around
from ui.escape import one_line

N_NEAREST = 3  # passages that a refusal shows


class Quotation(NamedTuple):
    """The sentence that holds a quote, in three parts; the middle one is the quote."""

    before: str
    quote: str
    after: str


def quotation(citation: Citation) -> Quotation:
    """The sentences of the passage that the quote touches, cut at the quote's ends."""
    text = citation.passage.text
    start = citation.start - citation.passage.start
    end = start + len(citation.quote)
    first, last = sentences_around(text, start, end)
    return Quotation(text[first:start], text[start:end], text[end:last])


def stands_alone(citation: Citation, answer: Answer) -> bool:
    """Whether the quote is the answer and whole sentences: to quote it again says nothing new."""
    before, quote, after = quotation(citation)
    return quote == answer.text and not before.strip() and not after.strip()


def place(quoted: Citation | Passage) -> str:
    """Where a quote or a passage stands: its page and part, else its characters, from 1."""
    if quoted.page and quoted.place != f"slide {quoted.page}":
        return ", ".join(filter(None, [f"page {quoted.page}", quoted.place]))
    if quoted.place:
        return quoted.place
    return f"characters {quoted.start + 1:,}\u2013{quoted.end:,}"


def refusal(answer: Answer) -> str:
    """Why there is no answer, in one or two sentences."""
    match answer.reason:
        case "empty_index":
            return "There are no documents to answer from. Add some, then ask again."
        case "weak":
            return (
                "Not in your documents, as far as can be told. "
                "The best candidate is too uncertain to be quoted."
            )
        case _:
            return "Not in your documents. Nothing that was read answers this."


def shortened(text: str, *, n_characters: int = 180) -> str:
    """The text on one line, cut at a space where it is longer, with an ellipsis."""
    line = one_line(text)
    if len(line) <= n_characters:
        return line
    return line[:n_characters].rsplit(" ", 1)[0] + " …"


def counted(n: int, noun: str) -> str:
    """A number and its noun, in the plural but for one."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def share(part: float | None, whole: float) -> float | None:
    """A part of a whole, from 0 to 1; None where there is no part or no whole."""
    return part / whole if part is not None and whole else None


def percent(share: float | None) -> str:
    """A share in percent; a dash for none."""
    return "–" if share is None else f"{share:.1%}"


def milliseconds(seconds: float) -> str:
    """A time in milliseconds."""
    return f"{1000 * seconds:,.1f} ms"
