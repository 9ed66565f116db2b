"""Where an answer's words begin and end, as a person would mark them."""

import re

from index.words import is_content
from qa.question import asks_date, asks_person, asks_quantity, counted_words
from qa.statements import MARKER, blocks

# Between two of these characters a word or a number goes on: "1,200", "O'Brien", "don't".
_INSIDE = re.compile(
    r"(?<=\w)(?=\w)|(?<=\d)(?=[.,:]\d)|(?<=\d[.,:])(?=\d)"
    r"|(?<=\w)(?=['’](?:t\b|[A-Z]))|(?<=\w['’])(?=t\b|[A-Z])"
)
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", "„": "“"}
_LOOSE_LEFT = re.compile(r"(?:[\s,;:•*–—]|[|-]\s|(?:and|or|but|nor)\s)+")
_LOOSE_RIGHT = re.compile(r"(?:[\s,;:•*–—]|\s[|-]|(?:(?<=\d)|(?<=[a-z]{5}))\.)+$")
# Such a word dangles only where more follows it: in "what it is made of." it does not.
_LOOSE_WORD = re.compile(
    r"\s(?:and|or|but|nor|than|of|the|a|an|to|from|with|by|for|at|into|in|on|as)$"
)
_MORE_FOLLOWS = re.compile(r"[^\S\n]+\w")

_LETTERS = re.compile(r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_]\Z")

_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|dozen|hundred|thousand|million|billion|trillion)"
)
_NUMBER_AT_START = re.compile(rf"[$€£¥]?\d|(?:an?\s)?{_NUMBER_WORD}\b", re.IGNORECASE)
_NUMBER_AT_END = re.compile(rf"(?:\d|\b{_NUMBER_WORD})$", re.IGNORECASE)
_ONE_AT_END = re.compile(r"\b(?:one|1)$", re.IGNORECASE)
_SIGN_BEFORE = re.compile(r"(?:(?:\b(?:US|A|C|HK|NZ))?[$€£¥]|#|(?<!\S)[−-]|\b(?:USD|EUR|GBP) )\Z")
# It reads the number's first character too: "over two days" may have lasted two.
_HEDGE_BEFORE = re.compile(
    r"\b(?:(?:(?:no|not|just|slightly|far|well|much) )?(?:more|less|fewer|greater) than"
    r"|(?:just |well |slightly )?(?:about|around|approximately|roughly|nearly|almost|some)"
    r"|(?:just |well |slightly )?(?:over|under)(?= [$€£¥\d]\Z)"
    r"|up to|at least|at most|as (?:many|much) as|(?:an )?estimated) (?=.\Z)",
    re.IGNORECASE,
)
_BEHIND_HOUR = re.compile(
    r"(?<!illion)[ \t\xa0]?(?:[ap]\.m\.|[AP]\.M\.|[ap]m\b|[AP]M\b|o['’]clock\b)"
)
_BEHIND_YEAR = re.compile(r"(?<=\d)[ \t\xa0](?:(?:BCE?|CE|AD)\b|B\.C\.|A\.D\.)")
_BEHIND_NUMBER = re.compile(
    r"(?:[ \t\xa0](?:hundred|thousand|million|billion|trillion)\b)*"
    r"(?:%|[ \t\xa0]?°(?:[ \t\xa0]?[CF]\b)?"
    r"|[ \t\xa0](?:(?:square|cubic|metric|nautical|light)[ -])?(?:"
    r"(?:kilo|centi|milli)?(?:met(?:re|er)|gram|lit(?:re|er))s?|miles?|feet|foot|inch(?:es)?|yards?"
    r"|acres?|hectares?|tonnes?|tons?|pounds?|ounces?|gallons?|barrels?|knots?|degrees?"
    r"|(?:kilo|mega|giga)?(?:watt|byte|hertz)s?|[kcm]?m[²³23]?|[km]?g|m?l|km/h|m/s|mi|mph|ft|ha|lbs?"
    r"|oz|[kMG]?Wh?|[kMGT]B|[kMG]?Hz|[km]?V"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)"
    r"|per ?cent|percentage points?|dollars?|euros?|cents?|yen|rupees?|ro?ubles?|francs?)\b"
    r"(?: (?:Celsius|Fahrenheit|ago|per \w+)\b)?)?"
)
# Of an option of a program: "--amend", "-m".
_DASHES_BEFORE = re.compile(r"(?<![^\s\[(<{|/,'\"`])--?\Z")
_WORD_BEHIND = re.compile(r"[ \t\xa0]+([^\W\d_](?:[\w'’.-]*\w)?)")

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:(?<![\w.,$]){_DAY} (?:of )?{_MONTH}\b|\b{_MONTH} {_DAY}\b(?![.,:]\d))(?:,? \d{{4}}\b)?"
    rf"|\b{_MONTH},? \d{{4}}\b"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Prof|St|Gen|Col|Lt|Capt|Rev|Sen|Gov)\."
