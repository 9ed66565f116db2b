"""A document: a file's bytes as normalised text with page starts."""

import hashlib
import os
from bisect import bisect_right
from contextlib import nullcontext
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from index.errors import UnreachableFile, UnreadableFile
from index.formats import SUFFIXES, Place
from index.parsing import Parser

MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """One text that can be cited.

    Attributes:
        id: Path below the documents folder, with forward slashes; unique in an index.
        digest: SHA-256 of the file's bytes, as 64 hexadecimal digits.
        title: What a reader would call it: its heading or headline, else its file name.
        text: The text, normalised once, at load; every offset in the program counts in it.
        page_starts: Offset of the first character of each page, ascending; empty when the
            format has no pages.
        places: Its named parts, ascending by their start; empty when the format names none.
        entitled: Whether the title is the document's own, and not made from its file's name.
    """

    id: str
    digest: str
    title: str
    text: str
    page_starts: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    entitled: bool = True

    def page(self, offset: int) -> int | None:
        """Page that holds a character, counted from 1; None when the format has no pages."""
        return bisect_right(self.page_starts, offset) or None

    def place(self, offset: int) -> str | None:
        """Name of the part that holds a character; None when it stands in no named one."""
        number = bisect_right(self.places, offset, key=attrgetter("start"))
        return self.places[number - 1].name if number else None

    def heading(self, offset: int) -> str:
        """Title and headings above a character, a line each; empty when it has none of its own.

        The sheet of a row and the list of a record are such headings.
        """
        number = bisect_right(self.places, offset, key=attrgetter("start"))
        above = self.places[number - 1].heading if number else ""
        return "\n".join(filter(None, [self.title if self.entitled else "", above]))


def load(path: Path, *, folder: Path, parser: Parser | None = None) -> Document:
    """The document that a file below a folder holds.

    Args:
        path: The file.
        folder: The documents folder.
        parser: Of many files; by default one for this file alone.

    Raises:
        UnreadableFile: The file is too large, empty, of no known format, no text, or cannot be
            read within the limits of time and memory; the message is the reason alone.
        UnreachableFile: It vanished, or may not be opened.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableFile(f"no reader for '{path.suffix or path.name}' files")
    content = content_of(path, folder)
    with nullcontext(parser) if parser else Parser() as one:
        parsed = one.parse(content, suffix=suffix)
    if not parsed.text.strip():
        raise UnreadableFile("empty: it holds no text")
    document_id = path.relative_to(folder).as_posix()
    title = parsed.title or path.stem.replace("_", " ").replace("-", " ").strip() or path.name
    digest = hashlib.sha256(content).hexdigest()
    return Document(
        document_id,
        digest,
        title,
        parsed.text,
        parsed.page_starts,
        parsed.places,
        entitled=bool(parsed.title),
    )


def content_of(path: Path, folder: Path) -> bytes:
    """The bytes of a file that may be read.

    Raises:
        UnreadableFile: It lies outside the folder, or is too large.
        UnreachableFile: It vanished, or may not be opened.
    """
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UnreadableFile("a symbolic link that leads out of the folder")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(MAX_BYTES + 1) if size <= MAX_BYTES else b""
    except FileNotFoundError as error:
        raise UnreachableFile("vanished while it was read") from error
    except OSError as error:
        raise UnreachableFile(f"cannot be read ({error.strerror})") from error
    if max(size, len(content)) > MAX_BYTES:
        raise UnreadableFile(
            f"{size / 1e6:.0f} MB, over the limit of {MAX_BYTES / 1e6:.0f} MB; split it"
        )
    return content
