"""Tests of index.formats.shown: values as a spreadsheet shows them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.shown import shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (-2.5, "General", "-2.5"),
        (1e20, "General", "1E+20"),
        (3.14159, "0.00", "3.14"),
        (3, "0.00", "3.00"),
        (2.5, "0", "3"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234567, "#,##0,", "1,235"),
        (12.5, "0.##", "12.5"),
        (12, "0.##", "12"),
        (0.153, "0%", "15%"),
        (0.153, "0.0%", "15.3%"),
        (0.153, "0.0 %", "15.3 %"),
        (12, '#,##0.00 "EUR"', "12.00 EUR"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-1234.5, "[Red]0.0", "-1234.5"),
        (1e300, "0%", "1" + "0" * 302 + "%"),
        (-5, "0.00;[Red]-0.00", "-5.00"),
        (-0.001, "0.00", "0.00"),
        (5, '0 "km"', "5 km"),
        (0.5, "# ?/?", "0.5"),
        (1234.5, "0.00E+00", "1234.5"),
        (7, "@", "7"),
        (True, "General", "TRUE"),
        ("words", "0.00", "words"),
        (datetime(1911, 3, 5), "dd/mm/yyyy", "1911-03-05"),
        (datetime(1911, 3, 5, 14, 30), "General", "1911-03-05 14:30"),
        (datetime(1911, 3, 5, 14, 30, 9), "General", "1911-03-05 14:30:09"),
        (date(1911, 3, 5), "General", "1911-03-05"),
        (time(14, 30), "h:mm", "14:30:00"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_a_value_is_shown_as_its_format_says(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@given(
    st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?,.%"[]$-_* ;\\E/@xé', max_size=12),
)
def test_any_number_is_shown_in_any_format(value: float, number_format: str) -> None:
    assert any(character.isdigit() for character in shown(value, number_format))


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_two_decimals_are_shown_to_the_cent(value: object) -> None:
    assert shown(float(str(value)), "0.00") == f"{value:.2f}"
