"""Whether the claim joins with 且 what the source joins with 或, the reverse, or combines what the source only lists."""

from __future__ import annotations

import re

from rag.answer.verify.reading import Reading, label
from rag.answer.verify.record import Reason

_WORDS = re.compile(
    r"(?P<any>和/或|和\(或\)|及/或|与\(或\))|(?P<or>或者|或是|(?<!和)(?<!\()或(?!\)))"
    r"|(?P<list>以及)|(?P<and>并且|而且|且(?!不)|同时|联合|联用|\+|(?<=[\u3400-\u9fff)])并(?![发存行列用不未非无]))"
)
_ALL = re.compile("同时|都|均|须|需|必须|应")
_TOGETHER = re.compile(r"联合|联用|合用|并用|同用|一起用|一起吃|同时(?=[用使服给应])|双联|联合用药")
_ALSO = re.compile(r"联|合用|并用|同用|同时|加|\+|配合|一起|复方|双")
_Joint = tuple[str, str, frozenset[str], frozenset[str]]


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the joints between the same two things that are the other kind in the source, and new combinations."""
    theirs = _joints(source)
    reasons: list[Reason] = []
    for word, kind, left, right in _joints(claim) if theirs else ():
        found = [(w, k) for w, k, a, b in theirs if left & a and right & b or left & b and right & a]
        if found and all(_differ(kind, k, claim, source) for _, k in found):
            reasons.append(Reason("content", word, found[0][0]))
    return reasons or _combined(claim, source)


def _differ(mine: str, theirs: str, claim: Reading, source: Reading) -> bool:
    """Tell whether two joints say different things; 以及 only lists, unless all that is listed is asked for."""
    if "list" in (mine, theirs) and "or" in (mine, theirs):
        return _ALL.search(claim.text) is not None or _ALL.search(source.text) is not None
    return theirs not in (mine, "any", "list") and mine != "list"


def _joints(reading: Reading) -> list[_Joint]:
    """List the words that join, with their kind and what stands right before and right after them."""
    words = list(_WORDS.finditer(reading.text))
    if not words:
        return []
    things = [(t.start, t.end, t.units) for t in reading.tokens if t.units and not t.marks]
    things += [(*q.span, frozenset((label(q),))) for q in reading.quantities]
    things.sort(key=lambda thing: thing[0])
    none: frozenset[str] = frozenset()
    return [
        (
            m[0], m.lastgroup or "",
            next((u for _, end, u in reversed(things) if end <= m.start()), none),
            next((u for start, _, u in things if start >= m.end()), none),
        )
        for m in words
    ]  # fmt: skip


def _combined(claim: Reading, source: Reading) -> list[Reason]:
    """Find two drugs that the claim has used together, where the source says of nothing that it is used together."""
    match = _TOGETHER.search(claim.text)
    if match is None or _ALSO.search(source.text):
        return []
    clause = claim.clauses[claim.clause_at(match.start())]
    drugs = [t for t in clause if t.category == "drug" and t.ids & source.ids]
    return [Reason("content", match[0], "")] if len(drugs) > 1 else []
