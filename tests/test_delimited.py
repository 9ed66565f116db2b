"""Tests of index.formats.delimited: what programs write as CSV comes back cell by cell."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.formats import Place
from index.formats.delimited import cells, delimiter, read_csv, read_tsv

words = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=12
)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(words, min_size=width, max_size=width), min_size=1, max_size=6)
)


def written(rows: list[list[str]], *, parted_by: str, quoting: int = csv.QUOTE_ALL) -> str:
    file = StringIO()
    csv.writer(file, delimiter=parted_by, quoting=quoting, lineterminator="\n").writerows(rows)
    return file.getvalue()


@given(tables, st.sampled_from("\t;|,"))
def test_what_was_written_comes_back_cell_by_cell(rows: list[list[str]], parted_by: str) -> None:
    text = written(rows, parted_by=parted_by)
    assert delimiter(text) == parted_by
    assert list(cells(text, parted_by)) == rows


@given(tables, st.sampled_from("\t;|,"))
def test_marks_only_where_they_are_needed_are_read_too(
    rows: list[list[str]], parted_by: str
) -> None:
    text = written(rows, parted_by=parted_by, quoting=csv.QUOTE_MINIMAL)
    assert list(cells(text, parted_by)) == rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Port,Fee\nSkarn,6\n", "Port is Skarn, Fee is 6"),
        ("Port;Fee\nSkarn;6,50\n", "Port is Skarn, Fee is 6,50"),
        ("Fee;Depth\n6,50;3,25\n", "Fee is 6,50, Depth is 3,25"),
        ("Port\tFee\nSkarn\t6\n", "Port is Skarn, Fee is 6"),
        ("Port|Fee\nSkarn|6\n", "Port is Skarn, Fee is 6"),
        ("sep=;\nPort;Fee\nSkarn;6,50", "Port is Skarn, Fee is 6,50"),
        ('Port,Remark\nSkarn,"rebuilt, as ""new"",\nin 1911"', 'rebuilt, as "new", in 1911'),
        ('Pipe,Size\nlong,5"\n', 'Pipe is long, Size is 5"'),
        ("Port,Remark\nSkarn,old; small; red\n", "Port is Skarn, Remark is old; small; red"),
        ("Port\nSkarn\n", "Port is Skarn"),
    ],
)
def test_the_delimiter_is_found(text: str, row: str) -> None:
    assert row in read_csv(text.encode()).text


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    parsed = read_csv(b'Port,Fee\r\n"Old\r\nSkarn",6\r\n\r\nHolm,9\r\n')
    assert parsed.text == "Port is Old Skarn, Fee is 6\nPort is Holm, Fee is 9"
    assert parsed.places == (Place(0, "row 2", apart=True), Place(28, "row 4", apart=True))


def test_a_table_far_longer_than_the_sample_is_read_to_its_end() -> None:
    rows = "".join(f"Port {number},{number}\n" for number in range(1, 5001))
    parsed = read_csv(f"Port,Fee\n{rows}".encode())
    assert len(parsed.places) == 5000
    assert parsed.places[-1].name == "row 5001"
    assert parsed.text[parsed.places[-1].start :] == "Port is Port 5000, Fee is 5000"


@pytest.mark.parametrize(
    "content",
    [
        "Café,Preis\nAlter Hafen,6 €\n".encode(),
        "Café,Preis\nAlter Hafen,6 €\n".encode("utf-8-sig"),
        "Café,Preis\nAlter Hafen,6 €\n".encode("utf-16"),
        "Café,Preis\nAlter Hafen,6 €\n".encode("cp1252"),
    ],
)
def test_what_old_and_new_programs_write_is_read(content: bytes) -> None:
    assert read_csv(content).text == "Café is Alter Hafen, Preis is 6 €"


def test_a_tab_parts_a_tsv_whatever_else_stands_in_it() -> None:
    assert read_tsv(b"Port\tSize\nSkarn; Holm\t6,50\n").text == "Port is Skarn; Holm, Size is 6,50"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04\0\0", "binary (a zero byte at 4), not text"),
        (b"caf\xe9,\x81", "neither UTF-8 nor windows-1252; save it as UTF-8"),
        (b'a,"' + b"x" * 200_000 + b'"', "no table, or a quotation mark that never closes"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_csv(content)
    assert str(caught.value).startswith(reason)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        parsed = read_csv(content)
    except UnreadableFile:
        return
    assert all(place.apart for place in parsed.places)
