"""Charts of a presentation: their titles, and a line for each category with its values."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from index.formats.shown import shown
from index.formats.tables import one_line, row_text

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MAX_CELLS = 100_000
_DATE = re.compile(r"(?:\"[^\"]*\"|\\.|\[[^\]]*\]|[^ymdh])*[ymdh]", re.IGNORECASE)

_Points = Mapping[int, str]


def chart_lines(chart: Any) -> list[str]:
    """The words of a chart as they were last computed.

    Its title and those of its axes come first; then, for each category, its name and the value of
    each series: "Skarn, Fee is 6, Depth is 4".

    Args:
        chart: The root of its XML.
    """
    titles = [_words(title) or one_line(_text(title)) for title in chart.iter(f"{_C}title")]
    lines = list(dict.fromkeys(filter(None, titles)))
    for plot in chart.iterfind(f"{_C}chart/{_C}plotArea/*"):
        lines += _plot_lines(plot.findall(f"{_C}ser"))
    return lines


def _plot_lines(series: list[Any]) -> Iterator[str]:
    """The lines of the series that one plot shows; they have their categories in common.

    More cells than a slide can show are no chart.
    """
    names = ["", *(one_line(_text(each.find(f"{_C}tx"))) for each in series)]
    categories = next(filter(None, map(_categories, series)), {})
    values = [_values(each) for each in series]
    numbers = {*categories, *(at for each in values for at in each)}
    for number in sorted(numbers) if len(numbers) * len(series) <= _MAX_CELLS else ():
        cells = [categories.get(number, ""), *(each.get(number, "") for each in values)]
        yield row_text(cells, names)


def _categories(series: Any) -> _Points:
    """Names of categories, or numbers of the horizontal axis, by their order.

    Of categories in groups, each is behind the names of its groups.
    """
    axis = _first(series, "cat", "xVal")
    if axis is None:
        return {}
    levels = [_points(level) for level in axis.iter(f"{_C}lvl")] or [_points(axis)]
    inner, *groups = levels
    named: dict[int, str] = {}
    current = [""] * len(groups)
    starts = sorted({*inner, *(at for group in groups for at in group)})
    for at in starts:
        current = [group.get(at, before) for group, before in zip(groups, current, strict=True)]
        if at in inner:
            named[at] = ", ".join(filter(None, [*reversed(current), inner[at]]))
    return named


def _values(series: Any) -> _Points:
    numbers = _first(series, "val", "yVal")
    return {} if numbers is None else _points(numbers)


def _first(series: Any, *names: str) -> Any:
    found = (series.find(f"{_C}{name}") for name in names)
    return next((each for each in found if each is not None), None)


def _points(cache: Any) -> _Points:
    """What a chart keeps of a row of cells, by their order, as the sheet shows it."""
    code = next(cache.iter(f"{_C}formatCode"), None)
    form = (code.text if code is not None else None) or "General"
    is_number = next(cache.iter(f"{_C}numCache", f"{_C}numLit"), None) is not None
    first_day = _first_day(cache) if _DATE.match(form) and form != "General" else None
    found = {}
    for point in cache.iter(f"{_C}pt"):
        number, text = point.get("idx", ""), one_line(_text(point))
        if number.isdecimal():
            found[int(number)] = _shown(text, form, first_day) if is_number else text
    return found


def _first_day(cache: Any) -> datetime:
    """Day 0 of the workbook that the chart was made from."""
    since_1904 = cache.getroottree().getroot().find(f"{_C}date1904")
    is_old = since_1904 is not None and since_1904.get("val", "1") in ("1", "true")
    return datetime(1904, 1, 1) if is_old else datetime(1899, 12, 30)


def _shown(text: str, form: str, first_day: datetime | None) -> str:
    try:
        value = float(text)
        return shown(first_day + timedelta(days=value) if first_day else value, form)
    except (ValueError, ArithmeticError):
        return text


def _words(title: Any) -> str:
    return one_line("".join(piece.text or "" for piece in title.iter(f"{_A}t")))


def _text(element: Any) -> str:
    """What stands in the values below an element."""
    if element is None:
        return ""
    return " ".join(value.text or "" for value in element.iter(f"{_C}v"))
