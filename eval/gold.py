"""Where a digest says something: the physical pages of a quote, and whether a fact occurs in it at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from eval.metrics.match import says, says_all
from rag.digest.digest import Digest, DigestTable, Prose, read_digest
from rag.text.normalise import squeeze

_MARK = re.compile(r"\[\d+(?:[,-]\d+)*\]")
_FOOT = re.compile(r"第\d+页/共\d+页")
_LEAST_PART, _LEAST_OVERLEAF = 4, 2  # characters of a quote on either side of a column's end, of a page turn


@dataclass(frozen=True, slots=True)
class Guideline:
    """A digest, its statements (sentences, items, rows) and the bare text of each page of its PDF."""

    digest: Digest
    statements: tuple[str, ...]
    pages: tuple[str, ...]

    @classmethod
    def read(cls, digest: Digest, pdf: Path) -> Guideline:
        """Read the pages of a digest's PDF, without reference marks, running head and foot."""
        head = squeeze(f"{digest.meta['title']} · 指南针摘编")
        with pypdfium2.PdfDocument(pdf) as document:
            raw = [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]
        pages = tuple(_FOOT.sub("", _bare(text).replace(head, "", 1)) for text in raw)
        return cls(digest, tuple(_statements(digest)), pages)

    def replaces(self, folder: Path) -> list[str]:
        """List the ids that this digest replaces, directly or not."""
        found: list[str] = []
        waiting = list(self.digest.meta.get("supersedes", ()))
        while waiting:
            at = waiting.pop()
            found.append(at)
            if (folder / f"{at}.md").is_file():
                waiting.extend(read_digest(folder / f"{at}.md").meta.get("supersedes", ()))
        return found


def gold_pages(guideline: Guideline, quote: str, facts: Sequence[Sequence[str]]) -> list[int]:
    """List the pages of the quote, and of any other statement that alone says all the facts; none when no quote is found."""
    pages = find(guideline.pages, quote)
    if pages and sum(map(_telling, facts)) >= min(2, len(facts)):
        for statement in guideline.statements:
            if says_all(statement, facts):
                pages |= find(guideline.pages, statement)
    return sorted(pages)


def find(pages: Sequence[str], text: str) -> set[int]:
    """Return the pages (from 1) that a text stands on; one that runs over a page's end stands on both.

    A text that a column's end or a floating table parts on one page stands on that page.
    """
    wanted = _bare(text)
    if found := {n for n, page in enumerate(pages, 1) if wanted in page}:
        return found
    turns = [(n, m) for n in range(len(pages)) for m in (n, n + 1) if m < len(pages)]
    for n, m in turns:
        least = _LEAST_PART if m == n else _LEAST_OVERLEAF
        for cut in range(len(wanted) - least, least - 1, -1):
            if wanted[:cut] in pages[n] and wanted[cut:] in pages[m]:
                return {n + 1, m + 1}
    return set()


def group_missing(guideline: Guideline, group: Sequence[str]) -> bool:
    """Tell whether no statement of the guideline has any of these wordings."""
    return not any(says(statement, wording) for wording in group for statement in guideline.statements)


def _telling(group: Sequence[str]) -> bool:
    """Tell whether a fact is specific enough to place a statement: it has a number, or four characters and more."""
    return any(re.search(r"\d", w) or len(w) >= 4 for w in group)


def _bare(text: str) -> str:
    return _MARK.sub("", squeeze(text))


def _statements(digest: Digest) -> list[str]:
    """List the texts of a digest that can be cited; a row is its cells together with its caption and header."""
    found = [str(digest.meta["title"])]
    for block in digest.body:
        if isinstance(block, Prose):
            found.append(_MARK.sub("", block.text))
        elif isinstance(block, DigestTable):
            found.extend(_MARK.sub("", "\n".join((*row.cells, block.caption, *block.header))) for row in block.rows)
    return found
