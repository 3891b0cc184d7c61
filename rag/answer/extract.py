"""An answer made of the guideline's own sentences and rows: which ones, in what order, with what context."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Evidence
from rag.text.normalise import squeeze

MAX_STATEMENTS = 6
MAX_STATEMENTS_LONG = 12

_RELATIVE_FLOOR = 0.62  # of the best sentence's score; what scores less is beside the question
_LEANS_BACK = re.compile(r"^(但|然而|不过|其中|其|该|此|这|上述|以上|同时|否则|并且|此外|若|如|除非|对于上述|前者|后者)")
_TURNS = re.compile(r"^(但|然而|不过|除非|否则)")


def select(evidence: Sequence[Evidence], limit: int = MAX_STATEMENTS) -> list[Evidence]:
    """Choose the sentences that answer, in the order of their passages' rank and then of reading.

    A sentence that leans on the one before it brings that one along, and one that turns the sentence before (但, 除非)
    is never left behind.
    """
    if not evidence:
        return []
    floor = max(e.score for e in evidence) * _RELATIVE_FLOOR
    chosen: dict[tuple[int, int], Evidence] = {}
    at = {(e.hit.rank, e.number): e for e in evidence}
    seen: set[str] = set()
    for item in sorted(evidence, key=lambda e: -e.score):
        if len(chosen) >= limit or item.score < floor:
            break
        if squeeze(item.sentence.text) in seen:
            continue
        for companion in _with_context(item, at):
            if len(chosen) < limit:
                chosen.setdefault((companion.hit.rank, companion.number), companion)
                seen.add(squeeze(companion.sentence.text))
    return [chosen[key] for key in sorted(chosen)]


def _with_context(item: Evidence, at: dict[tuple[int, int], Evidence]) -> list[Evidence]:
    """Return the sentence with the neighbours without which it would mean something else."""
    if item.hit.passage.kind == "table":
        return [item]
    result = [item]
    before = at.get((item.hit.rank, item.number - 1))
    if before and _LEANS_BACK.search(item.sentence.text):
        result.append(before)
    after = at.get((item.hit.rank, item.number + 1))
    if after and _TURNS.search(after.sentence.text):
        result.append(after)
    return result
