"""DOCX files: paragraphs, lists, tables, notes and comments, in order, under their headings."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from index.formats.archive import opened
from index.formats.composer import Composer
from index.formats.parsed import Parsed
from index.formats.runs import BOX, UNSEEN, W, is_on, number, paragraphs, text_of, value
from index.formats.tabled import add_table
from index.formats.tables import one_line
from index.formats.text import headline
from index.formats.title import own_title

if TYPE_CHECKING:
    from docx.document import Document

_BLOCKS = (f"{W}p", f"{W}tbl")
_AROUND = (f"{W}customXml", f"{W}smartTag", f"{W}ins", f"{W}moveTo")
_REFERENCES = tuple(f"{W}{kind}Reference" for kind in ("footnote", "endnote", "comment"))
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_ABOVE = " › "
_NO_LEVEL = 9  # Word's outline level of plain text
_MAX_BASES = 20
_MAX_COLUMNS = 100  # that a cell reaches over, or a row leaves out


def read_docx(content: bytes) -> Parsed:
    """A Word document; its title is its properties', its title paragraph's or first heading's.

    Raises:
        UnreadableFile: It is encrypted, damaged, or grows too large.
    """
    with opened(content, "DOCX") as file:
        from docx import Document  # noqa: PLC0415 - only a DOCX needs it

        return _Reading(Document(file)).parsed()


class _Reading:
    """One pass over a document, which knows the headings above."""

    def __init__(self, document: "Document") -> None:
        self._document = document
        self._composer = Composer()
        self._levels, self._lists, self._titles = _styles(document)
        self._notes = _notes(document)
        self._headings: list[tuple[int, str]] = []
        self._title: str | None = None
        self._in_list = False
        self._n_tables = 0

    def parsed(self) -> Parsed:
        """All that the body holds."""
        title = own_title(self._document.core_properties.title)
        self._read(self._document.element.body)
        first = self._title or (self._first_heading if self._headings else None)
        parsed = self._composer.parsed(title=title or own_title(first))
        return parsed if parsed.title else parsed._replace(title=headline(parsed.text))

    def _read(self, parent: Any) -> None:
        for block in _blocks(parent):
            if block.tag == f"{W}p":
                self._paragraph(block)
            else:
                self._table(block)

    def _paragraph(self, paragraph: Any) -> None:
        text = text_of(paragraph)
        style = _style_id(paragraph)
        level = self._level(paragraph, style)
        in_list = level is None and self._is_item(paragraph, style)
        if text.strip():
            if level is not None:
                self._head(level, one_line(text))
            elif self._title is None and style in self._titles:
                self._title = one_line(text)
            gap = "\n" if in_list and self._in_list else "\n\n"
            self._composer.add(f"- {text.strip()}" if in_list else text, gap=gap)
            self._in_list = in_list
        self._beside(paragraph)

    def _beside(self, element: Any) -> None:
        """Adds the notes that an element refers to, and what its text boxes hold."""
        for reference in element.iter(*_REFERENCES):
            self._composer.add(self._notes.get((reference.tag, reference.get(f"{W}id")), ""))
        for box in element.iter(BOX):
            if not any(above.tag in UNSEEN for above in box.iterancestors()):
                self._read(box)

    def _head(self, level: int, text: str) -> None:
        if not self._headings:
            self._first_heading = text
        above = [heading for heading in self._headings if heading[0] < level]
        self._headings = [*above, (level, text)]
        self._composer.place(self._part)

    @property
    def _part(self) -> str:
        """The headings above, as a place's name."""
        return _ABOVE.join(heading for _, heading in self._headings)

    def _level(self, paragraph: Any, style: str) -> int | None:
        """The rank of a heading, from 0; None for what is none."""
        own = paragraph.find(f"{W}pPr/{W}outlineLvl")
        level = number(own) if own is not None else self._levels.get(style)
        return level if level is not None and level < _NO_LEVEL else None

    def _is_item(self, paragraph: Any, style: str) -> bool:
        own = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        return number(own) != 0 if own is not None else style in self._lists

    def _table(self, table: Any) -> None:
        self._n_tables += 1
        rows = _rows(table)
        add_table(
            self._composer,
            rows,
            number=self._n_tables,
            part=self._part,
            names_at=_names_at(table, rows),
        )
        self._beside(table)
        self._in_list = False


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables right below an element, those in content controls included."""
    for child in parent:
        if child.tag in _BLOCKS:
            yield child
        elif child.tag == f"{W}sdt":
            gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            is_contents = gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
            inside = child.find(f"{W}sdtContent")
            if inside is not None and not is_contents:
                yield from _blocks(inside)
        elif child.tag in _AROUND:
            yield from _blocks(child)


def _rows(table: Any) -> list[list[str]]:
    """The cells' words; one that reaches over rows stands in each, over columns in the first."""
    rows: list[list[str]] = []
    for row in _own(table, f"{W}tr"):
        cells = [""] * _few(row.find(f"{W}trPr/{W}gridBefore"))
        for cell in _own(row, f"{W}tc"):
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and merge.get(f"{W}val") != "restart"
            above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else ""
            words = " ".join(map(text_of, paragraphs(cell)))
            width = max(_few(cell.find(f"{W}tcPr/{W}gridSpan")), 1)
            cells += [above if goes_on else one_line(words), *[""] * (width - 1)]
        rows.append(cells)
    return rows


