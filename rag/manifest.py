"""Changing a corpus: every edit rewrites the manifest whole, keeps its comments, and loses no file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomlkit

from rag.corpus import MANIFEST
from rag.entries import checked_id, checked_rows
from rag.errors import CorpusError
from rag.files import file_hash, sweep, write_whole
from rag.lock import writer_lock
from rag.types import Edition

FILES = "files"
_PATIENCE = 30  # seconds; others hold the corpus for as long as it takes to copy one file
_ORDER = ("guideline_id", "title", "issuer", "year", "edition", "file", "sha256", "pages", "status", "supersedes", "reason", "doi")


@contextmanager
def editing(root: Path) -> Iterator[Any]:
    """Give the manifest's rows to change; they are written, whole or not at all, when the block ends without error."""
    path = root / MANIFEST
    with writer_lock(root, "语料", ".lock", _PATIENCE):
        for folder in (root, root / FILES):
            sweep(folder)
        document = _parsed(path)
        if not document.get("editions"):  # a list that was emptied is written as [], to which no table can be added
            document["editions"] = tomlkit.aot()
        rows = document["editions"]
        yield rows
        text = tomlkit.dumps(document)
        write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def _parsed(path: Path) -> tomlkit.TOMLDocument:
    if not path.is_file():
        return tomlkit.document()
    checked_rows(path)
    return tomlkit.parse(path.read_text(encoding="utf-8"))


def add(root: Path, file: Path, edition: Edition, newer: str = "") -> Edition:
    """Copy a file into the corpus under its hash and enter its edition; what it supersedes is marked.

    `newer` is the id of an edition that replaces this one: an older edition is entered as superseded.

    Raises CorpusError when the same bytes or the same id are already there, or a superseded id is unknown.
    """
    checked_id(edition.guideline_id)
    digest = file_hash(file)
    stored = Path(FILES) / f"{digest[:16]}{file.suffix.lower()}"
    with editing(root) as rows:
        for row in rows:
            if row.get("sha256") == digest:
                raise CorpusError(f"{file} 已在语料里：{row['guideline_id']}《{row.get('title', '')}》。无需再加。")
            if row["guideline_id"] == edition.guideline_id:
                raise CorpusError(f"编号 {edition.guideline_id} 已被《{row.get('title', '')}》使用。请用 --id 另取一个。")
        for old in edition.supersedes:
            _replace(_row(rows, old, root))
        target = root / stored
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, lambda temporary: _copy(file, temporary, digest))
        entered = replace(edition, source=stored.as_posix(), sha256=digest, status="superseded" if newer else "current")
        if newer:
            row = _row(rows, newer, root)
            row["supersedes"] = sorted((set(row.get("supersedes", [])) - set(edition.supersedes)) | {edition.guideline_id})
        rows.append(_table(entered))
    return entered


def adopt(root: Path, editions: Sequence[Edition]) -> None:
    """Enter the editions of a folder that has no manifest, as they are known. Raises CorpusError when it has entries."""
    with editing(root) as rows:
        if rows:
            raise CorpusError(f"{root / MANIFEST} 里已有指南。请直接改它。")
        for edition in editions:
            rows.append(_table(edition))


def edit(root: Path, guideline_id: str, changes: Mapping[str, str | int]) -> None:
    """Change what an edition's entry says. Raises CorpusError for an unknown id."""
    with editing(root) as rows:
        _row(rows, guideline_id, root).update(changes)


