"""Tests of index.formats.named: where tables begin in a sheet, and what names their columns."""

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.named import NamedRow, Row, named_rows
from index.formats.tables import row_text

cells = st.sampled_from(["", "Port", "Fee", "Skarn", "Holm", "6", "9", "2024-01", "Fee:"])


def numbered(lines: str) -> list[Row]:
    """Rows that bars part, of cells that commas part; nothing between bars is a blank row."""
    rows = enumerate((line.split(",") for line in lines.split("|")), start=1)
    return [(number, row) for number, row in rows if any(row)]


def told(lines: str) -> list[str]:
    return [row_text(row.cells, row.names) for row in named_rows(numbered(lines))]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param(
            "Pump,Flow|P1,30||Valve,Material|V1,Brass|V2,Steel",
            [
                "Pump is P1, Flow is 30",
                "Valve is V1, Material is Brass",
                "Valve is V2, Material is Steel",
            ],
            id="words where numbers stand above",
        ),
        pytest.param(
            "Pump,Flow|P1,30||Valve,Weight|V1,7",
            ["Pump is P1, Flow is 30", "Valve is V1, Weight is 7"],
            id="a word where numbers stand above and below",
        ),
        pytest.param(
            "Pump,Flow|P1,30||valve,material|V1,Brass",
            ["Pump is P1, Flow is 30", "valve is V1, material is Brass"],
            id="small words where numbers stand above and none below",
        ),
        pytest.param(
            "pump,flow|P1,30||valve,weight|V1,7",
            ["pump is P1, flow is 30", "valve is V1, weight is 7"],
            id="small words below small names",
        ),
        pytest.param(
            "Pump,Flow|P1,30 litres||Valve,Weight|V1,7 grams",
            ["Pump is P1, Flow is 30 litres", "Valve is V1, Weight is 7 grams"],
            id="quantities with their units",
        ),
        pytest.param(
            "Pump,Material|P1,Brass||Valve,Weight|V1,7|V2,9",
            [
                "Pump is P1, Material is Brass",
                "Valve is V1, Weight is 7",
                "Valve is V2, Weight is 9",
            ],
            id="numbers where words stand above",
        ),
        pytest.param(
            "Pump,Material|P1,Brass||Valve,Finish,Colour|V1,matt,red",
            ["Pump is P1, Material is Brass", "Valve is V1, Finish is matt, Colour is red"],
            id="one more column",
        ),
        pytest.param(
            "Pump,Material|P1,Brass||,,,Valve,Finish|,,,V1,matt",
            ["Pump is P1, Material is Brass", "Valve is V1, Finish is matt"],
            id="other columns",
        ),
        pytest.param(
            "Pump,Material|P1,Brass||Pump,Finish|P1,matt",
            ["Pump is P1, Material is Brass", "Pump is P1, Finish is matt"],
            id="one name again",
        ),
        pytest.param(
            "Port,Fee|Skarn,6||Port,Fee|Holm,9",
            ["Port is Skarn, Fee is 6", "Port is Holm, Fee is 9"],
            id="the same header again",
        ),
        pytest.param(
            "Pump,Flow|P1,30||Valves||Valve,Material|V1,Brass",
            ["Pump is P1, Flow is 30", "Valves", "Valve is V1, Material is Brass"],
            id="a title between blank rows",
        ),
        pytest.param(
            "Pump,Flow|P1,30||Valves|Valve,Material|V1,Brass",
            ["Pump is P1, Flow is 30", "Valves", "Valve is V1, Material is Brass"],
            id="a title upon the header",
        ),
        pytest.param(
            "Skarn,6|Holm,9||Pump,Flow|P1,30",
            ["A is Skarn, B is 6", "A is Holm, B is 9", "Pump is P1, Flow is 30"],
            id="below one without a header",
        ),
        pytest.param(
            "Port,Fee|Skarn,6||Shop,2024-01,2024-02|Thun,40,50",
            ["Port is Skarn, Fee is 6", "Shop is Thun, 2024-01 is 40, 2024-02 is 50"],
            id="dates in its header",
        ),
        pytest.param(
            "Shop,2024-01,2024-02|Thun,40,50||Store,2024-03,2024-04|Wil,4,5",
            [
                "Shop is Thun, 2024-01 is 40, 2024-02 is 50",
                "Store is Wil, 2024-03 is 4, 2024-04 is 5",
            ],
            id="dates in both headers",
        ),
        pytest.param(
            "Pump,Flow|P1,30||A,B,C,D,E|1,2,3,4,5",
            ["Pump is P1, Flow is 30", "A is 1, B is 2, C is 3, D is 4, E is 5"],
            id="a wider one",
        ),
        pytest.param(
            "Report:,Fees|Date:,2024-01-05||Port,Fee,Depth|Skarn,6,4",
            [
                "A is Report:, B is Fees",
                "A is Date:, B is 2024-01-05",
                "Port is Skarn, Fee is 6, Depth is 4",
            ],
            id="below a form",
        ),
        pytest.param(
            "Pump,Flow||Valve,Weight|V1,7",
            ["Pump | Flow", "Valve is V1, Weight is 7"],
            id="below a header alone",
        ),
    ],
)
def test_another_table_begins_behind_a_blank_row(lines: str, found: list[str]) -> None:
    assert told(lines) == found


