"""What a text consists of: sentences, clauses, and in them words with their meanings, quantities, grades and marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rag.answer.verify import lexicon
from rag.answer.verify.grades import Grade, grades
from rag.answer.verify.prepare import prepare
from rag.text.quantity import Quantity, quantities

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"\*\d+|[a-zα-ω0-9](?:[a-z0-9α-ω]|[-/.+](?=[a-z0-9]))*\+?")
_DIGIT = re.compile(r"\d")
_SENTENCE = frozenset("。;!?\n")
_CLAUSE = frozenset(",|")
_BLANK = "\x00"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a run of unknown characters; `ids` are its meanings, `marks` its polarity classes."""

    start: int
    end: int
    text: str
    category: str
    ids: frozenset[str]
    clause: int
    marks: frozenset[str] = frozenset()

    @property
    def weight(self) -> int:
        """Count the characters that content coverage counts."""
        return 0 if self.category in ("generic", "polarity") else len(self.text)

    @property
    def units(self) -> frozenset[str]:
        """List what overlap is measured in: meanings, or the character pairs of an unknown run."""
        if self.category == "generic":
            return frozenset()
        if self.ids or self.category == "polarity":
            return self.ids
        return pairs(self.text)


@dataclass(slots=True, eq=False)
class Reading:
    """A text as the checks see it; a clause's sentence is `sentence[clause]`."""

    text: str
    tokens: list[Token]
    quantities: list[Quantity]
    grades: list[Grade]
    sentence: list[int]
    starts: list[int]
    ids: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    compact: str = ""
    clauses: list[list[Token]] = field(default_factory=list)
    units: list[frozenset[str]] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)

    def clause_at(self, position: int) -> int:
        """Return the clause that holds a position."""
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= position else (low, middle)
        return low

    def end_of(self, clause: int) -> int:
        """Return where a clause ends."""
        return self.starts[clause + 1] if clause + 1 < len(self.starts) else len(self.text)

    def earlier(self, clause: int) -> frozenset[str]:
        """Join what the earlier clauses of the same sentence say, and the header above it."""
        first = clause
        while first and self.sentence[first - 1] == self.sentence[clause]:
            first -= 1
        out = frozenset().union(*self.units[first:clause])
        above = [h for h in self.headers if h < clause]
        return out.union(*(self.units[h] for h in {*above[:1], *above[-1:]}))

    def subject(self) -> frozenset[str]:
        """List what a table's row is about: the meanings in its caption and its first cell; other texts have none."""
        cells = [m.start() for m in re.finditer(r"\|", self.text)]
        if not cells:
            return frozenset()
        end = cells[0] if ":" in self.text[: cells[0]] or len(cells) < 2 else cells[1]
        return frozenset(i for t in self.tokens if t.start < end for i in t.ids)

    def scope(self, clause: int, category: str) -> frozenset[str]:
        """List whom or what of a category a clause is about: its own and its sentence's names, else the last ones before."""
        found = frozenset(i for t in self.clauses[clause] if t.category == category for i in t.ids)
        for i in range(clause - 1, -1, -1):
            if self.sentence[i] != self.sentence[clause] and found and i not in self.headers:
                continue
            found |= frozenset(j for t in self.clauses[i] if t.category == category for j in t.ids)
        return found


def label(quantity: Quantity) -> str:
    """Name a quantity as a part of what another one is about (6～14岁 before 5 mg)."""
    factor = float(quantity.factor)
    ends = [None if x is None else round(float(x) * factor, 9) for x in (quantity.low, quantity.high, *(quantity.second or ()))]
    return f"={ends}){quantity.dimension}"


