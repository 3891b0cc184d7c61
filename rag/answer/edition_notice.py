"""What the reader must know of the editions that an answer cites, and of one that was asked for and is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.retrieve.mention import named_editions
from rag.retrieve.query import Query
from rag.retrieve.scope import Scope, allowed
from rag.types import Edition, Notice, Statement


def edition_notices(query: Query, editions: Sequence[Edition], statements: Sequence[Statement], scope: Scope) -> Iterator[Notice]:
    """Yield a warning for each superseded or withdrawn edition cited, and one where what was asked for is not in the corpus."""
    if scope.as_of is not None:
        if not allowed(editions, scope).any():
            yield Notice("edition_missing", f"库里没有 {scope.as_of} 年及以前的版本。")
    elif instead := named_editions(query, editions).instead:
        there = "、".join(sorted({f"《{e.title}》" for e in instead}))
        yield Notice("edition_missing", f"库里没有问题所说的那一版，有的是{there}；下面的内容不出自所问的版本。")
    for edition in {c.edition.guideline_id: c.edition for s in statements for c in s.citations}.values():
        name = f"《{edition.title}》（{edition.year or '年份不详'}）"
        if edition.status == "superseded":
            yield Notice("superseded", f"{name}已被更新的版本取代，仅供查考。{_newer(edition, editions)}")
        if edition.status == "withdrawn":
            yield Notice("withdrawn", f"{name}已撤回{f'（{edition.reason}）' if edition.reason else ''}，不得据此处理患者。")


def _newer(edition: Edition, editions: Sequence[Edition]) -> str:
    """Name the current edition that took the place of one, over as many steps as it took."""
    ids = {edition.guideline_id}
    for _ in editions:
        newer = next((e for e in editions if ids & set(e.supersedes) and e.guideline_id not in ids), None)
        if newer is None:
            return ""
        if newer.status == "current":
            return f"现行的是《{newer.title}》（{newer.year or '年份不详'}）。"
        ids.add(newer.guideline_id)
    return ""
