"""Tests of index.formats.markdown: the text as it stands, its title and its headings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.document import load
from index.formats.markdown import read_markdown
from index.formats.text import MAX_TITLE_CHARACTERS
from index.passage import split


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Keeping bees\n\nA colony.", "Keeping bees"),
        ("intro\n\n### Keeping bees ###\n", "Keeping bees"),
        ("# Keeping C#\n", "Keeping C#"),
        ("Keeping bees\n===\n", "Keeping bees"),
        ("---\nauthor: me\ntitle: 'Keeping bees'\n---\n# Other", "Keeping bees"),
        ("---\nsubtitle: no\n---\n# Keeping bees", "Keeping bees"),
        ("#hashtag\nIt was.", "#hashtag"),
        ("plain words. Then more.", None),
        ("# " + "x" * 500, "x" * MAX_TITLE_CHARACTERS),
        ("---\ntitle: " + "x" * 500 + "\n---\n", "x" * MAX_TITLE_CHARACTERS),
    ],
)
def test_markdown_gives_its_front_matters_title_else_its_first_heading(
    text: str, title: str | None
) -> None:
    parsed = read_markdown(text.encode())
    assert parsed.title == title
    assert parsed.text == text


def test_a_megabyte_of_number_signs_is_read_at_once() -> None:
    # The first pattern took an hour for it.
    assert read_markdown(b"# " * 500_000 + b"x").title == ("# " * 500_000)[2:122]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("```sh\n# install it\n```\n\n# Bees\n\nThey dance.\n", "Bees"),
        ("# **Bold** [Link](http://x.example) `code`\n\nText.\n", "Bold Link code"),
        ("---\nTitle: Bees\n---\n\n# Other\n", "Bees"),
        ("---\ntitle: >-\n  Folded\n---\n\n# Other\n", "Other"),
    ],
)
def test_a_markdown_title_is_words_and_no_markup(text: str, title: str) -> None:
    assert read_markdown(text.encode()).title == title


def places(text: str) -> list[tuple[str, str]]:
    """The line that each place begins at, and its name."""
    parsed = read_markdown(text.encode())
    return [(parsed.text[place.start :].split("\n")[0], place.name) for place in parsed.places]


def test_headings_name_what_stands_below_them() -> None:
    text = "# Bees\n\nThey dance.\n\n## The *hive* ##\n\n### [Wax](w.md)\n\nSmoke\n---\n\n# End\n"
    assert places(text) == [
        ("## The *hive* ##", "The hive"),
        ("### [Wax](w.md)", "The hive › Wax"),
        ("Smoke", "Smoke"),
        ("# End", "End"),
    ]


def test_front_matter_and_fenced_code_hold_no_headings() -> None:
    text = (
        "---\ntitle: Bees\nauthor: me\n---\n\n~~~\n# a\n```\n# b\n~~~\n\n````md\n```\n# c\n````\n\n"
        "`# d`\n\n    # e\n\n# Smoke\n\n```\n# f"
    )
    assert places(text) == [("# Smoke", "Smoke")]


@pytest.mark.parametrize(
    "text",
    ["- item\n---", "> quote\n===", "1. item\n---", "| a |\n---", "one\ntwo\n---", "***\n---", "#"],
)
def test_a_rule_below_what_is_no_paragraph_makes_no_heading(text: str) -> None:
    assert places(f"{text}\n\nwords") == []


@given(
    st.lists(
        st.sampled_from(["# A", "## B", "C\n===", "D\n-", "```", "~~~~", "    # e", "x", "#f"])
    )
)
def test_headings_are_those_that_a_whole_parser_finds(blocks: list[str]) -> None:
    text = "\n\n".join(["# Start", *blocks, ""])
    lines = text.split("\n")
    tokens = MarkdownIt("commonmark").parse(text)
    expected = [
        lines[token.map[0]] for token in tokens if token.type == "heading_open" and token.map
    ]
    assert [line for line, _ in places(text)] == expected[1:]


def test_passages_of_a_markdown_know_their_headings(library: Path) -> None:
    body = "The ferry leaves at nine and comes back at noon. " * 30
    (library / "a.md").write_text(f"# Skarn\n\n{body}\n\n## Fares\n\n{body}\n", encoding="utf-8")
    document = load(library / "a.md", folder=library)
    spans = split(document)
    assert [document.place(start) for start, _ in spans] == [None] * 3 + ["Fares"] * 3
    assert document.heading(spans[-1].start) == "Skarn\nFares"
    assert document.place(document.text.index("## Fares")) == "Fares"


@pytest.mark.parametrize("line", ["## " + "*a " * 300_000, "## " + "[" * 300_000, "`" * 300_000])
def test_a_megabyte_of_marks_is_read_at_once(line: str) -> None:
    parsed = read_markdown(f"# Bees\n\n{line}".encode())
    assert parsed.title == "Bees"
    assert len(parsed.places) == line.startswith("#")
