"""What answers and refusals say in words, wherever they are shown."""

from collections.abc import Sequence
from typing import NamedTuple

from index.passage import Passage
from qa.answer import Answer, Citation
from qa.confidence import Cost
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


# ---- judging and tuning ----

SETTINGS_BUTTON = "Settings and quality"
SETTINGS_CLOSE = "Close"
SURE_HEADING = "How sure it must be"
SURE_LABEL = "At least so many percent"
SURE_ABOUT = (
    "An answer less sure is refused. Higher: fewer wrong answers, more refusals; lower: the other "
    "way round."
)
WHERE_HEADING = "Where it searches"
FOLDERS_LABEL = "Folders"
FORMATS_LABEL = "Formats"
WHERE_ABOUT = "With none chosen, everything is searched."
TOP_FOLDER = "in no folder"
RESET_BUTTON = "Back to the defaults"
JUDGED_HEADING = "What the answers are worth"
JUDGING_LABEL = "Keep what I say of answers"
JUDGE_NOT_HELD = "The documents do not hold it"
JUDGE_THIS = "This is the answer"
JUDGE_BACK_DONE = "Taken back."
JUDGE_MARK = (
    "What is right? Open a document, select the words in it and press "
    f"\N{LEFT DOUBLE QUOTATION MARK}{JUDGE_THIS}\N{RIGHT DOUBLE QUOTATION MARK}."
)
JUDGE_WHAT = f"{JUDGE_MARK} Or:"
JUDGE_OFF = "Judging is off, so nothing was kept. It is turned on in the settings."
JUDGE_LONG = "That is too long for an answer. Select only the words that answer."
JUDGE_NO_TURN = "There is no answer to judge."
JUDGED_NONE = "No answer is judged yet. Press a thumb below one."
JUDGED_REFITS = (
    "With these questions, quoth eval measures this index, and from 50 on quoth calibrate fits its "
    "confidence to them."
)
JUDGED_ABOUT = (
    "Each dot stands for judged answers of about equal certainty; a larger dot for more. On the "
    "diagonal, 70% sure means right 7 times in 10; below it, Quoth is too sure."
)
TALLY_RIGHT = "Answered, and right"
TALLY_WRONG = "Answered, and wrong"
TALLY_REFUSED_RIGHT = "Refused, and rightly"
TALLY_REFUSED_WRONG = "Refused, and wrongly"
TALLY_EXACT = "Equal to the right answer, where it is known"
TALLY_F1 = "Words shared with it (F1)"
TALLY_ECE = "Calibration error"
SPEED_HEADING = "How fast it answers"
SPEED_NONE = "No question has been answered since the server was started."


def cost_said(cost: Cost) -> str:
    """What a threshold costs, in one sentence."""
    return (
        f"At this setting about {_in_100(cost.wrong)} answers were wrong and "
        f"{_in_100(cost.refused)} questions that have an answer were refused, on the calibration "
        "set."
    )


def limits_said(sure: int | None, places: Sequence[str]) -> str:
    """What is set otherwise than by default, in one line; nothing when nothing is."""
    parts = [f"searching only {', '.join(places)}"] if places else []
    if sure is not None:
        parts.append(f"answering only when {sure}% sure or more" if sure else "always answering")
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]


def judged_said(given: str | None, *, right: bool) -> str:
    """What was kept of a judgement."""
    if given is None:
        return "You said: rightly refused." if right else "You said: it should have been answered."
    quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{shortened(given, n_characters=60)}"
    return f"You said: {quoted}\N{RIGHT DOUBLE QUOTATION MARK} is {'right' if right else 'wrong'}."


def answer_said(answers: Sequence[str]) -> str:
    """The right answer that was kept."""
    if not answers:
        return "The documents do not hold it."
    return "The right answer: " + ", ".join(shortened(each, n_characters=120) for each in answers)


def judged_caption(n: int) -> str:
    """Over what the figures are."""
    return f"{counted(n, 'question')} judged in this page"


def kept_said(path: str) -> str:
    """Where judgements are kept."""
    return f"Kept in {path} on this machine, and sent nowhere."


def keeping_said(path: str) -> str:
    """Where judgements would be kept."""
    return (
        "Thumbs and right answers are kept as labelled questions, with what was answered and "
        f"when, in {path} on this machine, and sent nowhere."
    )


def speed_said(n: int, p50: float, p95: float) -> str:
    """How long answers took, in one sentence."""
    return (
        f"{counted(n, 'answer')} since the server was started: half within {p50:.2f} s, 95 in 100 "
        f"within {p95:.2f} s."
    )


def _in_100(share: float) -> str:
    return f"{100 * share:.0f} in 100"
