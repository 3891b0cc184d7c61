"""Which editions and recommendations may answer: the current ones, those of a past year, those strong enough, or all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.types import Edition, EditionStatus


@dataclass(frozen=True, slots=True)
class Scope:
    """Restrict a search. `as_of` is a year; `guidelines` are ids and empty means all; `min_grade` is a grade as printed.

    `include_withdrawn` is for a question that names a withdrawn edition: it is answered, with a warning.
    """

    as_of: int | None = None
    include_superseded: bool = False
    guidelines: frozenset[str] = frozenset()
    min_grade: str = ""
    include_withdrawn: bool = False

    @property
    def statuses(self) -> frozenset[EditionStatus]:
        """List the statuses of the editions that may answer today."""
        asked: list[tuple[EditionStatus, bool]] = [
            ("current", True), ("superseded", self.include_superseded), ("withdrawn", self.include_withdrawn),
        ]
        return frozenset(status for status, wanted in asked if wanted)


def allowed(editions: Sequence[Edition], scope: Scope) -> np.ndarray:
    """Tell of each edition whether it may answer, bool of shape (editions,)."""
    if scope.as_of is None:
        ok = [e.status in scope.statuses for e in editions]
    else:
        known = {e.guideline_id for e in editions if e.year and e.year <= scope.as_of}
        replaced = {old for e in editions if e.guideline_id in known for old in e.supersedes}
        ok = [e.guideline_id in known and e.guideline_id not in replaced and e.status != "withdrawn" for e in editions]
    if scope.guidelines:
        ok = [a and e.guideline_id in scope.guidelines for a, e in zip(ok, editions, strict=True)]
    return np.array(ok, bool)
