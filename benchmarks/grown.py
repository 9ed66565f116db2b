"""Indexes of any size, made of real passages, which are repeated with changes where they end."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.workspace import SEED, track
from index.catalogue import Catalogue
from index.document import Document
from index.encoder import Encoder
from index.mirror import FileState
from index.passage import Span
from index.writer import READING

PASSAGES_PER_DOCUMENT = 20
DOCUMENTS_PER_FOLDER = 1_000
# A repeated passage has one word in five exchanged for another's, and a vector of this cosine
# with its own: the noise has no direction, so that it is harder to cluster than texts are.
EXCHANGED = 0.2
COSINE = 0.8


@dataclass(frozen=True)
class Real:
    """Passages of real documents.

    Attributes:
        texts: The passages.
        vectors: float32 array of shape (n, dimensions); row i is of `texts[i]`.
    """

    texts: Sequence[str]
    vectors: np.ndarray

    @classmethod
    def of(cls, folder: Path) -> "Real":
        """The passages of an index."""
        with closing(Catalogue.open(folder)) as catalogue, catalogue.snapshot():
            passages = list(catalogue.all_words())
            vectors = catalogue.vectors([each.passage for each in passages])
            return cls([each.text for each in passages], vectors)

    def grown(self, n: int) -> Iterator[tuple[str, np.ndarray]]:
        """Text and vector of n passages: the real ones, then each again with changes."""
        random = np.random.default_rng(SEED)
        some = self.texts[:: max(1, len(self.texts) // 5_000)]
        words = [word for text in some for word in text.split()]
        for number in range(n):
            which = number % len(self.texts)
            text, vector = self.texts[which], self.vectors[which]
            if number >= len(self.texts):
                its = text.split(" ")
                places = random.integers(len(its), size=round(EXCHANGED * len(its)))
                others = random.integers(len(words), size=len(places))
                for place, other in zip(places.tolist(), others.tolist(), strict=True):
                    its[place] = words[other]
                text = " ".join(its)
                noise = random.standard_normal(len(vector), np.float32)
                noise *= (1 - COSINE**2) ** 0.5 / np.linalg.norm(noise)
                vector = COSINE * vector + noise
                vector /= np.linalg.norm(vector)
            yield text, vector

    def questions(self, n: int, *, words: int = 8) -> list[str]:
        """Runs of words from passages all over."""
        random = Random(SEED)
        asked: list[str] = []
        while len(asked) < n:
            found = random.choice(self.texts).split()
            if len(found) > 2 * words:
                first = random.randrange(len(found) - words)
                asked.append(" ".join(found[first : first + words]))
        return asked


def lay_out(real: Real, n: int, folder: Path, encoder: Encoder) -> None:
    """Write files of n passages and a catalogue that knows them, without views.

    Args:
        real: What to make them of.
        n: How many passages.
        folder: An empty folder; "library" and "index" are made in it.
        encoder: What the vectors are by.
    """
    library, index = folder / "library", folder / "index"
    index.mkdir(parents=True)
    meta = {"encoder": encoder.fingerprint, "documents": "../library"}
    passages = real.grown(n)
    with closing(Catalogue.create(index, meta=meta)) as catalogue:
        with catalogue.transaction():
            catalogue.set_reading(READING)
        n_documents = -(-n // PASSAGES_PER_DOCUMENT)
        numbers = track(range(n_documents), f"{n:,} passages", total=n_documents)
        for first in range(0, n_documents, DOCUMENTS_PER_FOLDER):
            below = library / f"{first // DOCUMENTS_PER_FOLDER:03}"
            below.mkdir(parents=True)
            with catalogue.transaction():
                for _ in range(first, min(first + DOCUMENTS_PER_FOLDER, n_documents)):
                    path = below / f"{next(numbers):06}.txt"
                    some = list(islice(passages, PASSAGES_PER_DOCUMENT))
                    _put(catalogue, path, library, some, encoder)


def _put(
    catalogue: Catalogue,
    path: Path,
    library: Path,
    passages: Sequence[tuple[str, np.ndarray]],
    encoder: Encoder,
) -> None:
    """Write one file, and its document with passages and vectors."""
    spans, start = [], 0
    for text, _ in passages:
        spans.append(Span(start, start + len(text)))
        start += len(text) + 2
    whole = "\n\n".join(text for text, _ in passages)
    path.write_text(whole, encoding="utf-8")
    digest = hashlib.sha256(whole.encode()).hexdigest()
    document = Document(path.relative_to(library).as_posix(), digest, path.stem, whole)
    fingerprint = encoder.fingerprint
    keys = [hashlib.sha256(f"{fingerprint}\0{text}".encode()).digest() for text, _ in passages]
    catalogue.add_vectors(keys, np.stack([vector for _, vector in passages]))
    catalogue.put(document, spans=spans, keys=keys, state=FileState.of(path.stat()))
