"""Page numbers among the words that stand in the margin of a page."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.formats.turns import Text

MAX_OFFSET = 30  # pages that are counted otherwise before the first that is counted

_NUMBER = re.compile(r"(?<![\d.,])\d{1,6}(?![.,]?\d)")
_TOTAL = re.compile(r"\s*(?:/|of|von|de|di|sur|av|van|из)\s*(\d{1,6})(?!\d)", re.IGNORECASE)
_WORDS = "page|seite|blatt|página|pagina|pág\\.|pag\\.|sida|strona|strana|stránka|страница|стр\\."
_WORD = re.compile(rf"(?<!\w)(?:{_WORDS})[\s|]*\Z", re.IGNORECASE)
_ONLY_WORD = re.compile(rf"\W*(?:{_WORDS}|(?:p|pg|pp|s)\.?)[\s|]*", re.IGNORECASE)
_APART_BEFORE = re.compile(r"(?:\A|\s[|•·–—-])\s*\Z")
_APART_BEHIND = re.compile(r"\s*(?:[|•·–—-]\s|\Z)")
_IN_ORDER = "#"  # in place of the page's own number


class Reading(NamedTuple):
    """Words that may stand on several pages.

    Attributes:
        words: Them, with "#" in place of the page's own number.
        offset: How far that number is ahead of the page's, if there is one.
    """

    words: str
    offset: int | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is more to it than the page's number: one that repeats is none."""
        return any(map(str.isalpha if self.offset is not None else str.isalnum, self.words))


def readings(text: str, *, page: int, n_pages: int, kind: Text) -> Iterator[Reading]:
    """What a row in the margin may say on other pages too: its words, its page's number left out.

    A number is the page's own where nothing else can be meant: alone, or named by a word for
    page, or as "3/12" on the third of 12 pages. Only where the text flows, so that no page is an
    invoice with its number, one that stands apart may be it too. Of pages that are alike all
    words are their own.

    Args:
        text: Of the row; what stands far apart in it is parted by " | ".
        page: From 1.
        n_pages: Of the document.
        kind: How its pages go together.
    """
    if kind is not Text.ALIKE:
        yield Reading(text)
    for match in _NUMBER.finditer(text):
        before, behind = text[: match.start()], text[match.end() :]
        found = _Found(before, behind, int(match[0]) - page, _TOTAL.match(behind))
        if found.is_alone(kind) or (
            kind is not Text.ALIKE and found.is_beside_words(n_pages, kind)
        ):
            yield Reading(f"{before}{_IN_ORDER}{behind}", found.offset)


class _Found(NamedTuple):
    """A number that may be its page's.

    Attributes:
        before: What stands before it.
        behind: What stands behind it.
        offset: How far it is ahead of the page's.
        total: The number of all pages behind it: " of 12".
    """

    before: str
    behind: str
    offset: int
    total: re.Match[str] | None

    @property
    def rest(self) -> str:
        """What stands behind it and the number of all pages."""
        return self.behind[self.total.end() :] if self.total else self.behind

    def is_alone(self, kind: Text) -> bool:
        """Whether nothing stands beside it but a word for page."""
        if any(map(str.isalnum, self.rest)):
            return False
        if _ONLY_WORD.fullmatch(self.before):
            return True
        near = kind is Text.FLOWING or abs(self.offset) <= MAX_OFFSET
        return near and not any(map(str.isalnum, self.before))

    def is_beside_words(self, n_pages: int, kind: Text) -> bool:
        """Whether it is told from the words beside it."""
        if _WORD.search(self.before):
            return True
        apart = _APART_BEFORE.search(self.before) and _APART_BEHIND.match(self.rest)
        counted = self.total is not None and self.offset == 0 and int(self.total[1]) == n_pages
        return bool(apart) and (kind is Text.FLOWING or counted)
