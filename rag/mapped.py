"""Arrays that stay on disk until they are read."""

from __future__ import annotations

from pathlib import Path
from tokenize import TokenError

import numpy as np


def mapped(path: Path) -> np.ndarray:
    """Map a .npy file into memory, read-only; a plain array, for indexing a `memmap` costs several times as much.

    Raises ValueError where the file is no such array any more.
    """
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (TokenError, SyntaxError) as error:  # numpy reads the header as Python
        raise ValueError(f"{path.name} 被改动过") from error
