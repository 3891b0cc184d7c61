"""What signs of danger a question names and what it denies: words from lists, and measured values beyond a bound."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from itertools import islice
from typing import Any

from rag.answer.framing import general, happening, negated, past
from rag.answer.wording import Measure, Span, occurrences
from rag.text.normalise import normalise
from rag.text.simplify import simplify

MAX_PLACES = 40  # of one item; a longer list comes from text made to be slow
_MEASURED = re.compile(r"(\w+?)(>=|<=|<|>)([\d.]+)")
_SPACE = re.compile(r"\s+")


@cache
def data() -> dict[str, Any]:
    """Read the data file of the red flags: word lists, measures, sources, rules."""
    return tomllib.loads(resources.files("rag.answer").joinpath("data/redflags.toml").read_text(encoding="utf-8"))


@cache
def words() -> dict[str, tuple[str, ...]]:
    """List the wordings of each sign."""
    return {name: tuple(terms.split("|")) for name, terms in data()["words"].items()}


@cache
def measures() -> dict[str, Measure]:
    """List what is measured, with the words that stand before or after its value."""
    return {name: Measure(split(m.get("before")), split(m.get("after")), *m["range"]) for name, m in data()["measures"].items()}


@cache
def _labels() -> tuple[str, ...]:
    return tuple(label for m in measures().values() for label in m.before if len(label) > 1)


def split(text: str | None) -> tuple[str, ...]:
    """List the alternatives of an entry of the data file; none where it is left out."""
    return tuple(text.split("|")) if text else ()


def is_measured(part: str) -> bool:
    """Tell whether an alternative asks for a measured value: 血氧<90."""
    return bool(_MEASURED.fullmatch(part))


@dataclass(slots=True)
class Reading:
    """One question with the places of what it says; an item that several rules ask for is looked up once.

    An item is alternatives joined by `|`: terms, {names} of word lists, measured values.
    """

    text: str
    general: bool
    happening: bool
    _places: dict[str, tuple[list[Span], list[Span]]] = field(default_factory=dict)

    def places(self, item: str) -> list[Span]:
        """List where an item stands, leaving out what is negated or past."""
        return self._found(item)[0]

    def denied(self, item: str) -> list[Span]:
        """List where an item stands negated or past."""
        return self._found(item)[1]

    def _found(self, item: str) -> tuple[list[Span], list[Span]]:
        if item not in self._places:
            spans = list(islice(dict.fromkeys(self._candidates(item)), MAX_PLACES))
            void = [s for s in spans if negated(self.text, s) or past(self.text, s)]
            self._places[item] = [s for s in spans if s not in void and not any(s.within(v) for v in void)], void
        return self._places[item]

    def _candidates(self, item: str) -> Iterator[Span]:
        for part in item.split("|"):
            if part.startswith("{"):
                for term in words()[part[1:-1]]:
                    yield from occurrences(term, self.text)
            elif measured := _MEASURED.fullmatch(part):
                for span, value in measures()[measured[1]].values(self.text, _labels()):
                    if _holds(value, measured[2], float(measured[3])):
                        yield span
            else:
                yield from occurrences(part, self.text)


@lru_cache(maxsize=64)
def read(question: str) -> Reading:
    """Read a question once for the rules and the second opinion; spaces are taken for commas."""
    text = _SPACE.sub("，", simplify(normalise(question))).lower().replace(",", "，")
    text = text.replace("小时候", "孩提时").replace("满月前", "没满月")  # else 小时 would be a duration, 月前 the past
    return Reading(text, general(text), happening(text))


def _holds(value: float, comparison: str, bound: float) -> bool:
    if comparison == "<":
        return value < bound
    if comparison == ">":
        return value > bound
    return value <= bound if comparison == "<=" else value >= bound
