"""Whether manifest, PDFs, fact-check records and supersession agree with each other and with the digests."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.digest.digest import Digest
from rag.digest.editions import edition_rows, merge_manifest
from rag.digest.factcheck import assemble
from rag.digest.finding import Finding
from rag.digest.seal import read_seal, seal_of, successors
from rag.errors import CorpusError
from rag.files import file_hash

MANIFEST = "manifest.toml"
_STATES = {"current", "superseded", "withdrawn"}
_REBUILD = "请运行 make corpus。"


def check_manifest(root: Path) -> Iterator[Finding]:
    """Check the rows of a manifest: files, hashes, states, and what supersedes what."""
    path = root / MANIFEST
    if not path.is_file():
        yield Finding(path, 1, "没有语料清单。" + _REBUILD)
        return
    text = path.read_text(encoding="utf-8")
    try:
        rows = tomllib.loads(text).get("editions", [])
    except tomllib.TOMLDecodeError as error:
        yield Finding(path, 1, f"不是有效的 TOML：{error}。")
        return
    lines = {line: n for n, line in reversed(list(enumerate(text.splitlines(), 1)))}
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = str(row.get("guideline_id", ""))
        at = lines.get(f'guideline_id = "{key}"', 1)
        if key in by_id or not key:
            yield Finding(path, at, f"编号“{key}”重复或为空。")
        by_id[key] = row
        for problem in _row_problems(root, row):
            yield Finding(path, at, f"{key}：{problem}")
    supersedes = {key: [str(o) for o in row.get("supersedes", [])] for key, row in by_id.items()}
    for key, problem in _chain_problems(supersedes, {k: str(r.get("status", "current")) for k, r in by_id.items()}):
        yield Finding(path, lines.get(f'guideline_id = "{key}"', 1), f"{key}：{problem}")


def _row_problems(root: Path, row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("status", "current") not in _STATES:
        yield f"status 应为 {'、'.join(sorted(_STATES))} 之一。"
    file = root / str(row.get("file", ""))
    if not file.is_file():
        yield f"文件 {row.get('file')} 不存在。"
    elif row.get("sha256") != file_hash(file):
        yield f"文件 {row['file']} 的内容与清单里的 sha256 不符。{_REBUILD}"


def _chain_problems(supersedes: Mapping[str, Sequence[str]], states: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Find unknown ids, circles, forks, and states that contradict the chain."""
    replaced: defaultdict[str, list[str]] = defaultdict(list)
    for key, olds in supersedes.items():
        for old in olds:
            replaced[old].append(key)
            if old not in states:
                yield key, f"取代了不存在的 {old}。"
    for old, keys in replaced.items():
        if len(keys) > 1:
            yield old, f"同时被 {'、'.join(sorted(keys))} 取代；一个版本只由一个新版取代。"
    for key, state in states.items():
        if key in _reachable(supersedes, key):
            yield key, "取代关系成了圈。"
        if state == "superseded" and key not in replaced:
            yield key, "标为已取代，却没有哪一版取代它。"
        if state == "current" and key in replaced:
            yield key, f"已被 {'、'.join(replaced[key])} 取代，却标为现行。"


def _reachable(supersedes: Mapping[str, Sequence[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(supersedes.get(start, ()))
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting.extend(supersedes.get(at, ()))
    return reached


def check_editions(digests: Sequence[Digest]) -> Iterator[Finding]:
    """Check that the digests of one disease form one chain from the oldest to the one current edition."""
    by_id = {d.id: d for d in digests}
    replaced = successors(digests)
    works: defaultdict[str, list[Digest]] = defaultdict(list)
    for digest in digests:
        works[str(digest.meta.get("disease"))].append(digest)
        for old in digest.meta.get("supersedes", ()):
            if old not in by_id:
                yield Finding(digest.path, 1, f"supersedes 里的 {old} 没有摘编。")
            elif by_id[old].meta.get("year", 0) > digest.meta.get("year", 0):
                yield Finding(digest.path, 1, f"它取代的 {old} 年份更晚。")
            elif by_id[old].meta.get("disease") != digest.meta.get("disease"):
                yield Finding(digest.path, 1, f"它取代的 {old} 的 disease 不同：“{by_id[old].meta.get('disease')}”。")
    for disease, members in works.items():
        current = [d for d in members if d.id not in replaced]
        if len(current) > 1:
            names = "、".join(sorted(d.id for d in current))
            yield Finding(current[-1].path, 1, f"“{disease}”有不止一个现行版（{names}），新版应在 supersedes 里写明旧版。")


def check_products(root: Path, digests: Sequence[Digest]) -> Iterator[Finding]:
    """Check that PDFs, manifest and fact-check page are what the digests give."""
    replaced = successors(digests)
    whole = True
    for digest in digests:
        pdf = root / "pdf" / f"{digest.id}.pdf"
        if not (root / "factcheck" / digest.path.name).is_file():
            yield Finding(digest.path, 1, f"没有核对记录 factcheck/{digest.path.name}。")
        if problem := _pdf_problem(digest, replaced.get(digest.id), pdf, root / "typeset"):
            whole = False
            yield Finding(digest.path, 1, problem + _REBUILD)
    for pdf in sorted((root / "pdf").glob("*.pdf")):
        if pdf.stem not in {d.id for d in digests}:
            yield Finding(pdf, 1, "没有对应的来源。" + _REBUILD)
    manifest = root / MANIFEST
    if whole and manifest.is_file():
        text = manifest.read_text(encoding="utf-8")
        if text != merge_manifest(text, edition_rows(digests, root / "pdf"), manifest):
            yield Finding(manifest, 1, "与摘编的文件头或 PDF 不一致。" + _REBUILD)
    page = root / "FACTCHECK.md"
    if not page.is_file() or page.read_text(encoding="utf-8") != assemble(root / "factcheck"):
        yield Finding(page, 1, "与 factcheck/ 里的记录不一致。" + _REBUILD)


def _pdf_problem(digest: Digest, replaced_by: Digest | None, pdf: Path, typeset: Path) -> str:
    if not pdf.is_file():
        return f"还没有排成 {pdf.name}。"
    try:
        made_from = read_seal(pdf)[0]
    except CorpusError as error:
        return str(error)
    expected = seal_of(digest, replaced_by, typeset)
    if made_from.source != expected.source:
        return f"{pdf.name} 不是由现在的文字排成的。"
    return "" if made_from.same_making(expected) else f"{pdf.name} 的版式（或所注的新版）已过时。"
