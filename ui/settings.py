"""What a visitor has set, and in what words it is shown: how sure, where, and what is kept."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from index.catalogue import Entry
from index.formats import SUFFIXES
from index.scope import Scope
from qa.confidence import Confidence
from ui import wording
from ui.escape import html_text, visible_name

TOP = "/"  # stands for the documents that lie in no folder
HIGHEST = 99  # percent; no answer is certain

_SPECIAL = re.compile(r"[\\*?\[\]]")


@dataclass(frozen=True, slots=True)
class Settings:
    """One visitor's; each setting stands as shipped until it is changed.

    Attributes:
        sure: Percent below which an answer is withheld; None as calibrated.
        folders: Folders that are searched, such as `reports/`, with all below; empty for all.
        formats: Formats that are searched, such as `pdf`; empty for all.
        judging: Whether judgements are kept.
    """

    sure: int | None = None
    folders: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    judging: bool = True

    @property
    def threshold(self) -> float | None:
        """Probability below which an answer is withheld; None as calibrated."""
        return None if self.sure is None else self.sure / 100

    @property
    def scope(self) -> Scope:
        """The documents that are searched."""
        patterns = [pattern for folder in self.folders for pattern in _patterns(folder)]
        return Scope(tuple(patterns), self.formats)

    @property
    def searched(self) -> str | None:
        """The documents that are searched, in words; None for all."""
        named = [folder_name(each) for each in self.folders if each != TOP]
        return wording.searched(named, self.formats, loose=TOP in self.folders)

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON values, for a browser to keep."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: object) -> "Settings":
        """What a browser kept; what is no setting, or of another version, stands as shipped."""
        kept = values if isinstance(values, dict) else {}
        sure, judging = kept.get("sure"), kept.get("judging")
        fits = isinstance(sure, int) and not isinstance(sure, bool) and 0 <= sure <= HIGHEST
        return cls(
            sure=sure if fits else None,
            folders=tuple(sorted(_texts(kept.get("folders")), key=_top_first)),
            formats=tuple(sorted(each for each in _texts(kept.get("formats")) if _is_read(each))),
            judging=judging if isinstance(judging, bool) else True,
        )


AS_SHIPPED = Settings()


def folders(entries: Iterable[Entry]) -> dict[str, int]:
    """Each folder of some documents with how many lie in it or below; `TOP` those in none.

    A folder with a line's end in its name cannot be chosen: no pattern names it.
    """
    counts: Counter[str] = Counter()
    for entry in entries:
        above = PurePosixPath(entry.document_id).parents
        names = [f"{parent}/" for parent in above if parent.name]
        counts.update(names or [TOP])
    known = ((name, n) for name, n in counts.items() if "\n" not in name)
    return dict(sorted(known, key=lambda each: _top_first(each[0])))


def formats(entries: Iterable[Entry]) -> dict[str, int]:
    """Each format of some documents with how many have it, the most frequent first."""
    counts = Counter(entry.format for entry in entries if _is_read(entry.format))
    return dict(counts.most_common())


def choices(
    counts: Mapping[str, int], chosen: Sequence[str], *, name: Callable[[str], str]
) -> list[tuple[str, str]]:
    """Name and value of what can be chosen, and of what was chosen and is no longer there."""
    values = {**counts, **dict.fromkeys(set(chosen) - counts.keys(), 0)}
    return [(f"{name(value)} ({n:,})", value) for value, n in values.items()]


def folder_name(folder: str) -> str:
    """What a folder is called where it is shown."""
    return wording.IN_NO_FOLDER if folder == TOP else visible_name(folder)


def cost_html(settings: Settings, confidence: Confidence) -> str:
    """What the setting costs; nothing where that is not known."""
    threshold = settings.threshold
    cost = confidence.cost(confidence.threshold if threshold is None else threshold)
    if cost is None:
        return ""
    fitted_on = html_text(confidence.fitted_on)
    return f"<p role='status' title='{fitted_on}'>{html_text(wording.cost_said(cost))}</p>"


def limits_html(settings: Settings) -> str:
    """What is set otherwise than by default, in one line; nothing when nothing is."""
    places = [folder_name(each) for each in settings.folders]
    places += [each.upper() for each in settings.formats]
    said = wording.limits_said(settings.sure, places)
    return f"<p class='q-limits' role='status'>{html_text(said)}</p>" if said else ""


def _patterns(folder: str) -> list[str]:
    """A folder as patterns of a `.gitignore`."""
    if folder == TOP:
        return ["/*", "!/*/"]
    return ["/" + _SPECIAL.sub(r"\\\g<0>", folder.strip("/")) + "/**"]


def _top_first(folder: str) -> tuple[bool, str]:
    """Puts `TOP` first: its patterns take all other folders back."""
    return folder != TOP, folder


def _is_read(suffix: str) -> bool:
    return f".{suffix}" in SUFFIXES


def _texts(values: object) -> set[str]:
    listed = values if isinstance(values, list | tuple) else []
    return {each for each in listed if isinstance(each, str) and each.strip() and "\n" not in each}
