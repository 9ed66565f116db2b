"""Readers of document formats, one small file per family.

A reader that stands on a library is imported with it when the first such file is read,
so that a question asked of an index that is up to date waits for none.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from index.formats.markdown import read_markdown
from index.formats.parsed import Parsed, Part, Place
from index.formats.text import read_text

__all__ = ["PARTS", "SOURCE_CODE", "SUFFIXES", "Parsed", "Part", "Place"]

_SOURCE_CODE = (
    ".bash .bat .c .cc .cfg .cmake .conf .cpp .cs .css .cxx .dart .diff .erl .ex .exs .f90 .go "
    ".gradle .graphql .groovy .h .hpp .hs .ini .java .jl .js .jsx .kt .kts .less .log .lua .m "
    ".mjs .patch .php .pl .pm .properties .proto .ps1 .py .pyi .r .rb .rs .sass .scala .scss .sh "
    ".sql .svelte .swift .tex .tf .toml .ts .tsx .vb .vue .xml .yaml .yml .zig .zsh"
)
SOURCE_CODE = frozenset(_SOURCE_CODE.split())


def _later(module: str, reader: str) -> Callable[..., Any]:
    """A reader that is loaded, with the libraries it stands on, when the first file needs it."""

    def read(content: bytes, **asked: int) -> Any:
        return getattr(import_module(f"index.formats.{module}"), reader)(content, **asked)

    return read


SUFFIXES: dict[str, Callable[[bytes], Parsed]] = {
    ".csv": _later("delimited", "read_csv"),
    ".docx": _later("word", "read_docx"),
    ".eml": _later("mail", "read_mail"),
    ".epub": _later("epub", "read_epub"),
    ".htm": _later("html", "read_html"),
    ".html": _later("html", "read_html"),
    ".ipynb": _later("notebook", "read_notebook"),
    ".json": _later("records", "read_json"),
    ".jsonl": _later("records", "read_jsonl"),
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".msg": _later("msg", "read_msg"),
    ".pdf": _later("pdf", "read_pdf"),
    ".pptx": _later("slides", "read_pptx"),
    ".rst": _later("rst", "read_rst"),
    ".text": read_text,
    ".tsv": _later("delimited", "read_tsv"),
    ".txt": read_text,
    ".xlsx": _later("sheets", "read_xlsx"),
} | dict.fromkeys(SOURCE_CODE, _later("code", "read_code"))

# What of a file is shown as its format shows it, and not as text.
PARTS: dict[str, Callable[..., Part]] = {
    ".csv": _later("delimited", "csv_rows"),
    ".pdf": _later("printed", "printed_page"),
    ".tsv": _later("delimited", "tsv_rows"),
    ".xlsx": _later("sheets", "xlsx_rows"),
}
