"""Whether the drugs, people and named things of the claim are the source's, together in one statement of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from rag.answer.verify import lexicon
from rag.answer.verify.reading import Reading, Token, label
from rag.answer.verify.record import Kind, Reason
from rag.answer.verify.rivals import Around, nearest_other

_BOUND = lexicon.PEOPLE | {"drug"}
_TYPES = frozenset({"disease:1型糖尿病", "disease:2型糖尿病"})
_LITERAL = frozenset({"disease", "organ", "route", "practice"})
_PRESSURES = frozenset({"measure:收缩压", "measure:舒张压"})
_LIMITS = {"practice:至多": "≤<", "practice:至少": "≥>"}
_AGES = (("age:婴儿", 0, 1), ("age:婴幼儿", 0, 3), ("age:儿童", 1, 18), ("age:老年人", 60, 200), ("age:成人", 18, 200))  # years
_CARRIED = {"drug": "practice", "measure": "word"}
_ADDED = re.compile(r"(?:\([^()]*\))?(?:加上?|\+)")
_AMOUNT = re.compile(r"(.{2,}?)(?:剂量|用量|量)")
_GIVEN = re.compile("(.{2,}?)(?:使用|给药|用药|应用|给予)")
_BESIDE = 1  # characters between a name and the quantity that defines it: ≤2周为急性
_MONTHS = 12  # the unit of ages
_GROUPS = ("患者", "病人", "者", "属", "组", "型", "亚型", "类")
_LISTED = re.compile(r"(?:\([^()]*\))?(?:、|和|或者?|及|与|以及)")
_CONTRASTS = frozenset({"sex", "severity"})


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the claim's named things that the source lacks, or says in another connection."""
    reasons = [_reason(t, source) for t in claim.tokens if _named(t) and not _has(source, t) and not _aged(t, claim) and not _pregnant(t, claim)]
    return reasons or _together(claim, source) or _elsewhere(claim, source)


def _named(token: Token) -> bool:
    """Tell whether a word must be in the source itself."""
    return token.category in lexicon.STRICT or token.category == "latin"


def _aged(token: Token, claim: Reading) -> bool:
    """Tell whether a word for people of an age only repeats the age before it: 3~11岁的孩子, 65岁以上的老年人."""
    for name, low, high in _AGES:
        if name in token.ids:
            ages = [q.base for q in claim.quantities if q.dimension == "age" and 0 <= token.start - q.span[1] <= 1]
            return any(_between(a, b, low * _MONTHS, high * _MONTHS) for a, b in ages)
    return False


def _pregnant(token: Token, claim: Reading) -> bool:
    """Tell whether a word for women follows a word for pregnancy or nursing, which says it already: 哺乳期妇女."""
    return "sex:女性" in token.ids and any(t.category == "pregnancy" and t.end == token.start for t in claim.tokens)


def _between(least: Fraction | None, most: Fraction | None, low: int, high: int) -> bool:
    """Tell whether an age lies within bounds; of one that is open below (1岁以下) only the end tells."""
    if least is None:
        return most is not None and low <= _MONTHS and most <= high
    return least >= low and (most if most is not None else least) < high


def _has(source: Reading, token: Token) -> bool:
    """Tell whether the source names the thing; a single character may stand in a longer word (钾 in 钾补充剂)."""
    if token.ids & source.ids:
        return token.category != "severity" or {i for i in token.ids if ":" in i} <= source.ids
    if token.category == "latin" and "/" in token.text:
        return all(part in source.ids for part in token.text.split("/"))
    if _spelt(source, token) or _implied(source, token):
        return True
    if len(token.text) > 1 and token.category in _LITERAL:
        return token.text in source.compact
    return len(token.text) == 1 and token.category in ("organ", "measure") and token.text in source.text


def _spelt(source: Reading, token: Token) -> bool:
    """Tell whether the source writes the thing as a part of other words."""
    text = source.compact
    if token.category == "drug":
        return f"{token.text.removesuffix('物').removesuffix('药')}治疗" in text  # 抗血小板药 is what 抗血小板治疗 is done with
    if token.category == "route" and (way := _GIVEN.fullmatch(token.text)):
        return way[1] in text  # 静脉使用尿激酶溶栓 is 静脉溶栓
    if token.category != "measure":
        return False
    kind = _AMOUNT.fullmatch(token.text)  # 目标 200 mg is the 目标剂量
    return _composed(token.text, text) or kind is not None and kind[1] in text


