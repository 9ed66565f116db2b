"""Tests of index.formats.text: bytes become text, and text gives its title."""

import unicodedata

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.formats.markdown import read_markdown
from index.formats.text import (
    MAX_TITLE_CHARACTERS,
    decode,
    normalise,
    read_text,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_names_itself_is_read(encoding: str) -> None:
    assert decode("Crème, 東京 🚢".encode(encoding)) == "Crème, 東京 🚢"


def test_utf_16_is_read_in_both_byte_orders() -> None:
    assert decode(b"\xfe\xff" + "naïve".encode("utf-16-be")) == "naïve"
    assert decode(b"\xff\xfe" + "naïve".encode("utf-16-le")) == "naïve"


def test_every_line_end_becomes_one() -> None:
    assert decode(b"a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_text_is_in_form_nfc() -> None:
    assert decode("e\u0301".encode()) == "é"


@given(st.text())
def test_normalising_twice_is_as_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once == unicodedata.normalize("NFC", once)
    assert "\r" not in once


def test_a_zero_byte_is_binary_and_its_place_is_said() -> None:
    with pytest.raises(UnreadableFile, match=r"binary \(a zero byte at 3\)"):
        decode(b"PNG\0more")


def test_control_characters_are_binary() -> None:
    with pytest.raises(UnreadableFile, match="control character"):
        decode(b"\x01\x02text\x03\x04")
    assert decode(b"a page break \x0c and one stray \x01 in a long enough text") != ""


def test_bytes_that_are_not_utf_8_are_named_with_their_place() -> None:
    with pytest.raises(UnreadableFile, match=r"not UTF-8 \(byte 0xe9 at 3\); save it as UTF-8"):
        decode("café".encode("latin-1"))


def test_a_place_counts_behind_no_byte_order_mark() -> None:
    with pytest.raises(UnreadableFile, match=r"not UTF-16-LE \(byte 0x61 at 2\)"):
        decode(b"\xff\xfea\x00a")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_reason(content: bytes) -> None:
    try:
        parsed = [read_text(content), read_markdown(content)]
    except UnreadableFile:
        return
    assert all(each.title is None or each.title.strip() for each in parsed)
    assert parsed[0].text == parsed[1].text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The harbour of Vell\n\nIt was dredged in 1911.", "The harbour of Vell"),
        ("\n\n  The harbour of Vell  \nIt was dredged.", "The harbour of Vell"),
        ("It was dredged in 1911.\nHarbour dredged at last", "Harbour dredged at last"),
        ("It was dredged in 1911.\n\nHarbour dredged at last\n", "Harbour dredged at last"),
        ("The harbour of Vell was dredged in\nthe year 1911 by men who\nwere paid.", None),
        ("It was dredged and the men\nwere paid in herring until the\nmoney came", None),
        ("One line alone", None),
        ("It was dredged.\nThey were paid.", None),
        ("1911\n1912", None),
        ("x" * (MAX_TITLE_CHARACTERS + 1) + "\nIt was.", None),
        ("", None),
    ],
)
def test_a_headline_stands_first_or_last_or_there_is_none(text: str, title: str | None) -> None:
    assert read_text(text.encode()).title == title


def test_the_seed_has_its_headline_last() -> None:
    (seed,) = SEEDS.glob("*.txt")
    assert read_text(seed.read_bytes()).title == "Russia, Ukraine trade blame over drone strike"


def test_formats_do_not_change_the_words() -> None:
    text = "One | two * three _four_ <five> [six](seven)\n"
    assert read_text(text.encode()).text == read_markdown(text.encode()).text == text


@pytest.mark.parametrize(
    "text",
    ["`" * 500_000, "# " + "[" * 500_000, "# " + "*a " * 200_000, "q" + "\u0315\u0300" * 250_000],
    ids=["fences", "links", "emphasis", "marks"],
)
def test_a_text_made_to_take_hours_is_read(text: str) -> None:
    parsed = read_markdown(text.encode())
    assert len(parsed.text) == len(text)
    assert len(parsed.title or "") <= 120


def test_a_letter_under_many_marks_is_composed() -> None:
    assert normalise("a" + "\u0300" * 99) == "à" + "\u0300" * 98
