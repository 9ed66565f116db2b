"""The documents side of the page, as escaped HTML: the list, and what has become of it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, unquote

from index.catalogue import Entry
from index.formats import SUFFIXES
from index.mirror import Change, Changes, Skipped
from ui import uploads, wording
from ui.escape import about_html, html_text, name_html, visible_name
from ui.removed import Kept
from ui.uploads import Received

MAX_LISTED = 500  # rows; a browser grows slow with thousands
MAX_NAMED = 200  # names in one fold of a report
FEW = 5  # so many names stand open, more are folded
_MARKS = re.compile("[\u0300-\u036f]")


class Shelf(NamedTuple):
    """What the documents side shows.

    Attributes:
        entries: The documents, in any order.
        skipped: Files that the last sync left out.
        kept: Removed files that can be put back.
        writable: Whether people may add and remove files.
        is_first: Whether they are just being read for the first time.
    """

    entries: Sequence[Entry]
    skipped: Sequence[Skipped] = ()
    kept: Sequence[Kept] = ()
    writable: bool = False
    is_first: bool = False


class Wanted(NamedTuple):
    """Which documents are to be listed first, and which at all.

    Attributes:
        words: All must stand in a document's title or path; empty for every document.
        order: A key of `wording.ORDERS`.
    """

    words: str = ""
    order: str = "name"


ALL = Wanted()


# ---- the list ----


def list_html(shelf: Shelf, wanted: Wanted = ALL) -> str:
    """The documents, a row each, and folded below them what was skipped and what was removed.

    The attributes say to which words and in which order it is, and how many rows are left out:
    by them documents.js tells whether the server must be asked for others.
    """
    folds = _skipped_html(shelf.skipped) + (_kept_html(shelf.kept) if shelf.writable else "")
    if not shelf.entries:
        return f"<p class='q-none'>{html_text(_none_said(shelf))}</p>{folds}"
    found = _found(shelf.entries, wanted)
    shown = found[:MAX_LISTED]
    items = "".join(_items_html(shown, wanted.order, writable=shelf.writable))
    more = len(found) - len(shown)
    rest = f"<p class='q-none'>{html_text(wording.more(more))}</p>" if more else ""
    said = {
        "words": wanted.words,
        "order": wanted.order,
        "found": str(len(found)),
        "all": str(len(shelf.entries)),
        "more": str(more),
    }
    return (
        f"<ul class='q-list' aria-label='{wording.DOCUMENTS_LIST}' {_told(said)}>{items}</ul>"
        f"{rest}{folds}"
    )


def _none_said(shelf: Shelf) -> str:
    """Why no document is listed."""
    if shelf.is_first:
        return wording.FIRST_READING
    return wording.NO_DOCUMENTS if shelf.writable else wording.NO_DOCUMENTS_READ_ONLY


def _told(said: Mapping[str, str]) -> str:
    """Attributes that a script reads."""
    return " ".join(f"data-{key}='{html_text(value)}'" for key, value in said.items())


def named(value: str) -> str:
    """The document id that the value of a row's button stands for."""
    return unquote(value, errors="surrogatepass")