def _own(element: Any, tag: str) -> Iterator[Any]:
    """A table's rows, or a row's cells, those in content controls too, and no inner table's."""
    table = element if element.tag == f"{W}tbl" else next(element.iterancestors(f"{W}tbl"))
    for each in element.iter(tag):
        if next(each.iterancestors(f"{W}tbl")) is table:
            yield each


def _few(element: Any) -> int:
    """A number of columns; 0 without one, and not more than anybody needs."""
    return min(max(number(element) or 0, 0), _MAX_COLUMNS) if element is not None else 0


def _names_at(table: Any, rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the row that the table marks as its header; a title over all columns names none."""
    marks = (row.find(f"{W}trPr/{W}tblHeader") for row in _own(table, f"{W}tr"))
    marked = takewhile(lambda mark: mark is not None and is_on(mark), marks)
    filled = [sum(map(bool, row)) for row, _ in zip(rows, marked, strict=False)]
    return next((at for at, n in enumerate(filled) if n > 1), 0 if filled else None)


def _styles(document: "Document") -> tuple[dict[str, int], set[str], set[str]]:
    """The ranks of heading styles, and the ids of those of lists and of titles."""
    styles = {
        style.get(f"{W}styleId"): style for style in document.styles.element.iter(f"{W}style")
    }
    levels: dict[str, int] = {}
    lists: set[str] = set()
    titles: set[str] = set()
    for style_id, style in styles.items():
        based_on = style
        for _ in range(_MAX_BASES):
            name = value(based_on.find(f"{W}name"))
            outline = based_on.find(f"{W}pPr/{W}outlineLvl")
            if match := _HEADING.fullmatch(name):
                levels.setdefault(style_id, int(match[1]) - 1)
            elif outline is not None and (level := number(outline)) is not None:
                levels.setdefault(style_id, level)
            if name.lower() == "title":
                titles.add(style_id)
            if based_on.find(f"{W}pPr/{W}numPr") is not None and style_id not in levels:
                lists.add(style_id)
            based_on = styles.get(value(based_on.find(f"{W}basedOn")))
            if based_on is None:
                break
    return levels, lists, titles


def _notes(document: "Document") -> dict[tuple[str, str | None], str]:
    """The words of notes and comments, by the tag that refers to them and their number.

    A comment is behind the name of who made it.
    """
    from docx.oxml import parse_xml  # noqa: PLC0415 - see above

    notes = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if f"{W}{kind[:-1]}Reference" in _REFERENCES and not relation.is_external:
            tag = f"{W}{kind[:-1]}"
            for note in parse_xml(relation.target_part.blob).iter(tag):
                words = one_line(" ".join(text_of(paragraph) for paragraph in note.iter(f"{W}p")))
                author = one_line(note.get(f"{W}author", ""))
                said = f"{author}: {words}" if author and words else words
                notes[f"{tag}Reference", note.get(f"{W}id")] = said
    return notes


def _style_id(paragraph: Any) -> str:
    return value(paragraph.find(f"{W}pPr/{W}pStyle"))
