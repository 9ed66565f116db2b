"""PPTX files: a page for each slide, with its tables, charts and the speaker's notes."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from index.formats.archive import opened
from index.formats.charts import chart_lines
from index.formats.composer import Composer
from index.formats.drawn import text_of, unwrap
from index.formats.parsed import Parsed
from index.formats.tabled import add_table
from index.formats.tables import one_line
from index.formats.title import own_title

if TYPE_CHECKING:
    from pptx.slide import Slide

_MAX_DEPTH = 20  # of groups in groups


def read_pptx(content: bytes) -> Parsed:
    """A presentation; its title is its properties', else that of its first slide with one.

    Raises:
        UnreadableFile: It is encrypted, damaged, or grows too large.
    """
    with opened(content, "PPTX") as file:
        from pptx import Presentation  # noqa: PLC0415 - only a PPTX needs it

        presentation = Presentation(file)
        composer = Composer()
        titles = []
        for number, slide in enumerate(presentation.slides, start=1):
            composer.page()
            composer.place_apart(f"slide {number}")
            titles.append(_add(composer, slide, number))
        title = own_title(presentation.core_properties.title)
        return composer.parsed(title=title or next(filter(None, titles), None))


def _add(composer: Composer, slide: "Slide", number: int) -> str | None:
    """Adds a slide's words: its title, its shapes from the top, its notes; gives its title."""
    unwrap(slide.shapes._spTree)
    heading = slide.shapes.title
    title = one_line(_text(heading.text_frame)) if heading is not None else ""
    part = " › ".join(filter(None, (f"slide {number}", title)))
    n_tables = 0
    composer.add(title)
    for shape in _shapes(slide.shapes):
        if getattr(shape, "has_table", False):
            n_tables += 1
            add_table(composer, _rows(shape.table), number=n_tables, part=part)
        elif heading is None or shape.shape_id != heading.shape_id:
            for order, line in enumerate(_lines(shape)):
                composer.add(line, gap="\n" if order else "\n\n")
    composer.add(_notes(slide))
    return own_title(title)


def _notes(slide: "Slide") -> str:
    """What the speaker noted."""
    if not slide.has_notes_slide:
        return ""
    unwrap(slide.notes_slide.shapes._spTree)
    frame = slide.notes_slide.notes_text_frame
    return _text(frame) if frame is not None else ""


def _shapes(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """The shapes as one reads them, by rows and from the left; those of a group in its place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if depth < _MAX_DEPTH and hasattr(shape, "shapes"):
            unwrap(shape.shapes._spTree)
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _lines(shape: Any) -> list[str]:
    """The words of a shape, a line for each paragraph or category of a chart."""
    if getattr(shape, "has_chart", False):
        with suppress(KeyError, ValueError):  # the frame of a chart that is not there
            return chart_lines(shape.chart.element)
    if not getattr(shape, "has_text_frame", False):
        return []
    return [one_line(text_of(paragraph._p)) for paragraph in shape.text_frame.paragraphs]


def _text(frame: Any) -> str:
    """The words of a frame, its paragraphs apart."""
    return "\n".join(text_of(paragraph._p) for paragraph in frame.paragraphs)


def _rows(table: Any) -> list[list[str]]:
    """The cells' words; one that reaches over rows stands in each, over columns in the first."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells: list[str] = []
        for column, cell in enumerate(row.cells):
            goes_on = cell._tc.vMerge and rows
            cells.append(rows[-1][column] if goes_on else one_line(_text(cell.text_frame)))
        rows.append(cells)
    return rows
