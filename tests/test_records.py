"""Tests of index.formats.records: JSON as lines that a person can read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.formats import Place
from index.formats.records import MAX_DEPTH, read_json, read_jsonl


def read(value: object) -> tuple[str, list[str]]:
    parsed = read_json(json.dumps(value).encode())
    return parsed.text, [place.name for place in parsed.places]


def test_each_record_of_a_list_stands_apart_under_its_path() -> None:
    parsed = read_json(b'{"servers": [{"name": "alpha", "port": 80}, {"name": "beta"}]}')
    assert parsed.text == "name: alpha\nport: 80\n\nname: beta"
    assert parsed.places == (
        Place(0, "servers › 1", apart=True),
        Place(22, "servers › 2", apart=True),
    )


def test_members_of_objects_carry_their_path() -> None:
    text, places = read({"database": {"host": "db1", "pool": {"size": 5}}, "debug": False})
    assert text == "database › host: db1\n\ndatabase › pool › size: 5\n\ndebug: false"
    assert places == ["database", "database › pool", "debug"]


def test_a_short_record_keeps_its_own_lists_and_objects() -> None:
    record = {"name": "Skarn", "tags": ["old", "deep"], "fees": [{"kind": "pier", "euros": 6}]}
    text, places = read({"ports": [record]})
    assert text == "name: Skarn\ntags: old, deep\nfees › 1 › kind: pier\nfees › 1 › euros: 6"
    assert places == ["ports › 1"]


def test_the_lists_of_a_long_record_have_parts_of_their_own() -> None:
    fees = [{"kind": f"pier {number}", "remark": "x" * 50} for number in range(20)]
    text, places = read([{"name": "Skarn", "fees": fees, "since": 1911}])
    assert places[:3] == ["item 1", "item 1 › fees › 1", "item 1 › fees › 2"]
    assert places[-1] == "item 1"
    assert text.endswith("\n\nsince: 1911")


def test_what_follows_a_list_stands_apart_from_its_last_record() -> None:
    parsed = read_json(b'{"ports": [{"name": "Skarn"}], "year": 1911}')
    assert parsed.places[-1] == Place(13, "year", apart=True)


def test_each_line_of_a_jsonl_stands_apart() -> None:
    parsed = read_jsonl(b'{"q": "When?"}\n\n{"q": "Who?", "a": null}\n"a word"\n')
    assert parsed.text == "q: When?\n\nq: Who?\n\na word"
    assert [place.name for place in parsed.places] == ["line 1", "line 3", "line 4"]


def test_numbers_stay_as_they_are_written() -> None:
    digits = "1" * 5000
    assert read_json(f'{{"a": 3.10, "b": 1e5, "c": {digits}}}'.encode()).text == (
        f"a: 3.10\nb: 1e5\nc: {digits}".replace("\n", "\n\n")
    )


def test_the_title_is_the_member_of_that_name() -> None:
    assert read_json(b'{"title": "Ports of the north", "n": 3}').title == "Ports of the north"
    assert read_json(b'{"title": 3}').title is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "no JSON (Expecting property name enclosed in double quotes in line 1, column 2)"),
        (b"words", "no JSON (Expecting value in line 1, column 1)"),
        (b"\xff\x00", "binary (a zero byte at 1), not text"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_json(content)
    assert str(caught.value) == reason


def test_a_bad_line_is_named() -> None:
    with pytest.raises(UnreadableFile, match=r"no JSON \(Expecting value in line 2, column 7\)"):
        read_jsonl(b'{"a": 1}\n{"b": }')


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1_000_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    with pytest.raises(UnreadableFile, match=f"nested more than {MAX_DEPTH} deep"):
        read_json(b'[{"a":' * depth + b"1" + b"}]" * depth)


texts = st.text(alphabet="abc", min_size=1, max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=30,
)


@given(values)
def test_every_value_is_read_under_a_place_that_exists(value: object) -> None:
    def leaves(value: object) -> list[str]:
        if isinstance(value, dict):
            return [leaf for member in value.values() for leaf in leaves(member)]
        if isinstance(value, list):
            return [leaf for member in value for leaf in leaves(member)]
        if isinstance(value, bool):
            return [str(value).lower()]
        return [] if value is None else [str(value)]

    parsed = read_json(json.dumps(value).encode())
    said = [
        part
        for line in filter(None, parsed.text.split("\n"))
        for part in line.split(": ")[-1].split(", ")
    ]
    assert said == leaves(value)
