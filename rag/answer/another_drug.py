"""Doses and times of another drug, or for another disease, than asked about: however well the rest fits, they are no answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.answer import cues
from rag.answer.evidence import Evidence
from rag.answer.naming import bare, own_text
from rag.retrieve.query import Query
from rag.text.lexicon import lexicon
from rag.text.row import cells

_DOSE = ("dose",)
_TIME = ("time",)
_CONDITION = re.compile("中毒|过量|过敏|不耐受|无效|禁忌")
_BEFORE = "(?:不能?耐受|无法耐受|不耐受|不能用|停用)"
_DILUENTS = re.compile(r"生理盐水|氯化钠|葡萄糖|注射用水|林格")  # what a drug is given in


def without_others(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out the sentences with doses that are not what a question asks for.

    Where it asks for the dose of drugs it names, these are other drugs' doses: what a sentence is about stands in itself (of a
    row in its first cell) or, where it names no drug, in the nearest heading; a class may be meant by any of its members. So
    are the times under another drug's heading. Where it names a disease and a drug or dose, they are the doses in guidelines
    that say nothing of the disease where they were found to fit, if the one that fits best does or one is named after it.
    """
    drugs, diseases = _asked(query, "drug"), _asked(query, "disease")
    ills = diseases | _asked(query, "symptom")
    figures = cues.asked(query.text)
    dose = "dose" in figures
    with_dose = {id(e) for e in evidence if any(cues.held(e.sentence.text, _DOSE))} if drugs or dose else set()
    kept = list(evidence)
    if drugs and dose and not _asked(query, "class"):
        kept = [e for e in kept if id(e) not in with_dose or not _of_another_drug(e, drugs, query.text)]
    elif drugs and "time" in figures:
        kept = [e for e in kept if not any(cues.held(e.sentence.text, _TIME)) or not _under_another_drug(e, drugs)]
    hits = {e.hit.rank: e for e in kept}
    about = {e.hit.edition.guideline_id for e in hits.values() if _names(own_text(e) + e.hit.passage.text, ills)}
    best = {hits[min(hits)].hit.edition.guideline_id} if hits else set()
    if about & best or any(_names(e.hit.edition.title, diseases) for e in hits.values()):
        kept = [e for e in kept if id(e) not in with_dose or e.hit.edition.guideline_id in about]
    return kept


def _asked(query: Query, kind: str) -> set[str]:
    return {bare(n) for g in query.groups if g.kind == kind for n in g.names}


def _of_another_drug(item: Evidence, asked: Collection[str], question: str) -> bool:
    for text in (_subject(item), *item.section[-1:]):
        if _names(text if _CONDITION.search(question) else _unconditional(text, asked), asked):
            return False
        if any(m.kind == "drug" and not _DILUENTS.search(m.surface) for m in lexicon().find(text)):
            return True
    return False


def _under_another_drug(item: Evidence, asked: Collection[str]) -> bool:
    """Tell whether a sentence that names no drug stands under the heading of one that was not asked about."""
    if item.hit.passage.kind == "table" or any(m.kind == "drug" for m in lexicon().find(item.sentence.text)) or not item.section:
        return False
    return not _names(item.section[-1], asked) and any(m.kind == "drug" for m in lexicon().find(item.section[-1]))


def _subject(item: Evidence) -> str:
    """Return what may name the drug of a dose: a sentence, of a row its first cell where that names a drug."""
    text = item.sentence.text
    if item.hit.passage.kind != "table":
        return text
    first = next((value for _, value in cells(text)), "")
    return first if any(m.kind == "drug" for m in lexicon().find(first)) else text


def _unconditional(text: str, asked: Collection[str]) -> str:
    """Leave out the drugs that only say for whom the dose of another is: 甲中毒, 不能耐受甲的患者."""
    names = "|".join(map(re.escape, sorted(asked, key=len, reverse=True)))
    return re.sub(rf"(?:{names})(?:{_CONDITION.pattern})|{_BEFORE}(?:{names})", "", bare(text))


def _names(text: str, names: Collection[str]) -> bool:
    found = bare(text)
    return any(name in found for name in names)
