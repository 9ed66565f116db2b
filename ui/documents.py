"""The documents side of the page, as escaped HTML: the list, and what has become of it."""

from collections.abc import Sequence
from urllib.parse import quote, unquote

from index.catalogue import Entry
from index.mirror import Changes
from ui.escape import html_text

MAX_LISTED = 500  # rows; a browser grows slow with thousands


def list_html(entries: Sequence[Entry]) -> str:
    """The documents, one row each: a button that shows it, another that removes it."""
    if not entries:
        return "<p class='q-none'>No documents yet. Bring some with the button below.</p>"
    rows = "".join(_row_html(entry) for entry in entries[:MAX_LISTED])
    n_more = len(entries) - MAX_LISTED
    more = f"<p class='q-none'>And {n_more:,} more.</p>" if n_more > 0 else ""
    return f"<ul class='q-list' aria-label='Documents'>{rows}</ul>{more}"


def named(value: str) -> str:
    """The document id that the value of a row's button stands for."""
    return unquote(value, errors="surrogatepass")


def _row_html(entry: Entry) -> str:
    name = html_text(entry.document_id)
    value = quote(entry.document_id, safe="", errors="surrogatepass")
    passages = f"{entry.n_passages:,} passage{'' if entry.n_passages == 1 else 's'}"
    path = "" if entry.title == entry.document_id else f"<span class='q-path'>{name}</span>"
    show = (
        f"<button type='button' class='q-show' value='{value}' title='{name}'>"
        f"<span class='q-title' dir='auto'>{html_text(entry.title)}</span>{path}"
        f"<span class='q-count'>{passages}</span></button>"
    )
    if entry.inserted:  # it came from a program: no file of the folder could be removed
        return f"<li>{show}</li>"
    return (
        f"<li>{show}<button type='button' class='q-remove' aria-label='Remove {name}' "
        f"title='Remove'>×</button><div class='q-confirm' role='group' aria-label='Remove {name}'>"
        "<span>Delete this file from the folder?</span>"
        f"<button type='button' class='q-delete' value='{value}'>Delete</button>"
        "<button type='button' class='q-keep'>Keep</button></div></li>"
    )


def report_html(changes: Changes, *, received: Sequence[str] = ()) -> str:
    """What a sync changed, after what became of files that were brought or removed."""
    lines = [f"<p>{html_text(sentence)}</p>" for sentence in received]
    lines.append(f"<p>{html_text(str(changes))}.</p>")
    if changes.skipped:
        lines.append("<ul aria-label='Skipped'>")
        lines += [
            f"<li><bdi>{html_text(skipped.document_id)}</bdi>: {html_text(skipped.reason)}</li>"
            for skipped in changes.skipped
        ]
        lines.append("</ul>")
    return f"<div class='q-report' role='status'>{''.join(lines)}</div>"


def trouble_html(message: str) -> str:
    """Something that went wrong with the documents."""
    return f"<div class='q-report q-trouble' role='alert'><p>{html_text(message)}</p></div>"
