"""What differs between two states of a corpus, edition by edition, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from rag.types import Edition

Kind = Literal["added", "replaced", "removed", "renamed", "restated"]
_FIELDS = {"title": "题名", "issuer": "制定者", "year": "年份", "edition": "版次", "reason": "理由", "doi": "DOI"}
_NONE: Mapping[str, str] = MappingProxyType({})
_STATUS = {"current": "现行", "superseded": "已取代", "withdrawn": "已撤回"}


class Difference(NamedTuple):
    """One edition that is not as it was; `source` is its file."""

    kind: Kind
    source: str
    why: str


def differences(before: Sequence[Edition], after: Sequence[Edition], failures: Mapping[str, str] = _NONE) -> list[Difference]:
    """List what became of each edition: an edition is known by its id, a file by its content.

    `failures` says of files that cannot be read why.
    """
    old_by_id = {e.guideline_id: e for e in before}
    old_by_source = {e.source: e for e in before}
    names = {e.guideline_id: e.title for e in [*before, *after]}
    kept: set[str] = set()
    found = []
    for new in after:
        old = old_by_id.get(new.guideline_id)
        if old is None and (same := old_by_source.get(new.source)) is not None and same.guideline_id not in {e.guideline_id for e in after}:
            old = same
        if old is None:
            found.append(Difference("added", new.source, f"新文件{_named(new.title)}{_replacing(new, names)}"))
            continue
        kept.add(old.guideline_id)
        found.extend(_between(old, new, after))
    for e in before:
        if e.guideline_id not in kept:
            why = f"这次没能读它{_named(e.title)}：{failures[e.source]}" if e.source in failures else f"语料里已没有它{_named(e.title)}"
            found.append(Difference("removed", e.source, why))
    return sorted(found)


def _between(old: Edition, new: Edition, after: Sequence[Edition]) -> list[Difference]:
    """List the differences between two states of one edition."""
    if old.sha256 != new.sha256:
        same_name = old.source == new.source
        return [Difference("replaced", new.source, f"{'同名' if same_name else '换了'}文件，内容变了{_named(new.title)}")]
    found = []
    if old.source != new.source:
        found.append(Difference("renamed", new.source, f"由 {old.source} 改名，内容未变"))
    if old.status != new.status:
        by = next((f"，由《{e.title}》取代" for e in after if new.guideline_id in e.supersedes), "")
        found.append(Difference("restated", new.source, f"{_STATUS[old.status]} → {_STATUS[new.status]}{by}{_named(new.title)}"))
    changed = [f"{label}“{getattr(old, name)}”→“{getattr(new, name)}”" for name, label in _FIELDS.items() if getattr(old, name) != getattr(new, name)]
    present = {e.guideline_id for e in after}  # a replaced edition that left the corpus is told as removed
    if set(old.supersedes) & present != set(new.supersedes) & present and old.status == new.status:
        changed.append(f"取代的版本改为 {'、'.join(new.supersedes) or '无'}")
    if changed:
        found.append(Difference("restated", new.source, "；".join(changed)))
    return found


def _named(title: str) -> str:
    return f"（《{title}》）" if title else ""


def _replacing(new: Edition, names: dict[str, str]) -> str:
    replaced = [f"《{names[i]}》" for i in new.supersedes if i in names]
    return f"，取代{'、'.join(replaced)}" if replaced else ""
