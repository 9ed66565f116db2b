"""PPTX files: a page for each slide, with its tables, charts and the speaker's notes."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from index.formats.archive import opened
from index.formats.charts import chart_lines
from index.formats.composer import Composer
from index.formats.parsed import Parsed
from index.formats.tables import one_line, table_lines
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
            titles.append(_add(composer, slide))
        title = own_title(presentation.core_properties.title)
        return composer.parsed(title=title or next(filter(None, titles), None))


def _add(composer: Composer, slide: "Slide") -> str | None:
    """Adds a slide's words: its title, its shapes from the top, its notes; gives its title."""
    heading = slide.shapes.title
    title = one_line(heading.text_frame.text) if heading is not None else ""
    composer.add(title)
    for shape in _shapes(slide.shapes):
        if heading is None or shape.shape_id != heading.shape_id:
            for number, line in enumerate(_lines(shape)):
                composer.add(line, gap="\n" if number else "\n\n")
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        composer.add(notes.text.replace("\v", "\n"))
    return own_title(title)


def _shapes(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """The shapes as one reads them, by rows and from the left; those of a group in its place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if depth < _MAX_DEPTH and hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _lines(shape: Any) -> list[str]:
    """The words of a shape, a line for each paragraph, table row or category of a chart."""
    if getattr(shape, "has_table", False):
        rows = shape.table.rows
        return table_lines([[one_line(cell.text) for cell in row.cells] for row in rows])
    if getattr(shape, "has_chart", False):
        with suppress(KeyError, ValueError):  # the frame of a chart that is not there
            return chart_lines(shape.chart.element)
    if not getattr(shape, "has_text_frame", False):
        return []
    return [one_line(paragraph.text) for paragraph in shape.text_frame.paragraphs]
