"""Which of the things that a question names are absent: from a text, or from each sentence that could be the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer import cues
from rag.answer.evidence import Evidence
from rag.answer.fit import KINDS
from rag.retrieve.query import Group, Query
from rag.text.lexicon import lexicon
from rag.text.normalise import squeeze

FEATURES = (
    "disease_missing", "drug_missing", "other_missing", "disease_apart", "drug_apart", "other_apart", "all_apart",
    "drug_without_figure", "other_without_figure", "special_apart",
)
# People for whom a general dose may do harm.
_SPECIAL = frozenset({"妊娠", "哺乳", "儿童", "婴儿", "新生儿", "早产儿", "肾功能不全", "透析患者", "肝功能不全", "免疫功能低下者"})
_HINTS = frozenset({"aspect", "population", "unit"})


def absent(query: Query, text: str, likely: Sequence[Evidence], pool: Sequence[Evidence]) -> dict[str, float]:
    """Describe by FEATURES what is absent, each from 0 (nothing) to 1.

    `missing` is from the whole text, bare; `apart` from the likely answer that has the most; `without_figure` from the
    sentence of the pool that best joins what is named with the kind of figure asked for.
    """
    groups = {kind: _of_kind(query, kind) for kind in ("disease", "drug", "other")}
    own = [bare(own_text(e)) for e in likely]
    apart = {kind: [_missing(some, t) for t in own] for kind, some in groups.items()}
    together = [drug + (disease + other) / 2 for disease, drug, other in zip(*apart.values(), strict=True)]
    return {
        **{f"{kind}_missing": _missing(some, text) for kind, some in groups.items()},
        **{f"{kind}_apart": min(shares) for kind, shares in apart.items()},
        "all_apart": min(together) / 2,
        **{f"{kind}_without_figure": _without_figure(query, groups[kind], pool) for kind in ("drug", "other")},
        "special_apart": _special_apart(query, own),
    }


def named(group: Group, text: str) -> bool:
    """Tell whether a bare text has one of a group's names; a Latin one only by itself."""
    return any(_names(text, bare(n)) for n in group.names)


def bare(text: str) -> str:
    """Return a text in small letters without white space."""
    return squeeze(text).lower()


def own_text(item: Evidence) -> str:
    """Return a sentence below its title and headings."""
    return "\n".join([item.hit.edition.title, *item.section, item.sentence.text])


def _of_kind(query: Query, kind: str) -> list[Group]:
    kinds = {name: of for of, names in KINDS.items() for name in names}
    return [g for g in query.groups if g.names and g.kind not in _HINTS and kinds.get(g.kind, "other") == kind]


def _missing(groups: Sequence[Group], text: str) -> float:
    """Return the share of the groups of which no name stands in a text."""
    return sum(not named(g, text) for g in groups) / len(groups) if groups else 0.0


def _without_figure(query: Query, groups: Sequence[Group], pool: Sequence[Evidence]) -> float:
    asked = cues.asked(query.text)
    if not groups or not asked:
        return 0.0
    joined = ((1 - _missing(groups, bare(own_text(e)))) * len(set(cues.held(e.sentence.text, asked))) / len(asked) for e in pool)
    return 1 - max(joined)


def _special_apart(query: Query, own: Sequence[str]) -> float:
    """Tell whether a question is about people for whom doses differ, and no likely answer names them."""
    special = [p for p in query.populations if p in _SPECIAL]
    return float(bool(special) and not any(all(any(bare(n) in t for n in lexicon().names(p)) for p in special) for t in own))


def _names(text: str, name: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None
