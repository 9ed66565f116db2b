"""What the source pane is asked to show, as the value of a button."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class View:
    """A document, or a place that an answer names, and the part of it that is shown.

    Attributes:
        place: `3.c1`, the first citation of the third turn, or `3.h1`, the first passage read.
        document: Id of a document, where there is no place.
        form: `text` for the text of a document that has pages or rows to be shown.
        page: Number of a page, from 1; 0 for the one that is quoted.
        first: Where the shown part of the text or of the rows begins.
        last: Where it ends; 0 for around what is quoted.
        here: Offset or row that the reader came from, when more is shown than before.
    """

    place: str = ""
    document: str = ""
    form: str = ""
    page: int = 0
    first: int = 0
    last: int = 0
    here: int = -1

    @classmethod
    def parse(cls, value: str) -> Self:
        """The view that a button's value stands for; what it says amiss counts as not said."""
        if "=" not in value:
            return cls(place=value)
        said: dict[str, Any] = {}
        known = {field.name: field.type for field in fields(cls)}
        for name, text in parse_qsl(value, errors="surrogatepass"):
            if known.get(name) is str:
                said[name] = text
            elif name in known and text.isdecimal() and len(text) <= _MAX_DIGITS:
                said[name] = int(text)
        return cls(**said)

    def __str__(self) -> str:
        """The value of a button."""
        said = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }
        return urlencode(said, errors="surrogatepass")

    def at(self, **changed: Any) -> "View":
        """The same source, with another part or form of it."""
        return replace(View(self.place, self.document), **changed)
