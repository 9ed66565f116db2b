"""Tests of qa.borders: where a person would let an answer begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.borders import sentences_around, whole


def marked(text: str, *, question: str = "What is it?") -> str:
    """What `whole` makes of the span between the two bars of a text."""
    start, end = text.index("|"), text.rindex("|") - 1
    text = text.replace("|", "")
    start, end = whole(text, start, end, question=question)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It cost $|45| in all", "$45"),
        ("a share of |12|% of it", "12%"),
        ("the chief (|who left)| spoke", "who left"),
        ("she called it |“a shame| and left", "a shame"),
        ('he was |"very clear| then', "very clear"),
        ('he was |"very clear"| then', '"very clear"'),
        ("in |Paris,| where", "Paris"),
        ("the treaty of |Ghent (1814)| ended", "Ghent (1814)"),
        ("nothing |,| here", ","),
        ("he stood |5'10\"| tall", "5'10\""),
    ],
)
def test_a_span_keeps_its_signs_and_drops_what_dangles(text: str, kept: str) -> None:
    assert marked(text) == kept


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("Lavrov said |91| drones were used", "How many drones did Lavrov cite?", "91 drones"),
        ("there were |three| small boats", "How many boats were there?", "three small boats"),
        ("it has |1,200| inhabitants.", "How many inhabitants has it?", "1,200 inhabitants"),
        ("|91| drones were used", "When were drones used?", "91"),
        ("only |two| came, drones excepted", "How many drones came?", "two"),
        ("they sent |a few| drones", "How many drones were sent?", "a few"),
        ("there is |one| city here", "How many cities are there?", "one city"),
    ],
)
def test_a_bare_number_takes_the_thing_that_was_counted(
    text: str, question: str, kept: str
) -> None:
    assert marked(text, question=question) == kept


@given(st.text(min_size=1, max_size=60), st.data())
def test_a_span_is_never_emptied_nor_leaves_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = whole(text, start, end, question="How many x are there?")
    assert 0 <= first < last <= len(text)


def test_sentences_around_a_span_are_whole_and_all_that_it_touches() -> None:
    text = "One came. Two stayed at home. Three left early. Four slept."
    start, end = sentences_around(text, text.index("home"), text.index("early"))
    assert text[start:end] == "Two stayed at home. Three left early."
