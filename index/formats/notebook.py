"""Jupyter notebooks: the cells, and what the code printed."""

import json
import re
from collections.abc import Iterator
from typing import Any

from index.errors import UnreadableFile
from index.formats.markdown import markdown_title
from index.formats.parsed import Parsed, Place
from index.formats.text import as_text, decode

MAX_VALUES = 2_000_000  # lists, objects and what they hold; each takes about 100 bytes

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read_notebook(content: bytes) -> Parsed:
    """The cells in order, each a place of its own; the title is the first one that Markdown gives.

    Pictures and pages that the code drew have no words and are left out.

    Raises:
        UnreadableFile: The bytes are no notebook of version 4.
    """
    pieces: list[str] = []
    places: list[Place] = []
    title = None
    start = 0
    for number, cell in enumerate(_cells(content), 1):
        text = as_text(_COLOURS.sub("", "\n\n".join(_texts(cell)))).strip("\n")
        if not text.strip():
            continue
        if title is None and cell.get("cell_type") == "markdown":
            title = markdown_title(text)
        places.append(Place(start, f"cell {number}", apart=True))
        pieces.append(text)
        start += len(text) + 2
    return Parsed("\n\n".join(pieces), title, places=tuple(places))


def _cells(content: bytes) -> list[dict[str, Any]]:
    """The cells as JSON gives them.

    Source: nbformat 4.5, JSON schema.
    """
    characters = decode(content)
    if sum(map(characters.count, "[{,")) > MAX_VALUES:
        raise UnreadableFile(f"a notebook of more than {MAX_VALUES:,} values; split it")
    try:
        notebook = json.loads(characters)
    except RecursionError as error:
        raise UnreadableFile("no notebook: its JSON is nested too deep") from error
    except ValueError as error:
        raise UnreadableFile(f"no notebook: not JSON ({error})") from error
    if isinstance(notebook, dict) and "worksheets" in notebook:
        raise UnreadableFile("a notebook of version 3; save it again in Jupyter")
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise UnreadableFile("no notebook: it has no list of cells")
    return [cell if isinstance(cell, dict) else {} for cell in cells]


def _texts(cell: dict[str, Any]) -> Iterator[str]:
    """What was written into a cell, then what its code gave out."""
    yield _joined(cell.get("source"))
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        if output.get("output_type") == "stream":
            yield _joined(output.get("text"))
        elif output.get("output_type") == "error":
            yield _joined(output.get("traceback"), "\n")
        elif isinstance(data := output.get("data"), dict):
            yield _joined(data.get("text/markdown") or data.get("text/plain"))


def _joined(lines: object, separator: str = "") -> str:
    """A text that a notebook may keep as one string or as a list of them."""
    if isinstance(lines, list):
        return separator.join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) else ""
