"""How near words come to those of a text, by the bundled embedder: 冷敷 is near 凉敷, 牛肉 not to 牛奶."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from rag.embed import load_embedder
from rag.text.segment import words

EMBEDDER = "use-medical"  # whatever the index was built with: nothing is sent away, and the weights were learned with it
_KEPT = 8192  # words


def nearest(asked: np.ndarray, text: str) -> np.ndarray:
    """Return how near each vector comes to a word of a text, shape (vectors,); 0 where the text has no word."""
    there = [w for w in dict.fromkeys(words(text)) if len(w) > 1 and not w.isdigit()]
    return (asked @ vectors(there).T).max(axis=1) if there else np.zeros(len(asked), np.float32)


def vectors(some: Sequence[str]) -> np.ndarray:
    """Embed words, those not met before in one batch, float32 of shape (words, dimension)."""
    met = _met()
    if len(met) > _KEPT:
        met.clear()
    known = {w: met[w] for w in some if w in met}
    new = [w for w in dict.fromkeys(some) if w not in known]
    if new:
        met.update(zip(new, load_embedder(EMBEDDER).encode(new), strict=True))
    return np.stack([known[w] if w in known else met[w] for w in some])


@cache
def _met() -> dict[str, np.ndarray]:
    return {}
