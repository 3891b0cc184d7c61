"""Whether a text names something, whatever its white space and case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.answer.evidence import Evidence
from rag.text.normalise import squeeze


def named(names: Iterable[str], text: str) -> bool:
    """Tell whether a bare text has one of some bare names; a Latin one only by itself."""
    return any(_names(text, n) for n in names)


def bare(text: str) -> str:
    """Return a text in small letters without white space."""
    return squeeze(text).lower()


def own_text(item: Evidence) -> str:
    """Return a sentence below its title and headings."""
    return "\n".join([item.hit.edition.title, *item.section, item.sentence.text])


def _names(text: str, name: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None
