"""Outlook's messages: the same is read of them as of an e-mail."""

import codecs
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

from olefile import olefile

from index.errors import UnreadableFile
from index.formats.html import read_page
from index.formats.mail import in_words, letter, parse_mail, shown_headers
from index.formats.parsed import Parsed
from index.formats.text import decode

MAX_ENTRIES = 30_000  # the library's time grows with their square
MAX_ATTACHMENTS = 1_000

# Source: [MS-OXPROPS], the property tags.
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP_ADDRESS = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC, _HEADERS = 0x0E04, 0x0E03, 0x007D
_SUBMITTED, _CODE_PAGE, _WEB_CODE_PAGE = 0x0039, 0x3FFD, 0x3FDE
_FILE_NAMES = (0x3707, 0x3704, 0x3001)

_DAMAGED = (
    OSError,
    struct.error,
    LookupError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Compound(olefile.OleFileIO):  # type: ignore[misc]  # the library ships no types
    """A compound file whose directory is bounded."""

    def _load_direntry(self, sid: int) -> olefile.OleDirectoryEntry:
        if len(self.direntries) > MAX_ENTRIES:
            raise UnreadableFile(f"more than {MAX_ENTRIES:,} entries")
        return super()._load_direntry(sid)


class _Properties:
    """The properties of a message, or of a file attached to it.

    Source: [MS-OXMSG], sections 2.1.3 and 2.4.
    """

    def __init__(self, file: _Compound, folder: str = "") -> None:
        self._file = file
        self._folder = folder
        rows = self._stream("__properties_version1.0")[8 if folder else 32 :]
        whole = len(rows) // 16 * 16
        self._fixed: dict[int, bytes] = dict(struct.iter_unpack("<2xH4x8s", rows[:whole]))

    def text(self, tag: int) -> str:
        """A property in words; empty without it."""
        wide = self._stream(f"__substg1.0_{tag:04X}001F").decode("utf-16-le", "replace")
        narrow = self._stream(f"__substg1.0_{tag:04X}001E")
        return (wide or narrow.decode(self._codec(_CODE_PAGE), "replace")).replace("\0", "")

    def page(self) -> str:
        """The message's HTML; empty without it."""
        content = self._stream(f"__substg1.0_{_HTML:04X}0102")
        try:
            return decode(content)
        except UnreadableFile:
            return content.decode(self._codec(_WEB_CODE_PAGE), "replace")

    def has(self, tag: int) -> bool:
        """Whether there is a property in bytes."""
        return bool(self._file.exists(f"{self._folder}__substg1.0_{tag:04X}0102"))

    def moment(self, tag: int) -> datetime | None:
        """A property in tenths of microseconds since 1601; None without it."""
        (tenths,) = struct.unpack("<Q", self._fixed.get(tag, bytes(8)))
        since = timedelta(microseconds=tenths // 10)
        return datetime(1601, 1, 1, tzinfo=UTC) + since if tenths else None

    def _codec(self, tag: int) -> str:
        (number,) = struct.unpack("<L4x", self._fixed.get(tag, bytes(8)))
        try:
            return codecs.lookup(f"cp{number}").name
        except LookupError:
            return "cp1252"

    def _stream(self, name: str) -> bytes:
        path = self._folder + name
        if not self._file.exists(path) or not self._file.get_size(path):
            return b""
        with self._file.openstream(path) as stream:
            return bytes(stream.read())


def read_msg(content: bytes) -> Parsed:
    """A message's headers and text; its HTML where it has no plain text. The title is its subject.

    Raises:
        UnreadableFile: The bytes are no message, damaged, or hold no text but RTF.
    """
    _check_header(content)
    try:
        with _Compound(BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as file:
            return _message(file)
    except _DAMAGED as error:
        raise UnreadableFile(f"a damaged Outlook message ({error})") from error


def _check_header(content: bytes) -> None:
    """Refuse what the library would read without end: a table larger than the file."""
    if len(content) < 512 or not content.startswith(olefile.MAGIC):
        raise UnreadableFile("no Outlook message")
    (shift, n_tables) = struct.unpack_from("<H12xL", content, 30)
    if shift not in (9, 12) or n_tables << shift > len(content):
        raise UnreadableFile("a damaged Outlook message (its tables are larger than the file)")


def _message(file: _Compound) -> Parsed:
    properties = _Properties(file)
    headers = _headers(properties)
    body = properties.text(_BODY)
    if not body.strip() and (page := properties.page() or properties.text(_HTML)):
        body = read_page(page.replace("\0", "").encode()).text
    if not headers and not body.strip():
        raise UnreadableFile("no Outlook message: it holds neither sender, subject nor text")
    if not body.strip() and properties.has(_RTF):
        raise UnreadableFile("its text is RTF alone; save it as .eml or .txt")
    return letter(headers, _attachments(file), body)


def _headers(properties: _Properties) -> dict[str, str]:
    """What people see: as the message came with it, else as Outlook keeps it."""
    name = properties.text(_SENDER)
    address = properties.text(_SENDER_SMTP_ADDRESS) or properties.text(_SENDER_ADDRESS)
    sent = properties.moment(_SUBMITTED)
    kept = {
        "From": f"{name} <{address}>" if "@" in address and address != name else name,
        "To": properties.text(_TO),
        "Cc": properties.text(_CC),
        "Date": f"{in_words(sent)} UTC" if sent else "",
        "Subject": properties.text(_SUBJECT),
    }
    came = shown_headers(parse_mail(properties.text(_HEADERS).encode()))
    found = {name: came.get(name) or " ".join(value.split()) for name, value in kept.items()}
    return {name: value for name, value in found.items() if value}


def _attachments(file: _Compound) -> Iterator[str]:
    """Names of what is attached, in order."""
    folders = [name for name, *rest in file.listdir(streams=False, storages=True) if not rest]
    attached = sorted(name for name in folders if name.startswith("__attach_version1.0_#"))
    for folder in attached[:MAX_ATTACHMENTS]:
        properties = _Properties(file, f"{folder}/")
        if name := next(filter(None, map(properties.text, _FILE_NAMES)), ""):
            yield name
