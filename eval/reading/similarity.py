"""How alike two readings of one document are, with and without regard to order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rag.text.normalise import squeeze
from rag.text.readable import readable

_MARKS = re.compile(r"[^\w%‰℃≥≤<>=+±×/.~∶:-]")
_PIECE = 12
_MAX_PLACES = 40


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
    """Return how much of the gold text stands in the same order in the running text that was read.

    The heaviest common subsequence of pieces of twelve characters, over all pieces of the gold text but those that
    also stand in `apart` (tables, whose order is a matter of taste, and what was left out on purpose) and those across
    a seam, where the gold text joins two such places.
    """
    # Without decimal points: some of the gold texts have lost them.
    flow, aside, whole = (comparable(t).replace(".", "") for t in (body, apart, gold))
    pieces = [whole[at : at + _PIECE] for at in range(0, len(whole) - _PIECE + 1, _PIECE)]
    wanted = [(p, _places(p, flow)) for p in pieces]
    wanted = [(p, places) for p, places in wanted if p not in aside and (places or not _is_seam(p, flow, aside))]
    total = sum(len(p) for p, _ in wanted)
    return _heaviest_increasing(wanted) / total if total else 0.0


def _is_seam(piece: str, flow: str, aside: str) -> bool:
    """Tell whether a piece joins the end of one known text to the beginning of another."""
    known = (flow, aside)
    return any(
        any(piece[:cut] in k for k in known) and any(piece[cut:] in k for k in known) for cut in range(4, _PIECE - 3)
    )


def _places(clause: str, flow: str) -> list[int]:
    """List where a clause stands in a text."""
    places, at = [], flow.find(clause)
    while at >= 0 and len(places) < _MAX_PLACES:
        places.append(at)
        at = flow.find(clause, at + 1)
    return places


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
