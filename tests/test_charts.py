"""Tests of index.formats.charts: what charts of real presentations show, as lines of words."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from index.formats.charts import chart_lines
from index.formats.slides import read_pptx

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def presentation(data: Any, kind: Any = XL_CHART_TYPE.COLUMN_CLUSTERED) -> tuple[Any, Any]:
    """A presentation of one chart, and the chart."""
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    frame = slide.shapes.add_chart(kind, Cm(2), Cm(2), Cm(10), Cm(8), data)
    return made, frame.chart


def fees(number_format: str = "General") -> CategoryChartData:
    data = CategoryChartData(number_format=number_format)
    data.categories = ["Skarn", "Holm"]
    data.add_series("Fee", (6, 9.5))
    data.add_series("Depth", (4, None))
    return data


def test_each_category_is_a_line_with_the_values_of_each_series() -> None:
    made, chart = presentation(fees())
    chart.chart_title.text_frame.text = "Ports of the north"
    chart.value_axis.axis_title.text_frame.text = "Euros"
    file = BytesIO()
    made.save(file)
    assert read_pptx(file.getvalue()).text == (
        "Ports of the north\nEuros\nSkarn, Fee is 6, Depth is 4\nHolm, Fee is 9.5"
    )


@pytest.mark.parametrize(
    ("number_format", "shown"), [("0.0%", "950.0%"), ('0.00 "EUR"', "9.50 EUR")]
)
def test_values_are_shown_as_the_chart_shows_them(number_format: str, shown: str) -> None:
    _, chart = presentation(fees(number_format))
    assert chart_lines(chart.element)[-1] == f"Holm, Fee is {shown}"


def test_categories_in_groups_are_behind_their_groups() -> None:
    data = CategoryChartData()
    for year in ("2023", "2024"):
        group = data.add_category(year)
        group.add_sub_category("spring")
        group.add_sub_category("autumn")
    data.add_series("Ships", (1, 2, 3, 4))
    _, chart = presentation(data)
    assert chart_lines(chart.element) == [
        "2023, spring, Ships is 1",
        "2023, autumn, Ships is 2",
        "2024, spring, Ships is 3",
        "2024, autumn, Ships is 4",
    ]


@pytest.mark.parametrize(("since_1904", "day"), [("0", "2024-03-05"), ("1", "2028-03-06")])
def test_dates_are_dates(since_1904: str, day: str) -> None:
    data = CategoryChartData()
    data.categories = [date(2024, 3, 5)]
    data.add_series("Ships", (7,))
    _, chart = presentation(data)
    chart.element.find(f"{{{C}}}date1904").set("val", since_1904)
    assert chart_lines(chart.element) == [f"{day}, Ships is 7"]


def test_points_of_a_plane_are_lines_of_both_numbers() -> None:
    data = XyChartData()
    series = data.add_series("Depth")
    series.add_data_point(0.5, 4)
    series.add_data_point(1.5, 12)
    _, chart = presentation(data, XL_CHART_TYPE.XY_SCATTER)
    assert chart_lines(chart.element)[-2:] == ["0.5, Depth is 4", "1.5, Depth is 12"]


def chart_of(*series: str) -> Any:
    inside = "".join(f"<c:ser>{each}</c:ser>" for each in series)
    plot = f"<c:chart><c:plotArea><c:barChart>{inside}</c:barChart></c:plotArea></c:chart>"
    return etree.fromstring(f'<c:chartSpace xmlns:c="{C}">{plot}</c:chartSpace>')


def values(at: int | str, value: str, *, form: str = "General") -> str:
    point = f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>'
    cache = f"<c:formatCode>{form}</c:formatCode><c:ptCount val='4000000000'/>{point}"
    return f"<c:val><c:numRef><c:numCache>{cache}</c:numCache></c:numRef></c:val>"


@pytest.mark.parametrize(
    ("series", "lines"),
    [
        ("", []),
        (values(4_000_000_000, "3"), ["3"]),
        (values("none", "3"), []),
        (values(0, "words"), ["words"]),
        (values(0, "1e99", form="yyyy-mm-dd"), ["1e99"]),
    ],
)
def test_a_chart_of_nonsense_says_what_can_be_said(series: str, lines: list[str]) -> None:
    assert chart_lines(chart_of(series)) == lines


def test_a_chart_of_more_cells_than_can_be_shown_has_no_lines() -> None:
    assert chart_lines(chart_of(*(values(at, "1") for at in range(1_000)))) == []


def test_a_frame_whose_chart_is_gone_hides_nothing_else() -> None:
    made, _ = presentation(fees())
    slide = made.slides[0]
    slide.shapes.add_textbox(Cm(2), Cm(12), Cm(8), Cm(2)).text_frame.text = "below"
    (frame,) = slide.shapes._spTree.iter(f"{{{C}}}chart")
    for name in frame.attrib:
        frame.set(name, "rId99")
    file = BytesIO()
    made.save(file)
    assert read_pptx(file.getvalue()).text == "below"
