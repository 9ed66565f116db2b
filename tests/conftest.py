"""What several test files share: small real stand-ins and folders."""

import hashlib
import os
import re
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from index.original import Originals
from index.search import Index

settings.register_profile("quoth", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("ci", settings.get_profile("quoth"), max_examples=500)
settings.load_profile("ci" if os.environ.get("CI") else "quoth")

# A shell lets what it runs in the background ignore interruptions, and its children with it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI is set, a test that was skipped has failed: all that can run must have run."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which in CI is a failure: {report.longrepr}"
    return report


SEEDS = Path(__file__).resolve().parent.parent / "seeds"


class WordEncoder:
    """Text as a bag of hashed words: fast, without a model, the same on every machine.

    Attributes:
        encoded: Every passage text that it was given, in order.
    """

    def __init__(self, *, fingerprint: str = "words@1", dimensions: int = 64) -> None:
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        self.encoded: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Array of shape (n_texts, dimensions); row i is `texts[i]`."""
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for i, text in enumerate(texts):
            vectors[i] = self.encode_question(text)
        return vectors

    def encode_question(self, text: str) -> np.ndarray:
        """Array of shape (dimensions,): signed counts of words, and a trace of the whole text."""
        vector = np.zeros(self.dimensions)
        for word in re.findall(r"\w+", text.lower()):
            vector += _direction(word, self.dimensions)
        vector += 0.05 * _direction(text, self.dimensions)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def _direction(word: str, dimensions: int) -> np.ndarray:
    """A vector of +1 and -1 that belongs to a word."""
    digest = hashlib.sha512(word.encode()).digest()
    bits = np.unpackbits(np.frombuffer(digest, np.uint8))[:dimensions]
    return bits.astype(float) * 2 - 1


@pytest.fixture
def encoder() -> WordEncoder:
    """An encoder that needs no model and counts what it is given."""
    return WordEncoder()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """An empty documents folder."""
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


@pytest.fixture
def originals(index: Index) -> Iterator[Originals]:
    """The files of the index that a test file sets up."""
    originals = Originals(index)
    yield originals
    originals.close()


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """An empty folder whose files need no disk, where the system has such."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


@pytest.fixture
def as_nobody(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], None]]:
    """Call it to go on without the rights of root, which may read and write everything."""
    base = tmp_path_factory.getbasetemp()
    for path in (base.parent, base, tmp_path):
        path.chmod(0o755)
    if os.geteuid() != 0:
        yield lambda: None
        return
    yield lambda: os.seteuid(65534)
    os.seteuid(0)
