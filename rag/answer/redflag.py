"""Which emergencies a question describes; the rules are data, each with the guideline that it rests on.

What a rule reads in a question that sounds like no emergency at all is left out, and a question that sounds like one is
answered with a call for help although no rule knows its words: the learned second opinion is in `suspicion`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice

from rag.answer import suspicion
from rag.answer.framing import general, happening, negated, past
from rag.answer.wording import Measure, Span, occurrences
from rag.text.normalise import normalise
from rag.text.simplify import simplify
from rag.types import Notice

WINDOW = 30  # characters that a pattern's items may span, unless the rule says otherwise
MAX_SHOWN = 3
MAX_PLACES = 40  # of one item; a longer list comes from text made to be slow
_CALL = "120"
_MEASURED = re.compile(r"(\w+?)(>=|<=|<|>)([\d.]+)")
_FIGURES = re.compile(r"\d|[一二两三四五六七八九]?[十百]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Rule:
    """An emergency, the wordings that give it away, what to do first, why, and the guideline that says so.

    A pattern is a tuple of items; an item is alternatives joined by `|`: terms, {names} of word lists, measured values.
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


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules with the word lists and the measures that they mention, and what is said where no rule names the emergency."""

    rules: tuple[Rule, ...]
    words: dict[str, tuple[str, ...]]
    measures: dict[str, Measure]
    unnamed: str


def warnings(question: str) -> list[Notice]:
    """Write the red flags of a question as notices, the ones that need an ambulance first, at most one for each kind."""
    met = _met(question)
    if not met:
        return [Notice("red_flag", load().unnamed)] if suspicion.alarms(question) else []
    if not any(_measured(pattern, question) for _, pattern in met) and suspicion.harmless(question):
        return []
    found = {rule.kind: rule for rule, _ in reversed(met)}
    urgent = sorted(found.values(), key=lambda r: _CALL not in r.advice)
    return [Notice("red_flag", f"【急】{r.advice}。疑有{r.kind}：{r.why}。（依据：{r.source}）") for r in urgent[:MAX_SHOWN]]


def match(question: str) -> list[Rule]:
    """List the rules that a question meets, in the order of the data file."""
    return [rule for rule, _ in _met(question)]


def _met(question: str) -> list[tuple[Rule, tuple[str, ...]]]:
    """List the rules that a question meets, each with the first of its patterns that stands there."""
    text = _SPACE.sub("，", simplify(normalise(question))).lower().replace(",", "，")
    text = text.replace("小时候", "孩提时")  # else its 小时 would read as a duration
    if general(text):
        return []
    reading = _Reading(text, load())
    return [(rule, pattern) for rule in reading.known.rules if (pattern := reading.met(rule)) is not None]


def _measured(pattern: tuple[str, ...], question: str) -> bool:
    """Tell whether a pattern asks for a measured value and the question has figures, which the second opinion does not weigh."""
    return bool(_FIGURES.search(question)) and any(_MEASURED.fullmatch(part) for item in pattern for part in item.split("|"))


class _Reading:
    """One question with the places of what it says; an item that several rules ask for is looked up once."""

    def __init__(self, text: str, known: Rules) -> None:
        self.text = text
        self.known = known
        self.happening = happening(text)
        self._labels = tuple(label for m in known.measures.values() for label in m.before if len(label) > 1)
        self._places: dict[str, list[Span]] = {}

    def met(self, rule: Rule) -> tuple[str, ...] | None:
        """Return the first pattern of the rule that stands in the question."""
        if rule.named and not self.happening:
            return None
        if any(next(occurrences(t, self.text), None) for t in rule.unless):
            return None
        return next((p for p in rule.patterns if self._together(p, rule.window, ())), None)

    def _together(self, items: Sequence[str], window: int, taken: tuple[Span, ...]) -> bool:
        """Tell whether the items can be found within the window and without overlap, given those found so far."""
        if not items:
            return True
        for span in self.places(items[0]):
            if any(span.meets(t) for t in taken):
                continue
            spread = (*taken, span)
            if max(s.end for s in spread) - min(s.start for s in spread) <= window and self._together(items[1:], window, spread):
                return True
        return False

    def places(self, item: str) -> list[Span]:
        """List where an item stands, leaving out what is negated or past."""
        if item not in self._places:
            spans = list(islice(dict.fromkeys(self._candidates(item)), MAX_PLACES))
            void = [s for s in spans if negated(self.text, s) or past(self.text, s)]
            self._places[item] = [s for s in spans if s not in void and not any(s.within(v) for v in void)]
        return self._places[item]

    def _candidates(self, item: str) -> Iterator[Span]:
        for part in item.split("|"):
            if part.startswith("{"):
                for term in self.known.words[part[1:-1]]:
                    yield from occurrences(term, self.text)
            elif measured := _MEASURED.fullmatch(part):
                for span, value in self.known.measures[measured[1]].values(self.text, self._labels):
                    if _holds(value, measured[2], float(measured[3])):
                        yield span
            else:
                yield from occurrences(part, self.text)


def _holds(value: float, comparison: str, bound: float) -> bool:
    if comparison == "<":
        return value < bound
    if comparison == ">":
        return value > bound
    return value <= bound if comparison == "<=" else value >= bound


@cache
def load() -> Rules:
    """Read the rules from the data file."""
    data = tomllib.loads(resources.files("rag.answer").joinpath("data/redflags.toml").read_text(encoding="utf-8"))
    words = {name: tuple(terms.split("|")) for name, terms in data["words"].items()}
    measures = {
        name: Measure(_split(m.get("before")), _split(m.get("after")), *m["range"]) for name, m in data["measures"].items()
    }
    rules = tuple(
        Rule(
            r["id"], r["kind"], tuple(tuple(p.split()) for p in r["any"]), r["advice"], r["why"],
            _cited(data["sources"][r["source"]]), r.get("named", False), r.get("window", WINDOW), _split(r.get("unless")),
        )
        for r in data["rules"]
    )
    unnamed = f"【急】{data['unnamed']['advice']}。{data['unnamed']['why']}。（依据：{_cited(data['sources'][data['unnamed']['source']])}）"
    return Rules(rules, words, measures, unnamed)


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _cited(source: dict[str, str | int]) -> str:
    year = f"，{source['year']}年" if source.get("year") else ""
    return f"《{source['title']}》，{source['issuer']}{year}"
