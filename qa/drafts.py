"""Questions that a text's own sentences answer, by templates that keep to plain English.

A template takes a sentence whose shape leaves no doubt: "The Kingdom of Varnia operates 47
lighthouses" gives "How many lighthouses does the Kingdom of Varnia operate?". A sentence that fits
none gives nothing, and so does a question that leans on what stands around it.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Literal, NamedTuple

from index.words import content_words, is_content, words
from qa import shapes
from qa.statements import statements

Kind = Literal["count", "measure", "date", "place", "maker", "person", "thing", "cell"]

VERSION = 1  # raised whenever the same text gives other questions: what was kept is made anew
MAX_WORDS, MAX_CHARACTERS = 13, 80
_MIN_WORDS, _MIN_CONTENT, _MIN_CONTENT_WITHOUT_NAME = 4, 2, 4
_SENTENCE_WORDS = range(4, 46)

_COUNTED = re.compile(
    rf"(?:^|, |\bthat ){shapes.HEDGE}{shapes.NUMBER} {shapes.THINGS} (?P<rest>(?:were|are|live"
    rf"|lived|work|worked|died|voted|took part){shapes.FEW}{{2,8}}?){shapes.END}"
)
_OWNED = re.compile(
    rf"{shapes.SUBJECT} (?P<verb>{'|'.join(shapes.PLAIN)}) {shapes.HEDGE}{shapes.NUMBER} "
    rf"{shapes.THINGS}{shapes.STOP}"
)
_MEASURED = re.compile(
    rf"{shapes.SUBJECT} (?P<be>is|was) {shapes.HEDGE}{shapes.NUMBER} [a-z]+ "
    r"(?P<how>high|long|tall|wide|deep|old|thick)\b"
)
_DATE_FIRST = re.compile(rf"(?:In|On) {shapes.DATE}, (?P<main>\w.+)")
_DATE_LAST = rf" (?:in|on) {shapes.DATE}\b"
_HAPPENED = (
    rf"{shapes.SUBJECT} (?:(?P<be>was|were)(?P<rest> {shapes.PARTICIPLE}{shapes.FEW}{{0,4}}?)"
    rf"|(?P<verb>{'|'.join(shapes.ACTS)})(?P<more>{shapes.FEW}{{0,5}}?))"
)
_MADE = re.compile(
    rf"{shapes.SUBJECT} (?:was|were) {shapes.PARTICIPLE} by (?P<who>{shapes.PERSON}){shapes.STOP}"
)
_PLACED = re.compile(
    rf"{shapes.SUBJECT} (?P<be>is|was|are|were) (?P<made>located|based|situated|headquartered|held"
    rf"|born|buried|kept|stored|signed) (?:in|at) (?P<place>{shapes.NAME})"
)
_IS_THE = re.compile(
    rf"{shapes.SUBJECT} (?P<be>is|was) (?P<what>the (?:[a-z-]+ ){{1,3}}of {shapes.NAME})(?=[.,;]|$)"
)


class Draft(NamedTuple):
    """A question, the words that answer it where it was made, and what kind it is of."""

    question: str
    expected: str
    kind: Kind


def drafts(text: str) -> Iterator[Draft]:
    """The questions that the sentences of a text answer, in their order, then those of its rows."""
    yield from filter(_stands, chain(_of_sentences(text), _of_rows(text)))


def _of_sentences(text: str) -> Iterator[Draft]:
    for span in statements(text):
        sentence = " ".join(text[span.start : span.end].split())
        if len(sentence.split()) in _SENTENCE_WORDS:
            for template in _TEMPLATES:
                yield from template(sentence, text)


def _stands(draft: Draft) -> bool:
    """Whether a question is plain, short, and asks of something that it names itself."""
    question = draft.question
    return (
        _MIN_WORDS <= len(words(question)) <= MAX_WORDS
        and len(question) <= MAX_CHARACTERS
        and len(content_words(question)) >= _least_content(question)
        and bool(shapes.CLEAN.fullmatch(question))
        and not shapes.LEANING.search(question)
        and draft.expected.lower() not in question.lower()
    )


def _least_content(question: str) -> int:
    """How many content words a question needs: without a name it takes more to say of what."""
    has_name = re.search(r"(?<=\s)[A-ZÀ-ÖØ-Þ]", question)
    return _MIN_CONTENT if has_name else _MIN_CONTENT_WITHOUT_NAME


def _counted(sentence: str, _: str) -> Iterator[Draft]:
    """From "91 drones were used in the raid": how many drones were used in the raid."""
    for match in _COUNTED.finditer(sentence):
        if _countable(match):
            yield Draft(f"How many {match['things']} {match['rest']}?", match["n"], "count")


def _owned(sentence: str, text: str) -> Iterator[Draft]:
    """From "Varnia operates 47 lighthouses": how many lighthouses Varnia operates."""
    if (match := _OWNED.match(sentence)) and (subject := _named(match["subject"], text)):
        auxiliary, plain = shapes.PLAIN[match["verb"]]
        if plain not in {"cost", "weigh"}:
            if _countable(match):
                asked = f"How many {match['things']} {auxiliary} {subject} {plain}?"
                yield Draft(asked, match["n"], "count")
        elif match["things"] in shapes.PAID_OR_WEIGHED:
            yield Draft(f"How much {auxiliary} {subject} {plain}?", match["n"], "measure")


def _measured(sentence: str, text: str) -> Iterator[Draft]:
    """From "Skarn Tower is 91 metres high": how high it is."""
    if (match := _MEASURED.match(sentence)) and (subject := _named(match["subject"], text)):
        yield Draft(f"How {match['how']} {match['be']} {subject}?", match["n"], "measure")


def _dated(sentence: str, text: str) -> Iterator[Draft]:
    """From "In 1893, the firm Grummel was founded", or with the date last: when it was founded."""
    opening = _DATE_FIRST.match(sentence)
    main = opening["main"][0].upper() + opening["main"][1:] if opening else sentence
    match = re.match(_HAPPENED + (shapes.END if opening else _DATE_LAST), main)
    if match and (subject := _named(match["subject"], text)):
        date = (opening or match)["date"]
        if match["be"]:
            yield Draft(f"When {match['be']} {subject}{match['rest']}?", date, "date")
        else:
            auxiliary, plain = shapes.ACTS[match["verb"]]
            if match["more"] or plain in shapes.WITHOUT_OBJECT:
                yield Draft(f"When {auxiliary} {subject} {plain}{match['more']}?", date, "date")


def _made(sentence: str, text: str) -> Iterator[Draft]:
    """From "The bridge of Skarn was designed by Ada Bell": who designed it."""
    if (match := _MADE.match(sentence)) and (subject := _named(match["subject"], text)):
        made = match["made"]
        past = shapes.PAST_OF.get(made, made if made.endswith("ed") else None)
        if past and not shapes.ORGANISATION.search(match["who"]):
            yield Draft(f"Who {past} {subject}?", match["who"], "maker")


def _placed(sentence: str, text: str) -> Iterator[Draft]:
    """From "The Varnia Archive is located in Skarn": where it is located."""
    match = _PLACED.match(sentence)
    subject = match and _named(match["subject"], text)
    if match and subject and not shapes.NO_NAME.match(match["place"]):
        yield Draft(f"Where {match['be']} {subject} {match['made']}?", match["place"], "place")


def _in_office(sentence: str, text: str) -> Iterator[Draft]:
    """From "Russian Foreign Minister Sergei Lavrov": who that minister is.

    Only from news: another text may name somebody who held the office long ago.
    """
    if not shapes.REPORTED.search(sentence) or re.search(r"\b1\d\d\d\b", text):
        return
    for match in shapes.OFFICE.finditer(sentence):
        office = match["office"]
        holders = {
            each["name"] for each in shapes.OFFICE.finditer(text) if each["office"] == office
        }
        if len(holders) == 1:
            yield Draft(f"Who is the {office}?", match["name"], "person")


def _described(sentence: str, _: str) -> Iterator[Draft]:
    """From "Ada Bell, the mayor of Skarn, ...": who the mayor of Skarn is."""
    for match in shapes.DESCRIBED.finditer(sentence):
        yield Draft(f"Who is {match['office']}?", match["name"], "person")


def _is_the(sentence: str, text: str) -> Iterator[Draft]:
    """From "Skarn is the capital of Varnia": what the capital of Varnia is."""
    if (match := _IS_THE.match(sentence)) and (subject := _named(match["subject"], text)):
        if re.search(rf"\b(?:{shapes.ROLES}) of\b", match["what"]):
            yield Draft(f"Who {match['be']} {match['what']}?", subject, "person")
        else:
            yield Draft(f"What {match['be']} {match['what']}?", subject, "thing")


def _of_rows(text: str) -> Iterator[Draft]:
    """From "Port is Skarn, Depth is 12 m": what the depth of Skarn is."""
    for line in text.split("\n"):
        cells = [] if line.endswith(".") else list(shapes.CELL.finditer(line))
        if len(cells) > 1 and shapes.KEY.fullmatch(key := cells[0]["cell"]):
            for cell in cells[1:]:
                column = cell["column"].lower()
                if (noun := column.split()[-1]) in shapes.COLUMNS:
                    link = "for" if noun in shapes.PAID_FOR else "of"
                    yield Draft(f"What is the {column} {link} {key}?", cell["cell"], "cell")


_TEMPLATES = (
    *(_counted, _owned, _measured, _dated, _made, _placed),
    *(_in_office, _described, _is_the),
)


def _countable(match: re.Match[str]) -> bool:
    """Whether a number counts things, and is neither a measure nor a year."""
    things = match["things"].split()
    is_year = re.fullmatch(r"(?:1[5-9]|20)\d\d", match["n"])
    return things[-1] not in shapes.UNITS and all(map(is_content, things)) and not is_year


def _named(subject: str, text: str) -> str | None:
    """A sentence's subject as it stands within one; None if nobody could tell what it is."""
    if shapes.NO_NAME.match(subject) or not is_content(subject.removeprefix("The ").split()[0]):
        return None
    if subject.startswith("The "):
        lower = [word for word in subject[4:].split() if word.islower() and word != "of"]
        names_something = not subject[4:].islower()  # "the company" could be any
        return "the " + subject[4:] if names_something and all(map(is_content, lower)) else None
    # One word at a sentence's start has its capital from there, if it has it nowhere else.
    is_known = " " in subject or re.search(rf"[a-z,] {re.escape(subject)}\b", text)
    return subject if is_known else None
