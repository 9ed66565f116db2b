"""Tests of index.watch: a folder that changes is followed until it is told to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from conftest import WordEncoder

from index.mirror import Changes
from index.progress import Progress
from index.search import Index
from index.watch import DEBOUNCE_MS, watch

ROOT = Path(__file__).resolve().parent.parent
LONG = 60  # seconds, and no test waits for them: events come at once


@pytest.fixture
def index(library: Path, tmp_path: Path, encoder: WordEncoder) -> Iterator[Index]:
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        yield index


def followed(index: Index, *steps: Callable[[], object]) -> list[Changes]:
    """What each sync did, when a step is taken after each that is given."""
    stop, given = Event(), []
    todo = iter(steps)
    for changes in watch(index, stop=stop):
        given.append(changes)
        step = next(todo, None)
        if step is None:
            stop.set()
        else:
            step()
    return given


def test_what_is_added_edited_renamed_and_deleted_is_followed(index: Index, library: Path) -> None:
    (library / "a.txt").write_text("The mill stands by the river.", encoding="utf-8")
    given = followed(
        index,
        lambda: (library / "b.txt").write_text("The ferry sails at noon.", encoding="utf-8"),
        lambda: (library / "b.txt").write_text("The ferry sails at nine.", encoding="utf-8"),
        lambda: (library / "b.txt").rename(library / "c.txt"),
        (library / "a.txt").unlink,
    )
    assert [str(changes) for changes in given] == [
        "1 added",
        "1 added, 1 unchanged",
        "1 changed, 1 unchanged",
        "1 renamed, 1 unchanged",
        "1 removed, 1 unchanged",
    ]
    assert [hit.passage.text for hit in index.search("ferry")] == ["The ferry sails at nine."]


def test_a_file_that_turns_unreadable_is_told_of_though_nothing_was_indexed(
    index: Index, library: Path
) -> None:
    given = followed(index, lambda: (library / "a.txt").write_bytes(b"\0\1\2"))
    assert [len(changes.skipped) for changes in given] == [0, 1]


def test_the_index_itself_and_hidden_names_wake_nobody(
    library: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.create(library / "below", documents=library, encoder=encoder) as index:
        syncs = []
        sync = index.sync

        def counted(*, progress: Progress | None = None) -> Changes:
            syncs.append(progress)
            return sync(progress=progress)

        def write() -> None:
            (library / ".hidden.txt").write_text("x", encoding="utf-8")
            (library / "below" / "note.txt").write_text("x", encoding="utf-8")
            time.sleep(3 * DEBOUNCE_MS / 1000)
            (library / "seen.txt").write_text("The mill.", encoding="utf-8")

        monkeypatch.setattr(index, "sync", counted)
        given = followed(index, Thread(target=write).start)
    assert [str(changes) for changes in given] == ["no documents", "1 added"]
    assert len(syncs) == 2


def test_what_is_to_be_passed_over_goes_when_it_is_named(index: Index, library: Path) -> None:
    (library / "a.txt").write_text("The mill.", encoding="utf-8")
    given = followed(index, lambda: (library / ".quothignore").write_text("a.*\n"))
    assert [str(changes) for changes in given] == ["1 added", "1 removed"]


def test_it_waits_while_another_writes(index: Index, library: Path) -> None:
    stop, first = Event(), Event()
    given: list[Changes] = []

    def follow() -> None:
        for changes in watch(index, stop=stop):
            given.append(changes)
            first.set()

    thread = Thread(target=follow)
    thread.start()
    assert first.wait(LONG)
    code = (
        "import sys; from pathlib import Path; from index.writer import WriterLock\n"
        "with WriterLock(Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(index.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        first.clear()
        (library / "a.txt").write_text("The mill.", encoding="utf-8")
        assert not first.wait(2)
        (library / "b.txt").write_text("The ferry.", encoding="utf-8")
        other.communicate()
    assert first.wait(LONG)
    stop.set()
    thread.join(LONG)
    assert str(given[1]) == "2 added"


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_follows_until_it_is_interrupted(tmp_path: Path, *, as_json: bool) -> None:
    documents = tmp_path / "notes"
    documents.mkdir()
    (documents / "a.txt").write_text("The mill stands by the river.", encoding="utf-8")
    command = [sys.executable, "-m", "ui.cli", "index", str(documents), "--watch"]
    with subprocess.Popen(
        command + ["--json"] * as_json,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"QUOTH_INDEX": str(tmp_path / "index")},
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert ('"added": 1' if as_json else "1 added.") in said
        if not as_json:
            assert process.stdout.readline().startswith("Watching ")
        (documents / "b.txt").write_text("The ferry sails at noon.", encoding="utf-8")
        said = process.stdout.readline()
        assert ('"added": 1' if as_json else "1 added, 1 unchanged.") in said
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=LONG)
    assert (process.returncode, rest, errors) == (0, "", "")
