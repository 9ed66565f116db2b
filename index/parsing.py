"""Readers at work in a process of their own: one that hangs, swells or crashes ends alone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO, Any, NamedTuple, TypeVar

from index.errors import ParserUnusable, SlowFile, UnreadableFile
from index.formats import SUFFIXES, Parsed, Part, Place
from index.formats.markdown import read_markdown
from index.formats.text import MAX_TITLE_CHARACTERS, read_text
from index.worker import MAX_PLACES_BYTES, OUT_OF_MEMORY, READY, receive, send

# These only decode, in time that grows with the file's size: they need no process of their own.
DECODERS = (read_text, read_markdown)
SECONDS_TO_START = 60
MAX_REASON_CHARACTERS = 300
MAX_PLACE_CHARACTERS = 500  # a sheet's or a list's name can be as long as the file

_Given = TypeVar("_Given", Parsed, Part)

# `index` comes from where it is here, checkout or installation, and its libraries likewise.
_BEGIN = """
import json, sys
told = json.loads(sys.argv[1])
sys.path.insert(0, told["home"])
import index
sys.path[:] = told["path"]
from index.worker import main
main(told)
"""
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


class Limits(NamedTuple):
    """What the reading of one file may take.

    Attributes:
        seconds: Time by the clock.
        seconds_per_megabyte: What of the file's size comes on top; a page of small paragraphs
            takes 1.2 on a busy core.
        memory: Bytes of address space, of the whole process; Linux sees to it, others do not.
        characters: Length of the text.
    """

    seconds: float = 20
    seconds_per_megabyte: float = 2
    memory: int = 2_000_000_000
    characters: int = 20_000_000


class Parser:
    """Gives files' text, by one worker process that is started when a file first needs it.

    For one thread, in a `with` statement, at whose end the process ends. The process guards
    against readers that fail, not against ones that are made to run a stranger's code.
    """

    def __init__(self, *, readers: str = "index.formats", limits: Limits | None = None) -> None:
        """Start nothing yet.

        Args:
            readers: Name of the module whose `SUFFIXES` holds the readers.
            limits: By default those of `Limits`.
        """
        self._readers = readers
        self._limits = limits or Limits()
        self._worker: _Worker | None = None

    def __enter__(self) -> "Parser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, at once; the next file that needs one starts another."""
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.end()

    def patient(self) -> "Parser":
        """One like it that gives a file twice the time."""
        limits = self._limits._replace(
            seconds=2 * self._limits.seconds,
            seconds_per_megabyte=2 * self._limits.seconds_per_megabyte,
        )
        return Parser(readers=self._readers, limits=limits)

    def parse(self, content: bytes, *, suffix: str) -> Parsed:
        """What a file's bytes hold.

        Args:
            content: The bytes.
            suffix: Of the file's name, in lower case, with its dot; there is a reader for it.

        Raises:
            UnreadableFile: They hold no text, or the limits were reached, or the reader crashed.
            SlowFile: The limit that was reached is the time.
            ParserUnusable: No process can be started.
        """
        reader = SUFFIXES.get(suffix)
        if reader in DECODERS:
            return reader(content)
        return self._asked(content, suffix, partial(_parsed, limit=self._limits.characters))

    def part(self, content: bytes, *, suffix: str, asked: Mapping[str, int]) -> Part:
        """What a part of a file shows.

        Args:
            content: The file's bytes.
            suffix: As for `parse`; there is a reader of its parts.
            asked: Which part; the reader's arguments.

        Raises:
            UnreadableFile: There is no such part, or the limits were reached, or the reader
                crashed.
            ParserUnusable: No process can be started.
        """
        return self._asked(content, f"{suffix}?{json.dumps(asked)}", _part)

    def _asked(
        self, content: bytes, request: str, checked: Callable[[dict[str, Any], bytes], _Given]
    ) -> _Given:
        """What the worker gives for a request; it is started, and ended where it fails."""
        self._worker = self._worker or _Worker(self._readers, self._limits)
        try:
            given = self._worker.ask(content, request, checked)
        except BaseException:
            self.close()  # what it still says would be taken for the next file's
            raise
        if self._worker.late:  # stopped when the answer was there
            self.close()
        if isinstance(given, str):
            raise UnreadableFile(given)
        return given


