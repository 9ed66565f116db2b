"""A warm process that forks one that works on an index, and kills it at a chosen moment.

`python -m benchmarks.nursery DOCUMENTS INDEX` reads a JSON object on each line and answers each
with one. It stays single-threaded, so that what it forks is whole.
"""

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from index import writer
from index.document import Document
from index.search import Index

# The calls that may change a file; each begins and ends at a step.
CALLS = frozenset(
    {
        *("open", "write", "flush", "close", "fsync", "replace", "unlink", "mkdir", "rmdir"),
        *("execute", "executemany", "executescript", "commit", "writer", "add_document"),
        *("delete_documents_by_query", "wait_merging_threads", "reload", "truncate", "connect"),
    }
)
# Small, so that a build makes several commits.
TEXTS_AT_ONCE = 4


class HashEncoder:
    """Each text a direction of its own: without a model, the same on every machine."""

    fingerprint = "hash@1"
    dimensions = 16

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Array of shape (n_texts, dimensions); row i is `texts[i]`."""
        rows = [self.encode_question(text) for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.dimensions)

    def encode_question(self, text: str) -> np.ndarray:
        """Array of shape (dimensions,)."""
        digest = hashlib.sha512(text.encode()).digest()
        vector = np.frombuffer(digest, "<u4").astype(np.float32) - 2.0**31
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class _Death:
    """Counts the steps of a process and, at the one that was chosen, says so and dies or goes on.

    It says `K` and the step's name; whoever reads that may kill it a little later.
    """

    def __init__(self, at: int | None, *, at_once: bool, tell: int) -> None:
        self.steps = 0
        self._at = at
        self._at_once = at_once
        self._tell = tell

    def __call__(self, _: FrameType, event: str, argument: Any) -> None:
        """What `sys.setprofile` calls."""
        if not event.startswith("c_") or argument.__name__ not in CALLS:
            return
        if self.steps == self._at:
            name = f"{'before' if event == 'c_call' else 'after'} {argument.__name__}"
            os.write(self._tell, f"K{name}\n".encode())
            if self._at_once:
                os.kill(os.getpid(), signal.SIGKILL)
        self.steps += 1


def work(documents: Path, folder: Path, order: dict[str, Any]) -> None:
    """Open the index and do as ordered: sync, insert a document, or remove one."""
    with Index.open_or_create(folder, documents=documents, encoder=HashEncoder()) as index:
        if order["do"] == "sync":
            index.sync()
        elif order["do"] == "insert":
            text = order["text"]
            digest = hashlib.sha256(text.encode()).hexdigest()
            index.insert(Document(order["id"], digest, order["id"], text))
        else:
            index.remove(order["id"])


def _born(documents: Path, folder: Path, order: dict[str, Any], tell: int) -> None:
    """The life of a forked process; it says `D` and its steps when the work is acknowledged."""
    death = _Death(order["step"], at_once=order["delay"] is None, tell=tell)
    try:
        sys.setprofile(death)
        work(documents, folder, order)
        sys.setprofile(None)
        os.write(tell, f"D{death.steps}\n".encode())
    except BaseException as error:  # noqa: BLE001  # whatever it is is told to the parent
        sys.setprofile(None)
        os.write(tell, f"E{error!r}\n".encode())
    finally:
        os._exit(0)


def _nurse(documents: Path, folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Fork, kill in time, and tell what was heard of the child."""
    read, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _born(documents, folder, order, tell)
    os.close(tell)
    with os.fdopen(read, "rb") as said:
        lines = []
        for line in said:
            lines.append(line.decode().strip())
            if lines[-1][0] == "K" and order["delay"] is not None:
                time.sleep(order["delay"])
                os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    told = {line[0]: line[1:] for line in lines}
    return {
        "killed": os.WIFSIGNALED(status),
        "at": told.get("K"),
        "steps": int(told["D"]) if "D" in told else None,
        "error": told.get("E"),
    }


def main() -> None:
    """Serve orders until there are no more."""
    documents, folder = Path(sys.argv[1]), Path(sys.argv[2])
    writer.TEXTS_AT_ONCE = TEXTS_AT_ONCE
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_nurse(documents, folder, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