@pytest.mark.parametrize(
    "lines",
    [
        "Port,Fee|Skarn,6||Holm,9|Wick,7",
        "Port,Fee||Skarn,6||Holm,9",
        "Port,Fee|Skarn,6||Holm,unknown|Wick,7",
        "Port,Fee|Skarn,6||Holm,-|Wick,7",
        "Port,Fee|Skarn,6||Holm,n/a|Wick,n/a",
        "Port,Fee|Skarn,free||Holm,free|Wick,7",
        "Port,Fee|Skarn,6|Holm,free||Wick,by weight|Varn,9",
        "Port,Keeper|Skarn,Anna||Holm,Bert|Wick,Cora",
        "Port,Keeper||Skarn,Anna|Holm,Bert",
        "Port,Fee,Town|Skarn,6,Thun||Holm,,Wil|Wick,7,Bern",
        "Port,Fee,Town|Skarn,6,Thun||Holm,by weight,Thun|Wick,7,Bern",
        "Port,Fee|Skarn,6||Total,6",
        "Port,Fee|Skarn,6||Holm,by weight",
        "Port,Keeper|Skarn,Anna||Holm,Bert,at night|Wick,Cora|Varn,Dora",
        "Port,Fee,Town|Skarn,6,Thun||Holm,by weight,Wil|Wick,7,Bern",
        "Port,Fee|Skarn,6|Holm,9||Wick,by weight|Varn,",
        "Port,Opened|Skarn,2019-03-05||Holm,2020-01-01|Wick,2021-01-01",
        "North|Port,Fee|Skarn,6||South|Holm,9||East||Wick,7",
        "Port|Skarn||Holm|Wick",
    ],
)
def test_groups_of_rows_stay_one_table(lines: str) -> None:
    header = next(line.split(",") for line in lines.split("|") if line.startswith("Port"))
    assert {tuple(row.names) for row in named_rows(numbered(lines))} - {()} == {tuple(header)}


def test_a_header_without_rows_is_a_row() -> None:
    assert list(named_rows(numbered("Fees||Port,Fee"))) == [
        NamedRow(1, ["Fees"], []),
        NamedRow(3, ["Port", "Fee"], []),
    ]


@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=60))
def test_each_row_comes_once_and_in_order_but_for_headers(table: list[list[str]]) -> None:
    rows = [(number, row) for number, row in enumerate(table, start=1) if any(row)]
    named = list(named_rows(rows))
    numbers = [row.number for row in named]
    assert numbers == sorted(set(numbers))
    assert {(row.number, *row.cells) for row in named} <= {(n, *row) for n, row in rows}
    dropped = [row for number, row in rows if number not in numbers]
    assert all(any(row == each.names for each in named) for row in dropped)


def test_rows_are_read_as_they_are_asked_for() -> None:
    asked = []

    def rows() -> Iterator[Row]:
        for number in range(1, 1_000_000):
            asked.append(number)
            yield number, [f"Port {number}", str(number)]

    assert len(list(islice(named_rows(rows()), 100))) == 100
    assert len(asked) < 200