class _Worker:
    """A process that parses, and a thread that kills it when its time is up.

    Attributes:
        late: Whether it was killed.
    """

    def __init__(self, readers: str, limits: Limits) -> None:
        self.late = False
        self._limits = limits
        self._guard = Lock()  # over the deadline
        self._deadline: float | None = None
        self._ended = Event()
        self._process = _process(readers, limits)
        self._watch = Thread(target=self._kill_when_late, daemon=True)
        try:
            with self._within(SECONDS_TO_START):
                self._watch.start()
                receive(self._pipes()[1], limit=len(READY))
        except (EOFError, OSError, ValueError) as error:
            raise ParserUnusable(
                f"The process that reads documents does not start ({self._last_words()}). "
                "Install Quoth anew, or make room in memory."
            ) from error
        except BaseException:
            self.end()
            raise

    def ask(
        self, content: bytes, request: str, checked: Callable[[dict[str, Any], bytes], _Given]
    ) -> _Given | str:
        """What a file holds, or the reader's reason why nothing.

        Raises:
            UnreadableFile: It came to no answer, or to none that a reader may give.
            SlowFile: It came to none in time.
        """
        limits = self._limits
        seconds = limits.seconds + len(content) / 1e6 * limits.seconds_per_megabyte
        try:
            with self._within(seconds):
                requests, answers = self._pipes()
                send(requests, request.encode(), content)
                given = json.loads(receive(answers, limit=MAX_PLACES_BYTES))
                if "reason" in given:
                    return _line(given["reason"])
                return checked(given, receive(answers, limit=4 * self._limits.characters))
        except (EOFError, OSError) as error:
            self.end()
            if self.late:
                raise SlowFile(f"took longer than {seconds:.0f} s to read") from error
            raise UnreadableFile(self._why()) from error
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise UnreadableFile("its reader gave no valid answer") from error

    def end(self) -> None:
        """Kill it, and give back all that it holds."""
        self._ended.set()
        _kill(self._process)
        if self._watch.ident:
            self._watch.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):  # of what it has not taken
                    pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where it is asked, and where it answers."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("a process without pipes")
        return self._process.stdin, self._process.stdout

    def _why(self) -> str:
        """Why it has ended before its time was up."""
        if self._process.returncode == OUT_OF_MEMORY:
            return f"needs more than {self._limits.memory / 1e9:.0f} GB to be read"
        return "its reader crashed"

    def _last_words(self) -> str:
        """The last line of what it says when it does not start; it is ended."""
        _kill(self._process)
        said = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
        self.end()
        return _line((said.strip().splitlines() or ["it says nothing"])[-1])

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Have it killed unless it is done in time."""
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            with self._guard:
                self._deadline = None

    def _kill_when_late(self) -> None:
        """Look at the deadline when it has come, or as soon as any file's can have come."""
        seconds = self._limits.seconds
        while not self._ended.wait(seconds):
            with self._guard:
                left = (self._deadline or float("inf")) - time.monotonic()
                if left <= 0:
                    self.late = True
                    _kill(self._process)
                    return
            seconds = min(left, self._limits.seconds)


def _process(readers: str, limits: Limits) -> subprocess.Popen[bytes]:
    """A new one, for which all is imported from where it is imported here."""
    told = {
        "home": str(Path(__file__).resolve().parent.parent),
        "path": [os.path.abspath(each) for each in sys.path],  # noqa: PTH100 - "" is here
        "readers": readers,
        **limits._asdict(),
    }
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", _BEGIN, json.dumps(told)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,  # Ctrl-C in the terminal is not for it
    )


def _environment() -> dict[str, str]:
    """What the worker may know of this process's environment; its libraries make no threads."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and what it may have started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _parsed(given: dict[str, Any], content: bytes, *, limit: int) -> Parsed:
    """What a worker gives of a whole file, when it is what a reader may give."""
    text = content.decode()
    if len(text) > limit:
        raise ValueError("longer than the limit")
    return _checked(text, **given)


def _part(given: dict[str, Any], content: bytes) -> Part:
    """What a worker gives of a part of a file; who asked for it checks what it is told."""
    if not isinstance(given["told"], dict):
        raise TypeError("no part")
    return Part(given["told"], content)


def _checked(text: str, *, title: object, pages: list[int], places: list[list[object]]) -> Parsed:
    """What a worker gives, when it is what a reader may give.

    Raises:
        TypeError: It is of other types.
        ValueError: An offset lies outside the text or before another, or a name is no Unicode.
    """
    found = [_place(*each) for each in places]
    for starts in (pages, [place.start for place in found]):
        for start in starts:
            if type(start) is not int:
                raise TypeError(f"{start!r} is no offset")
        ends = [0, *starts, len(text)]
        if any(left > right for left, right in pairwise(ends)):
            raise ValueError("offsets outside the text or out of order")
    if not isinstance(title, str | None):
        raise TypeError(f"{title!r} is no title")
    "".join((title or "", *(place.name for place in found))).encode()
    title = title[:MAX_TITLE_CHARACTERS] if title else None
    return Parsed(text, title, tuple(pages), tuple(found))


def _place(start: object, name: object, apart: object) -> Place:
    if not (isinstance(start, int) and isinstance(name, str) and isinstance(apart, bool)):
        raise TypeError("no place")
    return Place(start, _middle_cut(name), apart)


def _middle_cut(name: str) -> str:
    """The name of a place, without its middle where it is too long: its end has the number."""
    if len(name) <= MAX_PLACE_CHARACTERS:
        return name
    half = MAX_PLACE_CHARACTERS // 2
    return f"{name[:half]}…{name[1 - half :]}"


def _line(reason: str) -> str:
    """The beginning of a reason, as one line in which nothing steers a terminal."""
    shown = "".join(each if each.isprintable() else " " for each in reason[:MAX_REASON_CHARACTERS])
    return " ".join(shown.split())
