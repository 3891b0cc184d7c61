"""Whether a quantity, grade or name belongs to the same thing in claim and source: its surroundings are compared.

A claim that swaps two numbers has only numbers that the source has. So the source's quantity that stands in the most
similar surroundings must be the equal one: 男性 85, 女性 80 does not support 男性 80.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.reading import Reading, Token, label, pairs
from rag.answer.verify.rivals import OWNERS, Around
from rag.text.quantity import Quantity

_NEAREST = 3
_SPLIT = re.compile(r"以及|[、和与及或]")
_LISTED = re.compile(r"[^,;。]{0,3}?(?:[、/(]|和|或|及|与)[^,;。]{0,3}|[片缓控释肠溶]*")
_DEFINES = re.compile(r"(?:者|时)?(?:诊断为|定义为|判定为|称为|为|是|属于?|即)")
_CONDITION = re.compile(r"(?:的?(?:患者|病人|者|儿童|成人|人)|时),\s*")
_PERIOD = re.compile(r"每个?(?P<period>[日天周月年次])[^,;。\d]{0,4}$")
_STOP = re.compile(r"[、()]|(?:和|或|及|与)")


def units_of(tokens: Iterable[Token]) -> frozenset[str]:
    """Join the units of words."""
    return frozenset(u for t in tokens for u in t.units)


def around(reading: Reading, span: tuple[int, int]) -> Around:
    """Collect the surroundings of a quantity."""
    clause = reading.clause_at(span[0])
    start, end = reading.starts[clause], reading.end_of(clause)
    here = [q for q in reading.quantities if start <= q.span[0] < end and q.span != span]
    kind = next((q.dimension.split("/")[0] for q in reading.quantities if q.span == span), "")
    since = max((q.span[1] for q in here if q.span[1] <= span[0] and q.dimension.split("/")[0] == kind), default=start)
    right = next((q for q in here if span[1] <= q.span[0]), None)
    tokens = reading.clauses[clause]
    stop = right.span[0] if right else end
    if cut := _STOP.search(reading.text, span[1], stop):
        stop = cut.start() if cut[0] in "、()" or right else stop
    head: set[str] = set()
    before = _respectively(reading, span, start, end)
    if before is None:
        ahead = [t for t in tokens if since <= t.start < span[0] and (t.units or t.marks)]
        before = {u for t in ahead[-_NEAREST:] for u in _near_units(t, 4)}
        head = {u for t in ahead[-1:] for u in _near_units(t, 2)}
        head |= {label(q) for q in here if since <= q.span[0] < span[0]} | {i for t in ahead if t.category in OWNERS for i in t.ids}
        before |= {i for t in ahead if t.category in OWNERS for i in t.ids}
        before |= {label(q) for q in here if since <= q.span[0] < span[0]}
        if not before and (previous := _elided(reading, span, kind)):
            before |= around(reading, previous).before
    after = {u for t in tokens if span[1] <= t.start < stop for u in (*t.units, *(f"!{m}" for m in t.marks))} | ({label(right)} if right else set())
    keys = _keys(reading, span, kind)
    return Around(
        frozenset(before), frozenset(after), reading.units[clause], reading.earlier(clause), frozenset(head),
        key=keys[0] if keys else "", keys=frozenset(keys), period=_period(reading, since, span[0]), value=_value(reading, span) if kind == "age" else "",
    )  # fmt: skip


def _period(reading: Reading, since: int, place: int) -> str:
    """Name the period that is said right before a place."""
    match = _PERIOD.search(reading.text, since, place)
    return match["period"].replace("天", "日") if match else ""


def _value(reading: Reading, span: tuple[int, int]) -> str:
    """Label the next quantity of a sentence: what is said of people of an age (≥80岁者<150/90 mmHg)."""
    after = next((q for q in reading.quantities if q.span[0] >= span[1]), None)
    same = after and reading.sentence[reading.clause_at(after.span[0])] == reading.sentence[reading.clause_at(span[0])]
    return label(after) if after and same else ""


def _keys(reading: Reading, span: tuple[int, int], kind: str) -> list[str]:
    """Label the quantities of other kinds before a place, the nearest first.

    They are those of its clause and of a condition before it, for a rate (2次/d) also those earlier in its sentence, up to
    the last one of its own kind.
    """
    clause, found = reading.clause_at(span[0]), []
    for q in reversed([q for q in reading.quantities if q.span[1] <= span[0]]):
        place = reading.clause_at(q.span[0])
        near = place == clause or kind == "times" or _conditions(reading, q.span[1], clause)
        if not near or reading.sentence[place] != reading.sentence[clause] or found and q.dimension.split("/")[0] == kind:
            break
        if q.dimension.split("/")[0] != kind:
            found.append(label(q))
    return found if kind == "times" else found[:1]


def _conditions(reading: Reading, end: int, clause: int) -> bool:
    """Tell whether a quantity closes the clause before as the condition of this one: 肌酐清除率15~49 ml/min者, …"""
    return _CONDITION.fullmatch(reading.text, end, reading.starts[clause]) is not None


def _near_units(token: Token, size: int) -> frozenset[str]:
    """List a word's meanings, a marker's classes, or the last character pairs of an unknown run."""
    return token.ids or frozenset(f"!{m}" for m in token.marks) or pairs(token.text[-size:])


def _elided(reading: Reading, span: tuple[int, int], kind: str) -> tuple[int, int] | None:
    """Find the quantity of the same kind whose label is left out here: 升高超过30%应减量, 超过50%应停药."""
    number = reading.sentence[reading.clause_at(span[0])]
    spans = [q.span for q in reading.quantities if q.span[1] <= span[0] and q.dimension.split("/")[0] == kind]
    place = reading.clause_at(spans[-1][0]) if spans else 0
    return spans[-1] if spans and reading.sentence[place] == number and place != reading.clause_at(span[0]) else None


def foreign(quantity: Quantity, claim: Reading, source: Reading, same: list[Quantity], categories: frozenset[str]) -> Token | None:
    """Return a name right before the claim's quantity that the source has, but not for any of the equal quantities."""
    clause = claim.clause_at(quantity.span[0])
    start = max((q.span[1] for q in claim.quantities if q.span[1] <= quantity.span[0]), default=0)
    named = [t for t in claim.tokens if start <= t.start < quantity.span[0] and claim.sentence[t.clause] == claim.sentence[clause]]
    here = {t.category for t in named if t.clause == clause}
    for token in named:
        if token.clause != clause and token.category in here:
            continue  # the clause names its own
        if token.category not in categories or not token.ids & source.ids or token.ids & source.subject():
            continue
        beside = (t for s in same for t in source.clauses[source.clause_at(s.span[0])])
        if any(token.ids & t.ids for t in beside):
            continue
        scopes = [source.scope(source.clause_at(s.span[0]), token.category) for s in same]
        if any(token.ids & scope for scope in scopes):
            continue
        if any(scopes) or _has_rival(token, same, source):
            return token
    return None


