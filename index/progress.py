"""A progress bar on the terminal for what takes more than a second."""

import signal
import sys
import time
from collections.abc import Callable
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much, and what is being done."""


class Pace:
    """How fast a work goes, and how long it will take, in words; for one call of a progress."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._from: int | None = None
        self._done = 0

    def __call__(self, done: int, total: int) -> str:
        """`210/s, 1:20 left`; empty until there is something to go by.

        What was done before the first call is not counted. Another part of the work begins when
        less is done than before.
        """
        now = time.monotonic()
        if self._from is None or done < self._done:
            self._since, self._from = now, done
        self._done = done
        spent, n = now - self._since, done - self._from
        if not n or spent < 0.5:
            return ""
        minutes, seconds = divmod(round((total - done) * spent / n), 60)
        return f"{_rate(n / spent)}, {minutes}:{seconds:02} left"


class Bar:
    """A progress callback that shows itself only when it is worth it.

    On a terminal, once more than `patience` seconds have gone by; elsewhere never. An interruption
    while it is entered is raised at the next call at the latest, also one that came where Python
    ignores what is raised, as in a weak reference's callback.
    """

    def __init__(self, *, patience: float = 1.0) -> None:
        self._patience = patience
        self._begin = time.monotonic() + patience
        self._done = 0
        self._progress: Any = None
        self._task: Any = None
        self._handles = self._interrupted = False

    def __enter__(self) -> "Bar":
        usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if usual and current_thread() is main_thread():
            signal.signal(signal.SIGINT, self._interrupt)
            self._handles = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._handles:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._handles = False
        self.rest()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._interrupted = True
        signal.default_int_handler(number, frame)

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show how much is done, of how much, and what is being done.

        Raises:
            KeyboardInterrupt: The user has interrupted, and it was not raised then.
        """
        if self._interrupted:
            raise KeyboardInterrupt
        if self._progress is None:
            if time.monotonic() < self._begin or not sys.stderr.isatty():
                return
            self._start()
        if done < self._done:  # another part of the work begins
            self._progress.reset(self._task, rate="")
        self._done = done
        self._progress.update(self._task, completed=done, total=total, description=_printable(what))
        self._progress.update(self._task, rate=_rate(self._progress.tasks[0].speed))

    def rest(self) -> None:
        """Show nothing until it is told of progress again."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        self._begin = time.monotonic() + self._patience

    def _start(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - it costs 0.1 s that most calls save
        from rich.progress import (  # noqa: PLC0415 - likewise
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
        )
        self._progress = Progress(
            *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True
        )
        self._task = self._progress.add_task("", total=None, rate="")
        self._progress.start()


def _rate(speed: float | None) -> str:
    """How many are done in a second, or in a minute where that is less than one."""
    if not speed:
        return ""
    return f"{speed:,.0f}/s" if speed >= 1 else f"{60 * speed:.0f}/min"


def _printable(what: str) -> str:
    """The beginning of a text that may hold a file's name: nothing in it steers the terminal."""
    return "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in what[:40]
    )
