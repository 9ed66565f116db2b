"""What the parts share: the questions, their paragraphs as files, and both indexes over them."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeVar

from index.document import load
from index.encoder import OnnxEncoder
from index.passage import split
from index.search import Index
from qa.cases import load_cases

if TYPE_CHECKING:  # LlamaIndex and torch take seconds to import, and not every part needs them
    from benchmarks.stock import Stock

CASES = "dev/squadshifts-new-wiki.jsonl.gz"
ROOT = Path(__file__).resolve().parent.parent
SEED = 0

_T = TypeVar("_T")


class Workspace:
    """A temporary folder with what the parts measure; each piece is made when first asked for."""

    def __init__(
        self,
        folder: Path,
        data: Path,
        *,
        n_paragraphs: int | None,
        n_questions: int | None,
        rounds: int,
    ) -> None:
        """Draw the paragraphs and the questions; the same seed draws the same.

        Args:
            folder: An empty folder.
            data: The folder that holds `CASES`.
            n_paragraphs: How many paragraphs; None for all.
            n_questions: How many questions of theirs; None for all.
            rounds: How often each timing is repeated.
        """
        random = Random(SEED)
        self.folder = folder
        self.rounds = rounds
        every = load_cases(data / CASES)
        contexts = list(dict.fromkeys(case.context or "" for case in every))
        if n_paragraphs:
            contexts = random.sample(contexts, min(n_paragraphs, len(contexts)))
        self.document_ids = {context: f"{n:04}.txt" for n, context in enumerate(contexts)}
        cases = [case for case in every if case.context in self.document_ids]
        self.cases = random.sample(cases, min(n_questions or len(cases), len(cases)))

    def settings(self) -> dict[str, object]:
        """What was drawn, for the report."""
        return {
            "questions": len(self.cases),
            "paragraphs": len(self.document_ids),
            "rounds": self.rounds,
            "seed": SEED,
        }

    @cached_property
    def documents(self) -> Path:
        """A folder with each paragraph as a file."""
        return self.lay_out("paragraphs", list(self.document_ids))

    @cached_property
    def encoder(self) -> OnnxEncoder:
        """Quoth's encoder, loaded."""
        return OnnxEncoder()

    @cached_property
    def index(self) -> Index:
        """Quoth's index over all paragraphs."""
        say("building Quoth's index")
        index = Index.create(self.folder / "index", documents=self.documents, encoder=self.encoder)
        index.sync()
        return index

    @cached_property
    def stock(self) -> "Stock":
        """The stock index over the same passages."""
        from benchmarks.stock import Stock, load_encoder  # noqa: PLC0415 - see TYPE_CHECKING

        say("building the stock index")
        return Stock.build(passages(self.documents), load_encoder())

    def lay_out(self, name: str, contexts: Iterable[str]) -> Path:
        """A new folder with paragraphs as files."""
        folder = self.folder / name
        folder.mkdir()
        for context in contexts:
            (folder / self.document_ids[context]).write_text(context, encoding="utf-8")
        return folder


def passages(documents: Path) -> list[tuple[str, str]]:
    """Document id and text of each passage that Quoth cuts a folder into, in order."""
    loaded = [load(path, folder=documents) for path in sorted(documents.iterdir())]
    return [
        (document.id, document.text[span.start : span.end])
        for document in loaded
        for span in split(document)
    ]


def write_passages(documents: Path, path: Path) -> None:
    """Write the passages of a folder as JSON, for a process that must not import Quoth."""
    path.write_text(json.dumps(passages(documents)), encoding="utf-8")


def track(steps: Iterable[_T], what: str, *, total: int) -> Iterator[_T]:
    """The steps, with a line on standard error that says how many are done."""
    shown = 0.0
    for n, step in enumerate(steps):
        if time.monotonic() - shown > (0.2 if sys.stderr.isatty() else 30):
            shown = time.monotonic()
            say(f"{what}: {n} of {total}")
        yield step
    say("")


def say(what: str) -> None:
    """Replace the line on standard error, or write one where lines cannot be replaced."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{what}")
    elif what:
        sys.stderr.write(what + "\n")
    sys.stderr.flush()
