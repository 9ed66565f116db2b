"""Tests of index.formats: every kind of file is loaded and cut, and loads its library late."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordDocument
from fpdf import FPDF
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Cm

from index.document import load
from index.errors import UnreadableFile
from index.formats import SUFFIXES
from index.passage import split

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = [f"The ferry number {number} leaves the old quay at noon." for number in range(40)]
LIBRARIES = ["pypdfium2", "docx", "pptx", "openpyxl", "lxml", "zipfile"]


def pdf() -> bytes:
    document = FPDF()
    document.set_font("Times", size=11)
    for half in (SENTENCES[:20], SENTENCES[20:]):
        document.add_page()
        document.multi_cell(150, 5, " ".join(half))
    return bytes(document.output())


def docx() -> bytes:
    document = WordDocument()
    for half, name in ((SENTENCES[:20], "Morning"), (SENTENCES[20:], "Evening")):
        document.add_heading(name, 1)
        document.add_paragraph(" ".join(half))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def pptx() -> bytes:
    presentation = Presentation()
    for sentence in SENTENCES:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_textbox(Cm(1), Cm(1), Cm(9), Cm(9)).text_frame.text = sentence
    file = BytesIO()
    presentation.save(file)
    return file.getvalue()


def xlsx() -> bytes:
    workbook = Workbook()
    workbook.active.append(["Number", "Remark"])
    for number, sentence in enumerate(SENTENCES):
        workbook.active.append([number, sentence])
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def csv() -> bytes:
    return "".join(["Number,Remark\n", *(f"{i},{s}\n" for i, s in enumerate(SENTENCES))]).encode()


def tsv() -> bytes:
    return csv().replace(b",", b"\t")


def records() -> bytes:
    return json.dumps(
        {"ferries": [{"number": i, "remark": s} for i, s in enumerate(SENTENCES)]}
    ).encode()


def jsonl() -> bytes:
    return "\n".join(json.dumps({"remark": sentence}) for sentence in SENTENCES).encode()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "csv": (csv, "row 41"),
    "docx": (docx, "Evening"),
    "json": (records, "ferries › 40"),
    "jsonl": (jsonl, "line 40"),
    "pptx": (pptx, "slide 40"),
    "tsv": (tsv, "row 41"),
    "xlsx": (xlsx, "sheet Sheet, row 41"),
}


@pytest.mark.parametrize("suffix", [*FILES, "pdf"])
def test_a_file_is_loaded_and_cut_into_its_own_words(suffix: str, library: Path) -> None:
    made, last_place = FILES.get(suffix, (pdf, None))
    path = library / f"ferries.{suffix.upper()}"
    path.write_bytes(made())
    document = load(path, folder=library)
    passages = [document.text[start:end] for start, end in split(document)]
    assert "".join("".join(passages).split()) == "".join(document.text.split())
    for sentence in SENTENCES:
        assert sum(sentence in passage for passage in passages) == 1
    last = document.text.index(SENTENCES[-1])
    assert document.place(last) == last_place
    assert document.page(last) == {"pdf": 2, "pptx": 40}.get(suffix)


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "pptx", "tsv", "xlsx"])
def test_no_passage_holds_two_records(suffix: str, library: Path) -> None:
    path = library / f"ferries.{suffix}"
    path.write_bytes(FILES[suffix][0]())
    document = load(path, folder=library)
    assert len(split(document)) == len(SENTENCES)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("content", [b"\x00\xff\x00", b"PK\x03\x04 \x00 words", b"%PDF-1.7\n\x00"])
def test_what_is_none_of_a_kind_gives_a_reason(suffix: str, content: bytes, library: Path) -> None:
    path = library / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"damaged|binary|not UTF-8|no e-mail|no Outlook"):
        load(path, folder=library)


def test_a_library_is_imported_by_the_first_file_that_needs_it(library: Path) -> None:
    (library / "a.xlsx").write_bytes(xlsx())
    code = (
        "import sys\nfrom pathlib import Path\nfrom index.formats import SUFFIXES\n"
        f"libraries = {LIBRARIES}\n"
        "assert not [name for name in libraries if name in sys.modules]\n"
        f"SUFFIXES['.xlsx'](Path({str(library / 'a.xlsx')!r}).read_bytes())\n"
        "assert 'openpyxl' in sys.modules and 'docx' not in sys.modules\n"
        "import openpyxl\nassert openpyxl.DEFUSEDXML\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
