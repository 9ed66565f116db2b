"""Headings: each names the part below it by the path that leads there."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from index.formats.parsed import Place
from index.formats.text import MAX_TITLE_CHARACTERS

MAX_HEADINGS = 50_000
MAX_PART_CHARACTERS = 60


class Heading(NamedTuple):
    """A heading of a text.

    Attributes:
        start: Offset of its first character.
        level: Its rank; a smaller one stands higher.
        name: Its words, without markup.
    """

    start: int
    level: int
    name: str


def paths(headings: Iterable[Heading], *, title: str | None) -> tuple[Place, ...]:
    """A place for each heading that has words, named by those above it: "Setup › On Linux".

    The title leads no path: it is said anyway. So the heading that is the title gives no place,
    but for one that ends another's part. More than `MAX_HEADINGS` headings are no help to
    anybody and give none.
    """
    places: list[Place] = []
    above: list[Heading] = []
    known = list(islice((each for each in headings if each.name.strip()), MAX_HEADINGS + 1))
    for heading in known if len(known) <= MAX_HEADINGS else ():
        while above and above[-1].level >= heading.level:
            above.pop()
        above.append(heading._replace(name=" ".join(heading.name.split())))
        if name := _path([each.name for each in above], title):
            places.append(Place(heading.start, name))
        elif places:
            places.append(Place(heading.start, _shortened(above[-1].name)))
    return tuple(places)


def _path(names: list[str], title: str | None) -> str:
    """The names without a title that leads them, and without one that says the last again."""
    before = title
    parts = []
    for name in names:
        if before is None or _key(name) != _key(before):
            parts.append(_shortened(name))
        before = name
    return " › ".join(parts)


def _key(name: str) -> str:
    """What two ways to write the same heading share."""
    return " ".join(name.split())[:MAX_TITLE_CHARACTERS].rstrip().casefold()


def _shortened(name: str) -> str:
    """The name, cut at a word where it is too long for a part of a path."""
    if len(name) <= MAX_PART_CHARACTERS:
        return name
    cut = name[: MAX_PART_CHARACTERS - 1]
    words = cut.rpartition(" ")[0]
    return f"{words or cut}…"
