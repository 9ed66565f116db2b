"""A page of a PDF as it is printed, the places that were cited marked on its picture."""

from urllib.parse import urlencode

from index.document import Document
from index.original import PrintedPage
from index.passage import Span
from index.placing import Box, rectangles
from ui import wording
from ui.escape import html_text
from ui.marking import Marks

PICTURE_PATH = "source/page"  # below the address of the chat page


def sheet_html(document: Document, printed: PrintedPage, number: int, marks: Marks) -> str:
    """The picture of a page, a rectangle over each line of each place that stands on it."""
    values = {"id": document.id, "digest": document.digest, "page": number}
    address = f"{PICTURE_PATH}?{urlencode(values, errors='surrogatepass')}"
    name = html_text(wording.page_picture(number, document.title))
    return (
        f"<div class='q-wide'><div class='q-sheet'><img class='q-picture' alt='{name}' "
        f"src='{html_text(address)}' width='{printed.width}' height='{printed.height}'>"
        f"{''.join(_boxes(document, printed, number, marks))}</div></div>"
    )


def page_span(document: Document, number: int) -> Span:
    """Where the text of a page stands."""
    starts = [*document.page_starts, len(document.text)]
    return Span(starts[number - 1], starts[number])


def _boxes(document: Document, printed: PrintedPage, number: int, marks: Marks) -> list[str]:
    start, end = page_span(document, number)
    text = document.text[start:end]
    pieces = []
    for mark, span in enumerate(marks.spans, 1):
        if span.start >= end or span.end <= start:
            continue
        words = html_text(document.text[span.start : span.end])
        on_page = Span(max(span.start - start, 0), min(span.end - start, len(text)))
        for box in rectangles(text, printed.lines, on_page):
            tag = marks.opening(mark, more=" q-box", style=f" style='{_place(box)}'")
            pieces.append(f"{tag}{words}</mark>")
            words = ""  # they are read out once
    return pieces


def _place(box: Box) -> str:
    return (
        f"left:{box.left:.3%};top:{box.top:.3%};"
        f"width:{box.right - box.left:.3%};height:{box.bottom - box.top:.3%}"
    )
