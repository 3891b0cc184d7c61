"""Which sentence of a new edition is a version of which of the old one, and which words were replaced throughout."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.changes.pieces import NEGATION, Piece

_ALIKE = 0.5  # share of common pairs from which two sentences are versions of one
_ALIKE_IN_PLACE = 0.34  # the same where both stand between the same neighbours
_SAME_HEADING = 0.12
_FAR = 0.01  # taken off for each sentence between where one stands and where it would
_FARTHEST = 0.2
_IN_PLACE = 4  # sentences
_FAR_CELLS = 12  # sentences between a table and what may be the same in running text
_TWICE = 2
_FACT = re.compile(r"(?<![A-Za-z)'’])\d|[<>≥≤%]|[每次日周月年倍]")  # digits of a name, as in F(ab')2 or CD20, are none


def word_for_word(old: Sequence[Piece], new: Sequence[Piece]) -> dict[int, int]:
    """Pair the sentences that stand in both, in order: {new number: old number}."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for piece in reversed(old):
        waiting[piece.key].append(piece.number)
    return {piece.number: waiting[piece.key].pop() for piece in new if waiting[piece.key]}


def align(old: Sequence[Piece], new: Sequence[Piece], same: dict[int, int]) -> dict[int, int]:
    """Pair the other sentences with those they are versions of, best pairs first: {new number: old number}."""
    taken = set(same.values())
    left_old, left_new = [p for p in old if p.number not in taken], [p for p in new if p.number not in same]
    pairs = _best(left_old, left_new, dict(same), _ALIKE, len(old) + len(new))
    taken |= set(pairs.values())
    left_old, left_new = [p for p in left_old if p.number not in taken], [p for p in left_new if p.number not in pairs]
    return pairs | _best(left_old, left_new, same | pairs, _ALIKE_IN_PLACE, _IN_PLACE)


def renamings(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """List the words that several sentences replace by the same other words; none that carries a number or turns advice."""
    count: Counter[tuple[str, str]] = Counter()
    for old, new in pairs:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        count.update({(old[i:j], new[k:m]) for tag, i, j, k, m in blocks if tag == "replace"})
    return sorted(
        (x, y) for (x, y), times in count.items()
        if times >= _TWICE and min(len(x), len(y)) >= 2 and re.search(r"\w", x) and re.search(r"\w", y)
        and not any(NEGATION.search(t) or _FACT.search(t) for t in (x, y))
    )


def _best(old: Sequence[Piece], new: Sequence[Piece], anchors: dict[int, int], least: float, reach: int) -> dict[int, int]:
    known = sorted(anchors.items())
    scored = []
    for after in new:
        place = _place(after.number, known)
        for before in old:
            away = abs(before.number - place)
            if not _one_row(before.lead, after.lead) or away > (reach if before.cells == after.cells else _FAR_CELLS):
                continue
            if (likeness := _dice(before.all_grams, after.all_grams, least)) < least:
                continue
            same = before.section[-1:] == after.section[-1:]
            scored.append((likeness + _SAME_HEADING * same - min(_FAR * away, _FARTHEST), after.number, before.number))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, n, o in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if n not in pairs and o not in taken:
            pairs[n] = o
            taken.add(o)
    return pairs


def _one_row(a: str, b: str) -> bool:
    """Tell whether two rows may be about one thing: the first cell of one only adds characters to that of the other."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return bool(short) == bool(long) and all(c in rest for c in short)


def _place(number: int, anchors: list[tuple[int, int]]) -> float:
    """Return where a sentence would stand in the old edition: with the nearest that has a version there."""
    if not anchors:
        return float(number)
    at = bisect(anchors, (number, 1 << 30))
    own, other = min(anchors[max(at - 1, 0) : at + 1], key=lambda pair: abs(pair[0] - number))
    return other + number - own


def _dice(a: Counter[str], b: Counter[str], least: float) -> float:
    size = a.total() + b.total()
    if not size or 2 * min(a.total(), b.total()) / size < least:
        return 0.0
    return 2 * (a & b).total() / size
