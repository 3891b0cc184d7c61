"""Whether a table row keeps its figures under their headers: 常用剂量 ≤10 mg, 最大剂量 10 mg is not the reverse."""

from __future__ import annotations

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason
from rag.text.equivalence import differs
from rag.text.quantity import Quantity

_Cells = dict[str, list[tuple[str, list[Quantity]]]]


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the figures of the claim's cells that no cell of the source under the same header has."""
    if "|" not in claim.text or "|" not in source.text:
        return []
    theirs = _cells(source)
    reasons: list[Reason] = []
    for header, cells in _cells(claim).items():
        for text, quantities in cells:
            for quantity in quantities if header in theirs else ():
                others = [(words, q) for words, found in theirs[header] for q in found]
                if not any(not differs(quantity, q, text, words) for words, q in others):
                    reasons.append(Reason("number", text, theirs[header][0][0]))
    return reasons


def _cells(reading: Reading) -> _Cells:
    """List the cells of a row by header, each with its text and quantities."""
    found: _Cells = {}
    at = 0
    for cell in reading.text.split("|"):
        header, colon, _ = cell.partition(":")
        if colon:
            inside = [q for q in reading.quantities if at <= q.span[0] < at + len(cell)]
            found.setdefault(header.strip(), []).append((cell.strip(), inside))
        at += len(cell) + 1
    return found
