"""Tests of qa.answer: what is always true of an answer, and its one JSON object."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passage import Passage
from index.search import Hit
from qa.answer import Answer, Citation

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
probabilities = st.floats(0, 1)


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    text = draw(texts)
    start = draw(st.integers(0, 10_000))
    return Passage(
        id=draw(st.integers(1, 2**40)),
        document_id=draw(texts),
        start=start,
        end=start + len(text),
        text=text,
        page=draw(st.none() | st.integers(1, 99)),
        place=draw(st.none() | texts),
    )


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    passage = draw(passages())
    first = draw(st.integers(0, len(passage.text) - 1))
    last = draw(st.integers(first + 1, len(passage.text)))
    return Citation(
        document_id=passage.document_id,
        document_title=draw(texts),
        digest=draw(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
        start=passage.start + first,
        end=passage.start + last,
        page=draw(st.none() | st.integers(1, 99)),
        place=draw(st.none() | texts),
        quote=passage.text[first:last],
        passage=passage,
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    cited = tuple(draw(st.lists(citations(), max_size=3)))
    hits = st.builds(
        Hit,
        passage=passages(),
        document_title=texts,
        score=probabilities,
        cosine=probabilities,
        bm25=probabilities,
    )
    reason = None if cited else draw(st.sampled_from(["no_match", "weak", "empty_index"]))
    return Answer(
        question=draw(texts),
        text=cited[0].quote if cited else None,
        citations=cited,
        confidence=draw(probabilities),
        reason=reason,
        hits=tuple(draw(st.lists(hits, max_size=3))),
        understood_as=draw(texts),
        missing_words=tuple(draw(st.lists(texts, max_size=3))),
        guess=draw(st.none() | citations()) if reason == "weak" else None,
        scope=draw(st.none() | texts),
    )


@given(answers())
def test_an_answer_comes_back_from_its_json_as_it_was(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


@given(citations(), st.integers(-3, 3), st.integers(-3, 3))
def test_a_citation_whose_quote_stands_elsewhere_cannot_be_made(
    citation: Citation, left: int, right: int
) -> None:
    start, end = citation.start + left, citation.end + right
    passage = citation.passage
    if (
        start >= passage.start
        and passage.text[start - passage.start : end - passage.start] == citation.quote
    ):
        return
    with pytest.raises(ValueError, match="does not stand at"):
        replace(citation, start=start, end=end)


@given(answers())
def test_a_text_without_citations_cannot_be_made(answer: Answer) -> None:
    broken = (
        {"text": None, "reason": None},
        {"text": "made up", "citations": (), "reason": None},
        {"text": answer.text, "reason": "weak" if answer.citations else None},
        {"confidence": 1.5},
    )
    for values in broken:
        with pytest.raises(ValueError, match=r"has a text and citations|no probability"):
            replace(answer, **values)


@given(citations(), st.integers(0, 40), st.integers(1, 20))
def test_two_citations_overlap_if_they_share_a_character(
    citation: Citation, start: int, length: int
) -> None:
    passage = replace(citation.passage, start=0, end=60, text="a" * 60)
    one = replace(citation, passage=passage, start=20, end=30, quote="a" * 10)
    other = replace(one, start=start, end=start + length, quote="a" * length)
    shared = set(range(20, 30)) & set(range(start, start + length))
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    elsewhere = replace(passage, document_id=passage.document_id + "2")
    assert not one.overlaps(replace(one, document_id=elsewhere.document_id, passage=elsewhere))


@given(answers(), citations())
def test_only_what_is_too_weak_to_be_an_answer_is_a_guess(
    answer: Answer, citation: Citation
) -> None:
    if answer.reason == "weak":
        assert replace(answer, guess=citation).quotes == (citation,)
    else:
        assert answer.quotes == answer.citations
        with pytest.raises(ValueError, match="Only a weak candidate"):
            replace(answer, guess=citation)


@given(answers())
def test_what_was_kept_before_there_were_guesses_and_scopes_is_read(answer: Answer) -> None:
    values = answer.to_dict()
    del values["guess"], values["scope"]
    assert Answer.from_dict(values) == replace(answer, guess=None, scope=None)


def test_the_json_has_the_keys_of_the_contract() -> None:
    passage = Passage(id=1, document_id="a.txt", start=5, end=14, text="91 drones", page=2)
    citation = Citation("a.txt", "A", "0" * 64, 5, 14, 2, "91 drones", passage)
    hit = Hit(passage, "A", 1.0, 0.5, 2.0)
    answer = Answer("How many?", "91 drones", (citation,), 0.9, None, (hit,), "How many?")
    values = answer.to_dict()
    assert {"question", "text", "confidence", "reason", "citations", "hits"} <= values.keys()
    assert values["text"] == str(answer) == "91 drones"
    assert {
        "document_id": "a.txt",
        "document_title": "A",
        "start_char_index": 5,
        "end_char_index": 14,
        "page": 2,
        "cited_text": "91 drones",
        "passage": "91 drones",
    }.items() <= values["citations"][0].items()


def test_a_refusal_has_no_text_and_says_so_in_words() -> None:
    refusal = Answer("Who?", None, (), 0.1, "weak", (), "Who?")
    assert refusal.to_dict()["text"] is None
    assert str(refusal) == "Not in your documents."
    confined = replace(refusal, scope="in *.csv")
    assert str(confined) == "Not in the documents that were searched."
    assert confined.to_dict()["scope"] == "in *.csv"
    assert str(replace(refusal, reason="empty_index")) == "There are no documents to answer from."
