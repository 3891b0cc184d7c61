"""Whether the claim keeps what limits the statement: its condition, its exception, and whom it is about."""

from __future__ import annotations

import re

from rag.answer.verify.lexicon import PEOPLE, STRICT
from rag.answer.verify.reading import Reading, Token
from rag.answer.verify.record import Kind, Reason

_IF = re.compile(
    r"(?:若(?!干)|如果|如(?!下|何|上|图|表|同|此|果)|当(?!地|前|天|日|时|量|作|做|归|心|中|于|代)"
    r"|一旦|倘若|假如|除非|只有在?|仅限?(?:于|在|用于|适用于)?|对于)"
)
_THEN = re.compile(r"建议|推荐|应当|则|须")  # what follows from the condition stands in its own clause
_EXCEPT = re.compile(r"除非|除外|除了|以外|例外|(?<![排清去解切消])除(?!颤|外科|去|皱|湿|草)")
# 除甲外还用乙 adds to what is said, 除甲外均不用乙 takes something from it
_BESIDES = re.compile(
    r"除(?!非)[^,;。]*?(?:(?:措施|治疗|方法|手段|处理|干预|检查|表现|症状|药物?)(?:之|以)?外"
    r"|(?:之|以)?外,[^,;。]{0,6}?(?:还|也|亦|另|仍|其他))"
)
_LISTED = re.compile(r"[、和或及与]")
_SUBJECT = re.compile(r"[^,;。、]{0,10}?(?:患者|者|病人|妇女|女性|病例|人群|儿童)")
_LIMITS = frozenset({"pregnancy", "severity", "age"})
_NEGATIVE = frozenset({"never", "mustnot", "against", "noneed", "caution", "stop"})
_USED = 0.5
_KEPT = 0.4


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the limits of the used source clauses that the claim leaves out."""
    said = claim.ids.union(claim.pairs, *claim.units)
    used = [i for i, units in enumerate(source.units) if _share(units, said) >= _USED]
    reasons = _people(claim, source, used)
    for i, tokens in enumerate(source.clauses):
        if i in used or not source.units[i] or _share(source.units[i], said) >= _KEPT:
            continue
        text = _text(source, i)
        if _BESIDES.match(source.text, source.starts[i]):
            continue
        governed = [j for j in used if source.sentence[j] == source.sentence[i] and (j < i or _says(source.units[j], said))]
        before = _IF.match(text.strip()) and not _THEN.search(text) and any(j > i for j in governed)
        if governed and (before and i + 1 in governed or _EXCEPT.search(text)):
            kind: Kind = "population" if any(t.category in PEOPLE for t in tokens) else "content"
            reasons.append(Reason(kind, "", text.strip()))
    return reasons


def _share(units: frozenset[str], said: frozenset[str]) -> float:
    """Return which share of a clause's meanings the claim has."""
    return len(units & said) / len(units) if units else 0.0


def _says(units: frozenset[str], said: frozenset[str]) -> bool:
    """Tell whether what a claim shares with a clause is all of it, or more than the names in it."""
    return units <= said or any(u.partition(":")[0] not in STRICT for u in units & said)


def _text(source: Reading, clause: int) -> str:
    """Return a clause as written."""
    end = source.starts[clause + 1] - 1 if clause + 1 < len(source.starts) else len(source.text)
    return source.text[source.starts[clause] : end]


def _elsewhere(clause: int, claim: Reading, source: Reading) -> bool:
    """Tell whether a claim lacks a figure of a clause, and has what it shares with it from another one."""
    said = claim.ids.union(claim.pairs, *claim.units)
    units = source.units[clause]
    other = any(units & said <= u for i, u in enumerate(source.units) if i != clause)
    return other and any(u.startswith("=") for u in units - said)


def _names(token: Token) -> bool:
    """Tell whether a word names people, an organ or a disease."""
    return token.category in STRICT or token.category == "han"


def _people(claim: Reading, source: Reading, used: list[int]) -> list[Reason]:
    """Find people whom a used clause is limited to and whom the claim does not name, nor anybody of their kind."""
    mine = {t.category for t in claim.tokens}
    said = claim.ids | claim.pairs
    reasons: list[Reason] = []
    for clause in used:
        if _elsewhere(clause, claim, source):
            continue
        tokens = source.clauses[clause]
        strict = any(t.marks & _NEGATIVE for t in tokens)
        for token in tokens[:4]:
            if token.category not in _LIMITS or token.ids & claim.ids or token.category in mine:
                continue
            if _LISTED.match(source.text, token.end) and any(t.units & said for t in tokens if t.start > token.end and _names(t)):
                continue  # of those listed a claim may take any
            if strict or _SUBJECT.match(source.text, token.end):
                reasons.append(Reason("population", "", token.text))
    return reasons