def pairs(text: str) -> frozenset[str]:
    """List the character pairs of a run; a single character stands for itself."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) if len(text) > 1 else frozenset((text,))


@lru_cache(maxsize=2048)
def read(text: str) -> Reading:
    """Read a text once for all checks."""
    prepared = prepare(text)
    lower = prepared.lower()
    named = _named(lower)
    masked = list(prepared)
    for start, end in named:
        masked[start:end] = _BLANK * (end - start)
    found = grades("".join(masked))
    for grade in found:
        start, end = grade.span
        masked[start:end] = _BLANK * (end - start)
    amounts = quantities("".join(masked))
    busy = bytearray(len(prepared))
    for start, end in [*(q.span for q in amounts), *(g.span for g in found)]:
        busy[start:end] = b"\1" * (end - start)
    sentence, starts, headers = _clauses(prepared, busy)
    reading = Reading(prepared, [], amounts, found, sentence, starts, headers=headers)
    _tokens(reading, lower, busy)
    reading.clauses = [[] for _ in starts]
    for token in reading.tokens:
        reading.clauses[token.clause].append(token)
    said = [{u for t in tokens for u in t.units} for tokens in reading.clauses]
    for quantity in amounts:
        said[reading.clause_at(quantity.span[0])].add(label(quantity))
    for grade in found:
        said[reading.clause_at(grade.span[0])].add(f"={grade.what}{grade.value}")
    reading.units = [frozenset(units) for units in said]
    reading.ids = frozenset().union(*(t.ids for t in reading.tokens)) if reading.tokens else frozenset()
    reading.compact = compact = re.sub(r"\W", "", lower)
    reading.pairs = frozenset(compact[i : i + 2] for i in range(len(compact) - 1)) | frozenset(compact)
    return reading


def _named(lower: str) -> list[tuple[int, int]]:
    """Find names that hold digits (2型糖尿病, GLP-1, B12), which are no quantities."""
    return [m.span() for m in lexicon.names_with_digits().finditer(lower)] if _DIGIT.search(lower) else []


def _clauses(text: str, busy: bytearray) -> tuple[list[int], list[int], list[int]]:
    """Cut at commas into clauses and at full stops and semicolons into sentences; a colon ends a header."""
    sentence, starts, headers = [0], [0], []
    row = "|" in text
    for i, char in enumerate(text):
        if busy[i]:
            continue
        if char in _SENTENCE or char in _CLAUSE:
            starts.append(i + 1)
            sentence.append(sentence[-1] + (char in _SENTENCE))
        elif char == ":" and not row:
            headers.append(len(starts) - 1)
            starts.append(i + 1)
            sentence.append(sentence[-1])
    return sentence, starts, headers


def _tokens(reading: Reading, lower: str, busy: bytearray) -> None:
    """Fill in the tokens outside quantities and grades."""
    clause, i, size = 0, 0, len(lower)
    run = -1
    while i < size:
        while clause + 1 < len(reading.starts) and i >= reading.starts[clause + 1]:
            clause += 1
        hit = None if busy[i] else lexicon.longest(lower, i)
        if hit is None and not busy[i] and _HAN.match(lower, i):
            run = i if run < 0 else run
            i += 1
            continue
        if run >= 0:
            _unknown(reading, lower, run, i, clause)
            run = -1
        if hit:
            word, entry = hit
            reading.tokens.append(Token(i, i + len(word), word, entry.category, entry.ids, clause, entry.marks))
            i += len(word)
        elif not busy[i] and (match := _LATIN.match(lower, i)):
            end = busy.find(b"\1", i, match.end())  # GCS3~8分 is a name before a quantity
            end = match.end() if end < 0 else end
            reading.tokens.append(Token(i, end, lower[i:end], "latin", frozenset((lower[i:end],)), clause))
            i = end
        else:
            i += 1
    if run >= 0:
        _unknown(reading, lower, run, size, clause)


def _unknown(reading: Reading, lower: str, start: int, end: int, clause: int) -> None:
    """Add a run of characters that are no known word; one that ends like a drug's name is a drug."""
    text = lower[start:end]
    is_drug = len(text) > 2 and any(text.endswith(stem) for stem in lexicon.stems())
    ids = frozenset((f"drug:{text}",)) if is_drug else frozenset()
    reading.tokens.append(Token(start, end, text, "drug" if is_drug else "han", ids, clause))
