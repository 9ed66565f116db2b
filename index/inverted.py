"""Very many vectors in clusters, of which a search reads the nearest; a part of the dense view."""

import os
from collections.abc import Callable, Iterator, Sequence
from math import isqrt
from typing import Any

import faiss
import numpy as np

# Row i of what it gives is the vector of passage `ids[i]`.
VectorsOf = Callable[[Sequence[int]], np.ndarray]

# What these are worth, and why not others: benchmarks/scale.md.
CLUSTERS_PER_ROOT = 8
# A search reads the clusters whose centres are nearest, down to those so much further than the
# nearest one, in units of cosine: few where a question is of one thing, many where it is not.
READ_WITHIN = 0.3
LEAST_READ, MOST_READ = 128, 1024
_SAMPLES_PER_CLUSTER = 40
_ROUNDS = 8
_VECTORS_AT_ONCE = 10_000
# Clusters serve until so many times more passages, or fewer, are held than they were made for.
_OUTGROWN = 4
# Less than one passage in so many is few; of others, so many times as many clusters are read.
_FEW, _MORE_WITHIN = 8, 2


class Inverted:
    """Vectors in 16 bits a number, by cluster (faiss: IVF, fp16); only removals change them.

    In 16 bits they are what the catalogue has: what a search finds needs no other vectors to be
    ranked by. Reading a cluster so takes a seventh longer than in 8 bits, and twice the room.

    The lists may lie in a file that is mapped into memory. Nothing can be added to such lists:
    faiss ends the process that tries. So additions make new lists: `merged`.

    Attributes:
        index: The lists.
        n_trained: How many passages there were when the clusters were made.
    """

    def __init__(
        self,
        index: Any,  # faiss's stubs know little of an IndexIVFScalarQuantizer
        *,
        n_trained: int,
        file: np.ndarray | None = None,
    ) -> None:
        """Take over what faiss has built or read.

        Args:
            index: The lists.
            n_trained: How many passages there were when the clusters were made.
            file: What the lists are a view of; it must live as long as they.
        """
        self.index = index
        self.n_trained = n_trained
        self._file = file
        lists = list(_lists(index))
        self._codes = [codes for _, codes in lists]
        # The first place of each cluster, where places count the codes of all in a row.
        self._firsts = np.cumsum([0, *map(len, self._codes)])
        ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in lists)])
        # Place of the code of passage i; -1 for one that is not there.
        self._places = np.full(int(ids.max(initial=0)) + 1, -1, np.int32)
        self._places[ids] = np.arange(len(ids))
        # Bit i: whether passage i is held and was not removed; for faiss, little end first.
        self._held = np.packbits(self._places >= 0, bitorder="little")
        self._n_removed = 0

    @classmethod
    def build(cls, ids: Sequence[int], vectors_of: VectorsOf, *, dimensions: int) -> "Inverted":
        """Make clusters for some passages and fill them; the same passages give the same ones.

        Args:
            ids: The passages, ascending; at least one.
            vectors_of: Gives their vectors.
            dimensions: Length of a vector.
        """
        n_clusters = min(CLUSTERS_PER_ROOT * isqrt(len(ids)), len(ids))
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        index = _empty(dimensions, n_clusters)
        index.cp.spherical = True
        index.cp.niter = _ROUNDS
        index.cp.min_points_per_centroid = 1  # do not complain on standard error
        index.cp.max_points_per_centroid = _SAMPLES_PER_CLUSTER
        sample = ids[:: -(-len(ids) // (n_clusters * _SAMPLES_PER_CLUSTER))]
        rows = np.empty((len(sample), dimensions), np.float32)
        for start in range(0, len(sample), _VECTORS_AT_ONCE):
            some = sample[start : start + _VECTORS_AT_ONCE]
            rows[start : start + len(some)] = vectors_of(some)
        index.train(rows)
        del rows  # hundreds of megabytes, where passages are many
        _add(index, ids, vectors_of)
        return cls(index, n_trained=len(ids))

    def merged(
        self, added: Sequence[int], removed: Sequence[int], vectors_of: VectorsOf
    ) -> "Inverted":
        """New lists of the same clusters, with what came and went since these were made.

        What was removed from these by `remove` is in them as long as `removed` does not name it.

        Args:
            added: Ids of passages.
            removed: Ids of passages; ids of none are passed over.
            vectors_of: Gives the vectors of those added.
        """
        old = self.index
        index = _empty(old.d, old.nlist)
        index.quantizer.add(old.quantizer.reconstruct_n(0, old.nlist))
        index.sq = old.sq
        index.is_trained = True
        gone = np.array([*added, *removed], np.int64)
        stay = np.ones(max(int(gone.max(initial=0)) + 1, len(self._held) * 8), bool)
        stay[gone] = False
        for number, (ids, codes) in enumerate(_lists(old)):
            kept, its_codes = ids[stay[ids]], codes[stay[ids]]
            pointers = faiss.swig_ptr(kept), faiss.swig_ptr(its_codes)
            index.invlists.add_entries(number, len(kept), *pointers)
            index.ntotal += len(kept)
        _add(index, added, vectors_of)
        return Inverted(index, n_trained=self.n_trained)

    def __len__(self) -> int:
        """How many passages it holds."""
        return int(self.index.ntotal) - self._n_removed

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return int(self.index.nlist)

    def fit(self, n: int) -> bool:
        """Whether the clusters suit so many passages."""
        return self.n_trained <= n * _OUTGROWN and n <= self.n_trained * _OUTGROWN

    def holds(self, passage: int) -> bool:
        """Whether it holds a passage."""
        place = passage >> 3
        return place < len(self._held) and bool(self._held[place] >> (passage & 7) & 1)

    def vectors(self, ids: Sequence[int]) -> np.ndarray:
        """Vectors of passages that it holds.

        Returns:
            float32 array of shape (n, dimensions), n at least 1; row i is of passage `ids[i]`.
        """
        places = self._places[np.asarray(ids, np.int64)]
        clusters = np.searchsorted(self._firsts, places, side="right") - 1
        rows = places - self._firsts[clusters]
        codes = np.empty((len(places), self.index.code_size), np.uint8)
        for n, (cluster, row) in enumerate(zip(clusters.tolist(), rows.tolist(), strict=True)):
            codes[n] = self._codes[cluster][row]
        return codes.view(np.float16).astype(np.float32)

    def remove(self, ids: Sequence[int]) -> None:
        """Find some passages no more; ids of none are passed over."""
        for each in ids:
            if self.holds(each):
                self._held[each >> 3] ^= 1 << (each & 7)
                self._n_removed += 1

    def nearest(
        self, vector: np.ndarray, *, n: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The n passages of largest inner product with it, and the products, best first.

        A passage that is of none of the nearest clusters is not found. Where some passages are
        asked for more clusters are read, where they are few all.

        Args:
            vector: Array of shape (dimensions,).
            n: How many, at most.
            within: Ids of the passages to choose from; None for all.
        """
        n = min(n, len(self))
        if not n:  # faiss will not be asked for none
            return []
        how = faiss.SearchParametersIVF()
        held = self._held if within is None else self._held & _bits(within, len(self._held))
        if self._n_removed or within is not None:
            how.sel = faiss.IDSelectorBitmap(len(held), faiss.swig_ptr(held))
        if within is not None and len(within) * _FEW < len(self):
            how.nprobe = self.n_clusters
            products, ids = self.index.search(vector[None], n, params=how)
        else:
            more = 1 if within is None else _MORE_WITHIN
            products, ids = search_near(self.index, vector, n=n, more=more, how=how)
        pairs = zip(ids[0].tolist(), products[0].tolist(), strict=True)
        return [(each, product) for each, product in pairs if each >= 0]


def search_near(
    index: Any, vector: np.ndarray, *, n: int, more: int = 1, how: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """What faiss's search of an index gives, which reads the clusters that are near a vector.

    Args:
        index: faiss's IVF index.
        vector: Array of shape (dimensions,).
        n: How many, at most.
        more: So many times as many clusters are read.
        how: faiss's parameters but for the number of clusters.

    Returns:
        Inner products and ids, best first, of shape (1, n); the id -1 where fewer are found.
    """
    how = how or faiss.SearchParametersIVF()
    most = min(more * MOST_READ, int(index.nlist))
    of_centres, clusters = index.quantizer.search(vector[None], most)
    near = int(np.count_nonzero(of_centres >= of_centres[0, 0] - READ_WITHIN))
    how.nprobe = min(more * max(min(near, MOST_READ), LEAST_READ), most)
    products, ids = np.empty((1, n), np.float32), np.empty((1, n), np.int64)
    # The one of its methods that takes both clusters and parameters; it takes pointers.
    stores_places = False
    arrays = np.ascontiguousarray(vector, np.float32), clusters, of_centres, products, ids
    x, *pointers = map(faiss.swig_ptr, arrays)
    index.search_preassigned_c(1, x, n, *pointers, stores_places, how)
    return products, ids


def _bits(ids: Sequence[int], size: int) -> np.ndarray:
    """A bitmap of so many bytes in which the bits of the ids are set, little end first."""
    bits = np.zeros(size * 8, bool)
    known = np.asarray(ids, np.int64)
    bits[known[known < size * 8]] = True
    return np.packbits(bits, bitorder="little")


def mapped(content: np.ndarray) -> Any:
    """The lists that an array of bytes holds; they are a view of it."""
    reader: Any = vars(faiss)["ZeroCopyIOReader"]  # missing in faiss's stubs
    return faiss.read_index(reader(faiss.swig_ptr(content), content.size))


def _empty(dimensions: int, n_clusters: int) -> Any:
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions),
        *(dimensions, n_clusters, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT),
    )
    index.by_residual = False  # codes are of the vectors, not of what their cluster leaves open
    return index


def _add(index: faiss.IndexIVF, ids: Sequence[int], vectors_of: VectorsOf) -> None:
    for some in batches(ids):
        index.add_with_ids(vectors_of(some), np.asarray(some, np.int64))


def _lists(index: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Ids and codes of each cluster: arrays of shape (n,) and (n, bytes of a code)."""
    lists = index.invlists
    for number in range(index.nlist):
        n = lists.list_size(number)
        if not n:
            yield np.empty(0, np.int64), np.empty((0, index.code_size), np.uint8)
            continue
        codes = faiss.rev_swig_ptr(lists.get_codes(number), n * index.code_size)
        yield faiss.rev_swig_ptr(lists.get_ids(number), n), codes.reshape(n, -1)


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in lists whose vectors do not weigh much."""
    for start in range(0, len(ids), _VECTORS_AT_ONCE):
        yield ids[start : start + _VECTORS_AT_ONCE]
