"""How well a score separates two groups."""

from __future__ import annotations

from collections.abc import Sequence


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative, ties counting half (Hanley and McNeil 1982)."""
    if not len(positives) or not len(negatives):
        return 0.0
    wins = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))
