"""Tests of ui.escape: any text is shown as it is, and does nothing where it is shown."""

import html
import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from test_render import Seen, assert_harmless, text, words

from ui.escape import (
    about_html,
    html_text,
    markdown_text,
    name_html,
    one_line,
    visible,
    visible_name,
)


@given(text)
def test_html_shows_exactly_the_visible_text(given_text: str) -> None:
    seen = Seen(html_text(given_text))
    assert seen.tags == []
    assert seen.text == visible(given_text)


@given(text)
def test_html_leaves_no_punctuation_to_another_reader(given_text: str) -> None:
    without_entities = re.sub(r"&#\d+;", "", html_text(given_text))
    assert not re.search(r"[!-/:-@\[-`{-~\n]", without_entities)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("evil\u202efdp.txt", "evil⟨U+202E⟩fdp.txt"),
        ("notes\u200b.txt", "notes⟨U+200B⟩.txt"),
        ("no\u200dtes.pdf\ufeff.txt", "no⟨U+200D⟩tes.pdf⟨U+FEFF⟩.txt"),
        ("two\nlines.txt", "two⟨U+000A⟩lines.txt"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("\U0001f468\u200d\U0001f469.txt", "\U0001f468\u200d\U0001f469.txt"),
    ],
)
def test_all_of_a_name_is_seen_and_what_a_script_needs_is_left(name: str, shown: str) -> None:
    assert visible_name(name) == shown
    assert Seen(name_html(name)).text == shown


@given(words, words)
def test_a_name_stands_apart_in_what_is_said_of_it(name: str, said: str) -> None:
    seen = assert_harmless(about_html(f"{name} {said}", name))
    assert seen.tags == ["bdi"]
    assert seen.text == visible_name(name) + visible(f" {said}")
    assert about_html(said, "") == html_text(said)


@given(text)
def test_markdown_shows_the_text_on_one_line_and_nothing_else(given_text: str) -> None:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    shown = reader.render(markdown_text(given_text))
    line = one_line(given_text)
    assert set(re.findall(r"<(\w+)", shown)) <= {"p"}
    assert html.unescape(re.sub(r"</?p>", "", shown)).strip() == line


@given(text)
def test_no_control_reaches_a_terminal(given_text: str) -> None:
    shown = visible(given_text)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff]", shown
    )
    shown.encode()


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("", ""),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\u202egnp.exe", "a⟨U+202E⟩gnp.exe"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("caf\udce9", "caf⟨U+DCE9⟩"),
        ("שלום, 世界 👩‍👩‍👧", "שלום, 世界 👩‍👩‍👧"),
    ],
)
def test_controls_are_shown_by_number_and_scripts_as_they_are(given_text: str, shown: str) -> None:
    assert visible(given_text) == shown


@given(text)
def test_what_was_made_visible_stays_as_it_is(given_text: str) -> None:
    assert visible(visible(given_text)) == visible(given_text)
    assert one_line(one_line(given_text)) == one_line(given_text)


@given(text)
def test_one_line_is_one_line_with_single_spaces(given_text: str) -> None:
    line = one_line(given_text)
    assert line.split() == line.split(" ") or not line
    assert line == line.strip()


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("1. item", "1\\. item"),
        ("12) item", "12\\) item"),
        ("version 1.2", "version 1.2"),
        ("- item", "\\- item"),
        ("well-known", "well-known"),
        ("https://example.org", "https\\://example.org"),
        ("www.example.org", "www\\.example.org"),
        ("a\n# b", "a # b"),
    ],
)
def test_markdown_sets_a_stroke_where_a_mark_would_count(given_text: str, shown: str) -> None:
    assert markdown_text(given_text) == shown


def test_a_long_text_of_marks_is_escaped_whole() -> None:
    marks = "<&'\"`*_[]()" * 2_000
    assert html.unescape(html_text(marks)) == marks