def _implied(source: Reading, token: Token) -> bool:
    """Tell whether the source says the thing by its figures or by how it joins them."""
    if token.ids & _LIMITS.keys():
        signs = next(_LIMITS[i] for i in token.ids if i in _LIMITS)
        return any(q.comparator[-1] in signs for q in source.quantities)
    if "measure:首次剂量" in token.ids:
        return any(q.kind == "ordinal" and q.low == q.high == 1 for q in source.quantities)
    if "measure:血压" in token.ids or token.ids & _PRESSURES and "measure:血压" in source.ids:
        return any(q.second for q in source.quantities)
    if "practice:联合" in token.ids:
        return _added(source)
    return "measure:体重" in token.ids and any(q.unit == "kg" for q in source.quantities)


def _composed(name: str, text: str) -> bool:
    """Tell whether a text has both parts of a name: 非空腹 and 血糖."""
    return any(name[:i] in text and name[i:] in text for i in range(2, len(name) - 1))


def _added(source: Reading) -> bool:
    """Tell whether the source joins two drugs with 加 (甲加乙), which are so used together."""
    drugs = [t for t in source.tokens if t.category == "drug"]
    return any(_ADDED.fullmatch(source.text, a.end, b.start) for a, b in pairwise(drugs))


def kind_of(category: str) -> Kind:
    """Name the reason for a category."""
    return "drug" if category == "drug" else "population" if category in lexicon.PEOPLE else "content"


def _reason(token: Token, source: Reading) -> Reason:
    """Set what the source has of the same category beside the claim's word."""
    other = next((t.text for t in source.tokens if t.category == token.category), "")
    return Reason(kind_of(token.category), token.text, other)


def _together(claim: Reading, source: Reading) -> list[Reason]:
    """Refuse a claim's clause whose named things the source says in different sentences about different things."""
    if source.sentence[-1] == 0:
        return []
    topics = _topics(source) if "|" in source.text else frozenset()
    last = {number: clause for clause, number in enumerate(source.sentence)}
    for tokens in claim.clauses:
        every = [t for t in tokens if _named(t) and t.ids & source.ids]
        for wanted in _one_each(every, claim) if len(every) > 1 else ():
            missing = [[t for t in wanted if not t.ids & topics and not _in_scope(t, source, clause)] for clause in last.values()]
            fewest = min(missing, key=len)
            if fewest:
                return [Reason(kind_of(fewest[0].category), fewest[0].text, "")]
    return []


def _in_scope(token: Token, source: Reading, clause: int) -> bool:
    """Tell whether a clause is about a name, or has it in another word (抗血小板治疗 for 抗血小板药, 减重 for 体重)."""
    if token.ids & source.scope(clause, token.category):
        return True
    return token.category in _CARRIED and bool(token.ids & source.scope(clause, _CARRIED[token.category]))


def _one_each(tokens: list[Token], reading: Reading) -> Iterator[list[Token]]:
    """Yield the names with one drug each of those enumerated (小儿不用甲、乙): each may be said in a statement of its own."""
    drugs = [t for t in tokens if t.category == "drug"]
    joined = all(_LISTED.fullmatch(reading.text, a.end, b.start) for a, b in pairwise(drugs))
    if len(drugs) < 2 or not joined or "practice:联合" in reading.ids:
        yield tokens
        return
    for drug in drugs:
        yield [t for t in tokens if t.category != "drug" or t is drug]


