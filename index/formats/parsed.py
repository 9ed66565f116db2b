"""What a format's reader gives: text, and the places in it that a citation can name."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_COUNTED = re.compile(r"(.+?)(?: › (?:below )?table \d+(?:, row \d+)?|, row \d+| › \d+)", re.DOTALL)
_NUMBER = re.compile(r"(?:slide|table) \d+")


class Place(NamedTuple):
    """Where a part of a document begins, in a reader's words.

    Attributes:
        start: Offset of its first character.
        name: "sheet Costs, row 88", "slide 3", "Setup › On Linux".
        apart: Whether a passage may not reach across its start, as between the rows of a table.
            A place that is not apart is a heading with those above it.
    """

    start: int
    name: str
    apart: bool = False

    @property
    def heading(self) -> str:
        """What of the name is searched by words: all of a heading, else the sheet or the list.

        Rows and records go without their numbers, which change as others come and go; so do
        tables in a text, and what stands below one.
        """
        if not self.apart:
            return self.name
        counted = _COUNTED.fullmatch(self.name)
        return counted[1] if counted and not _NUMBER.fullmatch(counted[1]) else ""


class Parsed(NamedTuple):
    """What a format's reader gives.

    Attributes:
        text: The normalised text.
        title: The title that the document itself gives; None when it gives none.
        page_starts: Offset of each page's first character, ascending; empty without pages.
        places: The named parts, ascending by their start; empty when the format has none.
    """

    text: str
    title: str | None
    page_starts: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()


class Part(NamedTuple):
    """What is given of a part of a file, as its format shows it: a page, or rows of a table.

    Attributes:
        told: JSON values that say what it holds.
        content: Its picture, where it has one.
    """

    told: Mapping[str, Any]
    content: bytes = b""
