"""Arrays that stay on disk until they are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def mapped(path: Path) -> np.ndarray:
    """Map a .npy file into memory, read-only; a plain array, for indexing a `memmap` costs several times as much."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
