"""The formulas of a sheet that no program has computed yet."""

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import IO

from index.formats.named import column_number

MAX_FORMULAS = 100_000  # of a sheet; the cells of others stay empty

_CHUNK = 1 << 20
_END = b"</c>"
_CELL = re.compile(
    rb"<c\s([^<>]*)>\s*<f\b[^<>]*>([^<]+)</f>\s*+"
    rb"(?:(?:<v\s*/>|<v>\s*+(0?)\s*</v>)\s*+)?</c>"  # possessive, so that time is linear
)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")  # which may be empty, and computed


def uncomputed(sheet: IO[bytes], *, on_load: bool) -> dict[int, list[tuple[int, str]]]:
    """Column, from 0, and text of the formulas without a value, by their row.

    Args:
        sheet: The XML that they stand in.
        on_load: Whether the file asks to be computed when it is opened: its zeros are no values.
    """
    formulas = defaultdict(list)
    for column, row, text in islice(_formulas(sheet, on_load=on_load), MAX_FORMULAS):
        formulas[row].append((column, text))
    return dict(formulas)


def _formulas(sheet: IO[bytes], *, on_load: bool) -> Iterator[tuple[int, int, str]]:
    for cells in _cells(sheet):
        for attributes, formula, value in _CELL.findall(cells):
            place = _PLACE.search(attributes)
            if place and not _IS_TEXT.search(attributes) and (on_load or not value):
                text = unescape(formula.decode("utf-8", "replace"))
                yield column_number(place[1].decode()), int(place[2]), f"={text}"


def _cells(sheet: IO[bytes]) -> Iterator[bytes]:
    """The sheet's XML in parts that end with a cell; of a cell too long the end alone."""
    rest = b""
    while chunk := sheet.read(_CHUNK):
        rest += chunk
        end = rest.rfind(_END) + len(_END)
        if end >= len(_END):
            yield rest[:end]
            rest = rest[end:]
        rest = rest[-_CHUNK:]
