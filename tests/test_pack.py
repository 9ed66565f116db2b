"""Tests of training.pack: sentences set among others."""

from index.passage import Span
from training.data import Row, is_held_out
from training.pack import join

SENTENCES = [f"The mill number {n} was built in {1700 + n}." for n in range(60)]
ROWS = [
    Row("When was it built?", text, (Span(len(text) - 5, len(text) - 1),)) for text in SENTENCES
]


def test_a_joined_sentence_keeps_its_answer() -> None:
    joined = join(ROWS, seed=1)
    assert joined
    for row in joined:
        (answer,) = row.answers
        sentence = SENTENCES[int(answer) - 1700]
        assert sentence in row.context
        assert row.context[slice(*row.spans[0])] == answer


def test_joined_sentences_stand_among_others_at_every_place() -> None:
    places = {row.context[: row.spans[0].start].count(".") for row in join(ROWS, seed=1)}
    assert places == {0, 1, 2, 3}


def test_a_held_out_sentence_is_left_out_and_joins_no_other() -> None:
    kept_out = [text for text in SENTENCES if is_held_out(text)]
    assert kept_out
    for row in join(ROWS, seed=1):
        assert not any(text in row.context for text in kept_out)
