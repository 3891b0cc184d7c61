"""What a folder without a manifest holds: its documents by their bytes, and the files that are none, each with the reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rag.errors import reason
from rag.files import file_hash
from rag.types import Edition

_OTHER_FORMATS = dict.fromkeys(
    (".doc", ".wps", ".rtf", ".odt", ".ofd", ".uof", ".caj", ".kdh", ".nh", ".epub", ".mht", ".mhtml", ".ppt", ".pptx", ".xls", ".xlsx"),
    "请另存为 PDF 或 .docx",
) | dict.fromkeys((".zip", ".rar", ".7z"), "请解开后把文件放进目录")

Told = list[tuple[str, str]]


class Scan:
    """The documents found, the files left out and those that cannot be read, both as (file, why); `known` are not looked at."""

    def __init__(self, root: Path, suffixes: frozenset[str], known: frozenset[str] = frozenset()) -> None:
        self.left_out: Told = []
        self.unreadable: Told = []
        self._root = root
        found = sorted(p for p in self._documents(suffixes) if self._name(p) not in known)
        printed = {p.with_suffix("") for p in found if p.suffix.lower() == ".pdf"}
        hashes: dict[Path, str] = {}
        for path in found:
            if path.suffix.lower() in {".txt", ".md"} and path.with_suffix("") in printed:
                self._leave(path, "旁边有同名的 PDF，只收 PDF；PDF 读不出时，请把它移走再建")
            elif digest := self._hash(path):
                hashes[path] = digest
        self.editions = tuple(self._each_once(hashes))
        self.left_out.sort()

    def _documents(self, suffixes: frozenset[str]) -> Iterator[Path]:
        """Yield the files that can be documents; hidden files, README and lock files of editors are passed over in silence."""
        for folder, names, files in os.walk(self._root, onerror=self._closed):
            for name in list(names):
                path = Path(folder, name)
                if name.startswith(".") or _is_index(path):
                    names.remove(name)
                elif not _is_text(name):
                    names.remove(name)
                    self._nameless(path)
                elif path.is_symlink():
                    self._leave(path, "是指向别处的目录链接，没有进入；请把文件放进语料目录")
            for name in files:
                path = Path(folder, name)
                suffix = path.suffix.lower()
                if name.startswith((".", "~$")) or path.stem.lower() == "readme":
                    continue
                if not _is_text(name):
                    if suffix in suffixes or suffix in _OTHER_FORMATS:
                        self._nameless(path)
                elif suffix in _OTHER_FORMATS:
                    self._leave(path, f"不能读 {suffix} 格式；{_OTHER_FORMATS[suffix]}")
                elif suffix in suffixes and self._inside(path):
                    yield path

    def _closed(self, error: OSError) -> None:
        self.unreadable.append((self._name(Path(error.filename)), f"目录打不开：{reason(error)}"))

    def _inside(self, path: Path) -> bool:
        """Tell whether a path is a file within the folder; a link that leads out of it or nowhere is told."""
        if path.is_symlink() and not path.exists():
            self._leave(path, "是失效的链接")
            return False
        if path.is_symlink() and not path.resolve().is_relative_to(self._root.resolve()):
            self._leave(path, "是指向语料目录之外的链接；请把文件本身放进目录")
            return False
        return path.is_file()

    def _hash(self, path: Path) -> str:
        try:
            return file_hash(path)
        except OSError as error:
            self.unreadable.append((self._name(path), f"打不开：{reason(error)}。请检查文件的权限。"))
            return ""

    def _each_once(self, hashes: dict[Path, str]) -> Iterator[Edition]:
        """Yield one edition for each content, under the shortest of its names: copies are called 指南 (1).pdf."""
        first: dict[str, Path] = {}
        for path, digest in sorted(hashes.items(), key=lambda item: (len(self._name(item[0])), item[0])):
            first.setdefault(digest, path)
        for path, digest in hashes.items():
            if first[digest] == path:
                yield Edition(f"f{digest[:10]}", "", "", 0, "", self._name(path), digest)
            else:
                self._leave(path, f"与 {self._name(first[digest])} 内容相同，只收一份")

    def _leave(self, path: Path, why: str) -> None:
        self.left_out.append((self._name(path), why))

    def _nameless(self, path: Path) -> None:
        """Tell of a name in bytes that are no UTF-8, as an archive packed on Windows leaves them; nothing could record it."""
        meant = os.fsencode(path.name).decode("gb18030", "replace")
        self.unreadable.append((self._name(path.with_name(meant)), "名字不是 UTF-8 编码，打不开。请改名后重试。"))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _is_text(name: str) -> bool:
    """Tell whether a name can be written down: bytes that are no UTF-8 come as halves of characters."""
    return not any("\ud800" <= c <= "\udfff" for c in name)


def _is_index(folder: Path) -> bool:
    """Tell whether a folder is an index, which may lie within the folder that it indexes."""
    return (folder / "CURRENT").is_file() and (folder / "snapshots").is_dir()
