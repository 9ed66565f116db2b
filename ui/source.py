"""The source pane: a document as HTML, with the places that were cited marked."""

from dataclasses import dataclass

from index.document import Document
from index.errors import AppError
from index.original import Originals
from index.passage import Span
from ui import wording
from ui.escape import html_text, name_html
from ui.flow import MORE_CHARACTERS, flow_class, flow_html, window
from ui.grid import MORE_ROWS, grid_html, rows_asked
from ui.marking import Marks
from ui.originals import file_link_html
from ui.sheet import sheet_html
from ui.view import View


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the reader is among the places of an answer.

    Attributes:
        label: Which place it is, of how many.
        here: The place.
        before: The place before it; None at the first.
        after: The place after it; None at the last.
        others: The passages that were read, as HTML.
    """

    label: str = ""
    here: View | None = None
    before: View | None = None
    after: View | None = None
    others: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A part of a document in one of its forms.

    Attributes:
        body: What scrolls.
        tools: What stands above it.
        form: The other form that it can be shown in, as a button; empty without one.
    """

    body: str
    tools: str = ""
    form: str = ""


def document_pane(
    document: Document,
    *,
    marks: Marks | None = None,
    view: View | None = None,
    originals: Originals | None = None,
    trail: Trail | None = None,
) -> str:
    """A document with its marks, as its format shows it.

    Args:
        document: What is shown.
        marks: Places in its text.
        view: The part and the form that are asked for. A document too long to be shown whole is
            shown around its current place, and a note says so.
        originals: Gives the files; without it text alone is shown.
        trail: Where the reader is among an answer's places.
    """
    marks, view = marks or Marks(()), view or View(document=document.id)
    shown = _shown(document, marks, view, originals)
    path = "" if document.title == document.id else name_html(document.id)
    has_file = originals is not None and originals.has_file(document.id)
    heading = (
        f"<h2 dir='auto'>{html_text(document.title)}</h2><div class='q-path'>"
        f"<span>{path}{_where_html(document, marks)}</span>"
        f"{file_link_html(document.id) if has_file else ''}</div>"
    )
    tools = shown.form + shown.tools
    trail = trail or Trail()
    return _pane(heading=heading, body=shown.body, trail=trail, shows=view, tools=tools)


def passage_pane(
    title: str, *, text: str, mark: Span, note: str, trail: Trail | None = None
) -> str:
    """A passage as it was read, for a document that has changed or gone since.

    Args:
        title: The document's title.
        text: The passage.
        mark: The quoted place in it.
        note: What has happened to the document, in words.
        trail: Where the reader is among an answer's places.
    """
    words = Marks([mark], 1).html(text, 0, len(text))
    return _pane(
        heading=f"<h2 dir='auto'>{html_text(title)}</h2>",
        body=f"{_note(note)}<div class='q-text' dir='auto'>{words}</div>",
        trail=trail or Trail(),
        shows=trail.here if trail else None,
    )


def empty_pane(message: str) -> str:
    """A pane with one line in its middle."""
    return f"<div class='q-empty'><p>{html_text(message)}</p></div>"


def go_html(view: View | None, label: str, *, name: str, key: str = "", sign: str = "") -> str:
    """A button that shows something else in the pane; one that leads nowhere is disabled.

    Args:
        view: What it shows.
        label: Its words.
        name: What the button is, the same in every pane: the focus stays on it.
        key: The key that does the same.
        sign: What is seen of it in place of the words.
    """
    value = "" if view is None else html_text(str(view))
    more = f" aria-label='{html_text(label)}'" if sign else ""
    if key:
        pressed = wording.KEYS.get(key, key)
        more += f" aria-keyshortcuts='{key}' title='{html_text(f'{label} ({pressed})')}'"
    more += " disabled" if view is None else ""
    return (
        f"<button type='button' class='q-go q-tool' value='{value}' data-go='{name}'{more}>"
        f"{html_text(sign or label)}</button>"
    )


def _pane(*, heading: str, body: str, trail: Trail, shows: View | None, tools: str = "") -> str:
    bar = f"<div class='q-tools'>{tools}{trail.others}</div>" if tools or trail.others else ""
    return (
        f"<section class='q-document' aria-label='{wording.SOURCE}' "
        f"data-shows='{html_text(str(shows or ''))}'>"
        f"<header class='q-heading'>{_trail_html(trail)}{heading}{bar}"
        f"<button type='button' class='q-back'>{wording.BACK}</button></header>"
        "<div class='q-scroll' tabindex='0' role='region' "
        f"aria-label='{html_text(trail.label or wording.TEXT_OF_DOCUMENT)}'>"
        f"{body}</div></section>"
    )


def _trail_html(trail: Trail) -> str:
    if not trail.label:
        return ""
    steps = (
        f"{go_html(trail.before, wording.PREVIOUS, name='before', key='p')}"
        f"{go_html(trail.after, wording.NEXT, name='after', key='n')}"
    )
    alone = trail.before is None and trail.after is None
    return (
        f"<nav class='q-trail' aria-label='{wording.PLACES}'>"
        f"<span class='q-label'>{html_text(trail.label)}</span>{'' if alone else steps}</nav>"
    )


