"""The words of a DOCX's elements as they are shown."""

from collections.abc import Iterator
from typing import Any

from index.formats.raised import raised

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
BOX = f"{W}txbxContent"
# No part of a paragraph's line: what was moved stands where it went, a text box has paragraphs
# of its own, which a drawing's second form repeats.
UNSEEN = {
    f"{W}pPr",
    BOX,
    f"{W}moveFrom",
    f"{W}del",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_STRUCK = tuple(f"{W}{kind}" for kind in ("strike", "dstrike", "vanish"))


def text_of(element: Any) -> str:
    """The words of a paragraph as they are shown, without those of its text boxes.

    What is hidden or struck through is left out: it is no longer said.
    """
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: Any, pieces: list[str]) -> None:
    """Puts the words below an element behind what stands before them."""
    for child in element:
        if child.tag == f"{W}t":
            pieces.append(child.text or "")
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag == f"{W}r":
            _run(child, pieces)
        elif child.tag not in UNSEEN:
            _gather(child, pieces)


def _run(run: Any, pieces: list[str]) -> None:
    """Puts the words of a run, which have one look, behind what stands before them."""
    look = run.find(f"{W}rPr")
    if look is None:
        _gather(run, pieces)
    elif not any(is_on(each) for each in look.iterchildren(*_STRUCK)):
        inside: list[str] = []
        _gather(run, inside)
        text = "".join(inside)
        is_raised = value(look.find(f"{W}vertAlign")) == "superscript"
        pieces.append(raised("".join(pieces[-3:]), text) if is_raised else text)


def paragraphs(cell: Any) -> Iterator[Any]:
    """The paragraphs of a cell and of tables in it, without those of text boxes."""
    for child in cell:
        if child.tag == f"{W}p":
            yield child
        elif child.tag not in UNSEEN:
            yield from paragraphs(child)


def is_on(element: Any) -> bool:
    """Whether a property that needs no value is set."""
    return value(element) not in ("0", "false", "off")


def value(element: Any) -> str:
    """What a property says; empty where there is none."""
    return element.get(f"{W}val") or "" if element is not None else ""


def number(element: Any) -> int | None:
    """What a property says as a number; None where it says none."""
    said = value(element)
    return int(said) if said.isdecimal() else None
