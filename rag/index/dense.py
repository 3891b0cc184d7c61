"""The FAISS index over evidence windows: exact while that is fast enough, a graph above."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import IndexUnusableError

if TYPE_CHECKING:
    import faiss

EXACT_BELOW = 200_000
_HNSW_LINKS = 32
_BATCH = 10_000


def choose_kind(windows: int) -> str:
    """Name the index type for a number of windows: `flat` (exact) or `hnsw`."""
    return "flat" if windows < EXACT_BELOW else "hnsw"


def build(parts: Iterable[np.ndarray]) -> faiss.Index:
    """Index unit vectors by inner product, as they come in arrays of shape (n, dimension), without holding them twice."""
    import faiss

    coming = iter(parts)
    first = next(coming)
    index = faiss.IndexFlatIP(first.shape[1])
    for vectors in chain([first], coming):
        index.add(np.ascontiguousarray(vectors, np.float32))
    return index if choose_kind(index.ntotal) == "flat" else _graph(index)


def _graph(flat: faiss.Index) -> faiss.Index:
    import faiss

    faiss.omp_set_num_threads(1)  # insertion order decides the graph: one thread makes it reproducible
    index = faiss.IndexHNSWFlat(flat.d, _HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 80
    for start in range(0, flat.ntotal, _BATCH):
        index.add(flat.reconstruct_n(start, min(_BATCH, flat.ntotal - start)))
    return index


def save(index: faiss.Index, path: Path) -> None:
    """Write the index in FAISS's own format. Raises OSError when there is no room; FAISS does not say why it fails."""
    import faiss

    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error


def open_index(path: Path) -> faiss.Index:
    """Map an index into memory, read-only."""
    import faiss

    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except RuntimeError as error:
        raise IndexUnusableError(f"向量索引 {path} 已损坏。请运行：zhinan index build") from error
    if hasattr(index, "hnsw"):
        index.hnsw.efSearch = 128
    return index


def nearest(index: faiss.Index, query: np.ndarray, k: int, among: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Find the k nearest windows to one vector: (window numbers int64, inner products float32), best first.

    `among` are the numbers of the only windows to compare, int64; an index that is a graph is searched whole.
    """
    import faiss

    if not index.ntotal:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    only = None
    if among is not None and not hasattr(index, "hnsw"):
        only = faiss.SearchParameters(sel=faiss.IDSelectorArray(np.ascontiguousarray(among, np.int64)))
    scores, ids = index.search(query.reshape(1, -1).astype(np.float32), min(k, index.ntotal), params=only)
    found = ids[0] >= 0
    return ids[0][found], scores[0][found]
