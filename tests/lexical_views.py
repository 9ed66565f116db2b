"""Passages for tests of what is found by words."""

from collections.abc import Mapping
from math import log
from pathlib import Path

from index.lexical import Lexical
from index.passage import Words


def plain(texts: Mapping[int, str]) -> list[Words]:
    """Passages without a heading, two to a document."""
    return [Words(each, (each + 1) // 2, "", text) for each, text in texts.items()]


def built(folder: Path, texts: Mapping[int, str], *, sequence: int = 1) -> Lexical:
    view = Lexical(folder)
    view.rebuild(plain(texts), sequence=sequence)
    return view


def idf(n: int, *, of: int) -> float:
    """What a word is worth that n passages hold, of so many: Lucene's idf."""
    return log(1 + (of - n + 0.5) / (n + 0.5))
