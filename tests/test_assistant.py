"""Tests of qa.assistant: a question to a folder, with the models that ship."""

import logging
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from filelock import FileLock

import qa
from index.document import Document
from index.errors import IndexBusy
from index.search import Hit, Index
from qa import Answer, Assistant, Turn, answer
from qa.confidence import Confidence
from qa.reader import Candidate, SpanReader

SEEDS = Path(__file__).parent.parent / "seeds"
HARBOUR = """\
The harbour of Vell

The harbour of Vell was dredged in 1911 at a cost of $340,000. Its lighthouse, 31 metres tall, was
designed by John Smeaton.

Herring was landed here until 1964. Then the fleet moved to Oster because the channel silted up
faster than it could be cleared.
"""
BEES = """\
# Keeping bees

A strong colony holds about 50,000 workers. The queen lives up to five years.

## Harvest

Honey is taken in late July. Leave 15 kg of it in the hive for the winter.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over three documents: the seed, a text and a Markdown file."""
    folder = tmp_path_factory.mktemp("library") / "documents"
    folder.mkdir()
    for seed in SEEDS.iterdir():
        (folder / seed.name).write_bytes(seed.read_bytes())
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "bees.md").write_text(BEES, encoding="utf-8")
    assistant = Assistant.open(documents=folder)
    assert assistant.sync().added == 3
    return assistant


def check_citations(assistant: Assistant, given: Answer) -> None:
    """Every citation's words stand where it says."""
    for citation in given.citations:
        document = assistant.index.document(citation.document_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote
        assert citation.digest == document.digest
        assert citation.document_title == document.title


@pytest.mark.parametrize(
    ("question", "text", "document"),
    [
        ("How many drones did Lavrov cite?", "91 drones", "000_8dfdd8577489cd92.txt"),
        ("Who designed the lighthouse?", "John Smeaton", "harbour.txt"),
        ("When was the harbour of Vell dredged?", "1911", "harbour.txt"),
        ("When is honey taken?", "late July", "bees.md"),
    ],
)
def test_a_question_is_answered_in_the_documents_words(
    assistant: Assistant, question: str, text: str, document: str
) -> None:
    given = assistant.ask(question)
    assert given.text is not None
    assert text in given.text
    assert given.citations[0].document_id == document
    assert given.reason is None
    assert given.confidence >= assistant.threshold
    check_citations(assistant, given)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the World Cup in 1998?",
        "What is the boiling point of mercury?",
        "Which composer wrote the opera Tosca?",
        "Кто написал «Войну и мир»?",
        "？！",
    ],
)
def test_what_no_document_holds_is_refused(assistant: Assistant, question: str) -> None:
    given = assistant.ask(question)
    assert given.text is None
    assert given.citations == ()
    assert given.reason in ("no_match", "weak")
    assert given.hits, "a refusal shows the nearest passages"


def test_how_sure_an_answer_must_be_can_be_asked_for(assistant: Assistant) -> None:
    question = "Who designed the lighthouse?"
    given = assistant.ask(question)
    assert assistant.ask(question, threshold=given.confidence).text == given.text
    assert assistant.ask(question, threshold=1.0).reason == "weak"
    assert assistant.ask("Which composer wrote the opera Tosca?", threshold=0.0).text is not None


def test_a_weak_candidate_is_quoted_as_a_guess_and_is_no_answer(assistant: Assistant) -> None:
    question = "Who designed the lighthouse?"
    given, refused = assistant.ask(question), assistant.ask(question, threshold=1.0)
    assert refused.text is None
    assert refused.citations == ()
    assert refused.guess == given.citations[0]
    assert refused.confidence == given.confidence
    assert given.guess is None


