"""Tests of index.parsing: what a reader does costs its file and nothing else."""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from index import writer
from index.document import load
from index.errors import ParserUnusable, SlowFile, UnreadableFile
from index.formats import SUFFIXES, Parsed, Part, Place
from index.mirror import TICK, Skipped
from index.parsing import MAX_PLACE_CHARACTERS, Limits, Parser
from index.search import Index

ROOT = Path(__file__).resolve().parent.parent
QUICK = Limits(seconds=2)
PAGE = b"<title>Mill</title><p>It was built in 1742."


@pytest.fixture
def parser() -> Iterator[Parser]:
    with Parser(readers="hostile") as parser:
        yield parser


def reason(parser: Parser, suffix: str, content: bytes = b"") -> str:
    with pytest.raises(UnreadableFile) as caught:
        parser.parse(content, suffix=suffix)
    return str(caught.value)


def number(parser: Parser) -> int:
    """Of its process."""
    return int(parser.parse(b"", suffix=".tell").text.split()[0])


def gone(process: int) -> bool:
    """Whether a process has ended, or ends while one waits for it."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 60)[0])
    finally:
        os.close(handle)


def outcome(read: Callable[[bytes], Parsed]) -> Parsed | str:
    try:
        return read(PAGE)
    except UnreadableFile as error:
        return str(error)


def test_a_file_is_parsed_as_its_reader_alone_would() -> None:
    with Parser() as parser:
        for suffix, reader in SUFFIXES.items():
            assert outcome(partial(parser.parse, suffix=suffix)) == outcome(reader), suffix


def test_all_that_a_reader_gives_comes_over(parser: Parser) -> None:
    assert parser.parse(b"", suffix=".full") == Parsed(
        "one\ntwo", "Title", (0, 4), (Place(0, "A"), Place(4, "B › ü", apart=True))
    )
    assert parser.parse(b"", suffix=".equal").page_starts == (0, 0, 5, 5)
    assert parser.parse(b"", suffix=".untitled") == Parsed("words", None)
    assert len(parser.parse(b"", suffix=".titled").title or "") == 120


def test_a_part_of_a_file_comes_over(parser: Parser) -> None:
    given = parser.part(b"picture", suffix=".full", asked={"page": 3})
    assert given == Part({"page": 3}, b"picture")


@pytest.mark.parametrize(
    ("suffix", "why"),
    [
        (".hang", "took longer than 2 s to read"),
        (".crash", "its reader crashed"),
        (".refused", "no such page"),
        (".none", "cannot be read as '.none' (TypeError: "),
        (".bytes", "cannot be read as '.bytes' (TypeError: "),
        (".half", "its reader gave no valid answer"),
    ],
)
def test_a_part_that_cannot_be_given_says_why_and_the_next_one_is(suffix: str, why: str) -> None:
    with Parser(readers="hostile", limits=QUICK) as parser:
        with pytest.raises(UnreadableFile) as caught:
            parser.part(b"", suffix=suffix, asked={"page": 1})
        assert str(caught.value).startswith(why)
        assert parser.part(b"", suffix=".full", asked={}) == Part({})


def test_a_content_larger_than_a_pipe_comes_over(parser: Parser) -> None:
    content = b"0123456789" * 400_000
    assert parser.parse(content, suffix=".chatter").text == f"heard: '', {content.decode()}"


@pytest.mark.parametrize("suffix", [".hang", ".sleep"])
def test_a_reader_that_does_not_end_is_stopped(suffix: str) -> None:
    with Parser(readers="hostile", limits=QUICK) as parser:
        before = number(parser)
        assert reason(parser, suffix) == "took longer than 2 s to read"
        assert gone(before)
        assert number(parser) != before


def test_a_large_file_has_longer() -> None:
    with Parser(readers="hostile", limits=Limits(seconds=0.1)) as parser:
        assert reason(parser, ".hang", b"x" * 1_000_000) == "took longer than 2 s to read"


def test_a_patient_parser_gives_twice_the_time() -> None:
    with Parser(readers="hostile", limits=Limits(seconds=0.5)).patient() as parser:
        why = "took longer than 5 s to read"
        with pytest.raises(SlowFile, match=why):
            parser.parse(b"x" * 1_000_000, suffix=".hang")


def test_a_reader_that_swells_is_stopped() -> None:
    with Parser(readers="hostile", limits=Limits(memory=1_000_000_000)) as parser:
        assert reason(parser, ".swell") == "needs more than 1 GB to be read"
        assert reason(parser, ".longer") == "needs more than 1 GB to be read"
        assert parser.parse(b"", suffix=".full").title == "Title"


@pytest.mark.parametrize("suffix", [".crash", ".leave"])
def test_a_reader_that_ends_its_process_ends_no_other(parser: Parser, suffix: str) -> None:
    for _ in range(2):
        assert reason(parser, suffix) == "its reader crashed"
    assert parser.parse(b"", suffix=".full").title == "Title"


@pytest.mark.parametrize(
    ("suffix", "why"),
    [
        (".refused", "needs a [31mpassword"),
        (".value", "cannot be read as '.value' (no such table)"),
        (".key", "cannot be read as '.key' (KeyError: 'sheet1')"),
        (".deep", "cannot be read as '.deep' (RecursionError: too deep)"),
        (".long", "more than 20,000,000 characters of text; split it"),
        (".crowded", "too many rows, slides or headings; split it"),
    ],
)
def test_a_refusal_gives_its_reason_on_one_line_and_keeps_the_process(
    parser: Parser, suffix: str, why: str
) -> None:
    before = number(parser)
    assert reason(parser, suffix) == why
    assert number(parser) == before


@pytest.mark.parametrize(
    "suffix",
    [
        *(".number", ".below", ".beyond", ".descending", ".fraction", ".truth", ".placed"),
        *(".unplaced", ".nameless", ".narrow", ".none"),
    ],
)
def test_an_answer_that_no_reader_may_give_is_none(parser: Parser, suffix: str) -> None:
    assert reason(parser, suffix) == "its reader gave no valid answer"
    assert parser.parse(b"", suffix=".full").title == "Title"


@pytest.mark.parametrize("suffix", [".half", ".bytes"])
def test_a_text_that_is_no_unicode_is_none(parser: Parser, suffix: str) -> None:
    assert reason(parser, suffix).startswith(f"cannot be read as '{suffix}' (")


def framed(*frames: bytes) -> bytes:
    return b"".join(struct.pack(">Q", len(each)) + each for each in frames)


@pytest.mark.parametrize(
    "said",
    [
        b"\xff" * 100,
        framed(b"garbage"),
        framed(b"[" * 100_000),
        framed(b"[]"),
        framed(b"7"),
        framed(b'{"reason": 7}'),
        framed(b'{"title": null, "pages": []}', b"words"),
        framed(b'{"title": "\\ud800", "pages": [], "places": []}', b"words"),
        framed(b'{"title": null, "pages": [], "places": []}', b"\xff"),
        framed(b'{"title": null, "pages": [], "places": [], "more": 1}', b"words"),
        framed(b'{"title": null, "pages": [], "places": []}') + b"\0\0\0\1" + b"\0" * 4,
    ],
)
def test_garbage_in_the_place_of_an_answer_is_none(parser: Parser, said: bytes) -> None:
    before = number(parser)
    assert reason(parser, ".garble", said) == "its reader gave no valid answer"
    assert gone(before)
    assert parser.parse(b"", suffix=".full").title == "Title"


def test_the_name_of_a_place_keeps_its_ends_where_it_is_too_long(parser: Parser) -> None:
    name = f"sheet {'S' * 100_000}, row 88"
    said = json.dumps({"title": None, "pages": [], "places": [[0, name, True]]}).encode()
    place = parser.parse(framed(said, b"words"), suffix=".garble").places[0]
    assert len(place.name) == MAX_PLACE_CHARACTERS
    assert place.name.startswith("sheet SSS")
    assert place.name.endswith("SSS, row 88")
    assert place.heading.startswith("sheet SSS")


def test_an_answer_longer_than_the_limit_is_none() -> None:
    with Parser(readers="hostile", limits=Limits(characters=4)) as parser:
        empty = b'{"title": null, "pages": [], "places": []}'
        said = framed(empty, b"words")
        assert reason(parser, ".garble", said) == "its reader gave no valid answer"


def test_a_reader_writes_no_file(parser: Parser, tmp_path: Path) -> None:
    why = reason(parser, ".write", bytes(tmp_path / "a"))
    assert why == "cannot be read as '.write' (OSError: [Errno 27] File too large)"


def test_a_reader_starts_no_process(parser: Parser) -> None:
    why = "(BlockingIOError: [Errno 11] Resource temporarily unavailable)"
    assert reason(parser, ".spawn") == f"cannot be read as '.spawn' {why}"


def test_a_reader_knows_nothing_of_the_environment(
    parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "swordfish")
    text = parser.parse(b"", suffix=".tell").text
    assert "swordfish" not in text
    assert "SECRET" not in text


def test_text_that_is_only_decoded_starts_no_process() -> None:
    with Parser(readers="no_such_module") as parser:
        for suffix in (".txt", ".md"):
            assert parser.parse(b"words", suffix=suffix).text == "words"
        with pytest.raises(ParserUnusable, match="No module named 'no_such_module'"):
            parser.parse(b"<p>words", suffix=".html")


def test_a_closed_parser_leaves_no_process(parser: Parser) -> None:
    before = number(parser)
    parser.close()
    parser.close()
    assert gone(before)


def test_an_interrupted_parser_leaves_no_process_and_no_answer(parser: Parser) -> None:
    before = number(parser)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(KeyboardInterrupt):
            parser.parse(b"", suffix=".hang")
    finally:
        signal.signal(signal.SIGALRM, earlier)
    assert gone(before)
    assert parser.parse(b"", suffix=".full").title == "Title"


HANGING = """
import sys
from index.parsing import Parser
with Parser(readers="hostile") as parser:
    print(parser.parse(b"", suffix=".tell").text.split()[0], flush=True)
    parser.parse(b"", suffix=".hang")
