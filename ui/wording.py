"""What answers, refusals and the page say in words, wherever they are shown."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from index.passage import Passage
from index.search import Hit
from index.spelling import may_be_misspelled, one_slip
from index.words import is_content, words
from index.writer import ENCODING
from qa.answer import SEARCHED, Answer, Citation
from qa.confidence import Cost
from qa.statements import sentences_around
from ui.escape import one_line

N_NEAREST = 3  # passages that a refusal shows
LIKELIER_RIGHT = 0.5

# Thai, Lao, Myanmar, Khmer, and what Chinese and Japanese are written in.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


class Quotation(NamedTuple):
    """The sentence that holds a quote, in three parts; the middle one is the quote."""

    before: str
    quote: str
    after: str


def nearest(answer: Answer) -> list[tuple[int, Hit]]:
    """The passages that a refusal shows, with their numbers from 1, but for the one it quotes."""
    quoted = answer.guess.passage.id if answer.guess else None
    numbered = enumerate(answer.hits, start=1)
    return [(n, hit) for n, hit in numbered if hit.passage.id != quoted][:N_NEAREST]


def missing(answer: Answer) -> list[tuple[str, str | None]]:
    """The question's words that stand in no document, each with what may have been meant.

    That is the first word in the passages that were read which is one slip from it, or None. Where
    there is an answer, only words meant in the passages that it is quoted from are given. Of a
    script without spaces nothing is given: what stands between two marks there is no word.
    """
    quoted = [citation.passage for citation in answer.citations]
    passages = quoted or [hit.passage for hit in answer.hits]
    read: dict[str, str] = {}
    for passage in passages if answer.missing_words else ():
        for word in filter(is_content, words(passage.text)):
            read.setdefault(word.casefold(), word)
    told = [word for word in answer.missing_words if not _UNSPACED.search(word)]
    asked = [(word, _meant(word.casefold(), read)) for word in told]
    return [(word, meant) for word, meant in asked if meant or not quoted]


def _meant(word: str, read: Mapping[str, str]) -> str | None:
    slips = one_slip(word) if may_be_misspelled(word) else ()
    return next((written for plain, written in read.items() if plain in slips), None)


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
    where = "your documents"
    if answer.scope is not None:
        where = f"{SEARCHED} (those {shortened(answer.scope, n_characters=80)})"
    match answer.reason:
        case "empty_index":
            return "There are no documents to answer from. Add some, then ask again."
        case "weak" if answer.guess and answer.confidence >= LIKELIER_RIGHT:
            return f"Perhaps in {where}, but not sure enough to be an answer."
        case "weak":
            return f"Not in {where}, as far as can be told."
        case _:
            return f"Not in {where}. Nothing that was read answers this."


# ---- asking ----

QUESTION_BOX = "Ask a question"
ASK, STOP = "Ask", "Stop"
WELCOME_TITLE = "Ask your documents."
WELCOME = "Every answer is a quotation. When your documents do not hold one, it says so."
ASK_SOMETHING = "Type a question first."
LOOKING = "Looking for changed files …"
AS_BEFORE = "Files are still being taken in; asking the documents as they were before …"
STOPPED = "Stopped. The question is back in the box."
SHOW = "Show it in the document"
EDIT = "Edit"
EDITED_UNDERSTOOD = "the question as it was understood"
CANCEL = "Cancel"
UNDERSTOOD = "Understood as"
NEAREST = "The nearest passages:"
MISSING = "In no document:"
MEANT = "did you mean"
ADVICE_MISSING = "Check the spelling, or use other words, as the documents have them."
ADVICE_WEAK = "Ask for one thing, with the names and words that the documents use."

_SURENESS = (
    (0.95, "Almost certainly right"),
    (0.85, "Very likely right"),
    (0.7, "Probably right"),
    (0.0, "Perhaps right"),
)


def first_reading(done: int, total: int) -> str:
    """That an answer waits for the documents to be taken in for the first time."""
    far = f" ({done:,} of {total:,})" if total else ""
    return f"Your documents are being read for the first time{far}; the answer comes after that …"


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
        if answer.guess:
            citations = f" {guess_said(answer.confidence)} {one_line(answer.guess.quote)}."
    else:
        said = f"{one_line(answer.text)}. {sureness(answer.confidence)}."
        citations = f" {counted(len(answer.citations), 'citation')}."
    return f"Answer {turn}: {said}{citations}"


def guess_said(confidence: float) -> str:
    """What introduces the words that are too unsure to be an answer."""
    right = max(1, math.floor(100 * confidence))
    return f"The likeliest words. About {right} in 100 such guesses are right:"


def advice(answer: Answer) -> str:
    """What to try after a refusal; empty when there is nothing to ask of."""
    if answer.reason == "empty_index":
        return ""
    return ADVICE_MISSING if missing(answer) else ADVICE_WEAK


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

NAME = "Quoth"
SLOGAN = "Answers in your documents’ own words."


def no_port(port: int, host: str) -> str:
    """Why the page cannot be served."""
    return f"Port {port} of {host} cannot be had. Name another."


def shortened(text: str, *, n_characters: int = 180) -> str:
    """The text on one line, cut at a space where it is longer, with an ellipsis."""
    line = one_line(text)
    if len(line) <= n_characters:
        return line
    return line[:n_characters].rsplit(" ", 1)[0] + " …"


# ---- the source pane ----

NO_SOURCE = "The source of each answer is shown here, with the quoted words marked."
NO_QUOTE = "There is no quotation to show. Choose one of the nearest passages to read it."
NO_DOCUMENT = "This document is no longer there."
SOURCE, TEXT, PAGE, TABLE = "Source", "Text", "Page", "Table"
PREVIOUS, NEXT = "Previous", "Next"
PREVIOUS_PAGE, NEXT_PAGE = "Page before", "Page after"
OPEN_FILE, SAVE_FILE = "Open the file", "Save the file"
BACK = "Back to the conversation"
LARGER = "Larger"
GUESS = "Guess"
KEYS = {"ArrowLeft": "←", "ArrowRight": "→"}
MORE_ABOVE, MORE_BELOW = "Show more above", "Show more below"
ROWS_ABOVE, ROWS_BELOW = "More rows above", "More rows below"
ROW, PLACES = "Row", "Places of the answer"
TEXT_OF_DOCUMENT = "Text of the document"
NOT_ON_PAGE = (
    "Where on this page the quoted words stand could not be told; the text has them marked."
)


def citation_label(number: int, n_citations: int) -> str:
    """Which of an answer's citations is shown."""
    return f"Citation {number} of {n_citations}"


