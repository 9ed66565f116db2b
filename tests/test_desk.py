"""Tests of ui.desk: files come and go back, citations find their source, nothing is lost."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from shutil import copytree
from threading import Event

import pytest
from conftest import SEEDS

from index.errors import FolderUnusable
from index.search import Hit, Index
from qa.answer import Answer, Turn
from qa.assistant import Assistant
from qa.confidence import Confidence
from qa.reader import Candidate
from ui import uploads, wording
from ui.desk import Desk
from ui.settings import Settings
from ui.uploads import Brought

LAVROV = "How many drones did Lavrov cite?"


class Finder:
    """A reader that answers every question with one phrase, wherever it stands."""

    fingerprint = "finder"

    def __init__(self, phrase: str) -> None:
        """Find this phrase."""
        self.phrase = phrase

    def read(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """The places of the phrase."""
        found = []
        for hit in hits:
            at = hit.passage.text.find(self.phrase)
            if at >= 0:
                start = hit.passage.start + at
                found.append(Candidate(hit, start, start + len(self.phrase), 5.0, 0.9))
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def desk(folder: Path, tmp_path: Path) -> Iterator[Desk]:
    sure = Confidence(
        weights={}, bias=3.0, threshold=0.5, target_error=0.05, reader="r", fitted_on="none"
    )
    with Index.create(tmp_path / "index", documents=folder) as index:
        index.sync()
        assistant = Assistant(index, reader=Finder("91 drones"), confidence=sure)
        yield Desk(assistant, writable=True)


def untold(done: int, total: int, what: str) -> None:
    """Nobody is told how far it is."""


def test_an_answer_is_shown_with_its_source(desk: Desk) -> None:
    answer = desk.ask(LAVROV, [], untold)
    assert answer.text == "91 drones"
    pane = desk.cited([Turn(LAVROV, answer)], "1.c1")
    assert "<mark id='q-mark-1' class='q-now'>91 drones</mark>" in pane
    assert "Russia on Monday accused" in pane


def test_a_passage_that_was_read_is_shown_in_its_document(desk: Desk) -> None:
    answer = desk.ask(LAVROV, [], untold)
    assert "class='q-now'" in desk.cited([Turn(LAVROV, answer)], "1.h2")


@pytest.mark.parametrize("place", ["", "1.c9", "2.c1", "0.c1", "1.x1", "1.c1'><script>", "-1.h1"])
def test_a_place_that_no_turn_has_shows_nothing(desk: Desk, place: str) -> None:
    turns = [Turn(LAVROV, desk.ask(LAVROV, [], untold))]
    assert "There is no quotation to show" in desk.cited(turns, place)


def test_a_changed_document_is_not_shown_with_an_old_mark(desk: Desk, folder: Path) -> None:
    turns = [Turn(LAVROV, desk.ask(LAVROV, [], untold))]
    file = next(folder.iterdir())
    file.write_text("Now first. " + file.read_text())
    desk.synced(untold)
    pane = desk.cited(turns, "1.c1")
    assert "has changed since" in pane
    assert "Now first" not in pane
    assert ">91 drones</mark>" in pane


def test_a_removed_document_is_named_as_gone(desk: Desk, folder: Path) -> None:
    turns = [Turn(LAVROV, desk.ask(LAVROV, [], untold))]
    report = desk.removed(next(folder.iterdir()).name, untold)
    assert "was removed" in report
    assert "1 removed" in report
    assert "is no longer there" in desk.cited(turns, "1.c1")
    assert "No documents yet" in desk.listed()
    assert desk.ask(LAVROV, [], untold).reason == "empty_index"


def test_a_question_sees_a_file_that_was_just_dropped(desk: Desk, folder: Path) -> None:
    (folder / "second.txt").write_text("Nobody counted 91 drones but me.")
    answer = desk.ask("Who counted 91 drones?", [], untold)
    assert "second.txt" in {citation.document_id for citation in answer.citations}


def test_a_sync_that_is_stopped_leaves_the_index_as_it_was(desk: Desk, folder: Path) -> None:
    (folder / "second.txt").write_text("Nobody counted 91 drones but me.")

    def stop(done: int, total: int, what: str) -> None:
        desk.stop()

    report = desk.synced(stop)
    assert "q-trouble" in report
    assert "Stopped" in report
    assert "second" not in desk.listed()
    assert "1 added" in desk.synced(untold), "the next sync is not stopped"


def test_a_question_whose_sync_is_stopped_is_answered_from_what_was(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.desk.PATIENCE_SECONDS", 0)
    (folder / "second.txt").write_text("Nobody counted 91 drones but me.")

    def stop(done: int, total: int, what: str) -> None:
        desk.stop()

    answer = desk.ask(LAVROV, [], stop)
    assert answer.text
    assert {citation.document_id for citation in answer.citations} == {
        path.name for path in folder.iterdir() if path.name != "second.txt"
    }


@contextmanager
def syncing(desk: Desk, folder: Path) -> Iterator[Future[str]]:
    """A sync that takes in a new file, in another thread, and goes on until this is left."""
    begun, may_go_on = Event(), Event()
    (folder / "third.txt").write_text("The crane lifted 91 drones.")

    def wait(done: int, total: int, what: str) -> None:
        begun.set()
        may_go_on.wait(30)

    with ThreadPoolExecutor() as pool:
        report = pool.submit(desk.synced, wait)
        begun.wait(30)
        try:
            yield report
        finally:
            may_go_on.set()


def test_a_question_does_not_wait_for_the_sync_of_somebody_else(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.desk.PATIENCE_SECONDS", 0)
    with syncing(desk, folder) as report:
        *steps, answer = desk.steps(LAVROV, [], untold, Event())
        assert isinstance(answer, Answer)
        assert "third.txt" not in {citation.document_id for citation in answer.citations}
        assert wording.AS_BEFORE in steps
        assert not report.done()
    assert "1 added" in report.result()


def test_the_first_question_waits_for_the_first_sync_and_says_so(folder: Path, desk: Desk) -> None:
    with Index.create(desk.assistant.index.folder.parent / "new", documents=folder) as index:
        first = Desk(Assistant(index, reader=Finder("91 drones")))
        assert wording.FIRST_READING in unescape(first.opened())
        with syncing(first, folder) as report:
            assert wording.FIRST_READING in unescape(first.listed())
            steps = first.steps(LAVROV, [], untold, Event())
            assert [next(steps), next(steps)] == [wording.LOOKING, wording.first_reading(0, 2)]
        assert isinstance(list(steps)[-1], Answer)
        assert "2 added" in report.result()
        assert wording.FIRST_READING not in unescape(first.listed())


def test_a_question_that_waits_for_the_first_sync_is_stopped_at_once(
    folder: Path, desk: Desk
) -> None:
    with Index.create(desk.assistant.index.folder.parent / "new", documents=folder) as index:
        first, stopping = Desk(Assistant(index, reader=Finder("91 drones"))), Event()
        with syncing(first, folder) as report:
            steps = first.steps(LAVROV, [], untold, stopping)
            next(steps)
            stopping.set()
            assert list(steps) == []
            assert not report.done()


def test_what_an_upload_replaced_is_put_back(desk: Desk, folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("old words")
    new = tmp_path / "document.txt"
    new.write_text("new words")
    report = desk.received([Brought("notes.txt", 9, new)], untold)
    key = re.search(r"class='q-undo' value='(\w+)'", report)
    assert key is not None
    assert key[1] in desk.listed()
    assert "1 changed" in desk.put_back(key[1], untold)
    assert (folder / "notes.txt").read_text() == "old words"


def test_uploads_are_indexed_and_reported(desk: Desk, tmp_path: Path) -> None:
    new, bad = tmp_path / "document.txt", tmp_path / "document.exe"
    new.write_text("Fresh words.")
    bad.write_text("MZ")
    brought = [Brought("sub/new.txt", 12, new), Brought("bad.exe", 2, bad)]
    report = desk.received(brought, untold)
    assert "sub&#47;new&#46;txt</bdi> was added" in report
    assert "bad&#46;exe</bdi> was refused" in report
    assert "1 added" in report
    assert "new&#46;txt" in desk.listed()
    assert not new.exists(), "what gradio kept of an upload is deleted"


def test_two_uploads_of_one_content_are_two_files(desk: Desk, folder: Path, tmp_path: Path) -> None:
    one = tmp_path / "document.txt"  # gradio keeps what is the same once
    one.write_text("Fresh words.")
    desk.received([Brought("a/x.txt", 12, one), Brought("b/x.txt", 12, one)], untold)
    assert (folder / "a/x.txt").read_text() == (folder / "b/x.txt").read_text() == "Fresh words."


def test_a_removed_document_is_put_back_as_it_was(desk: Desk, folder: Path) -> None:
    file = next(folder.iterdir())
    before = file.read_bytes()
    key = re.search(r"class='q-undo' value='(\w+)'", desk.removed(file.name, untold))
    assert key is not None
    assert not file.exists()
    assert key[1] in desk.listed(), "the list offers it too"
    report = desk.put_back(key[1], untold)
    assert "is back" in report
    assert "1 added" in report
    assert file.read_bytes() == before
    assert "q-undo" not in desk.listed()
    assert "no longer kept" in desk.put_back(key[1], untold)


def test_a_folder_that_is_read_only_is_not_changed_by_anybody(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    file, new = next(folder.iterdir()), tmp_path / "document.txt"
    new.write_text("Fresh words.")
    kept = re.search(r"class='q-undo' value='(\w+)'", desk.removed(file.name, untold))
    assert kept is not None
    (folder / "b.txt").write_text("mill")
    reader = Desk(desk.assistant)
    for report in (
        reader.received([Brought("new.txt", 12, new)], untold),
        reader.removed("b.txt", untold),
        reader.put_back(kept[1], untold),
    ):
        assert "read&#45;only" in report
        assert "quoth chat &#45;&#45;writable" in report
    assert [each.name for each in folder.iterdir()] == ["b.txt"]
    assert not new.exists()


def test_too_many_files_at_once_are_refused(desk: Desk, folder: Path) -> None:
    brought = [Brought(f"{n}.txt", 1, None) for n in range(uploads.MAX_FILES + 1)]
    assert "Bring them in parts" in desk.received(brought, untold)
    assert len(list(folder.iterdir())) == 1


def test_what_was_skipped_is_reported_with_its_reason(desk: Desk, folder: Path) -> None:
    (folder / "<b>.exe").write_bytes(b"MZ")
    report = desk.synced(untold)
    assert "1 skipped" in report
    assert "<bdi dir='ltr'>&#60;b&#62;&#46;exe</bdi>: " in report


def test_trouble_is_told_not_raised(desk: Desk, folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert "q-trouble" in desk.synced(untold)
    with pytest.raises(FolderUnusable):
        desk.ask(LAVROV, [], untold)


def test_steps_are_told_before_they_are_taken(desk: Desk, folder: Path) -> None:
    (folder / "second.txt").write_text("A second document about 91 drones.")
    *steps, answer = desk.steps(LAVROV, [], untold, Event())
    assert isinstance(answer, Answer)
    n_read = len(answer.hits)
    assert steps[1:] == ["Searching 2 documents …", f"Reading {n_read} passages …"]


@pytest.mark.parametrize("n_taken", [1, 2, 3])
def test_a_question_that_is_stopped_gets_no_answer(desk: Desk, n_taken: int) -> None:
    stopping = Event()
    steps = desk.steps(LAVROV, [], untold, stopping)
    for _ in range(n_taken):
        assert isinstance(next(steps), str)
    stopping.set()
    assert list(steps) == []
    assert desk.ask(LAVROV, [], untold).text == "91 drones"


@pytest.mark.parametrize("question", ["", " \n", "why " * 1_000, "caf\udce9?"])
def test_what_is_no_question_is_refused_and_the_next_one_answered(
    desk: Desk, question: str
) -> None:
    with pytest.raises(ValueError, match="The question"):
        desk.ask(question, [], untold)
    assert desk.ask(LAVROV, [], untold).text == "91 drones"


def test_settings_are_of_one_question(desk: Desk, folder: Path) -> None:
    (folder / "reports").mkdir()
    (folder / "reports" / "count.txt").write_text("The report counts 91 drones too.")
    *_, strict = desk.steps(LAVROV, [], untold, Event(), Settings(sure=99))
    assert isinstance(strict, Answer)
    assert strict.reason == "weak"
    *_, narrow = desk.steps(LAVROV, [], untold, Event(), Settings(folders=("reports/",)))
    assert isinstance(narrow, Answer)
    assert {hit.passage.document_id for hit in narrow.hits} == {"reports/count.txt"}
    assert narrow.scope == "in reports/"
    *_, usual = desk.steps(LAVROV, [], untold, Event())
    assert isinstance(usual, Answer)
    assert len({citation.document_id for citation in usual.citations}) == 2


def test_how_long_answers_took_is_kept_of_those_that_were_given(desk: Desk) -> None:
    desk.ask(LAVROV, [], untold)
    stopping = Event()
    stopping.set()
    assert list(desk.steps(LAVROV, [], untold, stopping))
    assert len(desk.seconds) == 1


def test_visitors_who_ask_at_once_while_files_come_are_all_answered(
    desk: Desk, folder: Path
) -> None:
    def visit(number: int) -> Answer:
        (folder / f"{number}.txt").write_text(f"Visitor {number} counted 91 drones.")
        return desk.ask(LAVROV, [], untold)

    with ThreadPoolExecutor(4) as visitors:
        answers = list(visitors.map(visit, range(8)))
    for answer in answers:
        pane = desk.cited([Turn(LAVROV, answer)], "1.c1")
        assert ">91 drones</mark>" in pane
    assert all(f"{number}&#46;txt" in desk.listed() for number in range(8))


@pytest.mark.parametrize(
    "document_id", ["", "nothing.txt", "../index/catalogue.sqlite", "/etc/passwd", "<script>", "\0"]
)
def test_a_document_that_is_not_there_shows_that(desk: Desk, document_id: str) -> None:
    pane = desk.shown(document_id)
    assert "no longer there" in pane
    assert "<script>" not in pane


def test_an_index_that_mirrors_no_folder_takes_no_files(tmp_path: Path) -> None:
    new = tmp_path / "document.txt"
    new.write_text("Fresh words.")
    with Index.create(tmp_path / "index") as index:
        desk = Desk(Assistant(index, reader=Finder("91")), writable=True)
        assert "mirrors no folder" in desk.received([Brought("new.txt", 12, new)], untold)
        assert "mirrors no folder" in desk.removed("new.txt", untold)
    assert not new.exists()


def test_an_upload_that_is_stopped_keeps_what_had_come(
    desk: Desk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.desk.PATIENCE_SECONDS", 0)
    files = [tmp_path / f"upload{n}.txt" for n in range(3)]
    for file in files:
        file.write_text("Fresh words.")

    def stop(done: int, total: int, what: str) -> None:
        if total == len(files) and done == 1:
            desk.stop()

    brought = [Brought(f"{n}.txt", 12, file) for n, file in enumerate(files)]
    report = desk.received(brought, stop)
    assert "1 file not added" in report
    assert {path.name for path in folder.iterdir()} >= {"0.txt", "1.txt"}
    assert not (folder / "2.txt").exists()
    assert not any(file.exists() for file in files)