def _elsewhere(claim: Reading, source: Reading) -> list[Reason]:
    """Refuse a name that stands where the source has another one of its category, in another statement."""
    topics = _topics(source)
    for token in claim.tokens:
        if not _binds(token, claim) or _converted(token, claim, source):
            continue
        alike = [t for t in source.tokens if t.category == token.category and _binds(t, source)]
        same = [t for t in alike if t.ids & token.ids and not _paired(t, source)]
        held = {t.clause for t in same}
        rivals = [t for t in alike if not t.ids & token.ids and (t.clause not in held or token.category in _CONTRASTS)]
        if token.ids & topics:
            rivals = [] if "|" in source.text else [t for t in rivals if source.sentence[t.clause] or not _beside(t, token, claim, source)]
        if not same or not rivals:
            continue
        mine = _about(claim, token)
        place = nearest_other(mine, [_about(source, t) for t in same], [_about(source, t) for t in rivals])
        if place is not None:
            return [Reason(kind_of(token.category), token.text, rivals[place].text)]
    return []


def _paired(token: Token, source: Reading) -> bool:
    """Tell whether 分别 pairs a name with a figure of a second list: the figures' own check looks at that."""
    return "分别" in source.text[token.end : source.end_of(token.clause)]


def _binds(token: Token, reading: Reading) -> bool:
    """Tell whether a name is of those that stand in each other's place; Latin letters are, where they name patients or a group."""
    if token.category == "latin":
        return reading.text.startswith(_GROUPS, token.end)
    return token.category in _BOUND or bool(token.ids & _TYPES)


def _topics(source: Reading) -> frozenset[str]:
    """List what a text is about from its first clause on: the subject of a table's row, or the first drug."""
    if "|" in source.text:
        return source.subject()
    return _ids([t for t in source.clauses[0] if t.category == "drug"][:1])


def _beside(rival: Token, token: Token, claim: Reading, source: Reading) -> bool:
    """Tell whether the claim has another drug of the rival's clause beside the name, which so has not taken its place."""
    there = _ids(t for t in source.clauses[rival.clause] if t.category == "drug") - token.ids
    return any(t.ids & there for t in claim.clauses[token.clause])


def _converted(token: Token, claim: Reading, source: Reading) -> bool:
    """Tell whether a quantity after the name is written otherwise in the source, so that surroundings cannot be compared."""
    labels = [label(q) for q in claim.quantities if q.span[0] > token.start and claim.clause_at(q.span[0]) == token.clause]
    return bool(labels) and not any(x in units for x in labels for units in source.units)


def _about(reading: Reading, token: Token) -> Around:
    """Collect what a sentence says around a name, up to the next other name of its category."""
    number = reading.sentence[token.clause]
    others = [
        t for t in reading.tokens
        if t.category == token.category and t is not token and reading.sentence[t.clause] == number
        and (t.clause != token.clause or token.category in _CONTRASTS)
    ]  # fmt: skip
    left = max((t.end for t in others if t.end <= token.start), default=0)
    ahead = [t.start if t.clause == token.clause else max(reading.starts[t.clause], token.end) for t in others if t.start >= token.end]
    right = min(ahead, default=len(reading.text))
    items = [(t.start, t.clause, t.units | {f"!{m}" for m in (*t.marks, *_denies(t))}) for t in reading.tokens if t is not token]
    items += [(q.span[0], reading.clause_at(q.span[0]), frozenset((label(q),))) for q in reading.quantities]
    before: set[str] = set()
    after: set[str] = set()
    for start, clause, units in items:
        if reading.sentence[clause] == number and left <= start < right:
            (before if start < token.start else after).update(units)
    for grade in reading.grades:
        if reading.sentence[reading.clause_at(grade.span[0])] == number and left <= grade.span[0] < right:
            (before if grade.span[0] < token.start else after).add(f"={grade.what}{grade.value}")
    beside = [
        q for q in reading.quantities
        if max(token.start - q.span[1], q.span[0] - token.end) <= _BESIDE and reading.clause_at(q.span[0]) == token.clause
    ]  # fmt: skip
    key = label(beside[0]) if beside and "分别" not in reading.text else ""
    return Around(frozenset(before), frozenset(after), frozenset(before | after), reading.earlier(token.clause), key=key)


def _denies(token: Token) -> tuple[str, ...]:
    """Name what all words that forbid or advise against have in common."""
    return ("no",) if token.marks & {"never", "mustnot", "against"} else ()


def _ids(tokens: Iterable[Token]) -> frozenset[str]:
    """Join the meanings of words."""
    return frozenset(i for t in tokens for i in t.ids)
