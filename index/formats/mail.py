"""E-mails: what a person sees of the headers, then the message."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import Policy, compat32, default
from itertools import count
from typing import cast

from index.errors import UnreadableFile
from index.formats.charset import codec
from index.formats.html import read_page
from index.formats.parsed import Parsed, Place
from index.formats.text import MAX_TITLE_CHARACTERS, as_text, decode

SHOWN = ("From", "To", "Cc", "Date", "Subject")

MAX_LINES = 1_000_000
MAX_PARTS = 1_000
MAX_DEPTH = 20
MAX_HEADERS = 1_000  # of one part
MAX_HEADER_CHARACTERS = 10_000  # the rest of a longer one is left out

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# What email's parsers of headers raise for some that are malformed.
_MALFORMED = (AttributeError, IndexError, LookupError, RecursionError, TypeError, ValueError)


class _Part(Message):
    """A part of a mail that refuses to grow without end."""

    depth = 0

    def attach(self, payload: Message | str) -> None:
        """Add a part below this one."""
        part = cast("_Part", payload)
        part.depth = self.depth + 1
        if part.depth > MAX_DEPTH:
            raise UnreadableFile(f"parts nested more than {MAX_DEPTH} deep")
        super().attach(part)

    def set_raw(self, name: str, value: str) -> None:
        """Add a header; of a long one its beginning."""
        if len(self) >= MAX_HEADERS:
            raise UnreadableFile(f"more than {MAX_HEADERS:,} headers")
        super().set_raw(name, value[:MAX_HEADER_CHARACTERS])


def read_mail(content: bytes) -> Parsed:
    """The headers that people see and the message, quoted earlier replies with it.

    Its HTML is read where no plain text says the same; of attachments the names alone. The title
    is the subject.

    Raises:
        UnreadableFile: The bytes are no mail, or too large or deep in one of its measures.
    """
    mail = parse_mail(content)
    headers = shown_headers(mail)
    if not headers:
        raise UnreadableFile("no e-mail: it names neither sender, date nor subject")
    names = [name for part in mail.walk() if (name := _attached(part))]
    return letter(headers, names, "\n\n".join(filter(str.strip, _bodies(mail))))


def letter(headers: dict[str, str], attachments: Iterable[str], body: str) -> Parsed:
    """A mail's headers, a line each, the names of what is attached, and its message."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if names := ", ".join(" ".join(name.split()) for name in attachments):
        lines.append(f"Attachments: {names}")
    head = as_text("\n".join(lines))
    body = as_text(body.replace("\0", "")).strip()
    places = [Place(0, "message headers", apart=True)]
    if body:
        places.append(Place(len(head) + 2, "message body", apart=True))
    title = as_text(headers.get("Subject", ""))[:MAX_TITLE_CHARACTERS].strip()
    return Parsed(f"{head}\n\n{body}" if body else head, title or None, places=tuple(places))


def parse_mail(content: bytes) -> Message:
    """The parts of a mail, within the limits."""
    if content.count(b"\n") + content.count(b"\r") > 2 * MAX_LINES:
        raise UnreadableFile(f"more than {MAX_LINES:,} lines")
    numbers = count()

    def part(policy: Policy = compat32) -> _Part:
        if next(numbers) > MAX_PARTS:
            raise UnreadableFile(f"more than {MAX_PARTS:,} parts")
        return _Part(policy)

    return BytesParser(part, policy=compat32).parsebytes(content)


def shown_headers(mail: Message) -> dict[str, str]:
    """The headers that people see, readable, in the order of `SHOWN`."""
    written = {name.lower(): value for name, value in reversed(list(mail.raw_items()))}
    found = {name: _readable(name, written.get(name.lower(), "")) for name in SHOWN}
    return {name: value for name, value in found.items() if value}


def _readable(name: str, written: str) -> str:
    """A header in plain words and on one line; a date as written, and again for people."""
    # A byte that is not ASCII stands in the value as a surrogate.
    value = " ".join(written.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
    try:
        header = default.header_factory(name, value)
        if name != "Date":
            return " ".join(str(header).split()) or value
        when = header.datetime
    except _MALFORMED:
        return value
    return f"{value} ({in_words(when)})" if when else value


def in_words(when: datetime) -> str:
    """A moment as people write it, whatever the machine's language: "3 February 2025, 10:12"."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}, {when:%H:%M}"


def _bodies(part: Message) -> Iterator[str]:
    """The texts that a mail shows; of alternatives one that says something, plain before HTML."""
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        parts = cast("list[Message]", part.get_payload() if part.is_multipart() else [])
        if kind == "multipart/alternative":
            parts = sorted(parts, key=lambda each: each.get_content_type() != "text/plain")
        for each in parts:
            texts = [text for text in _bodies(each) if text.strip()]
            yield from texts
            if texts and kind == "multipart/alternative":
                return
    elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
        text = _characters(part)
        yield read_page(text.encode()).text if kind == "text/html" else text


def _characters(part: Message) -> str:
    """The text of a part: in the charset that it names, else UTF-8, else windows-1252."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    label = part.get_content_charset("utf-8")
    known = "iso-2022-jp" if label == "iso-2022-jp" else codec(label)
    if known and label not in ("ascii", "us-ascii"):
        return content.decode(known, "replace")
    try:
        return decode(content)
    except UnreadableFile:
        return content.decode("cp1252", "replace")


def _attached(part: Message) -> str | None:
    """Name of what is attached: a file's, or a forwarded mail's subject; None for the rest."""
    if part.get_content_type() == "message/rfc822":
        inner = cast("list[Message]", part.get_payload() if part.is_multipart() else [])
        return next((shown_headers(each).get("Subject") for each in inner), None) or "a mail"
    try:
        name = part.get_filename()
    except _MALFORMED:
        return None
    shown_in_text = part["Content-ID"] and part.get_content_disposition() != "attachment"
    return _readable("Subject", name) if name and not shown_in_text else None
