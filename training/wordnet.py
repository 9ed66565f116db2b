"""Words of WordNet 3.0 that exclude each other: antonyms, and kinds of one thing.

Reads the dictionary files that Debian's package wordnet-base installs; their format: wndb(5WN).
"""

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

_ENDINGS = {
    "noun": [("ies", "y"), ("s", "")],
    "verb": [("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""), ("s", "")],
    "adj": [("iest", "y"), ("est", "e"), ("est", ""), ("ier", "y"), ("er", "e"), ("er", "")],
    "adv": [],
}
_MANY = 60  # a parent with more kinds than this is too wide: its kinds have little in common


class Wordnet:
    """Words to put in the place of others, so that a sentence says something else."""

    def __init__(self, folder: Path) -> None:
        self._opposites: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._siblings: dict[str, list[str]] = {}
        self._first = _first_senses(folder / "index.noun")
        for part in _ENDINGS:
            self._read(folder / f"data.{part}", part)

    def others(self, word: str) -> list[str]:
        """Words of the same form that exclude this one; none for a word that is not known."""
        found = []
        for part, endings in _ENDINGS.items():
            for old, new in [("", ""), *endings]:
                if word.endswith(old) and len(word) - len(old) > 2:
                    stem = word.removesuffix(old) + new
                    found += [_bend(other, old) for other in self._excluding(stem, part)]
            if found:
                return found
        return found

    def _excluding(self, stem: str, part: str) -> list[str]:
        opposites = self._opposites.get((part, stem), [])
        return opposites or (self._siblings.get(stem, []) if part == "noun" else [])

    def _read(self, path: Path, part: str) -> None:
        words, pointers = _senses(path)
        kinds: dict[str, list[str]] = defaultdict(list)
        for place, of_sense in words.items():
            for pointer in pointers[place]:
                if pointer.sign == "!" and pointer.source and pointer.part == part:
                    self._oppose(
                        part, of_sense[pointer.source - 1], words[pointer.target][pointer.to - 1]
                    )
                if pointer.sign == "@" and self._first.get(of_sense[0]) == place:
                    kinds[pointer.target].append(of_sense[0])
        if part == "noun":
            for of_parent in kinds.values():
                self._relate([word for word in of_parent if _plain(word)])

    def _oppose(self, part: str, word: str, other: str) -> None:
        if _plain(word) and _plain(other):
            self._opposites[part, word].append(other)

    def _relate(self, words: list[str]) -> None:
        if 2 <= len(words) <= _MANY:
            for word in words:
                self._siblings[word] = [other for other in words if other != word]


def _first_senses(path: Path) -> dict[str, str]:
    """Place of the commonest sense of each word that is common enough to have been counted."""
    lines = [line.split() for line in _lines(path)]
    counted = [fields for fields in lines if int(fields[-int(fields[2]) - 1])]
    return {fields[0]: fields[-int(fields[2])] for fields in counted}


class _Pointer(NamedTuple):
    """From a sense, or its word number `source`, to word number `to` of another; 0 for no word."""

    sign: str
    target: str
    part: str
    source: int
    to: int


def _senses(path: Path) -> tuple[dict[str, list[str]], dict[str, list[_Pointer]]]:
    """Words of each sense, and its pointers."""
    words, pointers = {}, {}
    parts = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
    for line in _lines(path):
        fields = line.partition(" | ")[0].split()
        place, n = fields[0], int(fields[3], 16)
        words[place] = [word.partition("(")[0] for word in fields[4 : 4 + 2 * n : 2]]
        at = 4 + 2 * n
        rows = [fields[i : i + 4] for i in range(at + 1, at + 1 + 4 * int(fields[at]), 4)]
        pointers[place] = [
            _Pointer(sign, target, parts[part], *divmod(int(which, 16), 256))
            for sign, target, part, which in rows
        ]
    return words, pointers


def _lines(path: Path) -> list[str]:
    return [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(" ")
    ]


def _plain(word: str) -> bool:
    return word.isalpha() and word.islower()


def _bend(word: str, ending: str) -> str:
    """The word with an ending, by the plain rules of English spelling."""
    ending = {"ies": "s", "ied": "ed", "iest": "est", "ier": "er"}.get(ending, ending)
    if word.endswith("y") and ending not in ("", "ing") and word[-2:-1] not in "aeiou":
        return word[:-1] + ("ies" if ending == "s" else "i" + ending)
    if ending in ("", "s"):
        return word + ending
    return word.removesuffix("e") + ending
