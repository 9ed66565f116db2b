"""Syncs, inserts and removals that are killed; after each, what is left is held to the promises.

After a kill the index as it lies must be sound, hold all that was acknowledged and nothing by
halves, open, and come to the clean state by the next sync.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from benchmarks.nursery import HashEncoder
from index.audit import audit
from index.catalogue import Catalogue
from index.document import load
from index.errors import UnreadableFile
from index.passage import Span, split
from index.search import Index

ROOT = Path(__file__).resolve().parent.parent
WORDS = ("mill", "ferry", "river", "stone", "bread", "wheel", "barley", "flood", "café", "1742")
NAMES = ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "north/a.txt", "north/b.md")
NOTES = ("note 1", "note 2", "note 3")
# Seconds from a step to a kill that comes after it, on average.
MEAN_DELAY = 0.003
# Cosine of a vector of 16-bit numbers and the one that it was rounded from.
NEARLY_ONE = 0.999

State = dict[str, str]
"""Text of each document, by id."""


class Kill(NamedTuple):
    """What became of one process.

    Attributes:
        killed: Whether it was killed; else it ended before its moment came.
        at: The step at which, or a little after which, it was: "before commit".
        acknowledged: Whether it had said that its work was done.
        broken: The promises that were not kept.
    """

    killed: bool
    at: str | None
    acknowledged: bool
    broken: tuple[str, ...]


class Trial:
    """A folder of documents that changes, and its index, worked on by processes that are killed.

    What one left, the next goes on with; it is examined in a copy.
    """

    def __init__(self, place: Path, nursery: "subprocess.Popen[str]", *, seed: int) -> None:
        """Use `trial`."""
        self._library = place / "library"
        self._folder = place / "index"
        self._copy = place / "copy"
        self._nursery = nursery
        self._random = Random(seed)
        self._state: State = {}
        self._steps = dict.fromkeys(("sync", "insert", "remove"), 100)

    def kill(self) -> Kill:
        """Change the folder, have a process work on the index, kill it, and see what is left."""
        random = self._random
        if random.random() < 0.08:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._state = {}
        for _ in range(random.randint(1, 3)):
            self._edit()
        order, after = self._order()
        told = self._ask(order | self._moment(order["do"]))
        acknowledged = told["steps"] is not None
        if acknowledged:
            self._steps[order["do"]] = told["steps"]
        broken = [*filter(None, [told["error"]]), *self._broken(after, acknowledged=acknowledged)]
        return Kill(told["killed"], told["at"], acknowledged, tuple(broken))

    def _moment(self, do: str) -> dict[str, Any]:
        """When to kill: at any step alike, or a little later; one in eight is let live."""
        if self._random.random() < 1 / 8:
            return {"step": None, "delay": None}
        delay = self._random.expovariate(1 / MEAN_DELAY) if self._random.random() < 0.5 else None
        return {"step": self._random.randrange(self._steps[do]), "delay": delay}

    def _edit(self) -> None:
        """One change of the folder."""
        random = self._random
        path, other = (self._library / name for name in random.sample(NAMES, 2))
        for each in (path, other):
            each.parent.mkdir(parents=True, exist_ok=True)
        what = random.choice(["write"] * 5 + ["remove", "rename", "copy", "swap", "touch", "spoil"])
        if what == "write" or not path.exists():
            path.write_text(self._text(), encoding="utf-8")
        elif what == "remove":
            path.unlink()
        elif what == "copy":
            shutil.copyfile(path, other)
        elif what == "touch":
            path.touch()
        elif what == "spoil":
            path.write_bytes(b"\0no text")
        else:
            between = self._library / "between"
            path.rename(between)
            if what == "swap" and other.exists():
                other.rename(path)
            between.rename(other)

    def _text(self) -> str:
        """One to six paragraphs, each a passage."""
        random = self._random
        paragraphs = [" ".join(random.choices(WORDS, k=70)) for _ in range(random.randint(1, 6))]
        return "\n\n".join(f"Entry {random.randrange(10**6)}: {each}." for each in paragraphs)

    def _order(self) -> tuple[dict[str, Any], State]:
        """What a process is to do, and the state when it has done it."""
        chance, note = self._random.random(), self._random.choice(NOTES)
        if chance < 0.7:
            return {"do": "sync"}, readable(self._library) | _notes(self._state)
        if chance < 0.9:
            text = self._text()
            return {"do": "insert", "id": note, "text": text}, self._state | {note: text}
        left = {name: text for name, text in self._state.items() if name != note}
        return {"do": "remove", "id": note}, left

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Have the nursery raise a process and kill it."""
        pipes = self._nursery
        if pipes.stdin is None or pipes.stdout is None:
            raise ValueError("The nursery was started without pipes.")
        pipes.stdin.write(json.dumps(order) + "\n")
        pipes.stdin.flush()
        told: dict[str, Any] = json.loads(pipes.stdout.readline())
        return told

    def _broken(self, after: State, *, acknowledged: bool) -> Iterator[str]:
        """The promises that what was left does not keep; it is the state from now on."""
        shutil.rmtree(self._copy, ignore_errors=True)
        if self._folder.exists():
            shutil.copytree(self._folder, self._copy)
        found: State = {}
        if Catalogue.stands_in(self._copy):
            yield from faults(self._copy)
            found = held(self._copy)
        if found != after and (acknowledged or found != self._state):
            yield f"holds {sorted(found)}, not {sorted(after)} or, before, {sorted(self._state)}"
        self._state = found
        yield from self._unhealed(readable(self._library) | _notes(found))

    def _unhealed(self, clean: State) -> Iterator[str]:
        """What the next sync of the copy does not put right."""
        encoder = HashEncoder()
        with Index.open_or_create(self._copy, documents=self._library, encoder=encoder) as index:
            index.sync()
            for text in clean.values():
                beginning = text.split("\n\n")[0]
                found = index.search(beginning, k=1)[0]
                if found.passage.text != beginning or found.cosine < NEARLY_ONE:
                    yield f"does not find {beginning[:20]!r} by itself"
        if held(self._copy) != clean:
            yield "a sync does not bring it to the state of its folder"
        yield from faults(self._copy)


