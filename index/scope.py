"""Which documents a question is asked of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches

from index.formats import SUFFIXES
from index.pattern import Pattern, pattern

_HERE = re.compile(r"^(!?)\./*$")
_BELOW_HERE = re.compile(r"^(!?)\.(?=/)")


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that a search is confined to: those that every condition given admits.

    Attributes:
        within: Patterns as in a `.gitignore`, of which a document's path must match the last that
            speaks of it: `reports/**`, `*.md`, `!drafts/`; empty for any path. Where every one
            begins with `!`, all documents but these; `./a.md` is the one in the outermost folder.
        formats: Suffixes of files without the dot, in lower case, such as `pdf`; empty for any.
        since: The first day, in UTC, that a file may have been last written on; None for any.
    """

    within: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    since: date | None = None

    def __post_init__(self) -> None:
        known = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
        for name in self.formats:
            if name not in known:
                raise ValueError(_no_format(name, known))
        self._patterns()

    def __bool__(self) -> bool:
        """Whether anything is asked of a document."""
        return bool(self.within or self.formats or self.since)

    def __str__(self) -> str:
        """The conditions, as a person would say them."""
        names = ", ".join(self.within)
        if self._only_excludes():
            parts = ["other than " + ", ".join(text[1:] for text in self.within)]
        else:
            parts = [f"in {names}" if names else ""]
        parts.append(f"of format {', '.join(self.formats)}" if self.formats else "")
        parts.append(f"written since {self.since.isoformat()}" if self.since else "")
        return ", ".join(filter(None, parts)) or "anywhere"

    def chosen(self, documents: Iterable[tuple[int, str, str, int]]) -> list[int]:
        """Numbers of the documents that are admitted.

        Args:
            documents: Number, path, format, and time in nanoseconds since 1970 of each.
        """
        start = datetime.combine(self.since or date.min, time.min, UTC)
        patterns = self._patterns()
        return [
            number
            for number, path, suffix, written in documents
            if (not self.formats or suffix in self.formats)
            and (not self.since or written >= start.timestamp() * 1e9)
            and (not patterns or _names(patterns, path))
        ]

    def _only_excludes(self) -> bool:
        return bool(self.within) and all(text.startswith("!") for text in self.within)

    def _patterns(self) -> list[Pattern]:
        """What `within` says.

        Raises:
            ValueError: A text of it is empty or no pattern.
        """
        if not all(text.strip() for text in self.within):
            raise ValueError("A pattern is empty. Name documents, such as 'reports/**' or '*.md'.")
        texts = [*(["*"] if self._only_excludes() else []), *self.within]
        return [pattern(_anchored(text)) for text in texts]


ANYWHERE = Scope()


def _names(patterns: Sequence[Pattern], path: str) -> bool:
    """Whether the last of some patterns that names a path includes it."""
    return next((each.includes for each in reversed(patterns) if each.regex.search(path)), False)


def _anchored(text: str) -> str:
    """A pattern as a `.gitignore` has it, which knows no dot for the folder that it lies in."""
    return _BELOW_HERE.sub(r"\1", _HERE.sub(r"\1*", text))


def _no_format(name: str, known: Sequence[str]) -> str:
    """That there is no such format, and which may have been meant."""
    if not name:
        return "The name of a format is empty. Name one, such as pdf."
    near = get_close_matches(name.lower(), known) or [each for each in known if name in each][:3]
    meant = (
        f"Did you mean {' or '.join(near)}?" if near else "Name one as files end: pdf, docx, md."
    )
    return f"No format {name!r} is read. {meant}"
