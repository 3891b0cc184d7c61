"""Whether the claim affirms what the source only denies: 可重复使用 for 不重复用, 有支架 for 没有急性冠脉综合征、支架."""

from __future__ import annotations

import re

from rag.answer.verify.reading import Reading
from rag.answer.verify.record import Reason

NEGATIONS = frozenset("不无未非没勿禁忌避慎否")
_MODAL = "可以?|能够?|应当?|应该|需要?|必须|要|宜|会|建议|推荐"
_MAYBE = f"(?:{_MODAL})?"
_LONG = 4  # characters of what is denied
_DENIED = re.compile(rf"(?:不{_MAYBE}|无需|无须|未|勿|禁止|避免)(?P<what>[\u3400-\u9fff]{{2,{_LONG}}})")
_UNSURE = re.compile(r"是否|能否|可否|尚?无定论|不(?:能|太)?(?:明确|清楚|确定|肯定)|未明|争议|有待|可能|证据不足|缺乏证据")
_WHETHER = re.compile(
    rf"(?:是否|能否|可否){_MAYBE}(?P<what>[\u3400-\u9fff]{{2,{_LONG}}})[^;。]{{0,12}}?(?:定论|不明确|不清楚|未明|争议|有待|不确定)"
)
_ADVERBS = frozenset({"明显", "显著", "完全", "一定", "能够", "可以", "应该", "需要", "必须", "建议", "推荐"})
_WITHOUT = re.compile(r"(?:没有|没|无|未合并|不伴|不合并)(?P<list>[^,;。|:]*?[、或][^,;。|:]*)")
_ITEM = re.compile(r"[、或和及与]")
_TAIL = re.compile(r"(?:病?史|的|者|患者).*$")
_LEAST = 2  # characters of a thing


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List what the claim says can be done or is there, and the source only says in the negative."""
    return _done(claim, source) or _present(claim, source) or _open(claim, source)


def affirmed(phrase: str, text: str) -> bool:
    """Tell whether a text has a phrase with no negation right before it."""
    return any(text[m.start() - 1 : m.start()] not in NEGATIONS for m in re.finditer(re.escape(phrase), text))


def _done(claim: Reading, source: Reading) -> list[Reason]:
    """Look at what may or should be done."""
    denials = list(_DENIED.finditer(source.compact))
    masked = _DENIED.sub(lambda m: "不" * len(m[0]), source.compact)
    for match, phrase in [(m, m["what"][:size]) for m in denials for size in (_LONG, _LEAST)]:
        if phrase not in claim.compact or phrase in _ADVERBS or affirmed(phrase, masked):
            continue
        said = re.search(rf"(?:{_MODAL}|已经?)(?:[把将].{{1,{_LONG}}}?)?{phrase}", claim.compact)
        if said and not re.search(rf"[不无未非没勿别免]{_MAYBE}{phrase}", claim.compact):
            return [Reason("negation", said[0], match[0])]
    return []


def _open(claim: Reading, source: Reading) -> list[Reason]:
    """Look at what the source leaves open (是否能改善预后尚无定论) and the claim says outright."""
    for match in _WHETHER.finditer(source.text):
        rest = source.text.replace(match[0], "")
        for phrase in (match["what"], match["what"][:_LEAST]):
            if phrase in claim.text and not _UNSURE.search(claim.text) and not affirmed(phrase, rest):
                return [Reason("negation", phrase, match[0])]
    return []


def _present(claim: Reading, source: Reading) -> list[Reason]:
    """Look at each item of a list that is said to be absent."""
    for match in _WITHOUT.finditer(source.text):
        for item in (_TAIL.sub("", part) for part in _ITEM.split(match["list"])):
            if len(item) < _LEAST or item not in claim.text:
                continue
            said = re.search(rf"(?<![没不未])(?:有|合并|伴有?|并发|出现过?)(?:过)?{re.escape(item)}", claim.text)
            outside = source.text[: match.start()] + "," + source.text[match.end() :]
            if said and item not in outside:
                return [Reason("negation", said[0], match[0])]
    return []
