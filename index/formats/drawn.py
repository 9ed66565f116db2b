"""The words of a slide's paragraphs as they are shown, and its shapes out of their wrappings."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any

from index.formats.raised import raised

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RUNS = (f"{_A}r", f"{_A}fld")
# Handwriting, p:contentPart, has neither words nor a place that python-pptx could read.
_SHAPES = tuple(f"{_P}{kind}" for kind in ("sp", "grpSp", "graphicFrame", "cxnSp", "pic"))
_MAX_DEPTH = 20  # of alternatives in alternatives
_MAX_FIGURES = 20  # of a run's height


def text_of(paragraph: Any) -> str:
    """The words of a paragraph as they are shown, without its equations.

    What is struck through is left out: it is no longer said.
    """
    pieces: list[str] = []
    for is_raised, runs in groupby(_runs(paragraph), key=lambda run: run[0]):
        text = "".join(words for _, words in runs)
        pieces.append(raised("".join(pieces[-3:])[-9:], text) if is_raised else text)
    return "".join(pieces)


def unwrap(tree: Any) -> None:
    """Puts shapes that have alternatives in the place of these, right below a tree or a group.

    PowerPoint wraps so what only newer programs show, as a text box that holds an equation.
    """
    for alternatives in tree.findall(f"{_MC}AlternateContent"):
        for shape in list(_chosen(alternatives)):
            if shape.tag in _SHAPES:
                alternatives.addprevious(shape)
        tree.remove(alternatives)


def _runs(paragraph: Any) -> Iterator[tuple[bool, str]]:
    """Whether a run is raised, and its words; of those that have some and are not struck."""
    for child in paragraph:
        for run in _chosen(child):
            if run.tag == f"{_A}br":
                yield False, "\n"
            elif run.tag in _RUNS and (text := run.findtext(f"{_A}t")):
                look = run.find(f"{_A}rPr")
                if look is None:
                    yield False, text
                elif look.get("strike", "noStrike") == "noStrike":
                    yield _height(look) > 0, text


def _height(look: Any) -> float:
    """How far a run stands above its line; 0 where what is said is no number."""
    said = look.get("baseline", "0")
    with suppress(ValueError):
        return float(said.rstrip("%")) if len(said) <= _MAX_FIGURES else 0
    return 0


def _chosen(element: Any, depth: int = 0) -> Iterator[Any]:
    """The element; of alternatives, what the first of them holds."""
    if element.tag != f"{_MC}AlternateContent":
        yield element
    elif depth < _MAX_DEPTH and (choice := element.find(f"{_MC}Choice")) is not None:
        for child in choice:
            yield from _chosen(child, depth + 1)
