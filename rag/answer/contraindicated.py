"""Rows of drugs that must not be given to those whom the question is about: 阿莫西林 where it says 青霉素过敏."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Evidence
from rag.answer.naming import bare
from rag.retrieve.query import Group, Query
from rag.text.lexicon import lexicon
from rag.text.row import cells

_MAY = re.compile(r"能不能|能.{0,8}[吗不么]|可以.{0,8}吗|可不可以|禁|慎用|不能|不可|不宜|避免")
_ALLERGY = re.compile(r"[\u3400-\u9fff]{2,6}过敏")
_ASIDE = re.compile("[(（]")
_LEAST = 3  # characters of an allergy: where its name begins is not known, and only a whole item of a cell counts
_HEADER = re.compile("禁忌|禁用")
_ITEM = re.compile("[、；;，,和或及与/]")
_TAIL = re.compile("(?:患者|病人|妇女|者|期)+$")


def without_contraindicated(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out such rows, unless the question is whether something may be used, or names the row's drug.

    Only what a row's cell lists as a whole counts: 严重高血压 is not 高血压.
    """
    whom, allergens = _whom(query), _allergens(query.text)
    if not whom or _MAY.search(query.text):
        return list(evidence)
    drugs = [bare(n) for g in query.groups if g.kind in ("drug", "class") and not _allergen(g, query.text) for n in g.names]
    return [e for e in evidence if e.hit.passage.kind != "table" or not _forbidden(e.sentence.text, whom, allergens, drugs)]


def _whom(query: Query) -> set[str]:
    """List the people, diseases and allergies of a question, in all their names."""
    people = [n for p in query.populations for n in lexicon().names(p)]
    ill = [n for g in query.groups if g.kind in ("disease", "symptom", "population") for n in g.names]
    allergies = [found[n:] for found in _ALLERGY.findall(query.text) for n in range(len(found) - _LEAST)]
    return {_TAIL.sub("", bare(n)) for n in (*people, *ill, *allergies)} - {""}


def _allergen(group: Group, question: str) -> bool:
    """Tell whether a question names a drug only as what is not tolerated."""
    text = bare(question)
    return any(f"{bare(n)}过敏" in text and bare(n) not in text.replace(f"{bare(n)}过敏", "") for n in group.names)


def _allergens(question: str) -> set[str]:
    """List what is not tolerated by its names, of a class (青霉素类) with the drugs that belong to it."""
    told = {found[n:].removesuffix("过敏") for found in _ALLERGY.findall(question) for n in range(len(found) - _LEAST)}
    known = [n for name in told for n in (name, f"{name}类") if lexicon().names(n) != {n}]
    return {bare(other) for name in known for other in (name.removesuffix("类"), *lexicon().names(name))}


def _forbidden(row: str, whom: set[str], allergens: set[str], drugs: Sequence[str]) -> bool:
    found = [(head, bare(value)) for head, value in cells(row)]
    if not found or any(d in found[0][1] for d in drugs):
        return False
    items = {_TAIL.sub("", item) for head, value in found if _HEADER.search(head) for item in _ITEM.split(value)}
    return bool(items & whom) or any(name in _ASIDE.split(found[0][1])[0] for name in allergens)
