"""How near the words of a question come to those of a sentence, by the bundled embedder: 冷敷 is near 凉敷, 牛肉 not to 牛奶."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from rag.answer.absent import own_text
from rag.answer.evidence import Evidence
from rag.embed import load_embedder
from rag.retrieve.query import Query, without_asking
from rag.text.segment import words

EMBEDDER = "use-medical"  # whatever the index was built with: nothing is sent away, and the weights were learned with it
_KEPT = 4096  # words


def farthest_word(query: Query, likely: Sequence[Evidence]) -> float:
    """Return how near the question's farthest word comes to a word of the sentence that fits it best, 1 where all stand there."""
    asked = _content(without_asking(query.text))
    if not asked:
        return 1.0
    return max(_farthest(asked, own_text(item)) for item in likely)


def _farthest(asked: Sequence[str], text: str) -> float:
    left = [w for w in asked if w not in text]
    there = _content(text)
    if not left or not there:
        return float(not left)
    return float((_vectors(left) @ _vectors(there).T).max(axis=1).min())


def _content(text: str) -> list[str]:
    return [w for w in dict.fromkeys(words(text)) if len(w) > 1 and not w.isdigit()]


def _vectors(some: Sequence[str]) -> np.ndarray:
    """Embed words, those not met before in one batch, float32 of shape (words, dimension)."""
    met = _met()
    if len(met) > _KEPT:
        met.clear()
    known = {w: met[w] for w in some if w in met}
    new = [w for w in some if w not in known]
    if new:
        met.update(zip(new, load_embedder(EMBEDDER).encode(new), strict=True))
    return np.stack([known[w] if w in known else met[w] for w in some])


@cache
def _met() -> dict[str, np.ndarray]:
    return {}