"""


@pytest.mark.parametrize("with_what", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_dies_with_its_parent_and_says_nothing(with_what: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HANGING],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.killpg(parent.pid, with_what)
        assert gone(worker)
        _, said = parent.communicate()
    assert "hostile" not in said
    assert said.count("Traceback") == (with_what == signal.SIGINT)


@pytest.fixture
def index(
    library: Path, tmp_path: Path, encoder: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Index]:
    """An index whose pages are read by the hostile reader."""
    monkeypatch.setattr(writer, "Parser", partial(Parser, readers="hostile", limits=QUICK))
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        yield index


HOSTILE = {
    "crash": "its reader crashed",
    "hang": "took longer than 2 s to read; the next sync gives it twice the time",
}


def test_hostile_files_cost_themselves_and_hanging_ones_are_tried_twice(
    index: Index, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "z"):
        (library / f"{name}.html").write_bytes(PAGE + name.encode())
    for name in HOSTILE:
        (library / f"{name}.html").write_text(name, encoding="utf-8")
    skipped = tuple(Skipped(f"{name}.html", why) for name, why in HOSTILE.items())
    time.sleep(2 * TICK / 1e9)  # a file written within a tick of the clock is read again
    changes = index.sync()
    assert changes.added == 3
    assert changes.skipped == skipped
    assert len(index.search("built")) == 3
    skipped = (skipped[0], Skipped("hang.html", "took longer than 4 s to read"))
    assert index.sync().skipped == skipped
    monkeypatch.setattr(writer, "Parser", partial(Parser, readers="no_such_module"))
    changes = index.sync()
    assert (changes.unchanged, changes.skipped) == (3, skipped)


def test_a_file_that_was_slow_on_a_busy_machine_is_read_when_it_has_more_time(
    index: Index, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "a.html").write_text("nap", encoding="utf-8")
    time.sleep(2 * TICK / 1e9)
    assert str(index.sync()) == "1 skipped"
    patient = partial(Parser, readers="hostile", limits=Limits(seconds=100))
    monkeypatch.setattr(writer, "Parser", patient)
    assert str(index.sync()) == "1 added"
    assert str(index.sync()) == "1 unchanged"


def test_a_process_that_does_not_start_condemns_no_file(
    index: Index, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "a.html").write_bytes(PAGE)
    with monkeypatch.context() as broken:
        broken.setattr(writer, "Parser", partial(Parser, readers="no_such_module"))
        with pytest.raises(ParserUnusable):
            index.sync()
    assert str(index.sync()) == "1 added"


def test_a_sync_in_a_thread_leaves_no_process(
    index: Index, library: Path, children: Callable[[], set[int]]
) -> None:
    (library / "a.html").write_bytes(PAGE)
    before = children()
    thread = Thread(target=index.sync)
    thread.start()
    thread.join()
    assert len(index) == 1
    assert children() == before


def test_a_cancelled_sync_leaves_no_process(
    index: Index, library: Path, children: Callable[[], set[int]]
) -> None:
    for name in ("a", "b"):
        (library / f"{name}.html").write_bytes(PAGE)
    before = children()
    during: list[set[int]] = []

    def stop(done: int, total: int, what: str) -> None:
        if done == 1:
            during.append(children() - before)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync(progress=stop)
    assert [len(each) for each in during] == [1]
    assert children() == before


@pytest.fixture
def children() -> Callable[[], set[int]]:
    """Call it for the numbers of the processes that this one has started."""

    def look() -> set[int]:
        tasks = Path("/proc/self/task").glob("*/children")
        return {int(each) for path in tasks for each in path.read_text().split()}

    return look


def test_a_file_alone_is_loaded_without_a_parser(library: Path) -> None:
    (library / "a.html").write_bytes(PAGE)
    assert load(library / "a.html", folder=library).title == "Mill"
