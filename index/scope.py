"""Which documents a question is asked of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from re import error as NoRegex  # noqa: N812

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
        if self.within:
            self._matching(())

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
        start = datetime.combine(self.since or date.min, time.min, UTC)
        admitted = [
            (number, path)
            for number, path, suffix, written in documents
            if (not self.formats or suffix in self.formats)
            and (not self.since or written >= start.timestamp() * 1e9)
        ]
        if not self.within:
            return [number for number, _ in admitted]
        paths = self._matching(path for _, path in admitted)
        return [number for number, path in admitted if path in paths]

    def _matching(self, paths: Iterable[str]) -> set[str]:
        """Those of some paths that the patterns name."""
        from pathspec import PathSpec  # noqa: PLC0415 - most questions need none

        try:
            return set(PathSpec.from_lines("gitignore", self.within).match_files(paths))
        except (ValueError, NoRegex) as error:
            raise ValueError(f"{', '.join(self.within)!r} is no pattern ({error}).") from error


ANYWHERE = Scope()
