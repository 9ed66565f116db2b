"""Readers that do what no reader should; a worker process is started with them."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import UnreadableFile
from index.formats.html import read_html
from index.formats.parsed import Parsed, Part, Place


def hang(content: bytes) -> Parsed:
    """Compute for ever."""
    while True:
        pass


def sleep(content: bytes) -> Parsed:
    """Wait for ever, with a child that holds the pipes."""
    if os.fork() == 0:
        time.sleep(1000)
    time.sleep(1000)
    return Parsed("", None)


def nap(content: bytes) -> Parsed:
    """Take three seconds."""
    time.sleep(3)
    return Parsed("It was built in 1742.", None)


def swell(content: bytes) -> Parsed:
    """Take memory for ever."""
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def crash(content: bytes) -> Parsed:
    """Read where nothing is."""
    ctypes.string_at(0)
    return Parsed("", None)


def chatter(content: bytes) -> Parsed:
    """Print, and read what is not for it."""
    print("garbage" * 10_000, flush=True)  # noqa: T201 - that is the fault
    os.write(1, b"garbage")
    os.write(2, b"garbage" * 100_000)
    return Parsed(f"heard: {sys.stdin.read()!r}, {content.decode()}", None)


def garble(content: bytes) -> Parsed:
    """Write on every pipe that is open."""
    for number in range(3, 20):
        try:
            os.write(number, content)
        except OSError:
            continue
    return Parsed("words", None)


def leave(content: bytes) -> Parsed:
    """End the interpreter."""
    sys.exit(0)


def write(content: bytes) -> Parsed:
    """Fill the disk."""
    return Parsed(str(Path(content.decode()).write_bytes(b"x" * 1000)), None)


def spawn(content: bytes) -> Parsed:
    """Start a process, as who is not root."""
    if os.geteuid() == 0:
        os.setuid(65534)
    return Parsed("started" if os.fork() else "here", None)


def tell(content: bytes) -> Parsed:
    """Tell the number and the environment of the process."""
    return Parsed(f"{os.getpid()} {dict(os.environ)}", None)


def html(content: bytes) -> Parsed:
    """Read a page, but for one that says what else to do."""
    deed = SUFFIXES.get("." + content.decode().partition(" ")[0], read_html)
    return deed(content)


def fail(error: Exception) -> Callable[[bytes], Parsed]:
    """A reader that raises."""

    def reader(content: bytes) -> Parsed:
        raise error

    return reader


def give(*fields: Any) -> Callable[[bytes], Parsed]:
    """A reader that gives something, of whatever types."""
    return lambda content: Parsed(*fields)


SUFFIXES: dict[str, Callable[[bytes], Parsed]] = {
    ".hang": hang,
    ".sleep": sleep,
    ".nap": nap,
    ".swell": swell,
    ".crash": crash,
    ".chatter": chatter,
    ".garble": garble,
    ".leave": leave,
    ".write": write,
    ".spawn": spawn,
    ".tell": tell,
    ".html": html,
    ".refused": fail(UnreadableFile("needs a\n\x1b[31mpassword\u202e")),
    ".value": fail(ValueError("no such table")),
    ".key": fail(KeyError("sheet1")),
    ".deep": fail(RecursionError("too deep")),
    ".full": give("one\ntwo", "Title", (0, 4), (Place(0, "A"), Place(4, "B › ü", apart=True))),
    ".equal": give("words", None, (0, 0, 5, 5), (Place(0, "a"), Place(0, "b"))),
    ".untitled": give("words", ""),
    ".titled": give("words", "x" * 100_000),
    ".number": give("words", 1),
    ".below": give("words", None, (-1,)),
    ".beyond": give("words", None, (0, 6)),
    ".descending": give("words", None, (3, 2)),
    ".fraction": give("words", None, (1.0,)),
    ".truth": give("words", None, (True,)),
    ".placed": give("words", None, (), (Place(6, "a"),)),
    ".unplaced": give("words", None, (), (Place(3, "a"), Place(2, "b"))),
    ".nameless": give("words", None, (), ((3, None, False),)),
    ".narrow": give("words", None, (), ((3, "a"),)),
    ".none": give("words", None, None, None),
    ".half": give("\ud800", None),
    ".bytes": give(b"words", None),
    ".long": lambda content: Parsed("x" * 21_000_000, None),
    ".longer": lambda content: Parsed("x" * 10**9 + "€", None),
    ".crowded": lambda content: Parsed("x", None, (), (Place(0, "x" * 1000),) * 50_000),
}

PARTS: dict[str, Callable[..., Any]] = {
    ".hang": lambda content, **asked: hang(content),
    ".crash": lambda content, **asked: crash(content),
    ".full": lambda content, **asked: Part(asked, content),
    ".refused": lambda content, **asked: fail(UnreadableFile("no such page"))(content),
    ".none": lambda content: Part({}),
    ".bytes": lambda content, **asked: Part({"cell": b"words"}),
    ".half": lambda content, **asked: Part([1, 2]),  # type: ignore[arg-type]  # that is the fault
}
