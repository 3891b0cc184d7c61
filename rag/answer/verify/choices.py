"""Whether what is chosen, changed to, stopped or not tolerated is what the source says it of."""

from __future__ import annotations

import re

from rag.answer.verify.reading import Reading, Token, pairs
from rag.answer.verify.record import Reason

_CHOSEN = {
    "first": re.compile(r"(?<!不)(?:首选|首先选择?|优先选[择用])(?:药物|用药|治疗)?[为是]?(?=[\w])"),
    "changed": re.compile(r"(?:换成|换为|换用|改用|改成|改为|换)(?=[\w])"),
}
_MAY = re.compile(r"(?:也可|可以|亦可|可)(?:考虑)?选[用择]?")
_ITEM_END = re.compile(r"[,;。、|:()]|和|或|及|与|以(?![上下内外])")
_NOUN = ("的", "为", "是", "作为")  # before 首选 where it is a noun
_REFUSED = re.compile(r"(?:[^,;。、]{0,2}?)(?:过敏|不耐受|不能耐受|无法耐受)")
_LEAST = 2  # characters of what is chosen


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List what the claim chooses, changes to, stops or does not tolerate, where the source says it of something else."""
    return [*_chosen(claim, source), *_weakened(claim, source), *_refused(claim, source), *_stopped(claim, source)]


def _chosen(claim: Reading, source: Reading) -> list[Reason]:
    """Look at what follows 首选 and 换用: it must follow it in the source, where it stands elsewhere in the source."""
    reasons: list[Reason] = []
    for verb in _CHOSEN.values():
        theirs = [_object(source, m) for m in verb.finditer(source.text)]
        if not theirs:
            continue
        for match in verb.finditer(claim.text):
            item = _item(claim, match.end())
            drugs = _drugs(claim, match.end(), len(item))
            if drugs and any(all(d.text in text for d in drugs) for text in theirs):
                continue
            if not _noun(claim, match) and len(item) >= _LEAST and _said(item, source.text) and not any(_said(item, text) for text in theirs):
                reasons.append(Reason("drug" if drugs else "content", match[0] + item, theirs[0]))
    return reasons


def _weakened(claim: Reading, source: Reading) -> list[Reason]:
    """Find what the claim only allows to be chosen and the source names as the first choice."""
    first, may = ([_object(source, m) for m in p.finditer(source.text)] for p in (_CHOSEN["first"], _MAY))
    found = [(m[0], _item(claim, m.end())) for m in _MAY.finditer(claim.text)]
    return [
        Reason("content", verb + item, "首选" + item)
        for verb, item in found
        if len(item) >= _LEAST and any(_said(item, t) for t in first) and not any(_said(item, t) for t in may)
    ]


def _refused(claim: Reading, source: Reading) -> list[Reason]:
    """Find the drug that the claim says is not tolerated where the source says so of another."""
    theirs = _intolerant(source)
    if not theirs:
        return []
    known = frozenset(i for t in theirs for i in t.ids)
    return [Reason("drug", t.text, theirs[0].text) for t in _intolerant(claim) if t.ids & source.ids and not t.ids & known]


def _intolerant(reading: Reading) -> list[Token]:
    return [t for t in reading.tokens if t.category == "drug" and _REFUSED.match(reading.text, t.end)]


def _stopped(claim: Reading, source: Reading) -> list[Reason]:
    """Find the drug that the claim stops where the source stops others only: what stands before the word is stopped."""
    theirs = _before_stops(source)
    if not theirs or not all(drugs for _, drugs in theirs):
        return []
    known = frozenset(i for _, drugs in theirs for i in drugs)
    return [
        Reason("negation", stop.text, theirs[0][0].text)
        for stop, drugs in _before_stops(claim)
        if drugs and drugs <= source.ids and not drugs & known
    ]


def _before_stops(reading: Reading) -> list[tuple[Token, frozenset[str]]]:
    """List the words that stop something, each with the drugs before it in its clause."""
    return [
        (t, frozenset(i for d in tokens if d.category == "drug" and d.end <= t.start for i in d.ids))
        for tokens in reading.clauses
        for t in tokens
        if "stop" in t.marks
    ]


def _item(reading: Reading, start: int) -> str:
    """Return the first thing named from a place on."""
    end = _ITEM_END.search(reading.text, start)
    return reading.text[start : end.start() if end else len(reading.text)].lower()


def _object(reading: Reading, verb: re.Match[str]) -> str:
    """Return what a verb is about: the rest of its clause, lists included; all of it where the verb is a noun (甲是首选药物)."""
    clause = reading.clause_at(verb.start())
    start = reading.starts[clause] if _noun(reading, verb) else verb.end()
    return reading.text[start : reading.end_of(clause)].lower()


def _noun(reading: Reading, verb: re.Match[str]) -> bool:
    return verb[0].startswith("首选") and reading.text[: verb.start()].endswith(_NOUN)


def _said(item: str, text: str) -> bool:
    """Tell whether a text has nearly all character pairs of an item: its wording may end otherwise."""
    own = pairs(re.sub(r"\W", "", item))
    return len(own & pairs(re.sub(r"\W", "", text.lower()))) >= 0.75 * len(own)


def _drugs(reading: Reading, start: int, size: int) -> list[Token]:
    return [t for t in reading.tokens if t.category == "drug" and start <= t.start < start + size]
