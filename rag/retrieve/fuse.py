"""How lexical and dense scores become one: both standardised over the candidates, then summed."""

from __future__ import annotations

import numpy as np

# Measured by `python -m eval ablation`: rank fusion loses, a weighted sum of standard scores wins.
DENSE_WEIGHT = 1.2


def standardise(scores: np.ndarray) -> np.ndarray:
    """Shift and scale scores to mean 0 and deviation 1; constant scores become 0."""
    deviation = scores.std()
    return (scores - scores.mean()) / deviation if deviation > 1e-9 else np.zeros_like(scores)


def fuse(lexical: np.ndarray, dense: np.ndarray, dense_weight: float = DENSE_WEIGHT) -> np.ndarray:
    """Sum standardised scores of the same candidates, float of shape (candidates,)."""
    return standardise(lexical) + dense_weight * standardise(dense)
