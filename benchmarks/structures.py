"""The structures that faiss offers over the same vectors: which is fast, small, exact enough."""

import os
import time
from collections.abc import Callable, Iterator
from math import isqrt
from typing import Any

import faiss
import numpy as np

from benchmarks.grown import Real
from benchmarks.workspace import say
from index.encoder import OnnxEncoder
from index.inverted import READ_WITHIN, search_near
from qa.metrics import percentile

RANKED = 10
QUESTIONS = 200
# How many times the root of the number of passages, and bits a number.
CLUSTERS = ((2, 16), (4, 16), (8, 16), (8, 8))
PROBED = (64, 128, 192, 320)
LINKS, BUILT_BREADTH, BREADTHS = 16, 80, (64, 128)


def compare(real: Real, n: int) -> list[dict[str, Any]]:
    """Milliseconds of one core a question, recall of the ten nearest, megabytes, building."""
    encoder = OnnxEncoder()
    asked = np.stack([encoder.encode_question(each) for each in real.questions(QUESTIONS)])
    rows = np.stack([vector for _, vector in real.grown(n)])
    cores = os.cpu_count() or 1
    truth = np.sort(asked @ rows.T)[:, -RANKED]
    measured = []
    for name, index in _structures(rows.shape[1], n):
        say(f"structures: {name}")
        faiss.omp_set_num_threads(cores)
        start = time.perf_counter()
        index.train(rows)
        index.add(rows)
        built = {
            "MB": len(faiss.serialize_index(index)) / 1e6,
            "build s": time.perf_counter() - start,
        }
        faiss.omp_set_num_threads(1)
        for setting, search in _settings(index):
            figures = _asked(search, asked, rows, truth)
            measured.append({"structure": name + setting, **figures, **built})
    faiss.omp_set_num_threads(cores)
    return measured


def _structures(d: int, n: int) -> Iterator[tuple[str, Any]]:
    inner, kinds = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer
    yield "flat, 32 bits", faiss.IndexFlatIP(d)
    yield "flat, 16 bits", faiss.IndexScalarQuantizer(d, kinds.QT_fp16, inner)
    yield "flat, 8 bits", faiss.IndexScalarQuantizer(d, kinds.QT_8bit, inner)
    for factor, bits in CLUSTERS:
        n_clusters = factor * isqrt(n)
        kind = kinds.QT_fp16 if bits == 16 else kinds.QT_8bit
        index: Any = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(d), *(d, n_clusters, kind, inner)
        )
        index.by_residual = bits < 16  # as index/inverted.py has it
        index.cp.niter, index.cp.max_points_per_centroid = 8, 40
        yield f"{n_clusters} clusters, {bits} bits", index
    index = vars(faiss)["IndexHNSWSQ"](d, kinds.QT_8bit, LINKS, inner)  # faiss's stubs are wrong
    index.hnsw.efConstruction = BUILT_BREADTH
    yield f"graph of {LINKS} links (HNSW), 8 bits", index


def _settings(index: Any) -> Iterator[tuple[str, Callable[[np.ndarray], np.ndarray]]]:
    """What may be chosen at each search, with what gives the ids that it finds for a vector."""
    if isinstance(index, faiss.IndexIVF):
        for probed in PROBED:
            how: Any = faiss.SearchParametersIVF()
            how.nprobe = probed
            yield f", {probed} read", _search(index, how)
        near = f", those within {READ_WITHIN} read"
        yield near, lambda vector: search_near(index, vector, n=RANKED)[1][0]
    elif isinstance(index, faiss.IndexHNSW):
        for breadth in BREADTHS:
            how = vars(faiss)["SearchParametersHNSW"]()  # missing in faiss's stubs
            how.efSearch = breadth
            yield f", breadth {breadth}", _search(index, how)
    else:
        yield "", _search(index, None)


def _search(index: Any, how: Any) -> Callable[[np.ndarray], np.ndarray]:
    return lambda vector: index.search(vector[None], RANKED, params=how)[1][0]


def _asked(
    search: Callable[[np.ndarray], np.ndarray],
    asked: np.ndarray,
    rows: np.ndarray,
    truth: np.ndarray,
) -> dict[str, float]:
    milliseconds, n_found = [], 0
    for vector, least in zip(asked, truth, strict=True):
        start = time.thread_time()
        ids = search(vector)
        milliseconds.append(1000 * (time.thread_time() - start))
        n_found += int((rows[ids] @ vector >= least - 1e-6).sum())
    return {
        "p50 ms": percentile(milliseconds, 0.5),
        "p95 ms": percentile(milliseconds, 0.95),
        f"recall@{RANKED}": n_found / (RANKED * len(asked)),
    }
