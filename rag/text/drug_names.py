"""Names of drugs that no list has, known by their spelling: 莱博雷生, 恩司芬群 are strings of transliterating characters."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_HAN = re.compile(r"[\u3400-\u9fff]+")
_SHORTEST = 3  # characters
_LEAST = 2.0  # how much a name's characters must speak for it together, in nats above _EACH
_EACH = 1.0  # what each character must speak for it to count in its favour
_OTHER = -2.0  # a character that no drug's name has
_SALT = re.compile(r".{1,3}酸")  # of a name that follows: 甲磺酸, 枸橼酸


def spelt_like_drugs(text: str) -> list[tuple[int, int]]:
    """Find the spans of a text, at most one in each run of Chinese characters, that are spelt like a drug's name.

    The span with the largest sum of character weights (`python -m eval.drug_characters`), Kadane's algorithm.
    """
    found = []
    for run in _HAN.finditer(text):
        total, start, end = _heaviest(run[0])
        if total >= _LEAST and end - start >= _SHORTEST and not _SALT.fullmatch(run[0], start, end):
            found.append((run.start() + start, run.start() + end))
    return found


def _heaviest(run: str) -> tuple[float, int, int]:
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for i, c in enumerate(run):
        if total <= 0:
            total, start = 0.0, i
        total += _weights().get(c, _OTHER) - _EACH
        best = max(best, (total, start, i + 1), key=lambda span: span[0])
    return best


@cache
def _weights() -> dict[str, float]:
    lines = resources.files("rag.text").joinpath("drug_characters.txt").read_text(encoding="utf-8").splitlines()
    return {c: float(weight) for weight, characters in (line.split() for line in lines) for c in characters}
