"""What verification returns: a verdict with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number", "unit", "comparator", "negation", "population", "drug", "frequency_duration", "grade", "content"
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim is not supported: the span of the claim, and what the source has in its place (may be empty)."""

    kind: Kind
    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the source supports the claim; without reasons it does."""

    supported: bool
    reasons: tuple[Reason, ...] = ()
