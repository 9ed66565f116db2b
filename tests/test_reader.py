"""Tests of qa.reader: spans of passages, with the reader that ships."""

from pathlib import Path

import pytest

from index.errors import ModelMissing
from index.passage import Passage
from index.search import N_WORDS_READ, Hit
from qa.reader import SpanReader

MILL = (
    "The old mill at Harrow Ford was built in 1742 by the Guild of Millers. It ground barley for "
    "three villages until the flood of 1903 broke its wheel."
)
FERRY = "The ferry to Skarn leaves every forty minutes. A ticket costs 6 euros, children ride free."


def hit(text: str, *, start: int = 0, passage: int = 1) -> Hit:
    """A hit on a passage that begins at `start` of its document."""
    where = Passage(
        id=passage, document_id=f"{passage}.txt", start=start, end=start + len(text), text=text
    )
    return Hit(passage=where, document_title="T", score=1.0, cosine=0.5, bm25=1.0)


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the mill built?", "1742"),
        ("Who built the mill?", "Guild of Millers"),
        ("How much does a ticket for the ferry cost?", "6 euros"),
        ("How often does the ferry leave?", "every forty minutes"),
    ],
)
def test_the_best_span_of_two_passages_holds_the_answer(
    reader: SpanReader, question: str, answer: str
) -> None:
    best = reader.read(question, [hit(FERRY, passage=1), hit(MILL, passage=2)])[0]
    assert answer in best.text or best.text in answer


def test_a_candidate_stands_where_its_offsets_say(reader: SpanReader) -> None:
    for candidate in reader.read("Who built the mill?", [hit(MILL, start=700)]):
        assert MILL[candidate.start - 700 : candidate.end - 700] == candidate.text != ""


def test_candidates_come_best_first_and_no_probability_passes_one(reader: SpanReader) -> None:
    candidates = reader.read("Who built the mill?", [hit(FERRY, passage=1), hit(MILL, passage=2)])
    scores = [each.score for each in candidates]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(each.probability for each in candidates) <= 1


def test_passages_share_one_normalisation(reader: SpanReader) -> None:
    alone = reader.read("Who built the mill?", [hit(MILL)])[0]
    beside = reader.read("Who built the mill?", [hit(MILL), hit(MILL, passage=2)])[0]
    assert beside.score == alone.score
    assert beside.probability < alone.probability


def test_an_answer_begins_and_ends_with_a_whole_word(reader: SpanReader) -> None:
    for candidate in reader.read("Which guild built the mill?", [hit(MILL)]):
        before, after = MILL[: candidate.start], MILL[candidate.end :]
        assert not (before[-1:].isalnum() and candidate.text[0].isalnum())
        assert not (after[:1].isalnum() and candidate.text[-1].isalnum())


def test_the_end_of_a_passage_longer_than_the_model_is_read(reader: SpanReader) -> None:
    text = "The lane leads past a row of low houses to the market. " * 60 + MILL
    assert "1742" in reader.read("When was the mill built?", [hit(text)])[0].text


def test_no_hits_and_passages_without_a_word_give_no_candidates(reader: SpanReader) -> None:
    assert reader.read("Who built the mill?", []) == []
    assert reader.read("Who built the mill?", [hit("\u200b")]) == []


def test_a_passage_of_one_word_can_be_read(reader: SpanReader) -> None:
    assert [each.text for each in reader.read("Which city?", [hit("Lisbon")])] == ["Lisbon"]


def test_a_question_longer_than_the_model_is_refused_with_its_length(reader: SpanReader) -> None:
    said = "The question has 200 word pieces; at most 128, about 100 words, can be read"
    with pytest.raises(ValueError, match=said):
        reader.read("word " * 200, [hit(MILL)])


def test_an_ordinary_question_of_a_hundred_words_is_read(reader: SpanReader) -> None:
    question = " ".join([MILL, "Who built it?"] * 99).split()[:N_WORDS_READ]
    assert reader.read(" ".join(question), [hit(MILL)])


def test_a_missing_or_altered_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="No model in"):
        SpanReader(tmp_path)
