"""What changed between two editions: sentences aligned by heading and content, and those whose meaning moved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rag.text.normalise import squeeze
from rag.text.quantity import quantities
from rag.types import Document

ChangeKind = Literal["added", "removed", "changed"]

_ALIKE = 0.5  # share of common bigrams from which two sentences are versions of one
_SAME_HEADING = 0.12
_CONTAINED = 0.9  # share of a sentence's bigrams in one other: it was only joined or split there
_MATTERS = re.compile(
    r"推荐|建议|应|宜|不得|禁|慎|避免|首选|可用|可选|使用|给予|服用|注射|剂量|疗程|诊断|标准|符合|具备|阳性|"
    r"治疗|预防|接种|隔离|监测|复查|随访|转诊|出院|入院|重型|危重|高危|适应|不再|不应|≥|≤|＞|＜|>|<"
)
_NEGATION = re.compile(r"不推荐|不建议|不宜|不应|不得|禁用|禁忌|慎用|避免|无需|不再|不可|不能|未|无|不|非")


class _Piece(NamedTuple):
    section: tuple[str, ...]
    text: str
    pages: tuple[int, ...]
    grams: Counter[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `numbers` are the quantities that only one side has, old first."""

    kind: ChangeKind
    section: tuple[str, ...]
    old: str
    new: str
    old_pages: tuple[int, ...] = ()
    new_pages: tuple[int, ...] = ()
    numbers: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def compare(old: Document, new: Document) -> list[Change]:
    """List the recommendations and numbers that were added, removed or changed, in the new edition's order."""
    before, after = _unmatched(_pieces(old), _pieces(new))
    pairs = _align(before, after)
    matched_old = set(pairs.values())
    changes: list[tuple[float, Change]] = []
    for n, piece in enumerate(after):
        if n in pairs:
            change = _changed(before[pairs[n]], piece)
        else:
            change = Change("added", piece.section, "", piece.text, (), piece.pages) if _news(piece, before) else None
        if change:
            changes.append((n, change))
    for o, piece in enumerate(before):
        if o not in matched_old and _news(piece, after):
            changes.append((_place(o, pairs), Change("removed", piece.section, piece.text, "", piece.pages)))
    return [change for _, change in sorted(changes, key=lambda item: item[0])]


def _pieces(document: Document) -> list[_Piece]:
    return [
        _Piece(p.section, s.text, s.pages, _grams(s.text))
        for p in document.passages for s in p.sentences if len(squeeze(s.text)) >= 6
    ]


def _grams(text: str) -> Counter[str]:
    bare = re.sub(r"[^\w<>≥≤]", "", squeeze(text))
    return Counter(bare[i : i + 2] for i in range(len(bare) - 1))


def _unmatched(old: list[_Piece], new: list[_Piece]) -> tuple[list[_Piece], list[_Piece]]:
    """Drop the sentences that stand in both, word for word."""
    count = Counter(squeeze(p.text) for p in old) & Counter(squeeze(p.text) for p in new)

    def rest(pieces: list[_Piece]) -> list[_Piece]:
        left = Counter(count)
        kept = []
        for piece in pieces:
            key = squeeze(piece.text)
            if left[key]:
                left[key] -= 1
            else:
                kept.append(piece)
        return kept

    return rest(old), rest(new)


def _align(old: Sequence[_Piece], new: Sequence[_Piece]) -> dict[int, int]:
    """Pair new sentences with the old ones they are versions of, best pairs first."""
    scored = []
    for n, after in enumerate(new):
        for o, before in enumerate(old):
            likeness = _dice(before.grams, after.grams)
            if likeness >= _ALIKE:
                same = before.section[-1:] == after.section[-1:]
                scored.append((likeness + _SAME_HEADING * same, n, o))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, n, o in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if n not in pairs and o not in taken:
            pairs[n] = o
            taken.add(o)
    return pairs


def _dice(a: Counter[str], b: Counter[str]) -> float:
    size = a.total() + b.total()
    if not size or 2 * min(a.total(), b.total()) / size < _ALIKE:
        return 0.0
    return 2 * (a & b).total() / size


def _changed(old: _Piece, new: _Piece) -> Change | None:
    """Return the change between two versions of a sentence, or None when only the wording differs."""
    had, has = _quantities(old.text), _quantities(new.text)
    numbers = _only(had, has), _only(has, had)
    turned = Counter(_NEGATION.findall(old.text)) != Counter(_NEGATION.findall(new.text))
    content = _dice(old.grams, new.grams) < 0.8 and bool(_MATTERS.search(new.text) or _MATTERS.search(old.text))
    if not any(numbers) and not turned and not content:
        return None
    return Change("changed", new.section, old.text, new.text, old.pages, new.pages, numbers)


def _quantities(text: str) -> dict[Hashable, str]:
    """Map each quantity's meaning to how it is written; numbers without a unit are mostly ordinals and left out."""
    return {
        (q.dimension, q.base, q.second, q.comparator): squeeze(text[slice(*q.span)])
        for q in quantities(text) if q.unit
    }


def _only(these: dict[Hashable, str], those: dict[Hashable, str]) -> tuple[str, ...]:
    return tuple(written for meaning, written in these.items() if meaning not in those)


def _news(piece: _Piece, others: Sequence[_Piece]) -> bool:
    """Tell whether an unpaired sentence says something that matters and is not part of a sentence on the other side."""
    if not (_MATTERS.search(piece.text) or quantities(piece.text)):
        return False
    size = piece.grams.total()
    return not any((piece.grams & o.grams).total() >= _CONTAINED * size for o in others)


def _place(o: int, pairs: dict[int, int]) -> float:
    """Place a removed sentence after the new version of the nearest old sentence before it."""
    before = [(old, n) for n, old in pairs.items() if old < o]
    return max(before)[1] + 0.5 if before else -1.0
