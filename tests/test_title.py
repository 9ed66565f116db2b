"""Tests of index.formats.title: what properties say of a file."""

import pytest

from index.formats.title import own_title


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        " ",
        "untitled",
        "Untitled-1",
        "Microsoft Word - x.doc",
        "PowerPoint Presentation",
        "Document1",
        "Presentation 2",
        "Slide 1",
        "final_v2.docx",
        "book.indd",
        "17",
    ],
)
def test_a_title_that_a_program_made_says_nothing(title: str | None) -> None:
    assert own_title(title) is None


@pytest.mark.parametrize(
    "title", ["Keeping bees", "Document security", "Slides of Norway", "1984 and after"]
)
def test_a_title_that_people_gave_is_kept(title: str) -> None:
    assert own_title(f" {title}\n") == title
