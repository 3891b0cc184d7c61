"""Which grades a text names: recommendation, evidence, stage, class, type, line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_HAN = {c: str(i) for i, c in enumerate("零一二三四五六七八九")}
_VALUE = r"(?:(?<![A-Za-z0-9.])(?:III|II|IV|VI|I|V|G?\d|[A-EG])|(?<![第十百一二三四五六七八九])[一二三四五六])"
_SUB = r"(?:-?[abcABC](?![A-Za-z])\d?)?"
_TRAIL = re.compile(
    rf"(?P<v>{_VALUE}{_SUB})(?P<to>\s*(?:[-~]|至|到|、|或|和|/)\s*(?P<w>{_VALUE}{_SUB}))?\s*(?P<k>级|类|型|期|度|线(?!性|粒|索|图)|联)\s*(?P<what>推荐|建议|证据|强度)?"
)
_LEAD = re.compile(
    r"(?P<what>(?:推荐|建议)(?:等级|级别|强度|类别|分级)|证据(?:等级|级别|质量|水平|分级|强度))\s*[:为是]?\s*(?:\()?\s*"
    rf"(?P<v>{_VALUE}{_SUB}|强|弱|极低|低|中等?|高)(?=$|[^A-Za-z0-9])"
)
_PAIR = re.compile(rf"\(\s*(?P<v>(?:III|II|I|\d){_SUB})\s*,\s*(?P<w>[A-D])\s*\)|[(,]\s*(?P<x>[12][A-D])\s*\)")
_WORDS = re.compile(
    r"(?P<s>强|弱|中等强度)推荐(?!等级|级别)|(?P<q>极低|低|中等?|高)(?:级|等)?质量(?:的)?证据|证据质量(?P<q2>极低|低|中等?|高)"
)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: its span, what is graded (推荐, 证据, 级, 型, 期 …) and its value in one spelling (Ⅱa → 2a)."""

    span: tuple[int, int]
    what: str
    value: str


def value(text: str) -> str:
    """Write a grade's value in one spelling."""
    match = re.fullmatch(r"(G?)(III|II|IV|VI|I|V|\d|[一二三四五六]|[A-EG])-?([abcABC]?\d?)", text)
    if match is None:
        return text.removesuffix("等")
    core = _ROMAN.get(match[2].lower()) or _HAN.get(match[2]) or match[2]
    return match[1] + core + match[3].lower()


def grades(text: str) -> list[Grade]:
    """List the grades of a prepared text in order."""
    found: dict[tuple[int, int], Grade] = {}

    def add(span: tuple[int, int], what: str, text_value: str) -> None:
        if not any(a < span[1] and span[0] < b for a, b in found):
            found[span] = Grade(span, what, value(text_value))

    for match in _LEAD.finditer(text):
        add(match.span(), match["what"][:2].replace("建议", "推荐"), match["v"])
    for match in _PAIR.finditer(text):
        if match["x"]:
            add(match.span(), "推荐证据", match["x"])
        else:
            add(match.span("v"), "推荐", match["v"])
            add(match.span("w"), "证据", match["w"])
    for match in _TRAIL.finditer(text):
        what = {"推荐": "推荐", "建议": "推荐", "证据": "证据"}.get(match["what"] or "", match["k"])
        _trail(match, what, add)
    for match in _WORDS.finditer(text):
        add(match.span(), *(("推荐", match["s"]) if match["s"] else ("证据", match["q"] or match["q2"])))
    return sorted(found.values(), key=lambda g: g.span)


def _trail(match: re.Match[str], what: str, add: Callable[[tuple[int, int], str, str], None]) -> None:
    """Add a grade before its word; two joined ones (Ⅱ～Ⅲ级) are two grades."""
    if match["k"] == "类" and what == "类" and match["v"] in _HAN:
        return  # 一类 is an article
    if match["w"]:
        add(match.span("v"), what, match["v"])
        add((match.start("w"), match.end()), what, match["w"])
    else:
        add(match.span(), what, match["v"])