def test_no_two_citations_quote_the_same_place(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(
        "The option --amend changes the last commit. With --amend the message can be edited, and "
        "-m gives it in the command line.",
        encoding="utf-8",
    )
    assistant = Assistant.open(documents=tmp_path, index=tmp_path / "index")
    assistant.sync()
    given = assistant.ask("Which option changes the last commit?", threshold=0.0)
    assert given.text == "--amend"
    for one, other in combinations(given.citations, 2):
        assert not one.overlaps(other)


def test_what_is_guessed_stands_in_its_document(assistant: Assistant) -> None:
    questions = ("？！", "Which composer wrote the opera Tosca?", "Who won the World Cup in 1998?")
    for given in map(assistant.ask, questions):
        assert (given.guess is not None) == (given.reason == "weak")
        for citation in given.quotes:
            document = assistant.index.document(citation.document_id)
            assert document is not None
            assert document.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(
    assistant: Assistant, threshold: float
) -> None:
    with pytest.raises(ValueError, match="no probability"):
        assistant.ask("Who designed the lighthouse?", threshold=threshold)


def test_a_refusal_names_the_words_that_stand_in_no_document(assistant: Assistant) -> None:
    given = assistant.ask("Which composer wrote the opera about the harbour?")
    assert given.missing_words == ("composer", "opera")


def test_why_is_answered_by_the_whole_sentence(assistant: Assistant) -> None:
    given = Assistant(assistant.index, confidence=replace(Confidence.load(), threshold=0.0)).ask(
        "Why did the fleet move to Oster?"
    )
    assert given.text is not None
    assert given.text.startswith("Then the fleet moved to Oster because")
    assert given.text.endswith("cleared.")
    check_citations(assistant, given)


def test_a_follow_up_is_understood_from_the_turn_before(assistant: Assistant) -> None:
    first = assistant.ask("Who designed the lighthouse of Vell?")
    second = assistant.ask("How tall is it?", history=[Turn(first.question, first)])
    assert second.understood_as != second.question
    assert second.hits[0].passage.document_id == "harbour.txt"


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("", "The question is empty"),
        (" \n\t", "The question is empty"),
        (
            "why " * 25_000,
            "The question has 99999 characters; at most 1000, and about 100 words, can be read",
        ),
    ],
)
def test_an_empty_or_endless_question_is_refused_in_one_line(
    assistant: Assistant, question: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        assistant.ask(question)


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    assistant = Assistant.open(documents=tmp_path / "documents")
    assistant.sync()
    given = assistant.ask("Who is there?")
    assert (given.text, given.reason, given.confidence) == (None, "empty_index", 0.0)


def test_the_same_answer_in_two_documents_is_one_answer_with_two_citations(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge at Orl was opened in 1887.", encoding="utf-8")
    (folder / "b.txt").write_text(
        "Orl has a bridge. The bridge was opened in 1887.", encoding="utf-8"
    )
    assistant = Assistant.open(documents=folder)
    assistant.sync()
    given = assistant.ask("When was the bridge at Orl opened?")
    assert {each.document_id for each in given.citations} == {"a.txt", "b.txt"}
    check_citations(assistant, given)


class MisplacingReader:
    """A reader whose spans are those of a passage that has moved since."""

    fingerprint = "misplacing"

    def __init__(self) -> None:
        self._reader = SpanReader()

    def read(self, question: str, hits: list[Hit]) -> list[Candidate]:
        """The shipped reader's candidates, each one character too far on."""
        moved = [
            replace(
                hit,
                passage=replace(hit.passage, start=hit.passage.start + 1, end=hit.passage.end + 1),
            )
            for hit in hits
        ]
        return self._reader.read(question, moved)


def test_a_citation_that_does_not_stand_in_the_document_is_dropped_and_logged(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = Assistant(assistant.index, reader=MisplacingReader())
    with caplog.at_level(logging.ERROR, logger="quoth"):
        given = wrong.ask("How many drones did Lavrov cite?")
    assert given.text is None
    assert given.reason == "no_match"
    assert "does not hold '91 drones' at" in caplog.text
    assert "Delete the index" in caplog.text


@pytest.mark.parametrize("text", [None, "It was painted in 1950.", f"Of Vell\n\n{HARBOUR}"])
def test_a_document_that_changes_after_it_was_searched_is_no_fault_of_the_index(
    text: str | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = Index.create(tmp_path / "index")
    index.insert(Document("a.txt", "0" * 64, "Vell", HARBOUR))
    assistant = Assistant(index)
    reading = assistant.read("Who designed the lighthouse of Vell?")
    if text is None:
        index.remove("a.txt")
    else:
        index.insert(Document("a.txt", "1" * 64, "Vell", text))
    with caplog.at_level(logging.INFO, logger="quoth"):
        assert assistant.conclude(reading).text is None
    assert {record.levelno for record in caplog.records} == {logging.INFO}
    assert "'a.txt' was changed or removed after it was searched" in caplog.text


def test_a_passage_that_is_not_its_documents_is_a_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = Index.create(tmp_path / "index")
    index.insert(Document("a.txt", "0" * 64, "Vell", HARBOUR))
    with closing(sqlite3.connect(tmp_path / "index" / "catalogue.sqlite")) as damaged:
        damaged.execute("UPDATE passages SET start = start + 1, end = end + 1")
        damaged.commit()
    with caplog.at_level(logging.INFO, logger="quoth"):
        assert Assistant(index).ask("Who designed the lighthouse of Vell?").text is None
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_answer_follows_the_folder_without_being_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "bees.md").write_text(BEES, encoding="utf-8")
    monkeypatch.setenv("QUOTH_DOCUMENTS", str(folder))
    monkeypatch.setenv("QUOTH_INDEX", str(tmp_path / "index"))
    question = "Who designed the lighthouse of Vell?"
    assert answer(question).text is None
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    assert str(answer(question)) == "John Smeaton"
    (folder / "harbour.txt").unlink()
    assert answer(question).text is None
    assert answer(question, documents=folder).text is None


def test_nothing_is_answered_while_another_takes_in_the_first_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, where = tmp_path / "notes", tmp_path / "index"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    Index.create(where, documents=folder).close()
    monkeypatch.setenv("QUOTH_INDEX", str(where))
    question = "Who designed the lighthouse of Vell?"
    held = FileLock(where / "writer.lock")
    with held, pytest.raises(IndexBusy, match=r"still being taken in\. .* is writing the index"):
        answer(question, documents=folder)
    assert str(answer(question, documents=folder)) == "John Smeaton"
    (folder / "bees.md").write_text(BEES, encoding="utf-8")
    with held:
        assert str(answer(question, documents=folder)) == "John Smeaton"


def test_inserted_documents_are_answered_from(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    index.insert(Document("memo", "0" * 64, "Memo", "The code of the vault is 4417."))
    given = Assistant(index).ask("What is the code of the vault?")
    assert given.text == "4417"
    assert given.citations[0].document_id == "memo"


def test_the_public_names_are_these() -> None:
    assert qa.__all__ == ["Answer", "Assistant", "Citation", "Scope", "Turn", "answer"]
    assert all(hasattr(qa, name) for name in qa.__all__)


def test_answer_builds_an_index_that_was_deleted_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    monkeypatch.setenv("QUOTH_INDEX", str(tmp_path / "index"))
    question = "Who designed the lighthouse of Vell?"
    first = answer(question, documents=folder)
    shutil.rmtree(tmp_path / "index")
    assert answer(question, documents=folder).to_dict() == first.to_dict()


def test_a_word_of_a_title_is_not_missing(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    index.insert(Document("a", "0" * 64, "The Lighthouse of Vell", "It was built in 1742."))
    given = Assistant(index).ask("Who wouldn't paint Vell's lighthouse?")
    assert given.missing_words == ("paint",)


def test_words_in_another_form_and_initials_in_full_are_not_missing(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index")
    text = (
        "In 2004 the Harbour Heritage Society of Vell opened an e-mail service and a museum of "
        "the nightlife of its docks."
    )
    index.insert(Document("a", "0" * 64, "", text))
    asked = Assistant(index)
    given = asked.ask("Did the HHSV, by email, open the museum of zoology and night life?")
    assert given.missing_words == ("zoology",)
    (hit,) = asked.find("What does HHSV stand for?").hits
    assert hit.bm25 > 0


def test_a_code_that_stands_nowhere_is_not_answered_with_its_neighbours_fact(
    tmp_path: Path,
) -> None:
    (tmp_path / "rooms.txt").write_text(
        "Room B-204 is booked by the chess club. Order 45-112-8 was packed by the night shift.",
        encoding="utf-8",
    )
    assistant = Assistant.open(documents=tmp_path, index=tmp_path / "index")
    assistant.sync()
    assert assistant.ask("Who booked room B-204?").text == "chess club"
    given = assistant.ask("Who booked room B-205?")
    assert (given.text, given.reason, given.guess) == (None, "no_match", None)
    assert (given.confidence, given.missing_words) == (0.0, ("B-205",))
    assert assistant.ask("Who packed order 45-112-9?").missing_words == ("45-112-9",)
    near = assistant.ask("Who booked room 204?")
    assert (near.text, near.reason, near.missing_words) == ("the chess club", None, ())
    other = assistant.ask("Who booked room 213?")
    assert (other.text, other.reason, other.missing_words) == (None, "no_match", ("213",))
    asked = assistant.ask("Which yacht is in room B-205, or B-204?")
    assert asked.missing_words == ("yacht", "B-205")
    assert assistant.ask("Who booked room B-205?", threshold=0.0).text == "chess club"
