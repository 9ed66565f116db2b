"""Tests of index.inflections: forms of words that no rule of endings makes."""

import pytest

from index.held import analyzer
from index.inflections import FORMS, other_forms


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("come", {"came"}),
        ("coming", {"came"}),
        ("came", {"come"}),
        ("begins", {"began", "begun"}),
        ("begun", {"began", "begin"}),
        ("women", {"woman"}),
        ("people", {"person"}),
        ("diagnoses", {"diagnosi"}),
        ("bacterium", {"bacteria"}),
    ],
)
def test_forms_are_those_of_the_same_word_but_its_own(word: str, others: set[str]) -> None:
    assert set(other_forms(word)) == others


def test_a_form_that_is_oftener_another_word_stands_for_none() -> None:
    assert other_forms("find") == ("found",)
    assert other_forms("leave") == ("left",)
    for word in ("found", "founded", "left", "rose", "saw", "mill", "", "1742"):
        assert other_forms(word) == ()


def test_each_group_has_forms_that_differ_in_their_stems() -> None:
    stems = analyzer()
    groups = [group.split() for group in FORMS.split(",")]
    firsts = [stems.analyze(group[0]) for group in groups]
    assert len(groups) > 150
    assert all(len(first) == 1 for first in firsts)
    assert len({first for (first,) in firsts}) == len(groups)
    forms = [form.strip("()") for group in groups for form in group]
    assert len(forms) == len(set(forms))
    for group in groups:
        of_group = [*map(str, (stems.analyze(form.strip("()"))[0] for form in group))]
        assert len(of_group) == len(set(of_group)) > 1, group
