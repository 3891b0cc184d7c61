"""Which small changes make a false claim, or leave it true: sentences are mutated by rule, reproducibly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rag.answer.verify.reading import read


class Mutant(NamedTuple):
    """A changed sentence with the kind of change, and whether it still says what the source says."""

    kind: str
    claim: str
    supported: bool


_NUMBER = re.compile(r"(?<![\dA-Za-zα-ω.\-*\[,])\d+(?:\.\d+)?(?![\d.]|-\d*[A-Za-z\u4e00-\u9fff]|[型期级型\]])")
_UNITS = {"mg": "g", "μg": "mg", "ml": "L", "mmol/L": "mg/dl", "小时": "天", "周": "个月", "个月": "年", "天": "周", "cm": "mm", "mmHg": "kPa",
          "岁": "月龄", "kg": "g", "分钟": "小时", "g/L": "mg/L", "μmol/L": "mmol/L"}  # fmt: skip
_COMPARATORS = {"≥": ">", "≤": "≥", "＜": "＞", "<": ">", "＞": "＜", ">": "<", "以上": "以下", "以下": "以上", "不超过": "不低于", "至少": "最多",
                "低于": "高于", "超过": "低于", "不少于": "不多于", "及以上": "及以下"}  # fmt: skip
_POLARITY = {"不推荐": "推荐", "不建议": "建议", "不应": "应", "不宜": "宜", "不能": "能", "禁用": "可用", "避免": "建议", "慎用": "禁用",
             "无需": "需要", "不需要": "需要", "不必": "必须", "升高": "降低", "降低": "升高", "增加": "减少", "减少": "增加", "推荐": "不推荐",
             "建议": "不建议", "应": "不应", "可": "不可", "停用": "继续使用"}  # fmt: skip
_PEOPLE = {"男性": "女性", "女性": "男性", "儿童": "成人", "成人": "儿童", "老年": "儿童", "妊娠": "哺乳", "哺乳": "妊娠", "轻度": "重度", "重度": "轻度",
           "中度": "轻度", "1型": "2型", "2型": "1型", "急性": "慢性", "慢性": "急性", "高危": "低危", "肝功能": "肾功能", "肾功能": "肝功能", "孕妇": "婴儿",
           "左": "右", "原发性": "继发性", "轻症": "重症", "重症": "轻症", "糖尿病": "高血压", "高血压": "糖尿病"}  # fmt: skip
_TIMES = re.compile(r"(?P<n>\d+(?:\.\d+)?)(?P<u>\s*(?:次/d|次/日|次|天|周|个月|小时|d|h))(?![\w])")
_GRADES = {"Ⅰ": "Ⅱ", "Ⅱ": "Ⅲ", "A级": "B级", "B级": "C级", "级别A": "级别C", "级别B": "级别A", "1级": "2级", "2级": "3级", "3级": "1级", "3期": "4期"}
_TRUE = {"患者": "病人", "推荐": "建议", "≥": "大于等于", "≤": "不超过", "每日": "每天", "mg": "毫克", "~": "至", "应": "应当", "儿童": "小儿",
         "妊娠": "怀孕", "首次": "第一次", "天": "日", "或": "或者", "及": "和", "禁用": "不能用", "慎用": "谨慎使用"}  # fmt: skip


def _replace(kind: str, table: dict[str, str], *, supported: bool = False) -> Callable[[str, random.Random], Iterator[Mutant]]:
    """Make a mutator that swaps one occurrence of one word of a table."""

    def mutate(text: str, draw: random.Random) -> Iterator[Mutant]:
        places = [(m.start(), old) for old in table for m in re.finditer(re.escape(old), text)]
        places = [(at, old) for at, old in places if not any(a <= at and at + len(old) < a + len(o) for a, o in places)]
        if places:
            at, old = draw.choice(places)
            yield Mutant(kind, text[:at] + table[old] + text[at + len(old) :], supported)

    return mutate


def _number(text: str, draw: random.Random) -> Iterator[Mutant]:
    """Change one number to one that the text does not have."""
    places = list(_NUMBER.finditer(text))
    if places:
        match = draw.choice(places)
        for factor in draw.sample((2, 3, 1.5, 0.5), 4):
            value = f"{float(match[0]) * factor:g}"
            if value not in text:
                yield Mutant("number", text[: match.start()] + value + text[match.end() :], False)
                return


def _times(text: str, draw: random.Random) -> Iterator[Mutant]:
    """Change how often or how long."""
    places = list(_TIMES.finditer(text))
    if places:
        match = draw.choice(places)
        value = f"{float(match['n']) + draw.choice((1, 2, 3)):g}"
        if value + match["u"] not in text:
            yield Mutant("frequency_duration", text[: match.start()] + value + text[match.end("n") :], False)


def _swap(text: str, draw: random.Random) -> Iterator[Mutant]:
    """Swap two different quantities of one unit: every number is the source's, but for something else."""
    found = [q for q in read(text).quantities if q.kind in ("dose", "level", "pressure", "age", "percent") and q.unit]
    pairs = [(a, b) for a in found for b in found if a.span < b.span and a.unit == b.unit and a.base != b.base]
    if pairs:
        a, b = draw.choice(pairs)
        base = read(text).text
        yield Mutant("swap", base[: a.span[0]] + base[slice(*b.span)] + base[a.span[1] : b.span[0]] + base[slice(*a.span)] + base[b.span[1] :], False)


def _drug(text: str, draw: random.Random) -> Iterator[Mutant]:
    """Put another drug in a drug's place."""
    from rag.answer.verify.lexicon import entries

    reading = read(text)
    drugs = [t for t in reading.tokens if t.category == "drug" and len(t.text) > 2]
    if drugs:
        token = draw.choice(drugs)
        others = sorted(w for w, e in entries().items() if e.category == "drug" and not e.ids & reading.ids and len(w) > 2)
        yield Mutant("drug", reading.text[: token.start] + draw.choice(others) + reading.text[token.end :], False)


MUTATORS: tuple[Callable[[str, random.Random], Iterator[Mutant]], ...] = (
    _number, _replace("unit", _UNITS), _replace("comparator", _COMPARATORS), _replace("negation", _POLARITY),
    _replace("population", _PEOPLE), _times, _drug, _replace("grade", _GRADES), _swap,
    _replace("reworded", _TRUE, supported=True),
)  # fmt: skip


def mutants(text: str, seed: int) -> list[Mutant]:
    """Return the mutants of one sentence, the same for the same seed."""
    draw = random.Random(f"{seed}:{text}")
    return [m for mutate in MUTATORS for m in mutate(text, draw) if m.claim != text]
