"""Readers of document formats, one small file per family.

A library that parses a format is imported by its reader when the first such file is read, so
that a question asked of an index that is up to date waits for none.
"""

from collections.abc import Callable

from index.formats.delimited import read_csv, read_tsv
from index.formats.html import read_html
from index.formats.parsed import Parsed, Place
from index.formats.pdf import read_pdf
from index.formats.records import read_json, read_jsonl
from index.formats.sheets import read_xlsx
from index.formats.slides import read_pptx
from index.formats.text import read_markdown, read_text
from index.formats.word import read_docx

__all__ = ["SUFFIXES", "Parsed", "Place"]

SUFFIXES: dict[str, Callable[[bytes], Parsed]] = {
    ".csv": read_csv,
    ".docx": read_docx,
    ".htm": read_html,
    ".html": read_html,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".pdf": read_pdf,
    ".pptx": read_pptx,
    ".text": read_text,
    ".tsv": read_tsv,
    ".txt": read_text,
    ".xlsx": read_xlsx,
}
