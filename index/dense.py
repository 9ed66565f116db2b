"""Nearest passages by inner product; with `inverted.py` the only door to faiss."""

import hashlib
import os
import struct
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.inverted import LEAST_READ, MOST_READ, Inverted, VectorsOf, batches, mapped
from index.mirror import FileState
from index.untouched import known_whole, remember_whole

FILE_NAME = "dense.faiss"
_CHECKED_NAME = "dense.checked"

# The file: a mark, SHA-256 of what follows, the sequence number, how many passages the clusters
# were made for or 0 where there are none, the faiss index.
_MARK = b"quoth dense 4\n"
_HEADER = struct.Struct("<qq")
_START = len(_MARK) + hashlib.sha256().digest_size
_WRITTEN_AT_ONCE = 1 << 20

# Up to so many passages are searched one by one.
EXACT_UP_TO = 25_000
# So many changes, or one to ten passages, may be missing in the file: opening it applies them.
_UNSAVED = 10_000


class Dense:
    """All passages' vectors in 16 bits: few are searched one by one, many by cluster.

    Clusters lie in a file that is mapped into memory and never changes. What came since they were
    written is held beside them, what went is passed over, until they are written anew.

    Attributes:
        sequence: Number of the last change that it has applied.
        saved: Number of the last change in the file that it was loaded from; 0 without one.
    """

    def __init__(self, dimensions: int, vectors_of: VectorsOf) -> None:
        """An empty view.

        Args:
            dimensions: Length of a vector.
            vectors_of: Gives the vectors of any passages that it may hold, exact in 16 bits.
        """
        self.sequence = self.saved = 0
        self._vectors_of = vectors_of
        self._clusters: Inverted | None = None
        self._recent: faiss.Index = faiss.IndexIDMap2(_flat(dimensions))

    @classmethod
    def load(cls, folder: Path, *, dimensions: int, vectors_of: VectorsOf) -> "Dense":
        """The view as it was saved; an empty one if none was, or if it is damaged."""
        view = cls(dimensions, vectors_of)
        try:
            content, state = _opened(folder)
        except (OSError, ValueError):
            return view
        if known_whole(folder / _CHECKED_NAME) == state or _is_whole(content):
            remember_whole(folder / _CHECKED_NAME, state)
            with suppress(ValueError):
                view._take(content)
        return view

    @classmethod
    def read(cls, folder: Path, *, dimensions: int, vectors_of: VectorsOf) -> "Dense":
        """The view as it was saved, every byte of it looked at.

        Raises:
            OSError: None was, or it may not be read.
            ValueError: It is damaged, or of other vectors; the message is the reason.
        """
        content, _ = _opened(folder)
        if not _is_whole(content):
            raise ValueError("differs from its digest")
        view = cls(dimensions, vectors_of)
        view._take(content)
        return view

    @classmethod
    def build(
        cls, ids: Sequence[int], *, dimensions: int, vectors_of: VectorsOf, sequence: int
    ) -> "Dense":
        """A view of passages, their ids ascending, as of a change."""
        view = cls(dimensions, vectors_of)
        if len(ids) > EXACT_UP_TO:
            view._clusters = Inverted.build(ids, vectors_of, dimensions=dimensions)
        else:
            view.add(ids)
        view.sequence = sequence
        return view

    def merged(
        self, added: Sequence[int], removed: Sequence[int], *, vectors_of: VectorsOf, sequence: int
    ) -> "Dense":
        """A view of the saved one's clusters, with what came and went since; this one stays.

        Args:
            added: Ids of passages, ascending.
            removed: Ids of passages; ids of none are passed over.
            vectors_of: Gives the vectors of those added.
            sequence: Number of the last change that these are.
        """
        view = Dense(self._recent.d, self._vectors_of)
        if self._clusters is not None:
            view._clusters = self._clusters.merged(added, removed, vectors_of)
        view.sequence = sequence
        return view

    def __len__(self) -> int:
        """How many passages it holds."""
        return int(self._recent.ntotal) + (0 if self._clusters is None else len(self._clusters))

    @property
    def structure(self) -> str:
        """How it searches, for people."""
        if self._clusters is None:
            return "exact (flat, 16 bits, inner product)"
        n = self._clusters.n_clusters
        read = f"nearest {LEAST_READ} to {min(MOST_READ, n)}" if n > LEAST_READ else "all"
        return f"{read} of {n} clusters (IVF, 16 bits, inner product)"

    def lags(self, sequence: int) -> bool:
        """Whether the file is too old, or of another history, when a change is the last one."""
        n_unsaved = sequence - self.saved
        return not 0 <= n_unsaved <= min(len(self) // 10, _UNSAVED)

    def has_room(self, n: int, *, sequence: int) -> bool:
        """Whether `merged` will do for n passages as of a change; otherwise `build` must."""
        if self._clusters is None or self.saved > sequence:
            return False
        return n > EXACT_UP_TO // 2 and self._clusters.fit(n)

    def save(self, folder: Path) -> None:
        """Write the view; the file that stood there is replaced in one step."""
        draft = folder / (FILE_NAME + ".draft")
        n_trained = self._clusters.n_trained if self._clusters is not None else 0
        index = self._clusters.index if self._clusters is not None else self._recent
        digest = hashlib.sha256()
        with draft.open("wb") as file:

            def write(some: bytes) -> int:
                digest.update(some)
                return file.write(some)

            file.write(_MARK + bytes(digest.digest_size))
            write(_HEADER.pack(self.sequence, n_trained))
            faiss.write_index(index, _writer(write))
            file.seek(len(_MARK))
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / FILE_NAME)

    def add(self, ids: Sequence[int]) -> None:
        """Add passages; one that is held already is replaced: the same call twice is as once."""
        self.remove(ids)
        for some in batches(ids):
            self._recent.add_with_ids(self._vectors_of(some), np.asarray(some, np.int64))

    def remove(self, ids: Sequence[int]) -> None:
        """Take passages out; ids of none are passed over."""
        if ids and self._recent.ntotal:
            self._recent.remove_ids(faiss.IDSelectorBatch(np.asarray(ids, np.int64)))
        if self._clusters is not None:
            self._clusters.remove(ids)

    def search(
        self, vector: np.ndarray, *, k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k passages of largest inner product with it, best first.

        Args:
            vector: Array of shape (dimensions,).
            k: How many, at most.
            within: Ids of the passages to choose from; None for all.
        """
        # A second thread would cost more to wake, and to wait for, than it saves.
        faiss.omp_set_num_threads(1)
        found = self._nearest_recent(vector, k=k, within=within)
        if self._clusters is not None:
            found += self._clusters.nearest(vector, n=k, within=within)
            found.sort(key=lambda pair: -pair[1])
        return found[:k]

    def vectors(self, ids: Sequence[int]) -> np.ndarray:
        """Vectors of passages that it holds, (n, dimensions); row i is of passage `ids[i]`."""
        clusters = self._clusters
        clustered = np.array([clusters is not None and clusters.holds(each) for each in ids], bool)
        rows = np.empty((len(ids), self._recent.d), np.float32)
        every = np.asarray(ids, np.int64)
        if clusters is not None and clustered.any():
            rows[clustered] = clusters.vectors(every[clustered].tolist())
        if not clustered.all():
            rows[~clustered] = self._vectors_of(every[~clustered].tolist())
        return rows

    def products(self, vector: np.ndarray, ids: Collection[int]) -> dict[int, float]:
        """Inner product of a vector with each of some passages, but for ones not held."""
        clusters = self._clusters
        clustered = [each for each in ids if clusters is not None and clusters.holds(each)]
        others = sorted(set(ids) - set(clustered))
        found = dict(self._nearest_recent(vector, k=len(others), within=others))
        if clusters is None or not clustered:
            return found
        products = clusters.vectors(clustered) @ vector
        return found | dict(zip(clustered, products.tolist(), strict=True))

    def kept(self, passage: int) -> np.ndarray | None:
        """The vector as the view holds it; None if it does not.

        Returns:
            Array of shape (dimensions,).
        """
        if self._clusters and self._clusters.holds(passage):
            return np.asarray(self._clusters.vectors([passage])[0])
        try:
            return np.asarray(self._recent.reconstruct(passage))
        except RuntimeError:  # faiss has no question "do you hold this id"
            return None

    def _nearest_recent(
        self, vector: np.ndarray, *, k: int, within: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """What `search` finds outside of the clusters."""
        n = min(k, self._recent.ntotal)
        if not n:
            return []
        how = None
        if within is not None:
            how = faiss.SearchParameters()
            how.sel = faiss.IDSelectorBatch(np.asarray(within, np.int64))
        products, ids = self._recent.search(vector[None], n, params=how)
        pairs = zip(ids[0].tolist(), products[0].tolist(), strict=True)
        return [(each, product) for each, product in pairs if each >= 0]

    def _take(self, content: np.ndarray) -> None:
        """Read a file that is whole.

        Raises:
            ValueError: It is of another version of faiss, or of other vectors.
        """
        sequence, n_trained = _HEADER.unpack_from(content.data, _START)
        body = content[_START + _HEADER.size :]
        try:
            index = mapped(body) if n_trained else faiss.deserialize_index(body)
        except RuntimeError as error:
            raise ValueError("written by another version of faiss") from error
        if index.d != self._recent.d:
            raise ValueError(f"vectors of {index.d} numbers, not {self._recent.d}")
        if n_trained:
            self._clusters = Inverted(index, n_trained=n_trained, file=content)
        else:
            self._recent = index
        self.sequence = self.saved = sequence


def _opened(folder: Path) -> tuple[np.ndarray, dict[str, FileState]]:
    """The bytes of the file, mapped, and its state by name; a ValueError for an empty file."""
    with (folder / FILE_NAME).open("rb") as file:
        state = {FILE_NAME: FileState.of(os.fstat(file.fileno()))}
        return np.memmap(file, np.uint8, mode="r"), state


def _flat(dimensions: int) -> Any:
    """Vectors side by side in 16 bits a number, as the catalogue has them: nothing is lost."""
    bits = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimensions, bits, faiss.METRIC_INNER_PRODUCT)


def _writer(write: Callable[[bytes], int]) -> Any:
    """What faiss writes to, so that no copy of the index is made."""
    writer: Any = vars(faiss)["PyCallbackIOWriter"]  # missing in faiss's stubs
    return writer(write, _WRITTEN_AT_ONCE)


def _is_whole(content: np.ndarray) -> bool:
    """Whether a file is as it was written."""
    digest = hashlib.sha256(content[_START:].data).digest()
    return content[:_START].tobytes() == _MARK + digest
