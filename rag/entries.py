"""Reading a manifest: each entry checked, and what is wrong told with the line that it stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, get_args

from rag.errors import CorpusError, reason
from rag.files import file_hash
from rag.types import Edition, EditionStatus

_ENTRY = re.compile(r"^[ \t]*\[\[\s*editions\s*\]\]", re.M)
_AT = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_ID = re.compile(r"[\w.\-]{1,80}")
_ID_RULE = "只能有汉字、字母、数字、点、横线和下划线，至多 80 个字。请另取一个。"
_TEXTS = ("title", "issuer", "edition", "reason", "doi")


def read_entries(root: Path, manifest: Path) -> tuple[list[Edition], list[tuple[str, str]]]:
    """Return the manifest's editions and the files that cannot be read as (file, why); a missing file has no hash.

    Raises CorpusError as `checked_rows` does, and for a file outside the folder.
    """
    unreadable: list[tuple[str, str]] = []
    editions = []
    for row in checked_rows(manifest):
        digest, why = _digest(root, manifest, row["file"])
        if why:
            unreadable.append((row["file"], why))
        texts = {name: row.get(name, "") for name in _TEXTS}
        supersedes = tuple(row.get("supersedes", ()))
        editions.append(Edition(
            row["guideline_id"], year=row.get("year", 0), source=row["file"], sha256=digest, status=row.get("status", "current"),
            supersedes=supersedes, **texts,
        ))
    return editions, unreadable


def checked_rows(manifest: Path) -> list[dict[str, Any]]:
    """Return a manifest's entries as they are written.

    Raises CorpusError, naming the line, for what is no TOML, an entry that is not complete, or ids that contradict.
    """
    try:
        text = manifest.read_text(encoding="utf-8")
        rows = tomllib.loads(text).get("editions", [])
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{manifest} {_where(str(error))}不是有效的 TOML（{_AT.sub('', str(error)).strip()}）。请改正后重试。") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{manifest} 不是 UTF-8 编码。请另存为 UTF-8 后重试。") from error
    if not isinstance(rows, list):
        raise CorpusError(f"{manifest} 里的 editions 应写成一个个 [[editions]]。请改正后重试。")
    lines = [text.count("\n", 0, found.start()) + 1 for found in _ENTRY.finditer(text)]
    for number, row in enumerate(rows):
        if trouble := _trouble(row):
            place = f"第 {lines[number]} 行起的一条" if len(lines) == len(rows) else f"第 {number + 1} 条"
            raise CorpusError(f"{manifest} {place}{trouble}")
    if trouble := next(_contradictions(rows), ""):
        raise CorpusError(f"{manifest} 里{trouble}。请改正后重试。")
    return rows


def usable_id(guideline_id: str) -> bool:
    """Tell whether an id could stand in a file name, an address and a passage id."""
    return bool(_ID.fullmatch(guideline_id)) and bool(guideline_id.strip("."))


def checked_id(guideline_id: str) -> str:
    """Return an id; raise CorpusError when it is not usable."""
    if not usable_id(guideline_id):
        raise CorpusError(f"编号“{guideline_id}”不能用，{_ID_RULE}")
    return guideline_id


def _where(message: str) -> str:
    found = _AT.search(message)
    return f"第 {found[1]} 行第 {found[2]} 列" if found and found[1] else "末尾"


def _trouble(row: Any) -> str:
    """Say what is wrong with an entry and what to write instead; nothing when it is right."""
    if not isinstance(row, dict):
        return "不是表。请写成 [[editions]] 和下面的各项。"
    for name in ("guideline_id", "file"):
        if not isinstance(row.get(name), str) or not row[name]:
            return f"缺少 {name}。请补上后重试。"
    status, supersedes, year = row.get("status", "current"), row.get("supersedes", []), row.get("year", 0)
    if status not in get_args(EditionStatus):
        return f"的 status “{status}”不认识，应为 {'、'.join(get_args(EditionStatus))} 之一。"
    if not isinstance(supersedes, list) or not all(isinstance(i, str) for i in supersedes):
        return "的 supersedes 应是编号的列表，如 [\"旧版编号\"]。"
    if not isinstance(year, int) or isinstance(year, bool):
        return f"的 year “{year}”应是整数，如 2024（不加引号）。"
    if wrong := next((name for name in _TEXTS if not isinstance(row.get(name, ""), str)), ""):
        return f"的 {wrong} 应是加引号的文字。"
    return "" if usable_id(row["guideline_id"]) else f"的编号“{row['guideline_id']}”不能用，{_ID_RULE}"


def _contradictions(rows: list[dict[str, Any]]) -> Iterator[str]:
    for name, what in (("guideline_id", "编号重复"), ("file", "有两条用同一个文件")):
        values = [row[name] for row in rows]
        if repeated := sorted({v for v in values if values.count(v) > 1}):
            yield f"{what}：{'、'.join(repeated)}"
    if own := sorted(row["guideline_id"] for row in rows if row["guideline_id"] in row.get("supersedes", ())):
        yield f"{'、'.join(own)} 取代它自己"


def _digest(root: Path, manifest: Path, source: str) -> tuple[str, str]:
    """Return a file's hash, or none and why."""
    path = root / source
    if "\0" in source or PurePosixPath(source).is_absolute() or not path.resolve().is_relative_to(root.resolve()):
        raise CorpusError(f"{manifest} 里的文件 {source} 在语料目录之外。请把它移入目录。")
    if not path.is_file():
        return "", "清单里有它，但文件不在。请放回文件，或运行 zhinan corpus remove。"
    try:
        return file_hash(path), ""
    except OSError as error:
        return "", f"打不开：{reason(error)}。请检查文件的权限。"
