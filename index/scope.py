"""Which documents a question is asked of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pathspec

from index.formats import SUFFIXES


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that a search is confined to: those that every condition given admits.

    Attributes:
        within: Patterns as in a `.gitignore`, of which a document's path must match the last that
            speaks of it: `reports/**`, `*.md`, `!drafts/`; empty for any path.
        formats: Suffixes of files without the dot, in lower case, such as `pdf`; empty for any.
        since: The first day, in UTC, that a file may have been last written on; None for any.
    """

    within: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    since: date | None = None

    def __post_init__(self) -> None:
        known = {suffix.removeprefix(".") for suffix in SUFFIXES}
        if unknown := sorted(set(self.formats) - known):
            raise ValueError(
                f"No format {unknown[0]!r} is read. These are: {', '.join(sorted(known))}."
            )
        self._patterns()

    def __bool__(self) -> bool:
        """Whether anything is asked of a document."""
        return bool(self.within or self.formats or self.since)

    def __str__(self) -> str:
        """The conditions, as a person would say them."""
        parts = [f"in {', '.join(self.within)}" if self.within else ""]
        parts.append(f"of format {', '.join(self.formats)}" if self.formats else "")
        parts.append(f"written since {self.since.isoformat()}" if self.since else "")
        return ", ".join(filter(None, parts)) or "anywhere"

    def chosen(self, documents: Iterable[tuple[int, str, str, int]]) -> list[int]:
        """Numbers of the documents that are admitted.

        Args:
            documents: Number, path, format, and time in nanoseconds since 1970 of each.
        """
        patterns = self._patterns()
        start = datetime.combine(self.since, time.min, UTC).timestamp() if self.since else 0.0
        return [
            number
            for number, path, suffix, written in documents
            if (not self.formats or suffix in self.formats)
            and (not self.since or written >= start * 1e9)
            and (not self.within or patterns.match_file(path))
        ]

    def _patterns(self) -> pathspec.GitIgnoreSpec:
        try:
            return pathspec.GitIgnoreSpec.from_lines(self.within)
        except ValueError as error:
            raise ValueError(f"{', '.join(self.within)!r} is no pattern ({error}).") from error
