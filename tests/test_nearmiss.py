"""Tests of training.nearmiss: questions that a passage seems to answer, and does not."""

from pathlib import Path

import numpy as np
import pytest

from index.passage import Span
from training.nearmiss import NearMisses
from training.wordnet import Wordnet

PASSAGE = (
    "The longest bridge of the valley was opened in 1889 by the mayor of Skarn. It crosses the "
    "Lune at Orrest, where a ferry had run since 1702. Masons from Dunmere cut its grey stone, "
    "and for a century all the carts of the valley passed over its seven arches."
)
# Two antonyms and two kinds of one thing, in the form that wndb(5WN) describes.
DATA = {
    "adj": [
        "00000001 00 a 01 long 0 001 ! 00000002 a 0101 | of great length",
        "00000002 00 a 01 short 0 001 ! 00000001 a 0101 | of little length",
    ],
    "noun": [
        "00000003 06 n 01 bridge 0 001 @ 00000005 n 0000 | carries a road",
        "00000004 06 n 01 tunnel 0 001 @ 00000005 n 0000 | lets one through",
        "00000005 06 n 01 passage_way 0 000 | a way",
    ],
    "verb": [],
    "adv": [],
}
INDEX = {
    "noun": [
        "bridge n 1 1 @ 1 1 00000003",
        "tunnel n 1 1 @ 1 1 00000004",
        "adit n 1 1 @ 1 0 00000004",
    ]
}


@pytest.fixture
def wordnet(tmp_path: Path) -> Wordnet:
    for part, lines in DATA.items():
        text = "".join(f"{line}\n" for line in ["  1 the licence", *lines])
        (tmp_path / f"data.{part}").write_text(text, encoding="utf-8")
        indexed = "".join(f"{line}\n" for line in INDEX.get(part, []))
        (tmp_path / f"index.{part}").write_text(indexed, encoding="utf-8")
    return Wordnet(tmp_path)


def test_words_exclude_their_antonyms_and_other_kinds_in_the_same_form(wordnet: Wordnet) -> None:
    assert wordnet.others("longest") == ["shortest"]
    assert wordnet.others("bridges") == ["tunnels"]
    assert wordnet.others("stone") == []


def near_misses(wordnet: Wordnet, question: str, answer: str) -> set[tuple[str, str]]:
    """What is made of one question under a hundred seeds."""
    start = PASSAGE.index(answer)
    made = set()
    for seed in range(100):
        maker = NearMisses(wordnet, np.random.default_rng(seed))
        near = maker.make(question, PASSAGE, [Span(start, start + len(answer))])
        assert near is not None
        made.add(near)
    return made


def test_a_near_miss_is_another_question_or_a_passage_without_the_answer(wordnet: Wordnet) -> None:
    question = "When was the longest bridge of the valley opened?"
    for asked, read in near_misses(wordnet, question, "1889"):
        assert (asked != question) != (read != PASSAGE)
        assert asked != question or "1889" not in read


def test_each_kind_of_near_miss_is_made(wordnet: Wordnet) -> None:
    made = near_misses(wordnet, "When was the longest bridge at Orrest opened?", "1889")
    questions = {asked for asked, _ in made}
    assert "When was the shortest bridge at Orrest opened?" in questions
    assert "When was the longest tunnel at Orrest opened?" in questions
    assert "When was the longest bridge at Dunmere opened?" in questions
    assert any(" not " in asked or "n't " in asked or " never " in asked for asked in questions)
    cut = PASSAGE[PASSAGE.index("It crosses") :]
    assert (("When was the longest bridge at Orrest opened?"), cut) in made


def test_the_answer_itself_is_never_put_into_the_question(wordnet: Wordnet) -> None:
    for asked, _ in near_misses(wordnet, "Which river does it cross at Orrest?", "Lune"):
        assert "Lune" not in asked
