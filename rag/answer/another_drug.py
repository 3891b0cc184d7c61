"""Doses of another drug than the one asked about: however well the rest fits, they are no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer import cues
from rag.answer.absent import bare
from rag.answer.evidence import Evidence
from rag.retrieve.query import Query
from rag.text.lexicon import lexicon

_DOSE = ("dose",)
_DILUENTS = re.compile(r"生理盐水|氯化钠|葡萄糖|注射用水|林格")  # what a drug is given in


def without_others(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out, where a question asks for the dose of drugs it names, the sentences that give only other drugs' doses.

    What a sentence is about stands in itself or, where it names no drug, in the nearest heading.
    """
    asked = {bare(n) for g in query.groups if g.kind in {"drug", "class"} for n in g.names}
    if not asked or "dose" not in cues.asked(query.text):
        return list(evidence)
    return [e for e in evidence if not any(cues.held(e.sentence.text, _DOSE)) or not _another(e, asked)]


def _another(item: Evidence, asked: set[str]) -> bool:
    for text in (item.sentence.text, *item.section[-1:]):
        if any(name in bare(text) for name in asked):
            return False
        if any(m.kind == "drug" and not _DILUENTS.search(m.surface) for m in lexicon().find(text)):
            return True
    return False