def passage_label(number: int, n_passages: int) -> str:
    """Which of the passages that were read is shown."""
    return f"Passage {number} of {n_passages}"


def were_read(n_passages: int) -> str:
    """How many passages an answer stands on."""
    return f"{counted(n_passages, 'passage')} {'was' if n_passages == 1 else 'were'} read"


def scored(score: float) -> str:
    """How well a passage fits the question."""
    return f"fits {score:.2f}"


def scores(cosine: float, bm25: float) -> str:
    """What the score is made of."""
    return f"by meaning {cosine:.2f} (cosine), by words {bm25:.1f} (BM25)"


def page_label(number: int, n_pages: int = 0) -> str:
    """The name of a page."""
    return f"Page {number:,} of {n_pages:,}" if n_pages else f"Page {number:,}"


def slide_label(number: int) -> str:
    """The name of a slide."""
    return f"Slide {number:,}"


def page_picture(number: int, title: str) -> str:
    """What stands for a page's picture where it cannot be seen."""
    return f"Page {number:,} of {title} as it is printed; its words stand under Text"


def sheet_label(name: str) -> str:
    """The name of a workbook's sheet."""
    return f"Sheet {shortened(name)}"


def cut_note(start: int, stop: int, n_characters: int) -> str:
    """What part of a long document is shown."""
    return f"A long document: characters {start + 1:,} to {stop:,} of {n_characters:,} are shown."


def only_text(reason: str) -> str:
    """Why a document is shown as text although it has pages or rows."""
    return f"Shown as text: {reason}."


