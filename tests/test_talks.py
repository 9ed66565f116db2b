"""Conversations in a browser's store: what comes back is what was kept, or nothing."""

import json
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.passage import Passage
from index.search import Hit
from qa.answer import Answer, Citation, Turn
from ui import talks

NOW = datetime(2026, 11, 22, 15, 30)
ID = "0f0e0d0c-0000-4000-8000-000000000001"
HOSTILE = "<img src=x onerror=alert(1)> [press](javascript:alert(2))"


def turn(question: str, *, text: str | None = "1742", n_hits: int = 8) -> Turn:
    passage = Passage(
        id=7, document_id="mill.txt", start=10, end=39, text="The mill was built in 1742 by"
    )
    cited = Citation(
        document_id="mill.txt",
        document_title="The mill",
        digest="ab" * 32,
        start=32,
        end=36,
        page=None,
        quote="1742",
        passage=passage,
    )
    hit = Hit(passage, "The mill", score=0.9, cosine=0.8, bm25=3.0)
    answer = Answer(
        question=question,
        text=text,
        citations=(cited,) if text else (),
        confidence=0.75,
        reason=None if text else "no_match",
        hits=(hit,) * n_hits,
        understood_as=question,
        missing_words=() if text else ("Tosca",),
    )
    return Turn(question, answer)


def talk(**changed: object) -> dict[str, object]:
    at = datetime(2026, 11, 22, 14, 3).timestamp() * 1000
    return {"id": ID, "name": "", "asked": "When?", "n": 2, "at": at} | changed


# ---- keeping ----


def test_what_is_kept_comes_back_as_it_was() -> None:
    turns = [turn("When was it built?"), turn("Who composed Tosca?", text=None)]
    stored = json.loads(json.dumps(talks.kept(turns)))
    assert talks.turns_of(stored["turns"]) == turns
    assert stored["n_left_out"] == 0


def test_a_guess_is_kept_and_what_is_none_is_not_read() -> None:
    (cited,) = turn("When was it built?").answer.citations
    refused = turn("When was it built?", text=None)
    weak = Turn("When?", replace(refused.answer, reason="weak", guess=cited))
    (stored,) = talks.kept([weak])["turns"]
    assert talks.turns_of([stored]) == [weak]
    for broken in (7, [7], {"document_id": "a"}):
        with pytest.raises(ValueError, match="field"):
            talks.turns_of([stored | {"answer": stored["answer"] | {"guess": broken}}])


def test_which_documents_were_searched_is_kept_and_what_is_no_text_is_not_read() -> None:
    answer = replace(turn("When was it built?").answer, scope="in *.csv")
    (stored,) = talks.kept([Turn("When?", answer)])["turns"]
    assert talks.turns_of([stored]) == [Turn("When?", answer)]
    with pytest.raises(ValueError, match="What was searched"):
        talks.turns_of([stored | {"answer": stored["answer"] | {"scope": ["in *.csv"]}}])


def test_older_turns_keep_only_the_passages_that_are_shown() -> None:
    turns = [turn("Built?"), turn("Tosca?", text=None), *[turn("And?")] * talks.N_FULL]
    n_hits = [len(each.answer.hits) for each in talks.turns_of(talks.kept(turns)["turns"])]
    assert n_hits == [0, 3, *[8] * talks.N_FULL]


def test_to_keep_what_came_back_changes_nothing() -> None:
    stored = talks.kept([turn(f"Question {n}?") for n in range(talks.N_FULL + 4)])
    assert talks.kept(talks.turns_of(stored["turns"])) == stored


def test_a_conversation_that_is_too_long_loses_its_oldest_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(talks, "MAX_CHARACTERS", 20_000)
    stored = talks.kept([turn(f"Question {n}?") for n in range(40)])
    asked = [each["question"] for each in stored["turns"]]
    assert asked == [f"Question {n}?" for n in range(40 - len(asked), 40)]
    assert 0 < stored["n_left_out"] == 40 - len(asked)
    assert len(json.dumps(stored["turns"])) < 21_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_a_store_that_holds_something_else_gives_nothing(values: object) -> None:
    with pytest.raises(ValueError, match=r"fields should be|is missing"):
        talks.turns_of([values])


@pytest.mark.parametrize("value", [None, [], {}, "x" * 9, -1, True])
@pytest.mark.parametrize("field", [*turn("?").answer.to_dict(), "hit", "citation"])
def test_a_field_of_another_kind_gives_nothing_or_what_it_should_be(
    field: str, value: object
) -> None:
    """A turn is given only where every value in it is of the kind that the page shows."""
    stored = talks.kept([turn("When?")])["turns"]
    answer = stored[0]["answer"]
    if field in {"hit", "citation"}:
        answer[f"{field}s"] = [value]
    else:
        answer[field] = value
    try:
        (read,) = talks.turns_of(stored)
    except ValueError:
        return
    assert json.loads(json.dumps(read.answer.to_dict())) == json.loads(json.dumps(answer))


