"""Tests of ui.view: what a button of the source pane asks for comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.view import View

numbers = st.integers(0, 999_999_999)
views = st.builds(
    View,
    place=st.text(max_size=20),
    document=st.text(max_size=20),
    form=st.sampled_from(["", "text"]),
    page=numbers,
    first=numbers,
    last=numbers,
    here=st.one_of(st.just(-1), numbers),
)


@given(views)
def test_a_view_comes_back_from_its_value(view: View) -> None:
    if str(view):
        assert View.parse(str(view)) == view


@given(st.text(max_size=60))
def test_any_value_is_a_view(value: str) -> None:
    assert isinstance(View.parse(value), View)


@pytest.mark.parametrize(
    ("value", "view"),
    [
        ("3.c1", View(place="3.c1")),
        ("place=3.c1&page=-1&first=1e9&last=x&other=1", View(place="3.c1")),
        ("document=a&page=99999999999999999999", View(document="a")),
        ("document=a%26b&page=7", View(document="a&b", page=7)),
    ],
)
def test_what_is_said_amiss_counts_as_not_said(value: str, view: View) -> None:
    assert View.parse(value) == view


def test_another_page_keeps_the_source_alone() -> None:
    view = View(place="1.c1", form="text", first=5, last=9, here=5)
    assert view.at(page=3) == View(place="1.c1", page=3)