def happened(document_id: str, *, gone: bool) -> str:
    """What has become of a document since it was quoted."""
    since = "is no longer there" if gone else "has changed since"
    return f"{document_id} {since}. This is the passage as it was read."


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


# ---- the documents' side ----

DOCUMENTS = "Documents"
DOCUMENTS_LIST = "Documents; the arrow keys go through them"
ADD_FILES = "Add files"
ADD_FOLDER = "Add folder"
SYNC = "Sync"
SYNC_STOPPED = "Stopped. The index is as it was; what was embedded is kept for the next sync."
SYNC_INTERRUPTED = (
    "Interrupted. The index is as it was; what was embedded is kept, and the next run embeds the "
    "rest."
)
NO_FOLDER = "This index mirrors no folder. Name one: quoth chat --documents DIR"
STOP = "Stop"
DROP_HERE = "Drop files or folders to add them to the documents."
READ_ONLY = (
    "The files in this folder can be read here, not added or removed. "
    "To allow that: quoth chat --writable"
)
REFUSED_READ_ONLY = "This folder is read-only here. To change it: quoth chat --writable"
SENDING = "{n} of {all} files, {mb} of {total} MB"
SENDING_PACE = "{rate} MB/s, {left} left"
NOT_ALL_SENT = "The upload broke off at {name}. Nothing was added. Try again."
SENDING_STOPPED = "Stopped. Nothing was added."
NOTHING_TO_SEND = "There is no file to add in that folder."
RECEIVING = "taking files in"
NOT_SENT = "it was not sent."
LINKED_FOLDER = "a link in the documents folder leads out of it. Rename the folder you bring."
FOLDER_IN_THE_WAY = "a folder has this name. Rename the file."
TOO_DEEP = "its folders are too many or their names too long. Bring a folder nearer to it."

FIND = "Find a document"
NOTHING_FOUND = "No document has these words in its title or its path."
SORT = "Sort"
ORDERS = {"name": "By name", "date": "Newest first", "size": "Largest first"}
TALLY_ALL = "{all} in all"
TALLY = "{n} of {all}"
FIRST_READING = (
    "Your documents are being read for the first time. They are listed here when that is done; a "
    "question that is asked meanwhile is answered then."
)
NO_DOCUMENTS = "No documents yet. Bring some with the buttons below."
NO_DOCUMENTS_READ_ONLY = "No documents yet. Put some into the folder, then press Sync."
TOP_FOLDER = "Top folder"
INSERTED = "inserted by a program"
REMOVE = "Remove"
REMOVE_ASKED = "Take this file out of the folder? It can be put back for 30 days."
KEEP = "Keep"
PUT_BACK = "Put back"
UNDO = "Undo"
REPLACED = "replaced"
NOT_KEPT = "This file is no longer kept."
KEPT_HOW_LONG = (
    "Each is kept for 30 days in the folder of the index, and then deleted. "
    "Put back, it is as it was."
)

_STEPS = {ENCODING: "Step 2 of 2: making passages searchable"}
_BYTES = ((1e6, "MB"), (1e3, "kB"))
_OUTCOMES = {
    "added": "added",
    "replaced": "replaced, since they were there already",
    "unchanged": "there already, with the same content",
    "refused": "refused",
}


def size(n_bytes: int) -> str:
    """A file's size as people say it."""
    for unit, name in _BYTES:
        if n_bytes >= unit:
            number = n_bytes / unit
            return f"{number:,.1f} {name}" if number < 10 else f"{number:,.0f} {name}"
    return counted(n_bytes, "byte")


def day(moment: datetime) -> str:
    """A day as people write it, where they are."""
    here = moment.astimezone()
    return f"{here.day} {here:%b %Y}"


def progress_said(what: str, done: int, total: int, pace: str) -> str:
    """How far a sync is: what it does, how much of it is done, and how fast."""
    doing = f"Step 1 of 2: {what}" if what.startswith("reading ") else _STEPS.get(what, what)
    parts = [doing, f"{done:,} of {total:,}" if total else "", pace]
    return " \N{MIDDLE DOT} ".join(filter(None, parts))


