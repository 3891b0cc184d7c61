"""Whether a word of the claim is the opposite of the one that the source has in its place: 餐后 for 餐前."""

from __future__ import annotations

import re

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

_PAIRS = ("前后", "左右", "内外", "早晚", "大小", "高低", "多少", "增减", "升降", "加减", "快慢", "轻重", "急慢", "上下",
          "长短", "先后", "阳阴", "近远", "强弱", "粗细", "深浅", "冷热", "开关", "男女")  # fmt: skip
_OPPOSITE = {a: "".join(p.strip(a) for p in (*_PAIRS, "增降") if a in p) for a in "".join(_PAIRS)}
_PERIODS = {"周": "天日月年", "天": "周月年", "日": "周月年", "月": "周天日年", "年": "周天日月"}
_COUNTED = frozenset("0123456789一二三四五六七八九十两几半个每")  # before a period that is part of a quantity
_PHRASE, _LONG = 2, 6  # characters on either side, and of a long phrase
_BOUNDS = {"以上": "≥", "以下": "≤"}
_WAYS = frozenset({"up", "down"})  # looked at with the polarity
_SIGN = re.compile(r"([<>≤≥])(?=(.{1,3}))")
_OVER = re.compile(r"(?:不)?(?:超过|超出|高于|大于|多于)")
_UNDER = re.compile(r"(?:不)?(?:低于|小于|少于|不足|不到)")


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the characters and signs whose opposite stands between the same neighbours in the source."""
    return _characters(claim, source) or _signs(claim, source) or _bounds(claim, source)


def _characters(claim: Reading, source: Reading) -> list[Reason]:
    """Look at single characters."""
    text, known = claim.compact, source.pairs
    bounds = {t for q in claim.quantities if _BOUNDS.get(t := claim.text[slice(*q.span)][-2:]) == q.comparator}  # compared with the quantities
    reasons = _phrases(text, source.compact)
    meant = frozenset(t.text for t in claim.tokens if len(t.text) > 1 and (t.ids & source.ids or t.marks & _WAYS))
    for i, char in enumerate(text):
        if char not in _OPPOSITE and char not in _PERIODS:
            continue
        before, after = text[i - 1 : i], text[i + 1 : i + 2]
        if before + char in bounds or char in _PERIODS and (not before or before in _COUNTED):
            continue
        if before and before + char in known or after and char + after in known or {before + char, char + after} & meant:
            continue
        for other in _OPPOSITE.get(char) or _PERIODS[char]:
            if (before and before + other in known) or (after and other + after in known):
                reasons.append(Reason("content", before + char + after, before + other + after))
                break
    return reasons


def _phrases(claim: str, source: str) -> list[Reason]:
    """Look at 前 and 后 in a longer phrase: the source may say both, each with something else (造影前停用, 造影后复查).

    高 and 低 are looked at before a longer phrase only: 低剂量甲加乙 is not 高剂量甲加乙.
    """
    reasons: list[Reason] = []
    for i, char in enumerate(claim):
        rest = claim[i + 1 : i + 1 + _LONG]
        if char in "高低" and len(rest) == _LONG and char + rest not in source:
            other = "低" if char == "高" else "高"
            if other + rest in source:
                reasons.append(Reason("content", char + rest, other + rest))
    for i, char in enumerate(claim):
        if char in "前后" and _PHRASE <= i < len(claim) - _PHRASE:
            before, after = claim[i - _PHRASE : i], claim[i + 1 : i + 1 + _PHRASE]
            other = "后" if char == "前" else "前"
            if before + other + after in source and before + char + after not in source:
                reasons.append(Reason("content", before + char + after, before + other + after))
    return reasons


def _signs(claim: Reading, source: Reading) -> list[Reason]:
    """Look at signs of comparison before the same characters, also where no quantity was understood."""
    theirs: dict[str, set[str]] = {}
    for match in _SIGN.finditer(source.text):
        theirs.setdefault(match[2], set()).add(match[1])
    return [
        Reason("comparator", match[0] + match[2], min(theirs[match[2]]) + match[2])
        for match in _SIGN.finditer(claim.text)
        if match[2] in theirs and match[1] not in theirs[match[2]]
    ]


def _bounds(claim: Reading, source: Reading) -> list[Reason]:
    """Look at words of comparison that bound no number (超过参考值), by the characters beside them."""
    for mine, other in ((_OVER, _UNDER), (_UNDER, _OVER)):
        for match in mine.finditer(claim.text):
            if any(q.span[0] <= match.start() < q.span[1] for q in claim.quantities):
                continue
            before, after = claim.text[max(0, match.start() - 1) : match.start()], claim.text[match.end() : match.end() + 1]
            found = [(source.text[m.start() - 1 : m.start()], source.text[m.end() : m.end() + 1], m[0]) for m in other.finditer(source.text)]
            same = [(source.text[m.start() - 1 : m.start()], source.text[m.end() : m.end() + 1]) for m in mine.finditer(source.text)]
            if (before, after) not in same and (swapped := [w for b, a, w in found if b == before and a == after]):
                return [Reason("comparator", match[0], swapped[0])]
    return []