def test_a_quote_that_does_not_stand_in_its_passage_gives_nothing() -> None:
    stored = talks.kept([turn("When?")])["turns"]
    stored[0]["answer"]["citations"][0]["cited_text"] = "1999"
    with pytest.raises(ValueError, match="does not stand"):
        talks.turns_of(stored)


@pytest.mark.parametrize("value", [5, "", "x" * 36, ID + "0", f"{ID}\n", [ID]])
def test_an_id_is_an_id(value: object) -> None:
    assert talks.checked_id(ID) == ID
    assert talks.checked_id(None) is None
    with pytest.raises(ValueError, match="no conversation's id"):
        talks.checked_id(value)


# ---- the key ----


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = talks.browser_key(tmp_path)
    assert talks.browser_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / talks.KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [talks.KEY_FILE]


@pytest.mark.parametrize("damaged", [b"", b"\xff\xfe", b"abc", b"g" * 64])
def test_a_damaged_key_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / talks.KEY_FILE).write_bytes(damaged)
    key = talks.browser_key(tmp_path)
    assert len(bytes.fromhex(key)) == 32
    assert talks.browser_key(tmp_path) == key


def test_without_a_folder_to_write_there_is_a_key_all_the_same(tmp_path: Path) -> None:
    assert len(bytes.fromhex(talks.browser_key(tmp_path / "nowhere"))) == 32


# ---- the list ----


def test_the_list_has_the_newest_first_and_says_which_is_open() -> None:
    other = ID.replace("1", "2")
    listed = talks.list_html(
        [talk(), talk(id=other, asked="Who?", at=NOW.timestamp() * 1000)], current=ID, now=NOW
    )
    assert listed.index("Who&#63;") < listed.index("When&#63;")
    assert listed.count("aria-current") == 1
    assert listed.index(f"data-talk='{ID}'") < listed.index("aria-current")
    assert "2 questions · today, 14:03" in listed


def test_a_name_that_was_given_stands_for_the_question() -> None:
    listed = talks.list_html([talk(name="The mill")], current=None, now=NOW)
    assert "The mill" in listed
    assert "When" not in listed


@pytest.mark.parametrize("field", ["name", "asked"])
def test_names_and_questions_are_shown_and_do_nothing(field: str) -> None:
    listed = talks.list_html(
        [talk(**{field: HOSTILE + "' onfocus='alert(3)"})], current=ID, now=NOW
    )
    assert "<img" not in listed
    assert "' onfocus" not in listed


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "x' onclick='alert(1)"},
        {"at": 1e300},
        {"at": 10**15},
        {"at": float("nan")},
        {"at": "soon"},
        {"n": "<b>"},
        {"name": None},
    ],
)
def test_what_is_no_conversation_is_passed_over(broken: Mapping[str, Any]) -> None:
    listed = talks.list_html([talk(**broken), None, 5, talk()], current=ID, now=NOW)
    assert listed.count("<li") == 1


@pytest.mark.parametrize("told", [None, [], {}, "talks", 5])
def test_without_conversations_it_says_where_they_would_be(told: object) -> None:
    assert "in this browser" in talks.list_html(told, current=None, now=NOW)


# ---- taking it elsewhere ----


def test_markdown_holds_questions_answers_and_their_sources_and_no_markup_of_theirs() -> None:
    turns = [turn(f"When? {HOSTILE}"), turn("Who composed Tosca?", text=None)]
    written = talks.markdown(turns)
    shown = MarkdownIt().render(written)
    assert shown.count("<h2>") == 2
    assert "<strong>1742</strong>" in shown
    assert "The mill, characters 33–36" in shown
    assert "Not in your documents" in shown
    assert "<img" not in shown
    assert "href" not in shown


def test_markdown_says_how_a_follow_up_was_understood() -> None:
    asked = turn("And the barn?")
    understood = replace(asked.answer, understood_as="When was the barn built?")
    assert "*Understood as: When was the barn built?*" in talks.markdown(
        [replace(asked, answer=understood)]
    )


def test_json_gives_the_turns_back() -> None:
    turns = [turn("Wann wurde die Mühle gebaut?"), turn("Tosca?", text=None)]
    written = talks.as_json(turns)
    assert "Mühle" in written
    assert talks.turns_of(json.loads(written)) == turns


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("When was the mill built?", "When-was-the-mill-built.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("Wo liegt Ürzig?", "Wo-liegt-Ürzig.md"),
        ("?!", "conversation.md"),
        ("long " * 100, "long-" * 11 + "long.md"),
    ],
)
def test_a_file_is_called_after_the_first_question(question: str, name: str) -> None:
    assert talks.file_name([turn(question)], ".md") == name


@given(st.text())
def test_a_link_asks_the_question_and_holds_no_markup(question: str) -> None:
    html = talks.link_html(question)
    address = unescape(html.split("'")[5])
    asked = question.encode(errors="replace").decode()
    assert parse_qs(address.removeprefix("?"), keep_blank_values=True) == {"q": [asked]}
    assert html.count("<") == 2
