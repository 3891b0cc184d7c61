"""Which words of a text negate, forbid, caution or turn, and what each of them is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from rag.answer.verify.binding import units_of
from rag.answer.verify.reading import Reading, Token

NEGATIVE = frozenset({"never", "mustnot", "against", "noneed", "caution", "not", "stop"})
_FORBIDS = frozenset({"never", "mustnot", "against"})
_OPERANDS = 3
_LIST = re.compile("[、和或及与]")
_TURNS = frozenset({"而", "但", "但是", "却", "而是"})
_NONE = re.compile(r":\s*(?:无|没有|-)")  # 禁忌: 无


@dataclass(frozen=True, slots=True)
class Marker:
    """A polarity word, what it is about, its clause's words, and those with the clause before."""

    token: Token
    operand: frozenset[str]
    clause: frozenset[str]
    wide: frozenset[str]
    items: tuple[frozenset[str], ...] = ()  # those listed after a word that forbids
    scope: frozenset[str] = frozenset()  # all that follows in its clause, up to the next negative word
    listed: bool = False  # several things are named in that
    heads: bool = False  # it is the header of a row's cell, which may say it again: 禁忌: 8岁以下不用


@lru_cache(maxsize=256)
def markers(reading: Reading) -> tuple[Marker, ...]:
    """List a text's polarity words with their operands: the words after them, else the words before."""
    out: list[Marker] = []
    for clause, tokens in enumerate(reading.clauses):
        before = reading.units[clause - 1] if clause else frozenset()
        for i, token in enumerate(tokens):
            if token.marks and not _NONE.match(reading.text, token.end):
                cell = _cell(reading, token)
                operand = cell or _operand(tokens, i) or before
                if "noneed" in token.marks and i + 1 < len(tokens) and "stop" in tokens[i + 1].marks:
                    token = replace(token, marks=token.marks | {"not"})  # 无需停药 is 不停药
                own, wide = reading.units[clause] | cell, reading.units[clause] | before | cell
                scope = _scope(tokens[i + 1 :])
                listed = bool(scope) and _LIST.search(reading.text, scope[0].start, scope[-1].end) is not None
                out.append(Marker(token, operand, own, wide, _items(reading, tokens[i:]), units_of(scope) | operand, listed, bool(cell)))
    return tuple(out)


def _scope(tokens: list[Token]) -> list[Token]:
    """Take the words up to the next negative one, or the one that turns."""
    return list(takewhile(lambda t: not t.marks & NEGATIVE and t.text not in _TURNS, tokens))


def _items(reading: Reading, tokens: list[Token]) -> tuple[frozenset[str], ...]:
    """List what is enumerated from a word that forbids on: 避免针灸、艾灸."""
    if not tokens[0].marks & _FORBIDS:
        return ()
    unknown = (t for t in tokens[1:] if t.category == "han" and t.weight > 1)
    return tuple(t.units for t in unknown if "、" in (reading.text[t.start - 1], reading.text[t.end : t.end + 1]))


def _cell(reading: Reading, token: Token) -> frozenset[str]:
    """List what a row's cell says whose header is the marker: 禁忌: 妊娠、重症肌无力."""
    if "|" not in reading.text or not reading.text.startswith(":", token.end):
        return frozenset()
    end = reading.text.find("|", token.end)
    inside = [c for c in range(token.clause, len(reading.starts)) if end < 0 or reading.starts[c] <= end]
    return frozenset().union(*(reading.units[c] for c in inside))


def _operand(tokens: list[Token], place: int) -> frozenset[str]:
    """Take the next words up to the next marker; a marker at the end of its clause is about what precedes it."""
    ahead: list[Token] = []
    most = 1 if len(tokens[place].text) == 1 else _OPERANDS
    for token in tokens[place + 1 :]:
        if token.marks & NEGATIVE and ahead:
            break
        if token.units and (len(ahead) < most or token.category == "drug" and most > 1):
            ahead.append(token)
    if ahead:
        return units_of(ahead)
    behind = [t for t in tokens[:place] if t.units and not t.marks]
    return units_of(behind[-4:])
