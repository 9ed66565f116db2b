"""What the page does: uploads stay in the folder, citations find their source, nothing is lost."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FolderUnusable
from index.search import Hit, Index
from qa.answer import Answer, Turn
from qa.assistant import Assistant
from qa.confidence import Confidence
from qa.reader import Candidate
from ui import uploads
from ui.desk import EXAMPLES, Desk
from ui.page.talk import Talk

SEEDS = Path(__file__).parent.parent / "seeds"
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
        yield Desk(Assistant(index, reader=Finder("91 drones"), confidence=sure))


def untold(done: int, total: int, what: str) -> None:
    """Nobody is told how far it is."""


def upload(folder: Path, name: str, content: str = "Some words.") -> uploads.Received:
    path = folder.parent / "uploaded" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return uploads.receive(path, folder)


# ---- uploads ----


@given(st.text(max_size=300))
def test_a_safe_name_is_one_visible_part_of_a_path(name: str) -> None:
    safe = uploads.safe_name(name)
    assert safe
    assert Path(safe).name == safe
    assert not safe.startswith(".")
    assert len(safe.encode(errors="replace")) <= 160
    assert not set(safe) & set('/\\<>:"|?*\x00\n\u202e')


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.txt", "report.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\Ergebnis über alles.md", "Ergebnis über alles.md"),
        ("a\u202etxt.exe", "atxt.exe"),
        (".hidden.txt", "hidden.txt"),
        ("CON.txt", "document CON.txt"),
        ("..", "document"),
        ("", "document"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
    ],
)
def test_names_are_made_safe_and_stay_recognisable(name: str, safe: str) -> None:
    assert uploads.safe_name(name) == safe


def test_an_upload_lands_in_the_folder(folder: Path) -> None:
    received = upload(folder, "notes.txt", "The treasure.")
    assert str(received) == "notes.txt was added."
    assert (folder / "notes.txt").read_text() == "The treasure."
    assert not list(folder.glob(".*"))


def test_an_upload_over_a_file_says_so(folder: Path) -> None:
    upload(folder, "notes.txt", "old")
    assert upload(folder, "notes.txt", "old").outcome == "unchanged"
    received = upload(folder, "notes.txt", "new")
    assert "has been replaced" in str(received)
    assert (folder / "notes.txt").read_text() == "new"


def test_formats_that_are_not_read_are_refused(folder: Path) -> None:
    received = upload(folder, "program.exe")
    assert received.outcome == "refused"
    assert ".txt" in received.reason
    assert not (folder / "program.exe").exists()


def test_a_file_that_is_too_large_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_MEGABYTES", 0.00001)
    assert upload(folder, "large.txt", "x" * 1000).outcome == "refused"
    assert not (folder / "large.txt").exists()


def test_an_upload_does_not_write_through_a_link(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    (folder / "link.txt").symlink_to(outside)
    upload(folder, "link.txt", "theirs")
    assert outside.read_text() == "mine"
    assert (folder / "link.txt").read_text() == "theirs"


def test_an_upload_over_a_folder_is_refused(folder: Path) -> None:
    (folder / "sub.txt").mkdir()
    assert upload(folder, "sub.txt").outcome == "refused"


@pytest.mark.parametrize("document_id", ["../outside.txt", "", ".", "nowhere.txt", "sub/../../x"])
def test_nothing_outside_the_folder_is_removed(folder: Path, document_id: str) -> None:
    outside = folder.parent / "outside.txt"
    outside.write_text("mine")
    with pytest.raises(ValueError, match="no file"):
        uploads.remove(document_id, folder)
    with pytest.raises(ValueError, match="no file"):
        uploads.remove(str(outside), folder)
    assert outside.exists()


def test_nothing_behind_a_linked_folder_is_removed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.txt").write_text("mine")
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="no file"):
        uploads.remove("link/mine.txt", folder)


# ---- the desk ----


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


def test_uploads_are_indexed_and_reported(desk: Desk, tmp_path: Path) -> None:
    new, bad = tmp_path / "new.txt", tmp_path / "bad.exe"
    new.write_text("Fresh words.")
    bad.write_text("MZ")
    report = desk.received([str(new), str(bad)], untold)
    assert "new&#46;txt was added" in report
    assert "bad&#46;exe was refused" in report
    assert "1 added" in report
    assert "new&#46;txt" in desk.listed()
    assert not new.exists(), "what gradio kept of an upload is deleted"


def test_what_was_skipped_is_reported_with_its_reason(desk: Desk, folder: Path) -> None:
    (folder / "<b>.exe").write_bytes(b"MZ")
    report = desk.synced(untold)
    assert "1 skipped" in report
    assert "<bdi>&#60;b&#62;&#46;exe</bdi>: " in report


def test_trouble_is_told_not_raised(desk: Desk, folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert "q-trouble" in desk.synced(untold)
    with pytest.raises(FolderUnusable):
        desk.ask(LAVROV, [], untold)


def test_examples_belong_to_the_shipped_documents(desk: Desk, folder: Path) -> None:
    assert desk.examples() == list(EXAMPLES)
    next(folder.iterdir()).unlink()
    assert desk.examples() == []


# ---- the page ----


def test_a_question_that_cannot_be_answered_goes_back_to_its_box(desk: Desk) -> None:
    question = "why " * 1000
    *_, (box, messages, turns, _, _) = Talk(desk).asked(question, [], [], {})
    assert box == question
    assert "q-trouble" in messages[-1]["content"][0]["text"]
    assert not isinstance(turns, list), "the turns stay as they are"


def test_the_page_keeps_turns_per_visitor(desk: Desk) -> None:
    page = Talk(desk)
    *_, (_, messages, turns, _, _) = page.asked(LAVROV, [], [], {})
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert isinstance(turns[0].answer, Answer)
    *_, (_, _, others, _, _) = page.asked(LAVROV, [], [], {})
    assert len(others) == 1