_NAME_WORD = rf"(?:{_TITLE}|{_CAPITAL}\.|{_CAPITAL}(?:[\w-]|['’](?={_CAPITAL}))*)"
_PARTICLES = r"(?:(?:van|von|der|den|de|da|di|del|la|bin|ibn|al) )*"
_NAMES_BEFORE = re.compile(rf"(?<![\w.'’-])(?:{_NAME_WORD} {_PARTICLES}){{1,3}}\Z")
_NUMERAL_BEHIND = re.compile(r" (?:[IVX]+\b|(?:Jr|Sr)\.)")
# Words with a capital before a name that are no part of it: an office, or a sentence's first word.
_NO_NAME = re.compile(
    r"(?:Minister|Secretary|Ambassador|Commissioner|Spokes\w+|Director|Chair\w+|Officer|Aide|Leader"
    r"|Yesterday|Today|Later|Meanwhile|However|Although|Though|Since|Like|Unlike|Despite|According"
    r"|Among|Perhaps|Even|Former|\w{5,}ly|\w{3,6}days?|" + _MONTH + ")"
)
_PLACE_BEFORE = re.compile(r"\b(?:in|on|at|near|since|until|during|throughout) \Z", re.IGNORECASE)


def whole(text: str, start: int, end: int, *, question: str) -> tuple[int, int]:
    """The span with what a person would not cut off, and without what dangles.

    Half words, numbers, abbreviations such as "a.m." and options such as "--amend" become whole. A
    number takes its sign, unit, hour or era, and the thing that the question counts ("91" drones);
    where a quantity is asked for, "about" and "at least" too. A date becomes whole for "when", a
    bare surname takes its forename or title for "who". A comma, a dash, a word like "and" or "of"
    at an end, or a bracket or quotation mark without its partner, goes out. A span that runs on
    into another paragraph, row or headline ends before it; over the items of a list it may run.
    Nothing is taken from another line.

    Args:
        text: The text that the span lies in.
        start: Offset of its first character.
        end: Offset just past its last.
        question: What was asked.

    Returns:
        Start and end, never empty.
    """
    start, end = _in_one_block(text, *_unbroken(text, start, end))
    start, end = _without_loose_ends(text, start, end)
    if text[end : end + 1] == "." and _ending_at(_LETTERS, text, end):
        end += 1
    start, end = _with_partner(text, *_unbroken(text, start, end))
    start = _with_dashes(text, start)
    if asks_date(question):
        start, end = _with_date(text, start, end)
    if asks_person(question):
        start, end = _with_name(text, start, end)
    if _NUMBER_AT_END.search(text[start:end]):
        end = _with_counted(text, start, _with_unit(text, end), question)
    if _NUMBER_AT_START.match(text[start:end]):
        start = _with_sign(text, start)
        if asks_quantity(question) and (hedge := _ending_at(_HEDGE_BEFORE, text, start + 1)):
            start = hedge.start()
    return start, end


