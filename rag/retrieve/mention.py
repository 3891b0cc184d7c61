"""Which edition a question names: `2018年版`, `2018年的高血压指南`, `第九版`, `旧版`, together with words of the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.retrieve.query import Query
from rag.text.edition_words import CURRENT, DATED, KIND_THEN_YEAR, OLD, YEAR_THEN_KIND
from rag.text.normalise import squeeze
from rag.text.segment import bigrams
from rag.titles import ordinal, subject
from rag.types import Edition

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
# What may stand between a year and 指南 besides the subject: 2018年出的那份国家高血压防治指南.
_FILLING = re.compile(r"[的出那个份版本新老旧]|发布|颁布|公布|制定|国家|中国|我国|全国|基层|诊断|治疗|诊疗|诊治|防治|管理|专家|临床")
_COMPARING = re.compile("相?比|不同|区别|差别|变化|改了|改成|改为|更新了")
_REVISED = re.compile("修订|修正")
_TITLE_SHARE = 1 / 3  # of the bigrams of the work's subject that the question must contain
_OF_THE_BEST = 0.75  # the same in relation to the work that it is most about
_SURELY = 0.5  # the same from which an edition of that work can be missed


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names: ids of editions.

    Where its words do not tell the work, `one_of` are all editions of that year or ordinal. Where the corpus lacks the
    edition named, `instead` are those it has of that work.
    """

    ids: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    instead: tuple[Edition, ...] = ()


def named_editions(query: Query, editions: Sequence[Edition]) -> Named:
    """Return what a question names by year, ordinal or as the old edition; empty when it names none.

    A withdrawn edition is named only where no other is.
    """
    text = squeeze(query.text)
    if not any(mark.search(text) for mark in (_YEAR, DATED, OLD)) and not ordinal(text):
        return Named()
    dated = _dated(text, query, editions)
    found = _as_revised(text, _about(query, dated, _TITLE_SHARE))
    if not found and OLD.search(text):
        found = _latest(_about(query, [e for e in editions if e.status == "superseded"], _TITLE_SHARE))
    if found:
        if CURRENT.search(text) or (OLD.search(text) and _COMPARING.search(text)):
            found += _about(query, [e for e in editions if e.status == "current"], _TITLE_SHARE)
        return Named(_ids([e for e in found if e.status != "withdrawn"] or found))
    if not (_years(text, query, "") or ordinal(text) or OLD.search(text)):
        return Named()
    missing = _about(query, editions, _SURELY)
    return Named(instead=tuple(missing)) if missing else Named(one_of=_ids([e for e in dated if e.status != "withdrawn"]))


def _dated(text: str, query: Query, editions: Sequence[Edition]) -> list[Edition]:
    """List the editions of the years or the ordinal that the question names."""
    number = ordinal(text)
    return [
        e for e in editions
        if any(y == e.year or str(y) in squeeze(e.title) for y in _years(text, query, e.title))
        or (number and ordinal(squeeze(e.title + e.edition)) == number)
    ]


def _as_revised(text: str, editions: Sequence[Edition]) -> list[Edition]:
    """Keep of several the revised ones (第八版修订版) where the question says so, else the others."""
    asked = bool(_REVISED.search(text))
    return [e for e in editions if bool(_REVISED.search(e.title)) == asked] or list(editions)


def _latest(editions: Sequence[Edition]) -> list[Edition]:
    return [e for e in editions if e.year == max(other.year for other in editions)]


def _ids(editions: Sequence[Edition]) -> frozenset[str]:
    return frozenset(e.guideline_id for e in editions)


def _about(query: Query, editions: Sequence[Edition], share: float) -> list[Edition]:
    """List the editions of the works that the question is most about: it has this share of their subject's bigrams."""
    said = set(bigrams(" ".join([query.text, *(term for _, term, _ in query.expansions)])))
    shares = [len(about & said) / len(about) if (about := set(bigrams(subject(e.title)))) else 0.0 for e in editions]
    least = max(share, _OF_THE_BEST * max(shares, default=0.0))
    return [e for e, found in zip(editions, shares, strict=True) if found >= least]


def _years(text: str, query: Query, title: str) -> set[int]:
    """Return the years by which the question names an edition of this title; 2018年查出的高血压 names none."""
    found = {int(y) if len(y) == 4 else 2000 + int(y) for y in DATED.findall(text)} | {int(y) for y in KIND_THEN_YEAR.findall(text)}
    known = set(title).union(*(surface + term for surface, term, _ in query.expansions))
    found |= {int(y) for y, between in YEAR_THEN_KIND.findall(text) if set(_FILLING.sub("", between)) <= known}
    if found and _COMPARING.search(text):
        found |= {int(y) for y in _YEAR.findall(text)}
    return found
