"""The digests' rows of manifest.toml, made from their front matter and PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rag.digest.digest import Digest
from rag.digest.seal import read_seal, successors
from rag.errors import CorpusError
from rag.files import file_hash

HEADER = """\
语料清单。pdf/ 下各篇由 make corpus 根据 corpus/text/ 的文件头生成，请勿手改；
用 zhinan corpus add 加入的文件也记在这里，make corpus 不动它们。"""
_PDF = "pdf/"


def edition_rows(digests: Sequence[Digest], pdf: Path) -> list[dict[str, Any]]:
    """Make the manifest's row of each digest whose PDF is there, by id."""
    replaced = successors(digests)
    return [
        _row(digest, pdf / f"{digest.id}.pdf", digest.id in replaced)
        for digest in sorted(digests, key=lambda d: d.id)
        if (pdf / f"{digest.id}.pdf").is_file()
    ]


def merge_manifest(existing: str, rows: Sequence[dict[str, Any]], where: Path) -> str:
    """Put the rows into a manifest's text: rows of other files stay, and a withdrawal stays in force."""
    try:
        before = tomlkit.parse(existing).get("editions", [])
    except TOMLKitError as error:
        raise CorpusError(f"{where} 不是有效的 TOML：{error}。请改正后重试。") from error
    withdrawn = {str(r["guideline_id"]): str(r.get("reason", "")) for r in before if r.get("status") == "withdrawn"}
    document = tomlkit.document()
    for line in HEADER.splitlines():
        document.add(tomlkit.comment(line))
    table = tomlkit.aot()
    for row in rows:
        if row["guideline_id"] in withdrawn:
            row = row | {"status": "withdrawn", "reason": withdrawn[row["guideline_id"]]}
        table.append(_item(row))
    for row in before:
        if not str(row.get("file", "")).startswith(_PDF):
            table.append(_item(dict(row.unwrap())))
    document.add(tomlkit.nl())
    document.add("editions", table)
    return tomlkit.dumps(document).rstrip() + "\n"


def _row(digest: Digest, pdf: Path, replaced: bool) -> dict[str, Any]:
    meta = digest.meta
    return {
        "guideline_id": digest.id,
        "title": meta["title"],
        "issuer": meta["issuer"],
        "year": meta["year"],
        "edition": meta["edition"],
        "file": f"{_PDF}{pdf.name}",
        "sha256": file_hash(pdf),
        "pages": read_seal(pdf)[1],
        "status": "superseded" if replaced else "current",
        "supersedes": sorted(meta["supersedes"]),
        "disease": meta["disease"],
        "aliases": meta["aliases"],
    }


def _item(row: dict[str, Any]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for key, value in row.items():
        table[key] = value
    return table