def _unbroken(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the whole of the words and numbers that it begins and ends in."""
    while _INSIDE.match(text, start):
        start -= 1
    while _INSIDE.match(text, end):
        end += 1
    return start, end


def _in_one_block(text: str, start: int, end: int) -> tuple[int, int]:
    """The span up to the end of the paragraph, row or headline that it begins in."""
    if "\n" in text[start:end].strip():
        for block in blocks(text):
            follows = MARKER.match(text[block.end :].lstrip())
            if start < block.end < end and text[start : block.end].strip() and not follows:
                return start, block.end
    return start, end


def _without_loose_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without what dangles at its ends, though never without everything."""
    first, last = start, end
    while first < last:
        start, end = first, last
        kept = text[first:last]
        if match := _LOOSE_LEFT.match(kept):
            first += match.end()
        elif match := _LOOSE_RIGHT.search(kept) or _loose_word(text, first, last):
            last = first + match.start()
        elif side := _lone_mark(kept):
            first += side > 0
            last -= side < 0
        else:
            return first, last
    return start, end


def _loose_word(text: str, start: int, end: int) -> re.Match[str] | None:
    """A word of grammar at the span's end, with more of its line to come."""
    return _MORE_FOLLOWS.match(text, end) and _LOOSE_WORD.search(text[start:end])


def _lone_mark(kept: str) -> int:
    """1 for a bracket or quotation mark at the start whose partner is missing, -1 at the end."""
    for left, right in _PAIRS.items():
        if kept.startswith(left) and right not in kept:
            return 1
        if kept.endswith(right) and left not in kept:
            return -1
    if kept.count('"') == 1 and kept.startswith('"'):
        return 1
    # 5'10" is whole.
    return -1 if kept.count('"') == 1 and re.search(r'(?<!\d)"$', kept) else 0


def _with_partner(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the bracket beside it that closes, or opens, one within."""
    for left, right in (("(", ")"), ("[", "]")):
        n_open = text.count(left, start, end) - text.count(right, start, end)
        end += n_open > 0 and text.startswith(right, end)
        start -= n_open < 0 and text.endswith(left, 0, start)
    return start, end


def _ending_at(pattern: re.Pattern[str], text: str, offset: int) -> re.Match[str] | None:
    """The match that ends at an offset, of a pattern that ends where its text does."""
    return pattern.search(text, max(0, offset - 60), offset)


def _with_unit(text: str, end: int) -> int:
    """The end of a number, past its unit, hour or era."""
    for behind in (_BEHIND_HOUR, _BEHIND_YEAR, _BEHIND_NUMBER):
        if (match := behind.match(text, end)) and match[0]:
            return match.end()
    return end


def _with_dashes(text: str, start: int) -> int:
    """The start of a word, before the dashes that make it an option of a program."""
    first = start
    while text.startswith("-", first):
        first += 1
    if text[first : first + 1].isalpha() and (dashes := _ending_at(_DASHES_BEFORE, text, first)):
        return dashes.start()
    return start


def _with_sign(text: str, start: int) -> int:
    """The start of a number, before its minus sign or currency."""
    while text[start].isdigit() or text[start] in "$€£¥":
        sign = _ending_at(_SIGN_BEFORE, text, start)
        if sign is None:
            break
        start = sign.start()
    return start


def _with_counted(text: str, start: int, end: int, question: str) -> int:
    """The end of a number, past the thing counted if that is the next word."""
    behind = _WORD_BEHIND.match(text, end)
    if behind is None:
        return end
    word, counted = behind[1].lower(), counted_words(question)
    plurals = [_singular(each) for each in counted if _is_plural(each)]
    if not plurals:
        return behind.end() if counted[-1:] == [word] else end
    fits = _is_plural(word) or _ONE_AT_END.search(text[start:end])
    return behind.end() if fits and _singular(word) in plurals else end


def _is_plural(word: str) -> bool:
    return word in ("people", "men", "women", "children") or bool(re.search(r"[^s]s$", word))


def _singular(word: str) -> str:
    """An English plural without its ending, near enough to compare."""
    return re.sub(r"(?:(?<=[sxzh])es|s)$", "", re.sub(r"ies$", "y", word))


def _with_date(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the whole of the date that it is a part of."""
    for match in _DATE.finditer(text):
        if match.start() < end and match.end() > start:
            return min(start, match.start()), max(end, match.end())
    return start, end


def _with_name(text: str, start: int, end: int) -> tuple[int, int]:
    """A bare surname with the forenames or title before it, and a ruler's number behind it."""
    if not re.fullmatch(_NAME_WORD, text[start:end]) or text[start:end].isupper():
        return start, end
    if numeral := _NUMERAL_BEHIND.match(text, end):
        end = numeral.end()
    if before := _ending_at(_NAMES_BEFORE, text, start):
        first = start
        for match in reversed(list(re.finditer(_NAME_WORD, before[0]))):
            if not is_content(match[0]) or _NO_NAME.fullmatch(match[0]):
                break
            first = before.start() + match.start()
        if not _ending_at(_PLACE_BEFORE, text, first):  # "in Paris Macron said"
            start = first
    return start, end