def misnamed(quantity: Quantity, claim: Reading, source: Reading, same: list[Quantity]) -> Token | None:
    """Return what the claim has the quantity define (≥50%为HFpEF) where the source names that beside other quantities only."""
    match = _DEFINES.match(claim.text, quantity.span[1])
    token = next((t for t in claim.tokens if match and t.start == match.end()), None)
    if token is None or token.category not in OWNERS | {"disease", "latin"} or not _has_rival(token, same, source):
        return None
    beside = frozenset(i for s in same for t in source.clauses[source.clause_at(s.span[0])] for i in t.ids)
    return None if token.ids & beside else token


def _has_rival(token: Token, same: list[Quantity], source: Reading) -> bool:
    """Tell whether the source names the token in a clause that has another quantity of the kind."""
    return any(
        token.ids & t.ids
        for q in source.quantities
        if q.dimension == same[0].dimension and q not in same
        for t in source.clauses[source.clause_at(q.span[0])]
    )


_ROLES = (
    ("start", re.compile(r"起始|初始|首剂|首次|开始|负荷|从(?=[\d.])")),
    ("most", re.compile(r"最大|最高|极量|至多|最多|上限|不(?:得|宜|应)?超过")),
    ("keep", re.compile(r"维持")),
    ("usual", re.compile(r"多[为在见]|大多|平均|中位")),
)


