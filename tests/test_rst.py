"""Tests of index.formats.rst: the text as it stands, its title and its section titles."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.errors import UnreadableFile
from index.formats.rst import read_rst
from index.passage import split

MANUAL = """\
.. _bees:

====================
 Keeping *bees*
====================

A colony is strong.

The ``hive``
============

Six walls::

    Not a title
    -----------

Of :ref:`smoke <smoke>`
-----------------------

It calms them.

----

東京
====

=====  =====
Month  Honey
=====  =====
May    2 kg
=====  =====

- a list
--------

two lines of
a paragraph
-----------
"""


def places(text: str) -> list[tuple[str, str]]:
    """The line that each place begins at, and its name."""
    parsed = read_rst(text.encode())
    return [(parsed.text[place.start :].split("\n")[0], place.name) for place in parsed.places]


def test_a_manual_stands_as_it_is_under_its_section_titles() -> None:
    parsed = read_rst(MANUAL.encode())
    assert parsed.text == MANUAL
    assert parsed.title == "Keeping bees"
    assert places(MANUAL) == [
        ("The ``hive``", "The hive"),
        ("Of :ref:`smoke <smoke>`", "The hive › Of smoke"),
        ("東京", "東京"),
    ]


def test_levels_are_in_order_of_appearance() -> None:
    text = "A\n~\n\nB\n*****\n\nC\n^^^^\n\nD\n****\n\n~~~~\nE\n~~~~\n\nF\n~~~~\n"
    assert [name for _, name in places("Top\n####\n\n" + text)] == [
        "A",
        "A › B",
        "A › B › C",
        "A › D",
        "A › D › E",
        "F",
    ]


@pytest.mark.parametrize(
    "text", ["Long words\n---\n", "====\nOver\n---\n", "====\nOver\n", "::\n----\n", "\n----\n"]
)
def test_a_rule_that_fits_no_title_makes_none(text: str) -> None:
    assert places("Top\n####\n\n" + text) == []


def test_a_text_without_section_titles_has_its_headlines_title() -> None:
    assert read_rst(b"The harbour of Vell\n\nIt was dredged.").title == "The harbour of Vell"


@given(st.text(alphabet="=-~a `*:|_<.\n", max_size=200))
def test_any_text_is_read_and_kept(text: str) -> None:
    parsed = read_rst(text.encode())
    assert parsed.text == text
    starts = [place.start for place in parsed.places]
    assert starts == sorted(set(starts))


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_reason(content: bytes) -> None:
    try:
        parsed = read_rst(content)
    except UnreadableFile:
        return
    assert parsed.title is None or parsed.title.strip()


@pytest.mark.parametrize("piece", ["=", "a\n=\n\n", "`a <", "*a ", " \n", "=\n a\n"])
def test_a_megabyte_of_marks_is_read_at_once(piece: str) -> None:
    text = f"Top\n===\n\n{piece * (1_000_000 // len(piece))}\n======"
    assert read_rst(text.encode()).title == "Top"


def test_passages_of_a_manual_know_their_section(library: Path) -> None:
    body = "The ferry leaves at nine and comes back at noon. " * 30
    text = f"Skarn\n=====\n\n{body}\n\nFares\n-----\n\n{body}\n"
    (library / "a.rst").write_text(text, encoding="utf-8")
    document = load(library / "a.rst", folder=library)
    spans = split(document)
    assert "".join(text[slice(*span)].replace(" ", "") for span in spans).count("ferry") == 60
    assert document.place(spans[0].start) is None
    assert document.heading(spans[-1].start) == "Skarn\nFares"
