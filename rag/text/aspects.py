"""Which aspects of a disease (诊断, 剂量, 随访 …) a heading or a question is about."""

from __future__ import annotations

import hashlib
from functools import cache

from rag.text.lexicon import lexicon
from rag.text.normalise import squeeze


@cache
def _names() -> tuple[tuple[str, frozenset[str]], ...]:
    book = lexicon()
    return tuple((term, book.names(term)) for term, kind in book.kinds.items() if kind == "aspect")


@cache
def version() -> str:
    """Name the aspects' wording, as part of what an index is made with."""
    text = "\n".join(f"{term}:{','.join(sorted(names))}" for term, names in _names())
    return "aspects/" + hashlib.sha256(text.encode()).hexdigest()[:8]


def mask_of_headings(section: tuple[str, ...]) -> int:
    """Return the aspects that a heading path names, as bits in the lexicon's order; the title's own words are ignored."""
    text = squeeze("".join(section[1:] or section))
    return sum(1 << i for i, (_, names) in enumerate(_names()) if any(name in text for name in names))


def mask_of_terms(aspects: tuple[str, ...]) -> int:
    """Return named aspects as bits in the lexicon's order."""
    return sum(1 << i for i, (term, _) in enumerate(_names()) if term in aspects)
