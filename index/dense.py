"""Nearest passages by inner product; the only door to faiss."""

import hashlib
import os
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np

FILE_NAME = "dense.faiss"

# The file: a mark, SHA-256 of what follows, the sequence number, the faiss index.
_MARK = b"quoth dense 2\n"
_DIGEST_BYTES = 32
_SEQUENCE = struct.Struct("<q")


class Dense:
    """All passages' vectors in memory, searched exactly.

    Attributes:
        sequence: Number of the last change that it has applied.
    """

    def __init__(self, dimensions: int) -> None:
        self.sequence = 0
        self._index: faiss.Index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))

    @classmethod
    def load(cls, folder: Path, *, dimensions: int) -> "Dense":
        """The view as it was saved; an empty one if none was, or if it is damaged."""
        try:
            return cls.read(folder, dimensions=dimensions)
        except (OSError, ValueError):
            return cls(dimensions)

    @classmethod
    def read(cls, folder: Path, *, dimensions: int) -> "Dense":
        """The view as it was saved.

        Raises:
            OSError: None was, or it may not be read.
            ValueError: It is damaged, or of other vectors; the message is the reason.
        """
        content = (folder / FILE_NAME).read_bytes()
        start = len(_MARK) + _DIGEST_BYTES
        body = memoryview(content)[start:]
        if content[:start] != _MARK + hashlib.sha256(body).digest():
            raise ValueError("differs from its digest")
        view = cls(dimensions)
        (view.sequence,) = _SEQUENCE.unpack_from(body)
        try:
            view._index = faiss.deserialize_index(np.frombuffer(body[_SEQUENCE.size :], np.uint8))
        except RuntimeError as error:
            raise ValueError("written by another version of faiss") from error
        if view._index.d != dimensions:
            raise ValueError(f"vectors of {view._index.d} numbers, not {dimensions}")
        return view

    def __len__(self) -> int:
        """How many passages it holds."""
        return int(self._index.ntotal)

    @property
    def structure(self) -> str:
        """How it searches, for people."""
        return "exact (flat, inner product)"

    def save(self, folder: Path) -> None:
        """Write the view; the file that stood there is replaced in one step."""
        body = _SEQUENCE.pack(self.sequence) + faiss.serialize_index(self._index).tobytes()
        draft = folder / (FILE_NAME + ".draft")
        with draft.open("wb") as file:
            file.write(_MARK + hashlib.sha256(body).digest() + body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / FILE_NAME)

    def add(self, ids: Sequence[int], vectors: np.ndarray) -> None:
        """Add passages; row i of the array of shape (n, dimensions) is passage `ids[i]`.

        A passage that is held already is replaced, so that the same call twice is as once.
        """
        if ids:
            self.remove(ids)
            self._index.add_with_ids(vectors, np.asarray(ids, np.int64))

    def remove(self, ids: Sequence[int]) -> None:
        """Take passages out; ids of none are passed over."""
        if ids:
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(ids, np.int64)))

    def search(self, vector: np.ndarray, *, k: int) -> list[tuple[int, float]]:
        """The k passages of largest inner product with it, best first."""
        if not len(self):
            return []
        products, ids = self._index.search(vector[None], min(k, len(self)))
        return list(zip(ids[0].tolist(), products[0].tolist(), strict=True))

    def products(self, vector: np.ndarray, ids: Iterable[int]) -> dict[int, float]:
        """Inner product of a vector with each of some passages, but for ones not held."""
        found = {}
        for each in ids:
            try:
                found[each] = float(vector @ self._index.reconstruct(each))
            except RuntimeError:  # faiss has no question "do you hold this id"
                continue
        return found
