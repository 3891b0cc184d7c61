"""Pairs of characters that laymen use when they ask: what holds none of them is likely a name."""

from __future__ import annotations

from functools import cache
from importlib import resources


def everyday(first: str, second: str) -> bool:
    """Tell whether a pair of characters is everyday speech."""
    return second in _pairs().get(first, "")


@cache
def _pairs() -> dict[str, str]:
    """Read the pairs: each first character with all that follow it (made by `python -m eval.everyday`)."""
    lines = resources.files("rag.text").joinpath("everyday_pairs.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1:] for line in lines}
