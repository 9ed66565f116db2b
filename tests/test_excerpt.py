"""The stretch of a passage that is shown for a question."""

from hypothesis import given
from hypothesis import strategies as st

from ui.escape import one_line
from ui.excerpt import N_CHARACTERS, excerpt

FILLER = "The garden was quiet and the wind came from the sea. " * 12


def test_a_short_text_is_whole_with_the_words_of_the_question_apart() -> None:
    assert excerpt("Berta lit the lamps.", "Who lights a lamp, Berta?") == [
        ("Berta", True),
        (" lit the ", False),
        ("lamps", True),
        (".", False),
    ]


def test_a_long_text_is_shown_where_the_words_stand() -> None:
    parts = excerpt(FILLER + "Gertrude owns 34 spades. " + FILLER, "How many spades has Gertrude?")
    shown = "".join(part for part, _ in parts)
    assert "Gertrude owns 34 spades." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_a_text_without_the_words_is_shown_from_its_beginning() -> None:
    parts = excerpt(FILLER, "Which planet?")
    assert [asked for _, asked in parts] == [False, False]
    assert parts[0][0].startswith("The garden was quiet")


@given(st.text(max_size=600), st.text(max_size=80))
def test_nothing_is_shown_that_does_not_stand_there(text: str, question: str) -> None:
    parts = [part for part, _ in excerpt(text, question) if part not in {"… ", " …"}]
    assert "".join(parts) in one_line(text)
    assert sum(map(len, parts)) <= N_CHARACTERS


@given(st.text(alphabet="ab c", max_size=900), st.sampled_from(["abc", "a", "bb cab"]))
def test_words_are_never_cut(text: str, question: str) -> None:
    shown = "".join(part for part, _ in excerpt(text, question)).replace("…", "").split()
    assert all(len(word) > 40 or word in text.split() for word in shown)
