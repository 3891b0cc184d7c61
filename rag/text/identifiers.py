"""What in a text names a person: identity and card numbers, phones, addresses, names, birth dates; counted and masked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from rag.text.identifier_patterns import IDENTITY, Accept, patterns
from rag.text.normalise import visible

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―－"), "-")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its identifiers, and how many of each kind were taken out."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)


def mask(text: str) -> Masked:
    """Replace each identifier by its kind in 〔〕; a text without any is returned unchanged.

    Dates, doses, laboratory values and document numbers stay. An identity number whose check digit is wrong counts as
    疑似身份证号 (GB 11643-1999); an unlabelled bank card must pass the Luhn check (ISO/IEC 7812-1).
    """
    folded = visible(text).translate(_FULL_WIDTH).translate(_DASHES)
    counts: Counter[str] = Counter()
    for kind, pattern, accept in patterns():
        folded = pattern.sub(lambda m, k=kind, a=accept: _replaced(m, k, a, counts), folded)
    return Masked(folded, counts) if counts else Masked(text)


def _replaced(match: re.Match[str], kind: str, accept: Accept | None, counts: Counter[str]) -> str:
    if accept and not accept(match):
        return match[0]
    if kind == IDENTITY and not _identity_checks(match["it"]):
        kind = f"疑似{IDENTITY}"
    counts[kind] += 1
    start, end = match.span("it")
    return match.string[match.start() : start] + f"〔{kind}〕" + match.string[end : match.end()]


def _identity_checks(text: str) -> bool:
    """Tell whether the check character of an 18-digit identity number is right; one of 15 digits has none."""
    number = re.sub(r"[\s-]", "", text).upper()
    if len(number) != 18:
        return True
    total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) if number[:17].isdigit() else -1
    return total >= 0 and _CHECKS[total % 11] == number[17]