def other_owner(quantity: Quantity, claim: Reading, source: Reading, same: list[Quantity], category: str) -> Token | None:
    """Return the claim's drug or measure of a quantity where the source's nearest one before each equal quantity is another.

    Those that are listed together (甲、乙, 甲或乙, 甲(乙)) share the quantity.
    """
    mine = _owners(claim, quantity, category)
    if not mine or not mine[-1].ids & source.ids:
        return None
    if mine[-1].ids & source.subject():
        return None
    theirs = [_owners(source, s, category) for s in same]
    if all(tokens and not any(mine[-1].ids & t.ids for t in tokens) for tokens in theirs):
        return mine[-1]
    return None


def _owners(reading: Reading, quantity: Quantity, category: str) -> list[Token]:
    """List the names of a category right before a quantity in its clause: the last one and those that are listed with it."""
    clause = reading.clauses[reading.clause_at(quantity.span[0])]
    found = [t for t in clause if t.category == category and t.end <= quantity.span[0]]
    for i in range(len(found) - 1, 0, -1):
        if not _LISTED.fullmatch(reading.text, found[i - 1].end, found[i].start):
            return found[i:]
    return found


def role_differs(quantity: Quantity, claim: Reading, source: Reading, same: list[Quantity], rivals: list[Quantity]) -> bool:
    """Tell whether the claim calls a starting dose what the source calls the largest one, or usual what another one is."""
    mine = _roles(claim, quantity)
    theirs = [_roles(source, s) for s in same]
    usual = "usual" in mine and all("usual" not in roles for roles in theirs) and any("usual" in _roles(source, r) for r in rivals)
    return usual or bool(mine) and all(roles and not roles & mine for roles in theirs)


def role_kept(quantity: Quantity, claim: Reading, source: Reading, same: list[Quantity], rivals: list[Quantity]) -> bool:
    """Tell whether a dose has a role that the equal one has in the source too, and no rival: only one is the largest."""
    if any(t.category in PEOPLE for t in claim.tokens) or any(q.dimension == "age" for q in claim.quantities):
        return False
    mine = _roles(claim, quantity)
    first = min(s.span[0] for s in same)
    others = [_roles(source, r) for r in rivals if r.span[0] > first or _roles(source, r)]
    return any(mine & _roles(source, s) for s in same) and all(roles and not roles & mine for roles in others)


def _roles(reading: Reading, quantity: Quantity) -> set[str]:
    """List the roles that the words around a dose give it."""
    clause = reading.clause_at(quantity.span[0])
    start = max((q.span[1] for q in reading.quantities if q.span[1] <= quantity.span[0]), default=0)
    end = min((q.span[0] for q in reading.quantities if q.span[0] >= quantity.span[1] and q.kind != "frequency"), default=len(reading.text))
    end = min(end, reading.end_of(clause))
    aside = reading.text.find("(", quantity.span[1], end)  # what a bracket says is said of the next one
    text = reading.text[max(start, reading.starts[clause]) : end if aside < 0 else aside]
    return {name for name, pattern in _ROLES if pattern.search(text)}


def _respectively(reading: Reading, span: tuple[int, int], start: int, end: int) -> set[str] | None:
    """Pair 甲、乙和丙 … 分别为 1、2 和 3: return what the item in the same place of the first list says."""
    at = reading.text.rfind("分别", start, span[0])
    if at < 0:
        return None
    after = [q.span for q in reading.quantities if at < q.span[0] < end]
    if len(after) < 2 or span not in after:
        return None
    place = after.index(span)
    labels = [q for q in reading.quantities if start <= q.span[0] and q.span[1] <= at]
    if len(labels) >= len(after):
        return {label(labels[place - len(after)])}
    parts = _SPLIT.split(reading.text[start:at])
    if len(parts) < len(after):
        return None
    begin = start + reading.text[start:at].rfind(parts[place - len(after)])
    stop = begin + len(parts[place - len(after)])
    return {u for t in reading.clauses[reading.clause_at(span[0])] if begin <= t.start < stop for u in t.units}