def _where_html(document: Document, marks: Marks) -> str:
    """The page or the part in which the current place stands."""
    start = marks.centre().start
    page = document.page(start)
    where = document.place(start) or (wording.page_label(page) if page else "")
    return f"<span class='q-where' dir='auto'>{html_text(where)}</span>" if marks.current else ""


def _note(words: str, more: str = "") -> str:
    return f"<p class='q-note' role='note'>{html_text(words)}{more}</p>"


def _shown(document: Document, marks: Marks, view: View, originals: Originals | None) -> _Shown:
    """The document as its format shows it, else as text."""
    others = [
        (
            document.page_starts and originals and originals.has_pages(document),
            _sheet,
            wording.PAGE,
        ),
        (document.places and originals and originals.has_rows(document), _grid, wording.TABLE),
    ]
    for there, made, label in others:
        if not there or originals is None:
            continue
        if view.form == "text":
            back = go_html(view.at(), label, name="form")
            return _text(document, marks, view, form=back)
        try:
            return made(document, Marks(marks.spans, marks.current), view, originals)
        except (AppError, ValueError) as error:
            return _text(document, marks, view.at(), note=_note(wording.only_text(str(error))))
    return _text(document, marks, view)


def _text(
    document: Document, marks: Marks, view: View, *, note: str = "", form: str = ""
) -> _Shown:
    text = document.text
    shown = window(text, marks.centre(), view)
    body = (
        f"<div class='{flow_class(document)}' dir='auto'>"
        f"{flow_html(document, shown, marks, here=view.here)}</div>"
    )
    if len(shown) < len(text):
        note += _note(wording.cut_note(shown.start, shown.stop, len(text)))
        above = view.at(
            form=view.form,
            first=max(shown.start - MORE_CHARACTERS, 0),
            last=shown.stop,
            here=shown.start,
        )
        below = view.at(
            form=view.form, first=shown.start, last=shown.stop + MORE_CHARACTERS, here=shown.stop
        )
        body = _with_more(
            body,
            above=go_html(above, wording.MORE_ABOVE, name="above") if shown.start else "",
            below=go_html(below, wording.MORE_BELOW, name="below")
            if shown.stop < len(text)
            else "",
        )
    return _Shown(note + body, form=form)


def _with_more(body: str, *, above: str, below: str) -> str:
    return "".join(
        (
            f"<div class='q-more'>{above}</div>" if above else "",
            body,
            f"<div class='q-more'>{below}</div>" if below else "",
        )
    )


def _sheet(document: Document, marks: Marks, view: View, originals: Originals) -> _Shown:
    """The page that is asked for, else the one that is quoted."""
    n_pages = len(document.page_starts)
    quoted = document.page(marks.centre().start) or 1
    number = min(view.page or quoted, n_pages)
    printed = originals.page(document, number)
    to_text = view.at(form="text")
    body = sheet_html(document, printed, number, marks)
    if marks.current and number == quoted and "q-now" not in body:
        more = " " + go_html(to_text, wording.TEXT, name="instead")
        body = _note(wording.NOT_ON_PAGE, more) + body
    before = view.at(page=number - 1) if number > 1 else None
    after = view.at(page=number + 1) if number < n_pages else None
    zoom = f"<button type='button' class='q-zoom q-tool'>{wording.LARGER}</button>"
    tools = (
        f"{go_html(before, wording.PREVIOUS_PAGE, name='page-before', key='ArrowLeft', sign='‹')}"
        f"<span class='q-label'>{html_text(wording.page_label(number, n_pages))}</span>"
        f"{go_html(after, wording.NEXT_PAGE, name='page-after', key='ArrowRight', sign='›')}"
    )
    return _Shown(body, tools + zoom, form=go_html(to_text, wording.TEXT, name="form"))


def _grid(document: Document, marks: Marks, view: View, originals: Originals) -> _Shown:
    """The rows that are asked for, else those around the one that is quoted."""
    shown = rows_asked(document, marks, view)
    rows = originals.rows(document, first=shown.start, last=shown.stop - 1)
    body = grid_html(document, shown, rows, marks, here=view.here)
    above = view.at(first=max(shown.start - MORE_ROWS, 0), last=shown.stop, here=shown.start)
    below = view.at(first=shown.start, last=shown.stop + MORE_ROWS, here=shown.stop - 1)
    body = _with_more(
        f"<div class='q-wide'>{body}</div>",
        above=go_html(above, wording.ROWS_ABOVE, name="above") if shown.start else "",
        below=go_html(below, wording.ROWS_BELOW, name="below")
        if shown.stop < len(document.places)
        else "",
    )
    return _Shown(body, form=go_html(view.at(form="text"), wording.TEXT, name="form"))
