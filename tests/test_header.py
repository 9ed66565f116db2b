"""Tests of index.formats.header: which row names the columns of a table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.header import header


@pytest.mark.parametrize(
    "lines",
    [
        "Port,Fee|Skarn,6",
        ",Q1,Q2|Skarn,3,4",
        "Item,2022,2023|Rent,900,950",
        "Item,1990,2000,2010|Rent,900,950,1100",
        "Ports|Skarn",
        "Store,2024-01,2024-02|Thun,40,50",
        "Store,2024-01-01,2024-02-01|Thun,40.5,50|Wil,,60",
        "Store,01/2024,02/2024|Thun,40,50",
        "Store,31.1.2024,29.2.2024|Thun,40,50",
        "Store,2022/23,2023/24|Thun,40,50",
        ",2024-01,2024-02|Thun,40,50",
        "Account,Currency,2024-12-31|Cash,CHF,500|Bank,CHF,900",
        "Name,2024-01-05,2024-01-12|Anna,present,absent|Bert,absent,absent",
        "Room,08:00,09:00,10:00|A1,chess,choir,chess|A2,choir,,chess",
        "Room,8:00-9:00,9:00-10:00,10:00-11:00|A1,chess,choir,chess|A2,choir,chess,chess",
        "Model,5G,Price|Fox,yes,900|Elk,no,400",
        "Model,5G,Colour|Fox,yes,black|Elk,no,white",
        "Country,3G,4G,5G|Chile,99 %,95 %,40 %|Peru,98 %,90 %,20 %",
        "Rider,1st,2nd,3rd|Anna,4,2,1|Bert,1,0,3",
        "Item,5G,2022,2023|Fox,yes,900,800|Elk,no,300,200",
    ],
)
def test_the_first_row_names_the_columns(lines: str) -> None:
    assert header([line.split(",") for line in lines.split("|")]) == 0


def test_titles_stand_above_the_header() -> None:
    rows = [["Costs of 1911", ""], ["", ""], ["Port", "Fee"], ["Skarn", "6"]]
    assert header(rows) == 2


@pytest.mark.parametrize(
    "lines",
    [
        "Skarn,6|Holm,9",
        "Skarn,€ 6|Holm,€ 9",
        "Skarn,€ 6,CHF 7|Holm,free,closed|Wick,free,free",
        "1,2,3|4,5,6|7,8,9",
        "1,2,3",
        "Skarn,2024-03-05|Holm,2024-03-06",
        "Skarn,2024-03-05,2024-04-05|Holm,2024-03-06,2024-04-06",
        "Skarn,2024-03-05,2024-04-05|Holm,unknown,2024-04-06|Wick,unknown,unknown",
        "2024-03-05,2024-03-06,Rent|2024-04-05,2024-04-06,Food",
        "2024-03-05,Rent,900|Total,,900",
        "2024-03-05,Rent|Total,900",
        "Skarn,2024-03-05,north|Holm,unknown,south|Wick,unknown,south",
        "Skarn,2024-03-05,2024-04-05",
        "Skarn,2024-03-05,2024-03-05|Holm,4,5|Wick,6,7",
        "Date,2024-03-05|Amount,900|Paid,100",
        "Date,2024-03-05,checked|Amount,900,checked",
        "Date:,2024-03-05|Amount:,900",
        "Anna,1951,1987|Bert,1960,1999",
        "Skarn,1950,1980,2010|Holm,1960,1990,2020",
        "Skarn,2010,north|Holm,950,south|Wick,800,south",
        "Skarn,12:30|closed,closed",
        "Monday,08:00,17:00|Sunday,closed,closed|Feast,closed,closed",
        "Skarn,08:00,09:00,10:00|Holm,08:10,09:10,10:10",
        "Anna,079 123 45 67,Bern|Bert,none,Thun|Cora,none,Wil",
        "Anna,+41 79 123 45 67,Bern|Bert,044 123 45 67,Thun",
        "Fox,5G,black|Elk,4G,white",
        "Fox,5G|Elk,none|Doe,none",
        "Fox,5G,black|Elk,no,white",
        "Fox,5G,900|Elk,no,400|Doe,no,300",
        "Flour,2kg,fine|Salt,none,coarse|Rice,none,long",
        "Skarn,TRUE,north|Holm,no,south|Wick,no,south",
        "Port:,Skarn|Fee:,6 euros",
        "",
    ],
)
def test_a_row_of_values_names_no_columns(lines: str) -> None:
    assert header([line.split(",") for line in lines.split("|") if line]) is None


DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))
COLUMNS = (
    DAYS.map(str),
    DAYS.map("{:%Y-%m}".format),
    DAYS.map("{:%d.%m.%Y}".format),
    st.times().map("{:%H:%M}".format),
    st.integers(-9_999, 999).map(str),
    st.floats(0, 99_999).map("CHF {:,.2f}".format),
    st.integers(0, 100).map("{} %".format),
    st.integers(0, 999).map("{}GB".format),
    st.integers(0, 9_999_999).map("+41 44 {:07}".format),
)
WORDS = st.sampled_from(["Skarn", "Holm", "north", "closed", ""])


@given(st.data(), st.integers(2, 8))
def test_a_first_row_of_the_same_kinds_as_those_below_names_no_columns(
    data: st.DataObject, n_rows: int
) -> None:
    columns = data.draw(st.lists(st.sampled_from([*COLUMNS, WORDS]), min_size=1, max_size=5))
    columns += [data.draw(st.sampled_from(COLUMNS))]
    rows = [[data.draw(column) for column in columns] for _ in range(n_rows)]
    assert header(rows) is None


@given(st.lists(st.sampled_from(COLUMNS), min_size=2, max_size=5), st.data())
def test_words_over_any_values_name_columns(
    columns: list[st.SearchStrategy[str]], data: st.DataObject
) -> None:
    names = ["Port", "Fee", "Depth", "Since", "Size"][: len(columns)]
    rows = [[data.draw(column) for column in columns] for _ in range(3)]
    assert header([names, *rows]) == 0
