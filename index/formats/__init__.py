"""Readers of document formats, one small file per family."""

from collections.abc import Callable

from index.formats.html import read_html
from index.formats.markdown import read_markdown
from index.formats.parsed import Parsed, Place
from index.formats.rst import read_rst
from index.formats.text import read_text

__all__ = ["SUFFIXES", "Parsed", "Place"]

SUFFIXES: dict[str, Callable[[bytes], Parsed]] = {
    ".htm": read_html,
    ".html": read_html,
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".rst": read_rst,
    ".text": read_text,
    ".txt": read_text,
}
