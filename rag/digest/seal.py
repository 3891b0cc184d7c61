"""Whether a typeset PDF still matches what it was made from: the hashes that it carries among its keywords."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pypdfium2

from rag.digest.digest import Digest
from rag.errors import CorpusError
from rag.files import file_hash

_KEYWORD = re.compile(r"zhinan-(source|layout|tools):([\w.+-]+)")


class Seal(NamedTuple):
    """What a PDF was made from: the text's SHA-256, the layout's, and the tools (typst version and fonts)."""

    source: str
    layout: str
    tools: str = ""

    def keywords(self) -> list[str]:
        """Write the seal as PDF keywords."""
        return ["中文临床指南摘编", *(f"zhinan-{name}:{value}" for name, value in self._asdict().items())]

    def same_making(self, other: Seal) -> bool:
        """Tell whether two seals stand for the same text in the same layout, whatever the tools."""
        return (self.source, self.layout) == (other.source, other.layout)


def seal_of(digest: Digest, replaced_by: Digest | None, typeset: Path, tools: str = "") -> Seal:
    """Compute the seal that an up-to-date PDF of this digest carries.

    `typeset` is the folder of the template; the successor's title counts, since the first page names it.
    """
    layout = hashlib.sha256()
    for path in (*sorted(typeset.glob("*.typ")), typeset / "page_data.py"):
        layout.update(path.name.encode() + b"\0" + path.read_bytes())
    layout.update(str(replaced_by.meta.get("title", "") if replaced_by else "").encode())
    return Seal(file_hash(digest.path), layout.hexdigest(), tools)


def read_seal(pdf: Path) -> tuple[Seal, int]:
    """Read the seal and the number of pages of a PDF. Raises CorpusError when it is no readable PDF."""
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            found = dict(_KEYWORD.findall(document.get_metadata_dict().get("Keywords", "")))
            return Seal(found.get("source", ""), found.get("layout", ""), found.get("tools", "")), len(document)
    except pypdfium2.PdfiumError as error:
        raise CorpusError(f"{pdf} 不是可读的 PDF：{error}。请运行 make corpus 重新排版。") from error


def successors(digests: Iterable[Digest]) -> dict[str, Digest]:
    """Map each superseded id to the digest that replaces it."""
    return {str(old): digest for digest in digests for old in digest.meta.get("supersedes", ())}
