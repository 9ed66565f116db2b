"""A spreadsheet's values as the sheet shows them."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

_GENERAL_DIGITS = 11  # as many as a cell of the format General shows
_PRECISION = 1000  # digits: enough for any number at any scale
_MAX_FORMAT = 255
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_SYMBOL = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_CONDITION = re.compile(r"\[[^\]]*\]")
_PADDING = re.compile(r"[_*].")
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]*))?(,*)")
_NOT_PLAIN = re.compile(r"[/eE@]")  # fractions, powers of ten, text


def shown(value: object, number_format: str) -> str:
    """A cell's value as text: dates by ISO 8601, numbers as their format says.

    Of the formats' language it knows decimals, thousands, percent and the words and currencies
    around the digits; a number of any other format is shown as General shows it.

    Args:
        value: What openpyxl gives.
        number_format: As it stands in the file: "0.0%", '#,##0.00 "EUR"'.

    Source: ECMA-376, part 1, section 18.8.31.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    return str(value)


def _moment(value: datetime) -> str:
    """A date alone where it is midnight, and no seconds where there are none."""
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _number(value: float, number_format: str) -> str:
    sections = _outside_quotes(number_format).split(";")
    own_negative = value < 0 and len(sections) > 1 and bool(sections[1].strip())
    code = sections[1] if own_negative else sections[0]
    digits = _DIGITS.search(code)
    if digits is None or not _is_plain(code):
        return _general(value)
    before, after = code[: digits.start()], code[digits.end() :]
    with localcontext(prec=_PRECISION, rounding=ROUND_HALF_UP):
        scaled = Decimal(repr(value)) * 100 ** code.count("%")
        scaled /= 1000 ** len(_scaling(digits[0]))
        thousands = "," if "," in digits[0].rstrip(",") else ""
        text = _rounded(abs(scaled), digits[1] or "", thousands)
    sign = "-" if value < 0 and not own_negative and text.strip("0.,") else ""
    return f"{sign}{_words(before)}{text}{_words(after)}".strip()


def _is_plain(code: str) -> bool:
    """Whether a format shows one decimal number, and is no longer than a spreadsheet's may be."""
    one = len(_DIGITS.findall(code)) == 1
    return one and len(code) <= _MAX_FORMAT and not _NOT_PLAIN.search(code)


def _outside_quotes(number_format: str) -> str:
    """The format with its literal characters moved to where no code is."""
    bare = _CONDITION.sub("", _SYMBOL.sub(lambda symbol: _literal(symbol[1]), number_format))
    bare = _QUOTED.sub(lambda quoted: _literal(quoted[1] or quoted[2] or ""), bare)
    return _PADDING.sub("", bare)


def _literal(text: str) -> str:
    return "".join(chr(0xF0000 + ord(character)) for character in text if ord(character) < 0xFFFE)


def _words(code: str) -> str:
    return "".join(chr(ord(c) - 0xF0000) if ord(c) >= 0xF0000 else c for c in code)


def _scaling(digits: str) -> str:
    """The commas behind the digits, each of which divides by a thousand."""
    return digits[len(digits.rstrip(",")) :]


def _rounded(value: Decimal, decimals: str, thousands: str) -> str:
    text = f"{value:{thousands}.{len(decimals)}f}"
    needed = len(decimals.rstrip("#?"))
    while len(decimals) > needed and text.endswith("0"):
        text, decimals = text[:-1], decimals[:-1]
    return text.rstrip(".")


def _general(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    text = f"{value:.{_GENERAL_DIGITS - 1}g}"
    return text.replace("e", "E")
