"""Which loose file is the newer edition of which: the same work by its title, ordered by what the titles say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rag.text.normalise import squeeze
from rag.types import Edition

_NUMERALS = {c: i for i, c in enumerate("一二三四五六七八九十", start=1)}
_EDITION_MARK = re.compile(
    r"[(（《》)）]|(19|20)\d{2}年?(版|修订版|修订)?|(试行)?第?[一二三四五六七八九十\d]+版|试行|修订版|修正版|更新版|最新版|"
    r"国家卫生健康委(员会)?(办公厅)?|国家中医药管理局|关于印发|的?通知|\s"
)
_ORDINAL = re.compile(r"第([一二三四五六七八九十]|\d+)版")


def work_key(title: str) -> str:
    """Reduce a title to the work's name: no year, no edition, no notice wording."""
    return _EDITION_MARK.sub("", squeeze(title))


def ordinal(text: str) -> int:
    """Return N of 第N版 in a squeezed text, or 0."""
    found = _ORDINAL.search(text)
    if not found:
        return 0
    word = found.group(1)
    return int(word) if word.isdigit() else _NUMERALS[word]


def edition_rank(edition: Edition) -> tuple[int, int, int]:
    """Order editions of one work: by ordinal (第N版) where given, then year, then revision of the same."""
    text = squeeze(f"{edition.title} {edition.edition}")
    return ordinal(text), edition.year, int(bool(re.search("修订版|修正版|更新版", text)))


def infer_supersession(editions: Sequence[Edition]) -> list[Edition]:
    """Mark all but the newest edition of each work as superseded; a work is told by its title alone."""
    works: defaultdict[str, list[Edition]] = defaultdict(list)
    for edition in editions:
        if edition.status != "withdrawn":
            works[work_key(edition.title)].append(edition)
    changed: dict[str, Edition] = {}
    for members in works.values():
        ordered = sorted(members, key=edition_rank)
        for older, newer in zip(ordered, ordered[1:], strict=False):
            if edition_rank(older) == edition_rank(newer):
                continue
            changed[older.guideline_id] = replace(changed.get(older.guideline_id, older), status="superseded")
            changed[newer.guideline_id] = replace(newer, supersedes=(older.guideline_id,))
    return [changed.get(e.guideline_id, e) for e in editions]
