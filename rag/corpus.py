"""Which guidelines there are: the manifest's editions, or the files of a loose folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import CorpusError
from rag.files import file_hash
from rag.types import Edition, Metadata

MANIFEST = "manifest.toml"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder and its editions; each edition's `source` is a path relative to the folder.

    `left_out` lists (file, why) for readable files that are no edition of their own.
    """

    root: Path
    editions: tuple[Edition, ...]
    has_manifest: bool
    left_out: tuple[tuple[str, str], ...] = ()

    def path(self, edition: Edition) -> Path:
        """Return the edition's file."""
        return self.root / edition.source


def load(root: Path, suffixes: frozenset[str]) -> Corpus:
    """Read the manifest, or scan a folder without one for files with these suffixes.

    Hashes are those of the bytes on disk. Raises CorpusError when there is nothing to read.
    """
    if not root.is_dir():
        raise CorpusError(f"语料目录 {root} 不存在。请用 --corpus 指定放有指南文件的目录。")
    manifest = root / MANIFEST
    if manifest.is_file():
        return Corpus(root, tuple(_from_manifest(root, manifest)), has_manifest=True)
    files, transcripts = _loose_files(root, suffixes)
    if not files:
        raise CorpusError(f"{root} 里没有可读的文件（{'、'.join(sorted(suffixes))}）。请放入指南文件，或用 --corpus 指定别的目录。")
    hashes = {path: file_hash(path) for path in files}
    first = {digest: path for path, digest in reversed(hashes.items())}
    loose = [_loose(root, path, digest) for path, digest in hashes.items() if first[digest] == path]
    twins = {path: f"与 {first[digest].relative_to(root).as_posix()} 内容相同，只收一份" for path, digest in hashes.items() if first[digest] != path}
    twins |= {path: "旁边有同名的 PDF，只收 PDF" for path in transcripts}
    left_out = tuple((path.relative_to(root).as_posix(), why) for path, why in sorted(twins.items()))
    return Corpus(root, tuple(loose), has_manifest=False, left_out=left_out)


def complete(edition: Edition, said: Metadata) -> Edition:
    """Fill what the manifest left open with what the document says of itself, else with its file's name."""
    return replace(
        edition,
        title=edition.title or said.title or Path(edition.source).stem,
        issuer=edition.issuer or said.issuer,
        year=edition.year or said.year,
        edition=edition.edition or said.edition,
        doi=edition.doi or said.doi,
    )


def _loose_files(root: Path, suffixes: frozenset[str]) -> tuple[list[Path], list[Path]]:
    """List a folder's documents, hidden files and README left out, and the transcripts (.txt, .md) of a PDF of the same name."""
    found = sorted(
        p for p in root.rglob("*")
        if p.is_file() and p.suffix.lower() in suffixes and p.stem.lower() != "readme"
        and not any(part[0] == "." for part in p.relative_to(root).parts)
    )
    printed = {p.with_suffix("") for p in found if p.suffix.lower() == ".pdf"}
    transcripts = [p for p in found if p.suffix.lower() in {".txt", ".md"} and p.with_suffix("") in printed]
    return [p for p in found if p not in transcripts], transcripts


def _loose(root: Path, path: Path, digest: str) -> Edition:
    return Edition(f"f{digest[:10]}", "", "", 0, "", path.relative_to(root).as_posix(), digest)


def _from_manifest(root: Path, manifest: Path) -> list[Edition]:
    try:
        data = tomllib.loads(manifest.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{manifest} 不是有效的 TOML：{error}。请改正后重试。") from error
    editions = [_row(root, manifest, row) for row in data.get("editions", [])]
    if not editions:
        raise CorpusError(f"{manifest} 里没有任何指南。请运行 zhinan corpus add FILE 加入。")
    ids = [e.guideline_id for e in editions]
    if repeated := sorted({i for i in ids if ids.count(i) > 1}):
        raise CorpusError(f"{manifest} 里的编号重复：{'、'.join(repeated)}。请改正后重试。")
    return editions


def _row(root: Path, manifest: Path, row: dict[str, Any]) -> Edition:
    try:
        source = str(row["file"])
        path = root / source
        if not path.resolve().is_relative_to(root.resolve()):
            raise CorpusError(f"{manifest} 里的文件 {source} 在语料目录之外。请把它移入目录。")
        return Edition(
            guideline_id=str(row["guideline_id"]), title=str(row.get("title", "")), issuer=str(row.get("issuer", "")),
            year=int(row.get("year", 0)), edition=str(row.get("edition", "")), source=source,
            sha256=file_hash(path) if path.is_file() else "", status=row.get("status", "current"),
            supersedes=tuple(row.get("supersedes", ())), reason=str(row.get("reason", "")), doi=str(row.get("doi", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"{manifest} 里有一行不完整（缺 {error}）：{row}。请改正后重试。") from error
