"""Readers of document formats, one small file per family."""

from collections.abc import Callable

from index.formats.html import read_html
from index.formats.text import Parsed, read_markdown, read_text

__all__ = ["SUFFIXES", "Parsed"]

SUFFIXES: dict[str, Callable[[bytes], Parsed]] = {
    ".htm": read_html,
    ".html": read_html,
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".text": read_text,
    ".txt": read_text,
}
