"""EPUB books: the chapters in the order in which they are read."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from index.errors import UnreadableFile
from index.formats.headings import Heading, paths
from index.formats.html import read_page
from index.formats.parsed import Parsed
from index.formats.text import MAX_TITLE_CHARACTERS, as_text, decode
from index.formats.visible import Page

MAX_ENTRIES = 20_000
MAX_UNPACKED_BYTES = 500_000_000
MAX_RATIO = 100  # of unpacked to packed bytes; prose packs to a third
MAX_TEXT_BYTES = 50_000_000  # of all chapters, as of any one file
MAX_PACKAGE_BYTES = 5_000_000  # of the book's lists, which are held as trees
MAX_DEPTH = 100  # of those trees

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_SIGN_OF_TEXT = re.compile(r"x?html")
# XHTML may close in the opening tag what HTML would hold to be open until the page's end.
_CLOSED = re.compile(r"<([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>")
_VOID = frozenset(
    re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr")
)
_DAMAGED = (BadZipFile, OSError, EOFError, KeyError, NotImplementedError, RuntimeError, zlib.error)


def read_epub(content: bytes) -> Parsed:
    """The chapters' text in reading order; the title is the book's.

    A chapter without a heading takes the name that the table of contents gives it.

    Raises:
        UnreadableFile: The bytes are no EPUB, protected, damaged or over one of the limits.
    """
    if content.count(b"PK\1\2") > MAX_ENTRIES:
        raise UnreadableFile(f"more than {MAX_ENTRIES:,} entries")
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check(archive.infolist(), n_packed=len(content))
            return _Book(archive).read()
    except DefusedXmlException as error:
        raise UnreadableFile("its XML declares entities, which a book does not need") from error
    except ParseError as error:
        raise UnreadableFile(f"a damaged EPUB: bad XML ({error})") from error
    except _DAMAGED as error:
        raise UnreadableFile(f"no EPUB, or a damaged one ({error})") from error


def _check(entries: list[ZipInfo], *, n_packed: int) -> None:
    """Refuse an archive that would unpack to too much; a longer entry than it says is an error."""
    n_unpacked = sum(entry.file_size for entry in entries)
    if n_unpacked > min(MAX_UNPACKED_BYTES, MAX_RATIO * n_packed):
        raise UnreadableFile(f"unpacks to {n_unpacked / 1e6:,.0f} MB, too much for its size")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile("protected by a password")
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise UnreadableFile("packed in a way that no EPUB is")


class _ShallowTree(TreeBuilder):
    """Builds a tree of bounded depth, as the time for words grows with it."""

    _depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableFile(f"XML nested more than {MAX_DEPTH} tags deep")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        """Close an element."""
        self._depth -= 1
        return super().end(tag)


class _Book:
    """An archive, and what its package says of it.

    Source: EPUB 3.3, sections 4.2 (container) and 5 (package); EPUB 2.0.1 for the NCX.
    """

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        roots = [it.get("full-path", "") for it in _all(self._tree(_CONTAINER), "rootfile")]
        if not roots:
            raise UnreadableFile("no EPUB: its container names no package")
        self._folder = dirname(roots[0])
        self._package = self._tree(roots[0])
        self._manifest = {it.get("id", ""): it for it in _all(self._package, "item")}

    def read(self) -> Parsed:
        """The chapters as one text."""
        names = self._contents()
        pieces: list[str] = []
        headings: list[Heading] = []
        start = 0
        for path in self._spine():
            page = self._chapter(path)
            if page.text.strip():
                headings += _chapter_headings(page, names.get(path), start)
                pieces.append(page.text)
                start += len(page.text) + 2
        title = self._title()
        return Parsed("\n\n".join(pieces), title, places=paths(headings, title=title))

    def _spine(self) -> list[str]:
        """Paths of the chapters, each once, in reading order."""
        items = [
            self._manifest[name]
            for each in _all(self._package, "itemref")
            if (name := each.get("idref", "")) in self._manifest
        ]
        known = dict.fromkeys(
            self._path(item.get("href", ""))
            for item in items
            if _SIGN_OF_TEXT.search(item.get("media-type", ""))
        )
        chapters = [path for path in known if path in self._sizes]
        if not chapters:
            raise UnreadableFile("no EPUB: it lists no chapters that are in it")
        if self._encrypted() & set(chapters):
            raise UnreadableFile("protected by DRM: its chapters are encrypted")
        if sum(self._sizes[path] for path in chapters) > MAX_TEXT_BYTES:
            raise UnreadableFile(f"chapters of more than {MAX_TEXT_BYTES // 1_000_000} MB")
        return chapters

    def _chapter(self, path: str) -> Page:
        characters = decode(self._archive.read(path))
        return read_page(_CLOSED.sub(_opened, characters).encode())

    def _title(self) -> str | None:
        titles = (_words(each) for each in _all(self._package, "title"))
        title = next(filter(None, titles), "")
        return as_text(title)[:MAX_TITLE_CHARACTERS] or None

    def _contents(self) -> dict[str, str]:
        """The table of contents: what each file is called where it first appears."""
        names: dict[str, str] = {}
        lists = dict.fromkeys(
            self._path(item.get("href", ""))
            for item in self._manifest.values()
            if "nav" in item.get("properties", "").split()
            or item.get("media-type") == "application/x-dtbncx+xml"
        )
        for path in islice(lists, 2):  # a book of both versions has one of each
            for href, name in self._entries(path):
                target = normpath(join(dirname(path), unquote(href.partition("#")[0])))
                names.setdefault(target, name)
        return names

    def _entries(self, path: str) -> Iterator[tuple[str, str]]:
        """Links of a table of contents and their words; none of one that is damaged."""
        try:
            tree = self._tree(path)
        except (KeyError, ParseError):
            return
        for contents in islice((each for each in _all(tree, "nav") if _is_contents(each)), 1):
            for link in _all(contents, "a"):
                yield link.get("href", ""), _words(link)
        for point in _all(tree, "navPoint"):
            parts = {_local(each.tag): each for each in point}
            if "navLabel" in parts and "content" in parts:
                yield parts["content"].get("src", ""), _words(parts["navLabel"])

    def _encrypted(self) -> set[str]:
        """Paths of what is encrypted; fonts may be, and are not read."""
        if _ENCRYPTION not in self._sizes:
            return set()
        references = _all(self._tree(_ENCRYPTION), "CipherReference")
        return {unquote(each.get("URI", "")) for each in references}

    def _path(self, href: str) -> str:
        return normpath(join(self._folder, unquote(href)))

    def _tree(self, path: str) -> Element:
        """An XML file's tree."""
        if self._sizes.get(path, 0) > MAX_PACKAGE_BYTES:
            raise UnreadableFile(f"{path} is over {MAX_PACKAGE_BYTES // 1_000_000} MB")
        parser = DefusedXMLParser(target=_ShallowTree())
        parser.feed(self._archive.read(path))
        tree: Element = parser.close()
        return tree


def _chapter_headings(page: Page, name: str | None, start: int) -> Iterator[Heading]:
    """A chapter's headings where they stand in the book, behind its name if none comes first."""
    if name and not (page.headings and page.headings[0].start == 0):
        yield Heading(start, 1, name)
    for heading in page.headings:
        yield heading._replace(start=start + heading.start)


def _opened(tag: re.Match[str]) -> str:
    """A tag that closes itself, as HTML knows it: as it is, or with a closing one behind it."""
    name, attributes = tag.groups()
    return tag[0] if name.lower() in _VOID else f"<{name}{attributes}></{name}>"


def _local(name: str) -> str:
    """A tag's or an attribute's name without its namespace."""
    return name.rpartition("}")[2]


def _all(tree: Element, name: str) -> Iterator[Element]:
    """The elements of a name, whatever their namespace, in order."""
    return (each for each in tree.iter() if _local(each.tag) == name)


def _is_contents(nav: Element) -> bool:
    """Whether a page's list of links is its table of contents."""
    return any(_local(name) == "type" and "toc" in value.split() for name, value in nav.items())


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
