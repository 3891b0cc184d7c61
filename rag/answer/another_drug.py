"""Doses of another drug, or for another disease, than the one asked about: however well the rest fits, they are no answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.answer import cues
from rag.answer.absent import bare, own_text
from rag.answer.evidence import Evidence
from rag.retrieve.query import Query
from rag.text.lexicon import lexicon

_DOSE = ("dose",)
_DILUENTS = re.compile(r"生理盐水|氯化钠|葡萄糖|注射用水|林格")  # what a drug is given in


def without_others(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out the sentences with doses that are not what a question asks for.

    Where it asks for the dose of drugs it names, these are other drugs' doses: what a sentence is about stands in itself or,
    where it names no drug, in the nearest heading; a class may be meant by any of its members. Where it names a disease and a
    drug or dose, they are the doses in guidelines that say nothing of the disease where they were found to fit, if the one
    that fits best does or one is named after it.
    """
    drugs, diseases = _asked(query, "drug"), _asked(query, "disease")
    ills = diseases | _asked(query, "symptom")
    dose = "dose" in cues.asked(query.text)
    with_dose = {id(e) for e in evidence if any(cues.held(e.sentence.text, _DOSE))} if drugs or dose else set()
    kept = list(evidence)
    if drugs and dose and not _asked(query, "class"):
        kept = [e for e in kept if id(e) not in with_dose or not _of_another_drug(e, drugs)]
    hits = {e.hit.rank: e for e in kept}
    about = {e.hit.edition.guideline_id for e in hits.values() if _names(own_text(e) + e.hit.passage.text, ills)}
    best = {hits[min(hits)].hit.edition.guideline_id} if hits else set()
    if about & best or any(_names(e.hit.edition.title, diseases) for e in hits.values()):
        kept = [e for e in kept if id(e) not in with_dose or e.hit.edition.guideline_id in about]
    return kept


def _asked(query: Query, kind: str) -> set[str]:
    return {bare(n) for g in query.groups if g.kind == kind for n in g.names}


def _of_another_drug(item: Evidence, asked: Collection[str]) -> bool:
    for text in (item.sentence.text, *item.section[-1:]):
        if _names(text, asked):
            return False
        if any(m.kind == "drug" and not _DILUENTS.search(m.surface) for m in lexicon().find(text)):
            return True
    return False


def _names(text: str, names: Collection[str]) -> bool:
    found = bare(text)
    return any(name in found for name in names)
