"""Everything that must hold of a corpus folder, in one list of findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rag.digest.catalogue import CATALOGUE, check_catalogue
from rag.digest.corpus_rules import check_editions, check_manifest, check_products
from rag.digest.digest import Digest, read_digest
from rag.digest.finding import Finding
from rag.digest.structure_rules import check_structure
from rag.digest.wording_rules import check_wording
from rag.errors import CorpusError

_PLACE = re.compile(r"(.+?):(\d+): (.*)", re.DOTALL)


def check_corpus(root: Path) -> list[Finding]:
    """Check a corpus folder: its manifest and, where digests are written there, their text and all made from it.

    Raises CorpusError when the folder does not exist.
    """
    if not root.is_dir():
        raise CorpusError(f"语料目录 {root} 不存在。请用 --corpus 指定。")
    found = list(check_manifest(root))
    if (root / "text").is_dir():
        found.extend(_check_digests(root))
    if (root / CATALOGUE).is_file() and not (root / "text").is_dir():
        found.extend(check_catalogue(root / CATALOGUE, ()))
    return sorted(found, key=lambda f: (str(f.path), f.line))


def _check_digests(root: Path) -> Iterator[Finding]:
    digests: list[Digest] = []
    broken = False
    for path in sorted((root / "text").glob("*.md")):
        try:
            digest = read_digest(path)
        except CorpusError as error:
            broken = True
            place = _PLACE.fullmatch(str(error))
            yield Finding(path, int(place[2]), place[3]) if place else Finding(path, 1, str(error))
            continue
        problems = list(check_structure(digest))
        yield from problems
        yield from check_wording(digest)
        broken = broken or any(p.line == 1 for p in problems)
        digests.append(digest)
    if not broken:  # what is made from the digests cannot be judged while a front matter is wrong
        yield from check_editions(digests)
        yield from check_products(root, digests)
        yield from check_catalogue(root / CATALOGUE, sorted({str(d.meta["disease"]) for d in digests}))