def received(name: str, outcome: str, reason: str, *, passed_over: bool = False) -> str:
    """What became of a file that was brought; `passed_over` if `.quothignore` names it."""
    but = ", but .quothignore passes it over" if passed_over else ""
    match outcome:
        case "added":
            return f"{name} was added{but}."
        case "replaced":
            return f"{name} was there already and has been replaced{but}."
        case "unchanged":
            return f"{name} is there already, with the same content{but}."
        case _:
            return f"{name} was refused: {reason}"


def no_format(suffix: str) -> str:
    """Why a file of no format that is read is refused."""
    kind = f"{suffix} files" if suffix else "files without a suffix"
    return (
        f"Quoth does not read {kind}. It reads plain text, Markdown, reStructuredText, HTML, PDF, "
        "EPUB, Word, PowerPoint, Excel, CSV, JSON, e-mails, notebooks and source code."
    )


def received_many(n: int, outcome: str) -> str:
    """The same for many files at once."""
    return f"{counted(n, 'file')} {_OUTCOMES.get(outcome, outcome)}"


def left_out(n: int) -> str:
    """That files were not added, since somebody stopped it."""
    return f"Stopped: {counted(n, 'file')} not added."


def too_many(n_most: int) -> str:
    """Why so many files are not taken at once."""
    return (
        f"These are more than {n_most:,} files. Bring them in parts, or copy them into the "
        "documents folder yourself and press Sync."
    )


def too_large(megabytes: float, most: int) -> str:
    """Why so large a file is not taken."""
    return f"{megabytes:,.0f} MB are more than {most} MB. Split it."


def unfit(suffix: str) -> str:
    """Why a file whose content belies its name is not taken."""
    name = suffix.removeprefix(".").upper()
    return f"its content is not that of a {name} file. Save it as one, or name it as what it is."


def file_in_the_way(name: str) -> str:
    """Why a folder cannot be made."""
    return f"a file is named '{name}', as its folder would be. Rename one of them."


def not_written(error: OSError) -> str:
    """Why a file could not be written."""
    return f"{error.strerror or error}. Make room, or allow writing."


def removed(name: str) -> str:
    """That a file was taken out of the folder."""
    return f"{name} was removed."


def put_back(name: str) -> str:
    """That a removed file is there again."""
    return f"{name} is back."


def changed_many(n: int, what: str) -> str:
    """How many documents were added, changed, renamed or removed."""
    return f"{n:,} {what}"


def more(n: int) -> str:
    """That there is more than is listed."""
    return f"And {n:,} more."


def skipped(n: int) -> str:
    """How many files are not indexed."""
    return f"{n:,} skipped"


def kept(n: int) -> str:
    """How many files can be put back."""
    return f"{n:,} removed or replaced"


def no_such_file(document_id: str) -> str:
    """Why nothing can be removed."""
    return f"There is no file '{document_id}' in the documents folder."


def folder_leads_out(document_id: str) -> str:
    """Why a file cannot be put back: a link leads elsewhere."""
    return f"The folder of '{document_id}' leads out of the documents."


def another_there(document_id: str) -> str:
    """Why a file cannot be put back: there is another."""
    return (
        f"Another file named '{document_id}' is there now. Rename it or remove it, then put this "
        "one back."
    )


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
WHERE_ABOUT = "With nothing chosen, everything is searched."
IN_NO_FOLDER = "in no folder"
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


def searched(folders: Sequence[str], formats: Sequence[str], *, loose: bool) -> str | None:
    """Which documents are searched, as a `Scope` says it; None for all.

    Args:
        folders: The folders that were chosen.
        formats: The formats that were chosen.
        loose: Whether those that lie in no folder were.
    """
    places = [IN_NO_FOLDER if loose else "", f"in {', '.join(folders)}" if folders else ""]
    kind = f"of format {', '.join(formats)}" if formats else ""
    return ", ".join(filter(None, [" or ".join(filter(None, places)), kind])) or None


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
