"""A document: a file's bytes as normalised text with page starts."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One text that can be cited.

    Attributes:
        id: Path below the documents folder, with forward slashes; unique in an index.
        digest: SHA-256 of the file's bytes, as 64 hexadecimal digits.
        title: What a reader would call it: its heading or headline, else its file name.
        text: The text, normalised once, at load; every offset in the program counts in it.
        page_starts: Offset of the first character of each page, ascending; empty when the
            format has no pages.
    """

    id: str
    digest: str
    title: str
    text: str
    page_starts: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """Page that holds a character, counted from 1; None when the format has no pages."""
        return bisect_right(self.page_starts, offset) or None