def supersede(root: Path, old: str, new: str) -> None:
    """Mark an edition as replaced by another. Raises CorpusError for an unknown id, a circle, or a withdrawn new edition."""
    if old == new:
        raise CorpusError(f"{old} 不能取代它自己。请检查两个编号。")
    with editing(root) as rows:
        older, newer = _row(rows, old, root), _row(rows, new, root)
        if old in _chain(rows, old, new):
            raise CorpusError(f"{old} 已经（间接）取代了 {new}，不能反过来。请用 zhinan corpus history {old} 查看。")
        if newer.get("status") == "withdrawn":
            raise CorpusError(f"{new} 已撤回，不能取代别的版本。请检查两个编号。")
        _replace(older)
        replaced = any(new in row.get("supersedes", []) for row in rows)
        newer["status"] = "superseded" if replaced else "current"
        newer["supersedes"] = sorted({*newer.get("supersedes", []), old})


def withdraw(root: Path, guideline_id: str, reason: str) -> list[str]:
    """Mark an edition as withdrawn: it answers no more unless it is named; return the ids that it had replaced."""
    with editing(root) as rows:
        row = _row(rows, guideline_id, root)
        row["status"] = "withdrawn"
        row["reason"] = reason
        return list(row.get("supersedes", []))


def remove(root: Path, guideline_id: str) -> None:
    """Take an edition out of the corpus; its file is deleted only where this program stored it.

    What it had superseded becomes current again, unless another edition supersedes that too.
    """
    with editing(root) as rows:
        row = _row(rows, guideline_id, root)
        freed = set(row.get("supersedes", []))
        rows.remove(row)
        for other in rows:
            if guideline_id in other.get("supersedes", []):
                other["supersedes"] = sorted((set(other["supersedes"]) - {guideline_id}) | freed)
        still = {old for r in rows for old in r.get("supersedes", [])}
        for other in rows:
            if other["guideline_id"] in freed - still and other.get("status") == "superseded":
                other["status"] = "current"
    stored = root / str(row["file"])
    if stored.parent == root / FILES:
        stored.unlink(missing_ok=True)


def history(editions: tuple[Edition, ...], guideline_id: str) -> list[Edition]:
    """List an edition with all that it replaced and that replaced it, oldest first."""
    by_id = {e.guideline_id: e for e in editions}
    if guideline_id not in by_id:
        raise CorpusError(f"语料里没有 {guideline_id}。请用 zhinan corpus list 查看编号。")
    related = {guideline_id}
    while True:
        grown = related | {old for e in editions if e.guideline_id in related for old in e.supersedes}
        grown |= {e.guideline_id for e in editions if related & set(e.supersedes)}
        if grown == related:
            return sorted((by_id[i] for i in related if i in by_id), key=lambda e: (e.year, e.status == "current"))
        related = grown


def _replace(row: Any) -> None:
    """Mark an entry as superseded; what was withdrawn stays withdrawn."""
    if row.get("status") != "withdrawn":
        row["status"] = "superseded"


def _copy(file: Path, target: Path, digest: str) -> None:
    shutil.copyfile(file, target)
    if file_hash(target) != digest:
        raise CorpusError(f"{file} 在复制时变了。请等它写完再加入。")


def _row(rows: Any, guideline_id: str, root: Path) -> Any:
    for row in rows:
        if row["guideline_id"] == guideline_id:
            return row
    raise CorpusError(f"{root / MANIFEST} 里没有 {guideline_id}。请用 zhinan corpus list 查看编号。")


def _chain(rows: Any, start: str, goal: str) -> set[str]:
    """Return the ids from which `goal`'s replacement would come round in a circle: those that `start` supersedes."""
    supersedes = {str(r["guideline_id"]): set(r.get("supersedes", [])) for r in rows}
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        at = waiting.pop()
        for old in supersedes.get(at, ()):
            if old == goal:
                return {start}
            if old not in reached:
                reached.add(old)
                waiting.append(old)
    return set()


def _table(edition: Edition) -> Any:
    values = {name: getattr(edition, name, None) for name in _ORDER}
    values |= {"file": edition.source, "supersedes": list(edition.supersedes)}
    table = tomlkit.table()
    for name in _ORDER:
        if values[name] not in ("", 0, None, []):
            table[name] = values[name]
    table.add(tomlkit.nl())
    return table
