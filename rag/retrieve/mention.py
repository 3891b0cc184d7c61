"""Which edition a question names: `2018年版`, `第九版` together with words of the guideline's title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.query import Query
from rag.text.normalise import squeeze
from rag.text.segment import bigrams
from rag.titles import ordinal, work_key
from rag.types import Edition

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)(?=年?(?:的|版|修订|更新|[^\d]{0,4}(?:指南|方案|规范|共识)))")
_TITLE_SHARE = 0.34  # of the work's bigrams that the question must contain


def named_editions(query: Query, editions: Sequence[Edition]) -> frozenset[str]:
    """Return the ids of the editions that a question names by year or ordinal; empty when it names none."""
    text = squeeze(query.text)
    years = {int(y) for y in _YEAR.findall(text)}
    number = ordinal(text)
    if not years and not number:
        return frozenset()
    said = set(bigrams(" ".join([query.text, *(term for _, term, _ in query.expansions)])))
    found = []
    for edition in editions:
        title = squeeze(f"{edition.title}{edition.edition}")
        dated = edition.year in years or any(str(y) in title for y in years) or (number and ordinal(title) == number)
        work = set(bigrams(work_key(edition.title)))
        if dated and work and len(work & said) >= _TITLE_SHARE * len(work):
            found.append(edition)
    revised = [e for e in found if ("修订" in text or "修正" in text) == ("修订" in e.title or "修正" in e.title)]
    return frozenset(e.guideline_id for e in (revised or found))
