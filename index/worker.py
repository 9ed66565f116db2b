"""The process that parses documents: it takes a file's bytes and gives its text, within limits."""

import ctypes
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import IO, Any

from index.errors import UnreadableFile
from index.formats.parsed import Parsed, Part

# How it ends when the memory that it may have is spent; it can then say nothing any more.
OUT_OF_MEMORY = 3
READY = b"ready"  # its first frame
MAX_OPEN_FILES = 64
MAX_PLACES_BYTES = 50_000_000  # of an answer's title, pages and places, as JSON
_SIZE_BYTES = 8
_PR_SET_PDEATHSIG = 1


def main(told: Mapping[str, Any]) -> None:
    """Answer until nobody asks any more.

    Args:
        told: The name of the module whose `SUFFIXES` holds the readers and `PARTS` those of
            parts, under `readers`, and the fields of `index.parsing.Limits`.
    """
    _die_with_parent()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _lead_nowhere(0, 1)  # whatever a library reads there or prints
    readers = importlib.import_module(told["readers"])
    _lead_nowhere(2)
    _limit(told["memory"])
    send(answers, READY)
    with suppress(EOFError, BrokenPipeError):
        while True:
            suffix, _, asked = receive(requests, limit=1000).decode().partition("?")
            content = receive(requests, limit=sys.maxsize)
            if asked:
                ask = partial(_part, readers.PARTS[suffix], content, json.loads(asked))
            else:
                ask = partial(_whole, readers.SUFFIXES[suffix], content, told["characters"])
            send(answers, *_answer(ask, suffix))


def send(pipe: IO[bytes], *frames: bytes) -> None:
    """Write frames: the size of each, then its bytes."""
    for frame in frames:
        pipe.write(len(frame).to_bytes(_SIZE_BYTES, "big"))
        pipe.write(frame)
    pipe.flush()


def receive(pipe: IO[bytes], *, limit: int) -> bytes:
    """Read one frame.

    Raises:
        EOFError: The other side is gone.
        ValueError: The frame would be larger than `limit` bytes.
    """
    size = int.from_bytes(_exactly(pipe, _SIZE_BYTES), "big")
    if size > limit:
        raise ValueError(f"a frame of {size} bytes, over the limit of {limit}")
    return _exactly(pipe, size)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    read = pipe.read(size)
    if len(read) < size:
        raise EOFError
    return read


def _whole(
    reader: Callable[[bytes], Parsed], content: bytes, max_characters: int
) -> tuple[Mapping[str, Any], bytes]:
    """All that a file holds: what it gives, and its text."""
    parsed = reader(content)
    if len(parsed.text) > max_characters:
        raise UnreadableFile(f"more than {max_characters:,} characters of text; split it")
    given = {"title": parsed.title, "pages": parsed.page_starts, "places": parsed.places}
    return given, parsed.text.encode()


def _part(
    reader: Callable[..., Part], content: bytes, asked: Mapping[str, int]
) -> tuple[Mapping[str, Any], bytes]:
    """A part of a file: what is told of it, and its bytes."""
    part = reader(content, **asked)
    return {"told": part.told}, part.content


def _answer(ask: Callable[[], tuple[Mapping[str, Any], bytes]], suffix: str) -> list[bytes]:
    """Frames of the answer about one file: what it gives and its bytes, or the reason why not."""
    try:
        given, content = ask()
        frames = [json.dumps(given, ensure_ascii=False).encode(), content]
        if len(frames[0]) > MAX_PLACES_BYTES:
            raise UnreadableFile("too many rows, slides or headings; split it")
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except UnreadableFile as error:
        return [json.dumps({"reason": str(error)}).encode()]
    except ValueError as error:
        return [json.dumps({"reason": f"cannot be read as '{suffix}' ({error})"}).encode()]
    except Exception as error:  # noqa: BLE001 - of whatever library parses the format
        reason = f"cannot be read as '{suffix}' ({type(error).__name__}: {error})"
        return [json.dumps({"reason": reason}).encode()]
    return frames


def _lead_nowhere(*numbers: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in numbers:
        os.dup2(nothing, number)
    os.close(nothing)


def _die_with_parent() -> None:
    """Have Linux end this process when its parent is gone; elsewhere it ends after its file."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(memory: int) -> None:
    """Bound what this process may use, where the system can: Windows not, macOS not the memory.

    It may write no file, leave no core, and, unless it is root's, start no process or thread.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    bounds = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
    }
    for what, bound in bounds.items():
        with suppress(ValueError, OSError):  # what the system does not bound, or bounds lower
            resource.setrlimit(what, (bound, bound))
