"""Whether the claim's words are covered by the source, in its words or known synonyms."""

from __future__ import annotations

import re

from rag.answer.verify.lexicon import STRICT
from rag.answer.verify.reading import Reading, Token, pairs
from rag.answer.verify.record import Reason

# A strange word where the source has another one between the same neighbours stands in that one's place. A claim that
# keeps the source's wording throughout is held to it; a rewording is given some words of its own.
_CLOSE, _BUDGET, _GAP = 0.85, 0.5, 8
_CLAUSE, _LEAST, _JOINED = 0.7, 4, 1
_SHORT, _WHEN = 2, ("后", "时", "前", "期间")
_END = re.compile("[,;。]")
_USE = tuple(act + "期间" for act in ("用药", "服药", "使用", "服用", "应用", "治疗", "给药"))
_DIRECTIONS = frozenset({"up", "down"})


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the words that are new in the claim, when there are more of them than a rewording needs."""
    if cut := _beheaded(claim, source):
        return [cut]
    strange = _whole([(t, w) for t in claim.tokens if (w := _strange(t, source)) and not _measures(t, claim)], claim, source)
    if not strange:
        return []
    total = sum(t.weight for t in claim.tokens) + 2 * len(claim.quantities)
    long = [t for t, w in strange if w >= 2]
    if sum(w for _, w in strange) > _BUDGET * total or (long and _closeness(claim, source) >= _CLOSE):
        return [Reason("content", t.text, "") for t, _ in strange]
    for clause in range(len(claim.clauses)):  # nothing may be added in a clause of its own
        new = [(t, w) for t, w in strange if t.clause == clause]
        weight = sum(t.weight for t in claim.clauses[clause]) + 2 * any(u.startswith("=") for u in claim.units[clause])
        added = sum(w for _, w in new)
        if added >= max(_LEAST, _CLAUSE * weight) or new and _turned(clause, claim, source) or added >= _SHORT and _limits(clause, claim):
            return [Reason("content", t.text, "") for t, _ in new]
    runs = [(t.start, t.end) for t in long if t.category == "han"] + _runs(strange)
    return [Reason("content", claim.text[a:b], found) for a, b in dict.fromkeys(runs) if (found := _replaced(a, b, claim, source))]


def _whole(strange: list[tuple[Token, int]], claim: Reading, source: Reading) -> list[tuple[Token, int]]:
    """Count with a strange character the filler right after it that the source has with neither neighbour: 灵长类 is no 灵 and 长."""
    fillers = {t.start: t for t in claim.tokens if t.category == "generic" and len(t.text) == 1}
    text = claim.text.lower()

    def weight(token: Token, own: int) -> int:
        end = token.end
        inside = end in fillers and not {text[end - 1 : end + 1], text[end : end + 2]} & source.pairs
        return own + 1 if len(token.text) == 1 and inside and text[end + 1 : end + 2].isalpha() else own

    return [(t, weight(t, w)) for t, w in strange]


def _beheaded(claim: Reading, source: Reading) -> Reason | None:
    """Tell whether a claim begins in the middle of a word of the source: 险因素 of 高危险因素."""
    head = claim.text[:_LEAST]
    places = [m.start() for m in re.finditer(re.escape(head), source.text)]
    first = claim.tokens[0] if claim.tokens else None
    if first is None or first.category == "generic":
        return None  # 用 is a word by itself, though 应用 is one too
    words = [t for t in source.tokens if t.ids and not t.ids & first.ids and (t.category in STRICT or first.category == "han")]
    inside = [next((t for t in words if t.start < p < t.end), None) for p in places]
    return Reason("content", head, inside[0].text) if inside and inside[0] and all(inside) else None


def _measures(token: Token, claim: Reading) -> bool:
    """Tell whether a word only leads to the length of time that follows it: 持续超过5分钟."""
    return "持续" in token.ids and any(q.kind == "duration" and 0 <= q.span[0] - token.end <= 1 for q in claim.quantities)


def _limits(clause: int, claim: Reading) -> bool:
    """Tell whether a clause says when or for whom the clauses after it hold: 调整剂量后, …"""
    text = claim.text[claim.starts[clause] : claim.end_of(clause)].rstrip(", ")
    return text.endswith(_WHEN) and not text.endswith(_USE) and clause + 1 < len(claim.clauses)


def _turned(clause: int, claim: Reading, source: Reading) -> bool:
    """Tell whether a clause says that something rises or falls, of which the source says nothing."""
    said = {m for t in source.tokens for m in t.marks}
    return any(t.marks & _DIRECTIONS and not t.marks & said and t.text not in source.text for t in claim.clauses[clause])


def _runs(strange: list[tuple[Token, int]]) -> list[tuple[int, int]]:
    """Join strange words that stand side by side, or with a filler between them, and list the long ones."""
    spans: list[tuple[int, int, int]] = []
    for token, weight in strange:
        start, _, before = spans.pop() if spans and token.start - spans[-1][1] <= _JOINED else (token.start, 0, 0)
        spans.append((start, token.end, before + weight))
    return [(start, end) for start, end, weight in spans if weight >= _LEAST]


def _replaced(start: int, end: int, claim: Reading, source: Reading) -> str:
    """Return what the source has between the two characters before and the two after strange words."""
    text = claim.text
    before, after = text[max(0, start - 2) : start], _END.split(text[end : end + 2])[0]
    if len(before) < 2 and len(after) < 2:
        return ""
    head = re.escape(before) if len(before) == 2 else "^" + re.escape(before)
    tail = re.escape(after) if len(after) == 2 else re.escape(after) + "(?=[,;。]|$)"
    match = re.search(f"{head}([^,;。]{{1,{_GAP}}}?){tail}", source.text)
    if match is None or all(pair in claim.pairs for pair in pairs(re.sub(r"\W", "", match[1]))):
        return ""  # nothing was there, or it was only moved
    return match[1]


def _strange(token: Token, source: Reading) -> int:
    """Count the characters of a word that the source does not have."""
    if not token.weight or token.category in STRICT or token.category == "latin":
        return 0
    if token.ids & source.ids:
        return 0
    if len(token.text) == 2 and token.text[::-1] in source.pairs:
        return 0  # 转阳 is 阳转
    known = pairs(token.text) & source.pairs
    if len(token.text) == 1:
        return 0 if known else 1
    covered = {i + k for i in range(len(token.text) - 1) if token.text[i : i + 2] in known for k in (0, 1)}
    return len(token.text) - len(covered)


def _closeness(claim: Reading, source: Reading) -> float:
    """Return the share of the claim's character pairs that the source has too."""
    mine = frozenset(p for p in claim.pairs if len(p) == 2)
    return len(mine & source.pairs) / len(mine) if mine else 0.0
