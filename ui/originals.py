"""How the file of a document is handed out: its address, its type, and nothing that could run."""

from pathlib import PurePath
from urllib.parse import quote, urlencode

from index.formats import SOURCE_CODE
from ui import wording
from ui.escape import html_text

FILE_PATH = "source/file"  # below the address of the chat page

_AS_TEXT = SOURCE_CODE | {
    *(".csv", ".json", ".jsonl", ".markdown", ".md", ".rst", ".text", ".tsv", ".txt", ".ipynb"),
    ".eml",
}


def file_link_html(document_id: str) -> str:
    """The link that opens a document's file beside the page, or saves it where it could run."""
    address = html_text(f"{FILE_PATH}?{urlencode({'id': document_id}, errors='surrogatepass')}")
    if media_type(document_id)[1]:
        return (
            f"<a class='q-open' href='{address}' target='_blank' rel='noopener noreferrer'>"
            f"{wording.OPEN_FILE}</a>"
        )
    return f"<a class='q-open' href='{address}' download>{wording.SAVE_FILE}</a>"


def media_type(document_id: str, content: bytes = b"") -> tuple[str, bool]:
    """The type under which a file is sent, and whether a browser may show it.

    Only types that run no script are shown; every text is plain, whatever it is called.
    """
    suffix = PurePath(document_id).suffix.lower()
    if suffix == ".pdf":
        return "application/pdf", True
    if suffix in _AS_TEXT:
        return "text/plain" + ("; charset=utf-8" if _is_utf8(content) else ""), True
    return "application/octet-stream", False


def file_headers(document_id: str, content: bytes) -> dict[str, str]:
    """The headers under which a document's file is sent."""
    kind, shown = media_type(document_id, content)
    name = quote(PurePath(document_id).name, safe="", errors="replace")
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    if kind != "application/pdf":  # Chromium's viewer of PDFs is stopped by it
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return headers


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
