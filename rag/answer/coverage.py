"""How much of what a question asks for a text contains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.index.snapshot import Snapshot
from rag.retrieve.query import Query
from rag.text.segment import terms

NO_GROUP = 0.5  # neither for nor against


class Coverage:
    """The groups of a question with the worth of each: the idf-weighted terms of its heaviest alternative."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        idf = snapshot.lexical.idf
        self._groups = [[{t: w * idf(t) for t, w in a.items()} for a in g.alternatives] for g in query.groups]
        self.worth = np.array([max(sum(a.values()) for a in alternatives) for alternatives in self._groups])

    def shares(self, text: str) -> np.ndarray:
        """Return the share of each group that a text covers by that group's best alternative, shape (groups,)."""
        present = set(terms(text))
        return np.array([_best(alternatives, present) for alternatives in self._groups])

    def total(self, shares: np.ndarray, among: np.ndarray | None = None) -> float:
        """Sum shares by the worth of their groups, 0 to 1; `among` selects groups, NO_GROUP when there is none."""
        worth = self.worth if among is None else self.worth * among
        whole = float(worth.sum())
        return float(shares @ worth) / whole if whole else NO_GROUP


def _best(alternatives: Sequence[dict[str, float]], present: set[str]) -> float:
    return max(sum(v for t, v in a.items() if t in present) / max(sum(a.values()), 1e-9) for a in alternatives)
