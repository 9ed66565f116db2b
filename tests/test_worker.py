"""Tests of index.worker: the frames it speaks in, and how the process begins, is bound and ends."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parsing import Limits
from index.worker import MAX_OPEN_FILES, OUT_OF_MEMORY, READY, receive, send

ROOT = Path(__file__).resolve().parent.parent
MAIN = "import json, sys; from index.worker import main; main(json.loads(sys.argv[1]))"


@contextmanager
def worker(*, limits: Limits | None = None) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A worker with the hostile readers, and the pipe of its answers, behind its first frame."""
    told = {"readers": "hostile", **(limits or Limits())._asdict()}
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, json.dumps(told)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            assert receive(process.stdout, limit=len(READY)) == READY
            yield process, process.stdout
        finally:
            process.kill()


def ask(process: subprocess.Popen[bytes], suffix: str, content: bytes = b"") -> None:
    assert process.stdin is not None
    send(process.stdin, suffix.encode(), content)


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_frames_come_out_as_they_went_in(frames: list[bytes]) -> None:
    pipe = BytesIO()
    send(pipe, *frames)
    pipe.seek(0)
    assert [receive(pipe, limit=300) for _ in frames] == frames
    with pytest.raises(EOFError):
        receive(pipe, limit=300)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_frame_cut_short_is_the_end(frame: bytes, data: st.DataObject) -> None:
    pipe = BytesIO()
    send(pipe, frame)
    cut = data.draw(st.integers(0, len(pipe.getvalue()) - 1))
    with pytest.raises(EOFError):
        receive(BytesIO(pipe.getvalue()[:cut]), limit=300)


def test_a_frame_over_the_limit_is_not_read() -> None:
    pipe = BytesIO((1 << 60).to_bytes(8, "big") + b"x" * 20)
    with pytest.raises(ValueError, match=f"a frame of {1 << 60} bytes, over the limit of 9"):
        receive(pipe, limit=9)
    assert pipe.tell() == 8


def test_what_is_asked_at_once_is_answered_in_order() -> None:
    with worker() as (process, answers):
        for suffix in (".untitled", ".refused", ".full"):
            ask(process, suffix)
        assert json.loads(receive(answers, limit=999))["title"] == ""
        assert receive(answers, limit=999) == b"words"
        assert json.loads(receive(answers, limit=999)) == {
            "reason": "needs a\n\x1b[31mpassword\u202e"
        }
        assert json.loads(receive(answers, limit=999)) == {
            "title": "Title",
            "pages": [0, 4],
            "places": [[0, "A", False], [4, "B › ü", True]],
        }


def test_a_text_over_the_limit_is_refused_before_it_is_sent() -> None:
    with worker(limits=Limits(characters=6)) as (process, answers):
        ask(process, ".full")
        assert json.loads(receive(answers, limit=999)) == {
            "reason": "more than 6 characters of text; split it"
        }


def test_it_ends_in_peace_when_nobody_asks_any_more() -> None:
    with worker() as (process, answers):
        ask(process, ".untitled")
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, b"")
        assert answers.closed


def test_it_ends_in_peace_when_nobody_hears_its_answer() -> None:
    with worker() as (process, answers):
        answers.close()
        ask(process, ".titled")
        assert process.wait(timeout=60) == 0


def test_it_says_so_by_its_exit_code_when_memory_is_spent() -> None:
    with worker(limits=Limits(memory=600_000_000)) as (process, answers):
        ask(process, ".swell")
        assert answers.read() == b""
        assert process.wait(timeout=60) == OUT_OF_MEMORY


def test_its_bounds_stand_before_the_first_file_is_asked_for() -> None:
    memory = 1_234_567_168
    with worker(limits=Limits(memory=memory)) as (process, _):
        text = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        bounds = {line[:25].strip(): line[25:].split()[:2] for line in text.splitlines()}
        for name, bound in {
            "Max address space": memory,
            "Max core file size": 0,
            "Max file size": 0,
            "Max open files": MAX_OPEN_FILES,
            "Max processes": 0,
        }.items():
            assert bounds[name] == [str(bound)] * 2, name


def test_only_its_pipes_lead_out_of_it() -> None:
    with worker() as (process, _):
        opened = Path(f"/proc/{process.pid}/fd").iterdir()
        leads = sorted(str(each.readlink()).partition(":")[0] for each in opened)
        assert leads == [*["/dev/null"] * 3, "pipe", "pipe"]


def test_a_kind_that_it_has_no_reader_for_ends_it_without_an_answer() -> None:
    with worker() as (process, answers):
        ask(process, ".xyz")
        assert answers.read() == b""
        assert process.wait(timeout=60) not in (0, OUT_OF_MEMORY, -signal.SIGKILL)
