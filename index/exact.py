"""Terms of a question that count as they are written: codes, quoted words, capitals, figures."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.catalogue import Catalogue
from index.forms import regrouped
from index.lexical import Lexical

# In units of cosine. What is marked comes first whatever else speaks against it; what is only
# written like a name is found sooner. Measured: more than .3 for those does harm.
MARKED_BONUS, BONUS = 2.0, 0.3
FEW_DOCUMENTS = 10
MAX_PASSAGES = 100

_JOINTS = r"[-./_:#+@&]"
_QUOTED = re.compile(
    r"(?<!\w)(?:\"([^\"]+)\"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»"
    r"|‘((?:[^’]|(?<=\w)’(?=\w))+)’|'((?:[^']|(?<=\w)'(?=\w))+)')(?!\w)"
)
_RUN = re.compile(rf"\w+(?:{_JOINTS}\w+)*")
# "1990s", "21st", "10.5" and "9:30" are figures, not codes.
_FIGURE = re.compile(r"\d+(?:s|st|nd|rd|th)?|\d+[.:]\d+", re.IGNORECASE)
_MIN_FIGURE = 3  # characters
_MIN_CODE = 3
# Written like a code, and said in other ways too: "2024-03-05", "100mm", "2015-2016", "pre-2007",
# "3-year".
_NO_CODE = re.compile(
    r"\d{1,4}/\d{1,2}(?:/\d{1,4})?|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}[.-]\d{1,2}[.-]\d{1,2}"
    r"|\d+(?:[.,]\d+)?[^\W\d_]{1,4}(?:/[^\W\d_]{1,2})?"
    r"|\d+(?:st|nd|rd|th)?s?-\d+(?:st|nd|rd|th)?s?"
    r"|[a-z]{3,}-.*|\d+(?:[.,]\d+)?(?:st|nd|rd|th)?-(?:[a-z]-)?[a-z]{3,}(?:-.*)?"
)
# A figure of three digits and more. A round one is written in words, too, and a year may be within
# some years that a text names.
_LONG_FIGURE = re.compile(
    r"(?<![\w.,:/'’-])(?:\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+|\d{3,})(?![\w:/]|[-.,'’]\d)"
)
_ROUND_OR_YEAR = re.compile(r"\d0*|1[5-9]\d\d|20\d\d")
# "In 1066" asks of a year, "order 1066" does not.
_YEAR = re.compile(
    r"\b(?:after|and|before|between|by|during|from|in|of|or|since|till|to|until|year"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s+1\d{3}\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"(\d{1,2}):(\d\d)")
_PLURAL = re.compile(r"(.*\d)s")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


class ExactTerm(NamedTuple):
    """A term that counts as it is written.

    Attributes:
        text: The term.
        marked: Whether it is a code or stands in quotation marks, and not merely in capitals.
    """

    text: str
    marked: bool


def exact_terms(question: str) -> list[ExactTerm]:
    """What stands in quotation marks, looks like a code, is a figure or written in capitals.

    A code holds a digit, and a letter or a joint: "E-4711", "v2.10.3", "0x8F". Capitals say
    nothing where the whole question is in capitals.
    """
    quoted = ["".join(match).strip() for match in _QUOTED.findall(question)]
    rest = _QUOTED.sub(" ", question).translate(_DASHES)
    shouted = rest.upper() == rest
    terms = {text: True for text in quoted if text}
    for run in _RUN.findall(rest):
        figure = _FIGURE.fullmatch(run) is not None
        if re.search(r"\d", run) and not figure:
            terms.setdefault(run, True)
        elif len(run) >= _MIN_FIGURE if figure else len(run) > 1 and run.isupper() and not shouted:
            terms.setdefault(run, False)
    return [ExactTerm(*term) for term in terms.items()]


def codes(question: str) -> list[str]:
    """What a text must hold that is to answer a question, each once: codes, times and figures.

    "B-205", "LX319", "10.0.0.13", "45-112-9", "11:30", "313" and "5,310", but no date, measure or
    range of years, and neither a round figure nor a year.
    """
    marked = [term.text for term in exact_terms(question) if _is_code(term)]
    figures = _LONG_FIGURE.findall(_YEAR.sub(" ", question))
    told = [each for each in figures if not _ROUND_OR_YEAR.fullmatch(re.sub(r"\D", "", each))]
    return list(dict.fromkeys([*marked, *told]))


def _is_code(term: ExactTerm) -> bool:
    if _TIME.fullmatch(term.text):
        return True
    runs_on = _RUN.fullmatch(term.text) and not _FIGURE.fullmatch(term.text)
    named = bool(term.marked and runs_on and re.search(r"\d", term.text))
    return named and len(term.text) >= _MIN_CODE and not _NO_CODE.fullmatch(term.text)


def unknown_codes(question: str, lexical: Lexical, catalogue: Catalogue) -> tuple[str, ...]:
    """A question's codes that stand nowhere, in text, heading or title, however they are set."""
    return tuple(
        code
        for code in codes(question)
        if not any(
            lexical.holds_in_row(each) or catalogue.has_title_with(each) for each in _written(code)
        )
    )


def _written(code: str) -> set[str]:
    """Ways to write a code: "f-150", "f 150" and "f150"; a figure: "5310", "5 310"; a time."""
    if time := _TIME.fullmatch(code):
        hour = int(time[1])
        hours = {hour, (hour + 12) % 24}  # "7:05" in the evening is "19:05"
        return {f"{each:{width}}:{time[2]}" for each in hours for width in ("", "02")}
    ways = {code, *(other for _, other in regrouped(code))}
    for each in {code, _PLURAL.sub(r"\1", code)}:
        pieces = _PIECE.findall(each)
        ways |= {each, " ".join(pieces), "".join(pieces)}
    return ways


def stands_in(term: str, text: str) -> bool:
    """Whether a text holds a term as it is written and whole, in capitals or not.

    "X-200" does not stand in "X-200/B" or "AX-200". Any dash is a hyphen, any white space a space.
    """
    words = r"\s+".join(re.escape(word) for word in term.translate(_DASHES).split())
    whole = rf"(?<!\w)(?<!\w{_JOINTS}){words}(?!{_JOINTS}?\w)"
    plain = text if text.isascii() else text.translate(_DASHES)
    return re.search(whole, plain, re.IGNORECASE) is not None


def exact_bonus(question: str, lexical: Lexical, catalogue: Catalogue) -> dict[int, float]:
    """What the question's exact terms are worth, by passage, in units of cosine.

    A marked term counts where few documents hold it, any other where one does.
    """
    bonus: dict[int, float] = {}
    for term in exact_terms(question):
        holders = dict(_holders(term.text, lexical, catalogue))
        if len(set(holders.values())) <= (FEW_DOCUMENTS if term.marked else 1):
            for each in holders:
                bonus[each] = bonus.get(each, 0.0) + (MARKED_BONUS if term.marked else BONUS)
    return bonus


def _holders(term: str, lexical: Lexical, catalogue: Catalogue) -> Iterator[tuple[int, str]]:
    """Passages that hold a term, with their documents.

    Those that hold it whole, in text or headings; if none does, those that hold its words in a row.
    """
    near = catalogue.passages(lexical.holders(term, at_most=MAX_PASSAGES))
    whole = {
        each
        for each, (passage, title) in near.items()
        if stands_in(term, f"{title}\n{passage.place}\n{passage.text}")
    }
    for each, (passage, _) in near.items():
        if each in whole or not whole:
            yield each, passage.document_id