def bare(text: str) -> str:
    """A text without accents and capitals, as documents.js bares it: by this rows are found."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


def _found(entries: Iterable[Entry], wanted: Wanted) -> list[Entry]:
    words = bare(wanted.words).split()
    fitting = [
        entry
        for entry in entries
        if not words or all(word in bare(f"{entry.title} {entry.document_id}") for word in words)
    ]
    fitting.sort(key=_by_name)
    if wanted.order == "date":
        fitting.sort(key=lambda entry: entry.modified or entry.added, reverse=True)
    elif wanted.order == "size":
        fitting.sort(key=lambda entry: entry.size or 0, reverse=True)
    return fitting


def _by_name(entry: Entry) -> tuple[str, str, str]:
    return bare(_folder(entry)), bare(entry.title), entry.document_id


def _folder(entry: Entry) -> str:
    """Path of the folder that a document lies in; empty for the documents folder itself."""
    path = PurePosixPath(entry.document_id).parent.as_posix()
    return "" if path == "." else path


def _items_html(entries: Sequence[Entry], order: str, *, writable: bool) -> Iterator[str]:
    """A row for each document, and by name a heading for each folder, each with its number."""
    several = any(_folder(entry) for entry in entries)
    number = 0
    for folder, inside in groupby(entries, key=_folder if order == "name" else lambda _: ""):
        if several and order == "name":
            shown = name_html(folder.replace("/", " › ") or wording.TOP_FOLDER)
            yield f"<li class='q-folder' data-name='{number}'>{shown}</li>"
            number += 1
        for entry in inside:
            yield _row_html(entry, number, writable=writable)
            number += 1


def _row_html(entry: Entry, number: int, *, writable: bool) -> str:
    name = html_text(visible_name(entry.document_id))
    value = quote(entry.document_id, safe="", errors="surrogatepass")
    moment = entry.modified or entry.added
    row = (
        f"<li class='q-row' data-name='{number}' data-size='{entry.size or 0}' "
        f"data-date='{moment.timestamp():.0f}'>"
    )
    path = "" if entry.title == entry.document_id else f"<span class='q-path'>{_path(entry)}</span>"
    show = (
        f"<button type='button' class='q-show' value='{value}' title='{name}'>"
        f"<span class='q-title' dir='auto'>{html_text(entry.title)}</span>{path}"
        f"<span class='q-count'>{_facts_html(entry)}</span></button>"
    )
    if entry.inserted or not writable:  # no file of the folder could be removed, or none may be
        return f"{row}{show}</li>"
    remove, keep = html_text(wording.REMOVE), html_text(wording.KEEP)
    return (
        f"{row}{show}<button type='button' class='q-remove' aria-label='{remove} {name}' "
        f"title='{remove}'>×</button>"
        f"<div class='q-confirm' role='group' aria-label='{remove} {name}'>"
        f"<span>{html_text(wording.REMOVE_ASKED)}</span>"
        f"<button type='button' class='q-delete' value='{value}'>{remove}</button>"
        f"<button type='button' class='q-keep'>{keep}</button></div></li>"
    )


def _path(entry: Entry) -> str:
    """The path of a document: its folder may be cut where there is no room, its name not."""
    folder = _folder(entry)
    name = name_html(PurePosixPath(entry.document_id).name)
    above = f"<span class='q-above'>{name_html(folder + '/')}</span>" if folder else ""
    return f"{above}<span class='q-name'>{name}</span>"


def _facts_html(entry: Entry) -> str:
    """Format, size, day and number of passages of a document."""
    moment = entry.modified or entry.added
    facts = [entry.format.upper()[:8]] if entry.format else []
    facts += [wording.INSERTED if entry.size is None else wording.size(entry.size)]
    facts += [wording.day(moment), wording.counted(entry.n_passages, "passage")]
    return "".join(f"<span>{html_text(fact)}</span>" for fact in facts)


def _skipped_html(skipped: Sequence[Skipped]) -> str:
    lines = [_reason_html(each.document_id, each.reason) for each in skipped]
    return _fold_html(wording.skipped(len(lines)), lines, css="q-skipped") if lines else ""


def _kept_html(kept: Sequence[Kept]) -> str:
    lines = [f"{_kept_name_html(each)} {_undo_html(each, wording.PUT_BACK)}" for each in kept]
    if not lines:
        return ""
    note = f"<p>{html_text(wording.KEPT_HOW_LONG)}</p>"
    return _fold_html(wording.kept(len(lines)), lines, note=note, css="q-kept")


def _kept_name_html(kept: Kept) -> str:
    name = name_html(kept.document_id)
    return f"{name} ({html_text(wording.REPLACED)})" if kept.replaced else name


# ---- what people do with it ----


def finder_html() -> str:
    """The box to find documents by, the choice of their order, and what documents.js says."""
    orders = "".join(
        f"<option value='{key}'>{html_text(name)}</option>" for key, name in wording.ORDERS.items()
    )
    find, sort = html_text(wording.FIND), html_text(wording.SORT)
    return (
        f"<input type='search' class='q-find' maxlength='200' placeholder='{find}' "
        f"aria-label='{find}' autocomplete='off' spellcheck='false'>"
        f"<select class='q-sort' aria-label='{sort}'>{orders}</select>"
        f"<p class='q-tally' role='status' data-said='{html_text(wording.TALLY)}' "
        f"data-whole='{html_text(wording.TALLY_ALL)}'></p>"
        f"<p class='q-nothing' hidden>{html_text(wording.NOTHING_FOUND)}</p>"
    )


def adder_html() -> str:
    """The buttons that bring files and folders, and how far that is; uploads.js has no words."""
    said = {
        "said": wording.SENDING,
        "pace": wording.SENDING_PACE,
        "broken": wording.NOT_ALL_SENT,
        "stopped": wording.SENDING_STOPPED,
        "many": wording.too_many(uploads.MAX_FILES),
        "none": wording.NOTHING_TO_SEND,
        "suffixes": " ".join(sorted(SUFFIXES)),
        "bytes": str(uploads.MAX_MEGABYTES * 1_000_000),
        "files": str(uploads.MAX_FILES),
    }
    accept = html_text(",".join(sorted(SUFFIXES)))
    return (
        f"<div class='q-adder' {_told(said)}><div class='q-buttons'>"
        f"<button type='button' class='q-add-files'>{html_text(wording.ADD_FILES)}</button>"
        f"<button type='button' class='q-add-folder'>{html_text(wording.ADD_FOLDER)}</button></div>"
        f"<input type='file' class='q-files' multiple accept='{accept}' hidden>"
        "<input type='file' class='q-tree' webkitdirectory hidden>"
        "<div class='q-sending' hidden><p class='q-far'></p>"
        f"<progress max='1' value='0' aria-label='{html_text(wording.ADD_FILES)}'></progress>"
        f"<button type='button' class='q-cancel'>{html_text(wording.STOP)}</button></div>"
        "<p class='q-sent' role='status'></p>"
        f"<div class='q-drop' hidden><p>{html_text(wording.DROP_HERE)}</p></div></div>"
    )


def read_only_html() -> str:
    """Why there are no such buttons."""
    return f"<p class='q-none'>{html_text(wording.READ_ONLY)}</p>"


# ---- what has become of it ----


def received_html(received: Sequence[Received], *, n_left: int = 0) -> str:
    """What became of files that were brought: a line each, or a fold for each outcome.

    Args:
        received: The files.
        n_left: How many more were left out by a stop.
    """
    left = _line_html(wording.left_out(n_left)) if n_left else ""
    if len(received) <= FEW:
        return "".join(map(_received_line_html, received)) + left
    folds = [left]
    for outcome in ("added", "replaced", "unchanged", "refused"):
        these = [each for each in received if each.outcome == outcome]
        if these:
            said = wording.received_many(len(these), outcome)
            lines = [_reason_html(each.name, each.reason) + _undone_html(each) for each in these]
            folds.append(_fold_html(said, lines, css=f"q-{outcome}"))
    return "".join(folds)


def _received_line_html(received: Received) -> str:
    said = about_html(str(received), received.name)
    return f"<p>{said}{_undone_html(received)}</p>"


def _undone_html(received: Received) -> str:
    """A button that puts back the file that was replaced."""
    return f" {_undo_html(received.kept, wording.UNDO)}" if received.kept else ""


def removed_html(kept: Kept) -> str:
    """That a file was removed, with a button that puts it back."""
    said = about_html(wording.removed(kept.document_id), kept.document_id)
    return f"<p>{said} {_undo_html(kept, wording.UNDO)}</p>"


def report_html(changes: Changes, *, done: str = "") -> str:
    """What a sync changed, by name, after what people did before it, as HTML."""
    lines = [done, _line_html(f"{changes}.")]
    for what in ("added", "changed", "renamed", "removed"):
        these = [each for each in changes.documents if each.what == what]
        if these:
            names = [_change_html(each) for each in these]
            lines.append(_fold_html(wording.changed_many(len(these), what), names))
    if changes.skipped:
        lines.append(_skipped_html(changes.skipped))
    return f"<div class='q-report' role='status'>{''.join(lines)}</div>"


def trouble_html(message: str, *, done: str = "") -> str:
    """Something that went wrong with the documents, after what was done before it, as HTML."""
    return f"<div class='q-report q-trouble' role='alert'>{done}<p>{html_text(message)}</p></div>"


def put_back_html(document_id: str) -> str:
    """That a removed file is there again."""
    return _about_html(wording.put_back(document_id), document_id)


def _change_html(change: Change) -> str:
    name = name_html(change.document_id)
    return f"{name_html(change.was)} → {name}" if change.was else name


def _undo_html(kept: Kept, label: str) -> str:
    name = html_text(visible_name(kept.document_id))
    return (
        f"<button type='button' class='q-undo' value='{html_text(kept.key)}' "
        f"aria-label='{html_text(label)}: {name}'>{html_text(label)}</button>"
    )


def _reason_html(name: str, reason: str) -> str:
    return name_html(name) + (f": {html_text(reason)}" if reason else "")


def _line_html(said: str) -> str:
    return f"<p>{html_text(said)}</p>"


def _about_html(said: str, name: str) -> str:
    return f"<p>{about_html(said, name)}</p>"


def _fold_html(title: str, lines: Sequence[str], *, note: str = "", css: str = "") -> str:
    """Lines of HTML under a title that opens them; a few stand open, of very many the first."""
    rest = len(lines) - MAX_NAMED
    items = "".join(f"<li>{line}</li>" for line in lines[:MAX_NAMED])
    more = f"<li>{html_text(wording.more(rest))}</li>" if rest > 0 else ""
    opened = " open" if len(lines) <= FEW and css not in {"q-kept", "q-skipped"} else ""
    return (
        f"<details class='q-fold {css}'{opened}><summary>{html_text(title)}</summary>{note}"
        f"<ul>{items}{more}</ul></details>"
    )
