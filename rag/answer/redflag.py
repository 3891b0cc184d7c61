"""Which emergencies a question describes; the rules are data, each with the guideline that it rests on.

What a rule reads in a question that sounds like no emergency at all is left out, and a question that sounds like one is
answered with a call for help although no rule knows its words: the learned second opinion is in `suspicion`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rag.answer import signs, suspicion
from rag.answer.wording import Span, occurrences
from rag.types import Notice

WINDOW = 30  # characters that a pattern's items may span, unless the rule says otherwise
MAX_SHOWN = 3
_CALL = "120"
_FIGURES = re.compile(r"\d|[一二两三四五六七八九]?[十百]")


@dataclass(frozen=True, slots=True)
class Rule:
    """An emergency, the wordings that give it away, what to do first, why, and the guideline that says so.

    A pattern is a tuple of items, as `signs.Reading` finds them.
    """

    id: str
    kind: str
    patterns: tuple[tuple[str, ...], ...]
    advice: str
    why: str
    source: str
    named: bool
    window: int
    unless: tuple[str, ...]

_NEVER_OVERRULED = frozenset({"自杀风险"})  # who says so calmly is in no less danger


def warnings(question: str) -> list[Notice]:
    """Write the red flags of a question as notices, the ones that need an ambulance first, at most one for each kind."""
    met = _met(question)
    if not met:
        return [Notice("red_flag", _unnamed())] if suspicion.alarms(question) else []
    found = {rule.kind: rule for rule, _ in reversed(met)}
    if not _measured(met, question) and _NEVER_OVERRULED.isdisjoint(found) and suspicion.harmless(question, len(found)):
        return []
    urgent = sorted(found.values(), key=lambda r: _CALL not in r.advice)
    return [Notice("red_flag", f"【急】{r.advice}。疑有{r.kind}：{r.why}。（依据：{r.source}）") for r in urgent[:MAX_SHOWN]]


def match(question: str) -> list[Rule]:
    """List the rules that a question meets, in the order of the data file."""
    return [rule for rule, _ in _met(question)]


def _met(question: str) -> list[tuple[Rule, tuple[str, ...]]]:
    """List the rules that a question meets, each with the first of its patterns that stands there."""
    reading = signs.read(question)
    if reading.general:
        return []
    return [(rule, pattern) for rule in rules() if (pattern := _pattern(rule, reading)) is not None]


def _measured(met: list[tuple[Rule, tuple[str, ...]]], question: str) -> bool:
    """Tell whether a pattern asks for a measured value and the question has figures, which the second opinion hardly weighs."""
    return bool(_FIGURES.search(question)) and any(signs.is_measured(p) for _, items in met for item in items for p in item.split("|"))


def _pattern(rule: Rule, reading: signs.Reading) -> tuple[str, ...] | None:
    """Return the first pattern of the rule that stands in the question."""
    if rule.named and not reading.happening:
        return None
    if any(next(occurrences(t, reading.text), None) for t in rule.unless):
        return None
    return next((p for p in rule.patterns if _together(p, rule.window, (), reading)), None)


def _together(items: Sequence[str], window: int, taken: tuple[Span, ...], reading: signs.Reading) -> bool:
    """Tell whether the items can be found within the window and without overlap, given those found so far."""
    if not items:
        return True
    for span in reading.places(items[0]):
        if any(span.meets(t) for t in taken):
            continue
        spread = (*taken, span)
        near = max(s.end for s in spread) - min(s.start for s in spread) <= window
        if near and _together(items[1:], window, spread, reading):
            return True
    return False


@cache
def rules() -> tuple[Rule, ...]:
    """Read the rules from the data file."""
    return tuple(
        Rule(
            r["id"], r["kind"], tuple(tuple(p.split()) for p in r["any"]), r["advice"], r["why"],
            _cited(r["source"]), r.get("named", False), r.get("window", WINDOW), signs.split(r.get("unless")),
        )
        for r in signs.data()["rules"]
    )


def _unnamed() -> str:
    """Write what is said where no rule names the emergency."""
    said = signs.data()["unnamed"]
    return f"【急】{said['advice']}。{said['why']}。（依据：{_cited(said['source'])}）"


def _cited(name: str) -> str:
    source = signs.data()["sources"][name]
    year = f"，{source['year']}年" if source.get("year") else ""
    return f"《{source['title']}》，{source['issuer']}{year}"
