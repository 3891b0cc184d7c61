"""nDCG, reciprocal rank and recall of one ranked list with binary relevance."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set


def ndcg(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the normalised discounted cumulative gain at k (Järvelin and Kekäläinen 2002)."""
    gain = sum(1 / math.log2(i + 2) for i, item in enumerate(ranked[:k]) if item in relevant)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(len(relevant), k)))
    return gain / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return one over the rank of the first relevant item within k, else 0."""
    return next((1 / (i + 1) for i, item in enumerate(ranked[:k]) if item in relevant), 0.0)


def recall(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return the share of the relevant items within the first k."""
    return len(set(ranked[:k]) & relevant) / len(relevant) if relevant else 0.0
