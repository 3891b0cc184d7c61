"""How a passage's line is held against what was written: one digest each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

DIGEST = 8  # bytes


def line_digest(line: bytes) -> bytes:
    """Hash one line."""
    return hashlib.blake2b(line, digest_size=DIGEST).digest()


def line_digests(data: bytes, lengths: Sequence[int] | np.ndarray) -> Iterable[bytes]:
    """Hash each of the lines that stand one after the other in `data`."""
    at = 0
    for length in lengths:
        yield line_digest(data[at : at + int(length)])
        at += int(length)
