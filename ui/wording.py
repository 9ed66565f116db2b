"""What answers and refusals say in words, wherever they are shown."""

from datetime import datetime
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
    """Where a quote or a passage stands: its page, else its characters, counted from 1."""
    if quoted.place:
        return quoted.place
    if quoted.page:
        return f"page {quoted.page}"
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


# ---- asking ----

QUESTION_BOX = "Ask a question"
ASK, STOP = "Ask", "Stop"
WELCOME_TITLE = "Ask your documents."
WELCOME = "Every answer is a quotation. When your documents do not hold one, it says so."
ASK_SOMETHING = "Type a question first."
LOOKING = "Looking for changed files …"
STOPPED = "Stopped. The question is back in the box."
SHOW = "Show it in the document"
EDIT = "Edit"
EDITED_UNDERSTOOD = "the question as it was understood"
CANCEL = "Cancel"
UNDERSTOOD = "Understood as"
NEAREST = "The nearest passages:"
MISSING = "In no document:"
ADVICE_MISSING = "Check the spelling, or use other words, as the documents have them."
ADVICE_WEAK = "Ask for one thing, with the names and words that the documents use."

_SURENESS = (
    (0.95, "Almost certainly right"),
    (0.85, "Very likely right"),
    (0.7, "Probably right"),
    (0.0, "Perhaps right"),
)


def searching(n_documents: int) -> str:
    """That the documents are being searched."""
    return f"Searching {counted(n_documents, 'document')} …"


def reading(n_passages: int) -> str:
    """That passages are being read."""
    return f"Reading {counted(n_passages, 'passage')} …"


def sureness(confidence: float) -> str:
    """How likely an answer is right, in words."""
    return next(words for least, words in _SURENESS if confidence >= least)


def sureness_number(confidence: float) -> str:
    """How likely an answer is right, as a number."""
    return f"{confidence:.0%} sure"


def sureness_meaning(confidence: float) -> str:
    """What that number says."""
    wrong = round(100 * (1 - confidence))
    few = f"about {wrong} are" if wrong > 1 else "one or none is"
    return (
        f"{sureness_number(confidence)}. Of 100 answers given with this certainty, {few} expected "
        "to be wrong. Read the quotation to be certain."
    )


def heard(answer: Answer, *, turn: int) -> str:
    """An answer as it is read out once."""
    if answer.text is None:
        said, citations = refusal(answer), ""
    else:
        said = f"{one_line(answer.text)}. {sureness(answer.confidence)}."
        citations = f" {counted(len(answer.citations), 'citation')}."
    return f"Answer {turn}: {said}{citations}"


def advice(answer: Answer) -> str:
    """What to try after a refusal; empty when there is nothing to ask of."""
    if answer.reason == "empty_index":
        return ""
    return ADVICE_MISSING if answer.missing_words else ADVICE_WEAK


def edited(turn: int) -> str:
    """What the button `EDIT` beside an earlier question edits."""
    return f"question {turn}"


def replacing(turn: int, *, n_later: int) -> str:
    """That the question in the box replaces an earlier one."""
    if not n_later:
        return f"Replaces question {turn}."
    later = "the question" if n_later == 1 else f"the {n_later:,} questions"
    return f"Replaces question {turn} and {later} after it."


# ---- everywhere ----


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


# ---- conversations ----

TALKS = "Conversations"
NEW_TALK = "New"
NO_TALKS = "What you ask is kept in this browser, and nowhere else."
RENAME, DELETE, KEEP = "Rename", "Delete", "Keep"
NAME_OF_TALK = "Name of the conversation"
SAVE_NAME = "Save"
DELETE_TALK = "Delete this conversation?"
COPY_LINK, COPIED = "Copy link", "Copied"
SAVE_MARKDOWN, SAVE_JSON = "Save .md", "Save .json"
LINK_COPIED = "The link is copied: it opens this page and asks the question."
TALKS_DROPPED = "The oldest conversations were deleted: a browser keeps only so many."
TALKS_UNKEPT = "Conversations are kept only where the page is at 127.0.0.1 or has https."
TALK_SHORTENED = "Of this long conversation the first questions are no longer kept."
TALK_UNREADABLE = "This conversation cannot be read any more."


def when(at: datetime, now: datetime) -> str:
    """A moment as somebody would say it now: the time today, before it the date."""
    if at.date() == now.date():
        return f"today, {at:%H:%M}"
    return f"{at:%Y-%m-%d}"
