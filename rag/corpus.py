"""Which guidelines there are: the manifest's editions, or the files of a loose folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rag.entries import read_entries
from rag.errors import CorpusError
from rag.loose import Scan
from rag.types import Edition, Metadata

MANIFEST = "manifest.toml"
_PRINTED = frozenset({".pdf", ".docx"})


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder and its editions; each edition's `source` is a path relative to the folder.

    `left_out` lists (file, why) for files that are no edition of their own, `unreadable` for those that cannot be opened.
    """

    root: Path
    editions: tuple[Edition, ...]
    has_manifest: bool
    left_out: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    def path(self, edition: Edition) -> Path:
        """Return the edition's file."""
        return self.root / edition.source


def load(root: Path, suffixes: frozenset[str]) -> Corpus:
    """Read the manifest, or scan a folder without one for files with these suffixes.

    Hashes are those of the bytes on disk. Raises CorpusError when there is nothing to read or the manifest is wrong.
    """
    if not root.is_dir():
        raise CorpusError(f"语料目录 {root} {'不是目录' if root.exists() else '不存在'}。请用 --corpus 指定放有指南文件的目录。")
    manifest = root / MANIFEST
    if not manifest.is_file():
        scan = Scan(root, suffixes)
        if not scan.editions and not scan.unreadable:
            left_out = "".join(f"{name}：{why}。" for name, why in scan.left_out[:5])
            raise CorpusError(f"{root} 里没有可读的文件（{'、'.join(sorted(suffixes))}）。{left_out}请放入指南文件，或用 --corpus 指定别的目录。")
        return Corpus(root, scan.editions, False, tuple(scan.left_out), tuple(scan.unreadable))
    editions, unreadable = read_entries(root, manifest)
    if not editions:
        raise CorpusError(f"{manifest} 里没有任何指南。请运行 zhinan corpus add FILE 加入。")
    return Corpus(root, tuple(editions), True, tuple(_unlisted(root, editions)), tuple(unreadable))


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


def _unlisted(root: Path, editions: list[Edition]) -> Iterator[tuple[str, str]]:
    """Yield the printed documents that lie in the folder and are not in its manifest: dropped in, and never asked."""
    hashes = {e.sha256 for e in editions}
    for edition in Scan(root, _PRINTED, frozenset(e.source for e in editions)).editions:
        if edition.sha256 not in hashes:
            yield edition.source, "不在清单里，没有收入；要收入请运行 zhinan corpus add"
