"""Tests of ui.flow: a text as it runs on, with the structure that its format gives it."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_render import HOSTILE, Seen

from index.document import Document, load
from index.formats.parsed import Place
from index.passage import Span
from ui.flow import (
    MAX_HEADING_CHARACTERS,
    SHOWN_CHARACTERS,
    flow_html,
    window,
)
from ui.marking import Marks
from ui.view import View


def shown(document: Document, marks: Marks | None = None, view: View | None = None) -> str:
    view = view or View()
    part = window(document.text, (marks or Marks(())).centre(), view)
    return flow_html(document, part, marks or Marks(()), here=view.here)


def parsed(name: str, content: str, folder: Path) -> Document:
    (folder / name).write_text(content, encoding="utf-8")
    return load(folder / name, folder=folder)


def test_headings_of_markdown_are_headings(library: Path) -> None:
    text = "# Manual\n\nHow.\n\n## Setup\n\nUnpack.\n\n### Island\n\n```sh\n# lamp\n```\nEnd."
    markup = shown(parsed("a.md", text, library))
    found = re.findall(
        r"aria-level='(\d)'><span class='q-signs'>(.*?)</span>(\w+)&#10;</span>", markup
    )
    assert found == [
        ("2", "&#35; ", "Manual"),
        ("3", "&#35;&#35; ", "Setup"),
        ("4", "&#35;&#35;&#35; ", "Island"),
    ]
    assert Seen(markup).text == text
    assert "<span class='q-fence'>&#96;&#96;&#96;sh" in markup


def test_lines_of_code_are_numbered_in_a_part_too() -> None:
    text = "".join(f"x = {n}\n" for n in range(20_000))
    document = Document("a.py", "0", "A", text)
    at = text.index("x = 15000")
    markup = shown(document, Marks([Span(at + 4, at + 9)], 1))
    assert "data-number='15001'>x &#61; <mark id='q-mark-1' class='q-now'>15000</mark>" in markup
    assert "data-number='1'" not in markup


def test_the_head_of_a_mail_is_set_apart(library: Path) -> None:
    mail = "From: Per <per@example.org>\nSubject: Anchor\nDate: Mon, 3 Feb 2025 10:12:00 +0100\n"
    document = parsed("a.eml", f"{mail}\nIt weighs 340 kilograms.\n", library)
    markup = shown(document)
    head = markup[: markup.index("<span class='q-gap'>")]
    assert "<span class='q-name'>From&#58;</span>" in head
    assert "340" not in head
    assert Seen(markup).text == document.text
    alone = parsed("b.eml", mail, library)
    assert Seen(shown(alone)).open == []


@given(st.text(max_size=80), st.integers(0, 90), st.integers(0, 90), st.integers(-1, 90))
def test_any_text_and_window_gives_whole_elements(text: str, a: int, b: int, here: int) -> None:
    document = Document("a.md", "0", text[:9], text, places=(Place(min(a, len(text)), "A › B"),))
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    marks = Marks([Span(start, end)], 1) if start < end else Marks(())
    seen = Seen(flow_html(document, range(len(text)), marks, here=here))
    assert seen.open == []


def test_an_empty_text_is_an_empty_flow() -> None:
    document = Document("a.md", "0", "", "")
    assert window("", Span(0, 0), View(first=3, last=9)) == range(0)
    assert flow_html(document, range(0), Marks(())) == ""


@given(st.integers(0, 100_000), st.integers(0, 200_000), st.integers(0, 200_000))
@example(0, 1, 2)
@example(0, 99_999, 100_000)
@example(0, 5, 2)
def test_a_window_shows_the_quote_or_what_was_asked(at: int, first: int, last: int) -> None:
    text = "word " * 20_000
    around = window(text, Span(at, at + 9), View())
    assert at in around or at == len(text)
    assert SHOWN_CHARACTERS - 1_000 <= len(around) <= SHOWN_CHARACTERS + 1_000
    asked = window(text, Span(at, at + 9), View(first=first, last=last, here=first))
    assert 0 <= asked.start < asked.stop <= len(text)


def test_a_text_without_a_space_is_cut_all_the_same() -> None:
    text = "x" * (3 * SHOWN_CHARACTERS)
    shown_part = window(text, Span(SHOWN_CHARACTERS, SHOWN_CHARACTERS + 5), View())
    assert len(shown_part) == SHOWN_CHARACTERS
    assert SHOWN_CHARACTERS in shown_part


def test_a_heading_as_long_as_a_page_is_no_heading() -> None:
    name = "A" * MAX_HEADING_CHARACTERS
    document = Document("a.txt", "0", "A", f"{name}\nB\n", places=(Place(0, name), Place(301, "B")))
    markup = shown(document)
    assert markup.count("role='heading'") == 1
    assert Seen(markup).text == document.text


def test_headings_are_no_deeper_than_six() -> None:
    name = " › ".join("abcdefgh")
    document = Document("a.html", "0", "A", "h\n", places=(Place(0, name),), entitled=False)
    assert "aria-level='6'" in shown(document)


@pytest.mark.parametrize(
    ("text", "fenced"),
    [
        ("```\nlamp\n```\nEnd.", ["```\nlamp\n```\n"]),
        ("~~~\n```\n~~~\nEnd.", ["~~~\n```\n~~~\n"]),
        ("````\n```\n````\n", ["````\n```\n````\n"]),
        ("```\nlamp", ["```\nlamp"]),
        ("    ```\nlamp", []),
    ],
)
def test_code_stands_between_its_fences(text: str, fenced: list[str]) -> None:
    markup = shown(Document("a.md", "0", "A", text, entitled=False))
    found = re.findall(r"<span class='q-fence'>(.*?)</span>", markup, re.DOTALL)
    assert [Seen(each).text for each in found] == fenced
    assert Seen(markup).text == text


@pytest.mark.parametrize("suffix", ["md", "py", "eml", "txt"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_shown_and_does_nothing(hostile: str, suffix: str) -> None:
    text = f"# {hostile}\n{hostile}: {hostile}\n```{hostile}\n{hostile}"
    places = (Place(0, hostile), Place(len(text) // 2, f"{hostile} › b"))
    document = Document(f"a.{suffix}", "0", hostile, text, places=places)
    seen = Seen(shown(document, Marks([Span(3, len(text) - 1)], 1)))
    assert seen.open == []
    assert set(seen.tags) <= {"span", "mark"}
    assert {name for name, _ in seen.attributes} <= {
        *("class", "role", "aria-level", "data-number", "id")
    }