@contextmanager
def trial(place: Path, *, seed: int) -> Iterator[Trial]:
    """A trial in an empty folder, with its nursery."""
    (place / "library").mkdir()
    command = [sys.executable, "-m", "benchmarks.nursery", str(place / "library")]
    # Threads of a mathematical library would not be in the processes that are forked.
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [*command, str(place / "index")],
        cwd=ROOT,
        env=os.environ | alone,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        yield Trial(place, nursery, seed=seed)
        if nursery.stdin is not None:
            nursery.stdin.close()


def readable(library: Path) -> State:
    """The text of each readable file of a folder."""
    texts = {}
    for path in library.rglob("*.*"):
        with suppress(UnreadableFile):
            texts[path.relative_to(library).as_posix()] = load(path, folder=library).text
    return texts


def held(folder: Path) -> State:
    """The text of each document of an index."""
    with closing(Catalogue.open(folder)) as catalogue:
        documents = (catalogue.document(entry.document_id) for entry in catalogue.entries())
        return {document.id: document.text for document in documents if document}


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with an index as it lies, and where it is not cut as a clean one is."""
    for fault in audit(folder, progress=lambda *_: None).faults:
        if fault.where != "documents":
            yield f"{fault.where}: {fault.what}"
    with closing(Catalogue.open(folder)) as catalogue:
        for entry in catalogue.entries():
            document = catalogue.document(entry.document_id)
            stored = catalogue.stored(entry.document_id)
            cut = [Span(each.passage.start, each.passage.end) for each in stored]
            if document is None or cut != split(document):
                yield f"'{entry.document_id}' is not cut as it would be anew"


def _notes(state: State) -> State:
    return {name: text for name, text in state.items() if name in NOTES}
