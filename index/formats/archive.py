"""What DOCX, PPTX and XLSX have in common: a zip archive of XML, which may be a bomb."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from index.errors import UnreadableFile

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MAX_PARTS = 10_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_XML_BYTES = 100_000_000  # of one part
MAX_TAGS = 12_000_000  # of all parts: a parsed tag takes a hundred times the memory of "<a/>"
MAX_RATIO = 100  # unpacked to packed; text packs to a tenth, an empty table to a fiftieth
FREE_BYTES = 10_000_000  # that may be unpacked at any ratio

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XML = (".xml", ".rels")


@contextmanager
def opened(content: bytes, kind: str) -> Iterator[BytesIO]:
    """The archive as a file, once it is known to be none that grows without measure.

    Inside, whatever a library raises over a damaged file becomes one reason.

    Args:
        content: The archive.
        kind: What a user calls the format: "DOCX".

    Raises:
        UnreadableFile: It is encrypted, damaged, no such file, or grows too large.
    """
    from zipfile import ZipFile  # noqa: PLC0415 - slow to import; most questions read no file

    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableFile("encrypted with a password; save it without one")
        raise UnreadableFile(f"an old Office file under a new name; save it as {kind}")
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check(archive, len(content))
        yield BytesIO(content)
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile(f"damaged, or no {kind} file ({type(error).__name__})") from error


def _check(archive: "ZipFile", packed: int) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise UnreadableFile(f"{len(parts):,} parts, over the limit of {MAX_PARTS:,}")
    unpacked = sum(part.file_size for part in parts)
    allowed = min(max(MAX_RATIO * packed, FREE_BYTES), MAX_UNPACKED_BYTES)
    if unpacked > allowed:
        raise UnreadableFile(
            f"unpacks to {unpacked / 1e6:,.0f} MB, over the limit of {allowed / 1e6:,.0f} MB "
            f"for its {packed / 1e6:,.1f} MB; split it"
        )
    n_tags = 0
    for part in parts:
        if part.flag_bits & 1:
            raise UnreadableFile("encrypted with a password; save it without one")
        n_tags += _n_tags(archive, part)
        if n_tags > MAX_TAGS:
            raise UnreadableFile(f"more than {MAX_TAGS // 1_000_000} million XML tags; split it")


def _n_tags(archive: "ZipFile", part: "ZipInfo") -> int:
    """How many tags a part opens or closes at most.

    Raises:
        UnreadableFile: It is larger than XML may be, or declares entities, which no Office
            program writes.
    """
    is_xml = part.filename.lower().endswith(_XML)
    if is_xml and part.file_size > MAX_XML_BYTES:
        raise UnreadableFile(
            f"its part {part.filename} has {part.file_size / 1e6:,.0f} MB, "
            f"over the limit of {MAX_XML_BYTES / 1e6:,.0f} MB; split it"
        )
    with archive.open(part) as file:
        content = file.read()
    if is_xml and b"<!DOCTYPE" in content:
        raise UnreadableFile(f"its part {part.filename} declares a document type, as bombs do")
    return content.count(b"<")
