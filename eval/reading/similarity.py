"""How alike two readings of one document are, with and without regard to order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rag.text.normalise import squeeze
from rag.text.readable import readable

_MARKS = re.compile(r"[^\w%‰℃≥≤<>=+±×/.~∶:-]")
_SHINGLE, _SMALL_SHINGLE = 12, 4
_SENTENCE_END = re.compile(r"[。；！？\n]")
_LEAST_SENTENCE = 12


def comparable(text: str) -> str:
    """Fold a text for comparison: no reference marks, no white space, no punctuation but that of quantities."""
    return _MARKS.sub("", squeeze(readable(text)))


def char_f1(gold: str, read: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the characters, as bags."""
    a, b = Counter(comparable(gold)), Counter(comparable(read))
    common = sum((a & b).values())
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / sum(b.values()), common / sum(a.values())
    return precision, recall, 2 * precision * recall / (precision + recall)


def order_similarity(gold: str, body: str, apart: str) -> float:
    """Return how much of the gold text's sentences stand in the same order in the running text that was read.

    The heaviest common subsequence of sentences, over all of the gold text's but those that stand in `apart` (tables,
    whose order is a matter of taste, and what was left out on purpose). A sentence that is found nowhere counts as lost.
    """
    # Without decimal points: some of the gold texts have lost them.
    flow, aside = (comparable(t).replace(".", "") for t in (body, apart))
    wanted: list[tuple[str, list[int]]] = []
    for sentence in (comparable(s).replace(".", "") for s in _SENTENCE_END.split(gold)):
        if len(sentence) < _LEAST_SENTENCE or share_of(sentence, aside) >= 0.8:
            continue
        places, share = _places(sentence, flow)
        # A sentence that a running head or a table interrupts in the gold text is placed by what is left of it.
        if share >= 0.5 or (share >= 0.25 and share_of(sentence, flow + aside) >= 0.7):
            wanted.append((sentence, places))
        elif share_of(sentence, aside) < 0.6:
            wanted.append((sentence, []))
    total = sum(len(s) for s, _ in wanted)
    return _heaviest_increasing(wanted) / total if total else 0.0


def _places(sentence: str, flow: str) -> tuple[list[int], float]:
    """Find where a sentence stands in a text: the places that most of its pieces agree on, and the share that does."""
    pieces = shingles(sentence, _SHINGLE)
    seen: dict[int, list[int]] = {}
    for n, piece in enumerate(pieces):
        at = flow.find(piece)
        while at >= 0:
            seen.setdefault(at - n, []).append(at)
            at = flow.find(piece, at + 1)
    best = max(map(len, seen.values()), default=0)
    found = sum(piece in flow for piece in pieces) / len(pieces)
    return sorted(places[0] for places in seen.values() if len(places) >= 0.6 * best), found


def shingles(text: str, size: int) -> list[str]:
    """List the overlapping pieces of a text."""
    return [text[at : at + size] for at in range(max(len(text) - size + 1, 1))]


def share_of(text: str, known: str) -> float:
    """Return the share of a text's pieces of four characters that stand in another text; both folded."""
    pieces = shingles(text, _SMALL_SHINGLE)
    return sum(p in known for p in pieces) / len(pieces)


def _heaviest_increasing(wanted: Sequence[tuple[str, Sequence[int]]]) -> int:
    """Return the greatest weight of clauses whose places, one of each, increase strictly."""
    ends: list[int] = []
    weights: list[int] = []
    for clause, places in wanted:
        found = []
        for place in places:
            at = bisect_left(ends, place)
            found.append((place, len(clause) + (weights[at - 1] if at else 0)))
        for place, weight in found:
            _insert(ends, weights, place, weight)
    return weights[-1] if weights else 0


def _insert(ends: list[int], weights: list[int], place: int, weight: int) -> None:
    """Keep the best weight up to each place, both ascending."""
    at = bisect_left(ends, place)
    if at and weights[at - 1] >= weight:
        return
    if at < len(ends) and ends[at] == place:
        if weights[at] >= weight:
            return
        weights[at] = weight
    else:
        ends.insert(at, place)
        weights.insert(at, weight)
    while at + 1 < len(ends) and weights[at + 1] <= weight:
        del ends[at + 1], weights[at + 1]
