"""An answer made of the guideline's own sentences and rows: which ones, in what order, with what context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from rag.answer.coverage import Coverage
from rag.answer.evidence import Evidence
from rag.answer.fit import FEATURES
from rag.text.normalise import squeeze

MAX_STATEMENTS = 8
MAX_STATEMENTS_LONG = 14

# Worths count in shares of the best sentence's score.
_FLOOR = 0.4  # what is worth less is beside the question
_NEW = 0.4  # worth of covering what no chosen sentence covers yet
_NEAR = 0.05  # worth of standing next to a chosen sentence
_ON_ASPECT = 0.3  # worth of standing under a heading of what is asked (疗程, 转诊)
_ASPECT_FIRST = 2.0  # and how much likelier such a passage counts when passages are put in order
_ASPECT = FEATURES.index("aspect")
_LONGEST_LIST = 7
_REACH_TO_STEM = 9

_LEANS_BACK = re.compile(
    r"^(但|然而|不过|其中|其|该|此|这|上述|以上|同时|否则|并且|此外|前者|后者|对此|因此|故|也|亦|均|可使用|可选用)"
)
_TURNS = re.compile(r"^(但|然而|不过|除非|否则|如有|若有)")
_ADDS = re.compile(r"^(可使用|可选用|可用|具体|用法|剂量|疗程)")
_ITEM = re.compile(r"^\s*([（(]?\d{1,2}[)）.、．]|[（(][一二三四五六七八九十]+[)）]|[①-⑳]|[a-zA-Z][)）.]|[-•·●])")
_POINTS_ELSEWHERE = re.compile(
    r"[（(]?(?:详见|参见|见|如)[^，。；]{0,4}[表图附].{0,12}[)）]?[。.]?|"
    r"[^，。；]{0,30}?(?:详见|参见|见|如)[上下附]?[表图][A-Za-z]?\d[\d\-–.]*[)）]?[。.]?"
)
_KEYWORDS = re.compile("[【［\\[]?关键词")
# A sentence that announces a list: only where items follow it does this count.
_STEM = re.compile(r"[：:]\s*$|(?:下列|下述|如下|(?<![\d岁周月年天日时℃%以及])以下)[^。]{0,60}[。：:）)]?\s*$|[：:]\s*(?:[（(]?[1一][)）.．、](?!\d)|①)")


def select(evidence: Sequence[Evidence], coverage: Coverage, limit: int = MAX_STATEMENTS) -> list[Evidence]:
    """Choose the sentences that answer: the passage with the likeliest one first, and within a passage as it is read.

    Greedy: a sentence counts by its score, by what it covers that the chosen ones do not, by standing next to one of them
    and under a heading of what is asked. Context without which it would mean something else comes along: the stem of a list and its items, the sentence
    that it leans on, the one that turns it (但, 除非).
    """
    if not evidence:
        return []
    at = {(e.hit.rank, e.number): e for e in evidence}
    highest = max(e.score for e in evidence)
    chosen: dict[tuple[int, int], Evidence] = {}
    seen: set[str] = set()
    listed: set[tuple[int, int]] = set()  # items that came with their list: of these no more than one list may exceed the limit
    covered = np.zeros(len(coverage.worth))
    left = [e for e in evidence if not _points_elsewhere(e)]
    while left and len(chosen) - min(len(listed), _LONGEST_LIST) < limit:
        gains = [_gain(e, highest, covered, coverage, chosen) for e in left]
        best = int(np.argmax(gains))
        item = left.pop(best)
        if gains[best] < _FLOOR:
            break
        if squeeze(item.sentence.text) in seen:
            continue
        for companion in _with_context(item, at):
            key = companion.hit.rank, companion.number
            if len(chosen) < limit + _LONGEST_LIST and not _points_elsewhere(companion):
                if companion is not item and key not in chosen and _is_item(companion):
                    listed.add(key)
                chosen.setdefault(key, companion)
                seen.add(squeeze(companion.sentence.text))
                covered = np.maximum(covered, companion.shares)
    likeliest = {rank: max(e.score * (_ASPECT_FIRST if _on_aspect(e) else 1) for (r, _), e in chosen.items() if r == rank) for rank, _ in chosen}
    return [chosen[key] for key in sorted(chosen, key=lambda key: (-likeliest[key[0]], key))]


def _is_item(item: Evidence) -> bool:
    """Tell an item of a list; a bullet stands only in the quote."""
    return bool(_ITEM.search(item.sentence.text) or _ITEM.search(item.sentence.quote))


def _points_elsewhere(item: Evidence) -> bool:
    """Tell a sentence that says nothing itself: 具体用药方案见表2。, a line of keywords."""
    text = squeeze(item.sentence.text)
    return bool(_POINTS_ELSEWHERE.fullmatch(text) or _KEYWORDS.match(text))


def _gain(item: Evidence, highest: float, covered: np.ndarray, coverage: Coverage, chosen: dict[tuple[int, int], Evidence]) -> float:
    new = coverage.total(np.maximum(item.shares - covered, 0)) if chosen else 0.0
    beside = any((item.hit.rank, item.number + step) in chosen for step in (-1, 1))
    return item.score / highest + _NEW * new + _NEAR * beside + _ON_ASPECT * _on_aspect(item)


def _on_aspect(item: Evidence) -> bool:
    """Tell whether a sentence's passage stands under a heading of what the question asks for."""
    return item.values is not None and item.values[_ASPECT] == 1


def _with_context(item: Evidence, at: dict[tuple[int, int], Evidence]) -> Iterator[Evidence]:
    """Yield the sentence and the neighbours without which it would mean something else."""
    yield item
    if item.hit.passage.kind == "table":
        return
    rank, number = item.hit.rank, item.number
    text = item.sentence.text
    if _is_item(item) and (stem := _stem(at, rank, number)):
        yield from (at[rank, n] for n in range(stem.number, number) if (rank, n) in at)  # a list without holes
    elif _LEANS_BACK.search(text) and (before := at.get((rank, number - 1))):
        yield before
    if _STEM.search(text):
        yield from _items(at, rank, number)
    elif (after := at.get((rank, number + 1))) and (_TURNS.search(after.sentence.text) or _ADDS.search(after.sentence.text)):
        yield after


def _stem(at: dict[tuple[int, int], Evidence], rank: int, number: int) -> Evidence | None:
    """Find the sentence that opens the list an item belongs to."""
    for back in range(number - 1, max(number - _REACH_TO_STEM, -1), -1):
        before = at.get((rank, back))
        if before is None:
            return None
        if _STEM.search(before.sentence.text):
            return before
    return None


def _items(at: dict[tuple[int, int], Evidence], rank: int, number: int) -> Iterator[Evidence]:
    """Yield the items that follow a stem."""
    for ahead in range(number + 1, number + 1 + _LONGEST_LIST):
        item = at.get((rank, ahead))
        if item is None or not _is_item(item):
            return
        yield item
