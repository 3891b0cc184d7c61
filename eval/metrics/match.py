"""Whether a fact's wording occurs in a text: NFKC, spaces ignored, and never inside a longer number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=20_000)
def _pattern(wording: str) -> re.Pattern[str]:
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", wording))
    pattern = r"\s*".join(map(re.escape, squeezed))
    if squeezed[:1].isdigit():
        pattern = r"(?<![0-9.])" + pattern
    if squeezed[-1:].isdigit():
        pattern += r"(?![0-9]|\.[0-9])"
    return re.compile(pattern, re.IGNORECASE)


def says(text: str, wording: str) -> bool:
    """Tell whether a text contains a wording."""
    return _pattern(wording).search(unicodedata.normalize("NFKC", text)) is not None


def says_all(text: str, facts: Sequence[Sequence[str]]) -> bool:
    """Tell whether a text contains, of every group of alternatives, at least one."""
    return all(any(says(text, wording) for wording in group) for group in facts)
