"""What a question's bare numbers imply: the usual unit beside a test (血糖7), the people an age or a value names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from rag.text.lexicon import LAY, SAME, Match, Relation, lexicon
from rag.text.lexicon.entry import table
from rag.text.number import HAN, chinese

_NUMBER = re.compile(
    r"\s*(?:只有|才|有|是|为|到了?|高达|低到|升到|降到|测了?|查出来?|[:：=<>≤≥])?\s*(?P<number>\d+(?:\.\d+)?)(?P<second>/\d+)?"
    r"(?P<unit>\s*(?:mmHg|mmol|mg|μmol|umol|ml|g/|%|°C|[a-zA-Z%]))?(?![\d.]*(?:片|粒|次|天|岁|年|个月|周|小时))",
    re.IGNORECASE,
)
_AGE = re.compile(rf"(?P<years>\d{{1,3}}|[{HAN}]{{1,4}})[多来几]?(?:周)?岁|(?P<months>\d{{1,2}}|[{HAN}]{{1,3}})个?多?月(?=大|龄|的[娃孩宝婴])")


def implied(text: str, matches: Sequence[Match]) -> list[Match]:
    """Return the units and the populations that numbers imply, as matches beside those of a text."""
    found = [m for match in matches for m in _of_test(text, match)]
    found += [m for age in _AGE.finditer(text) for m in _people("age", _years(age), age[0], age.span())]
    said = {p for m in matches for p in m.heads("population")}
    return [m for m in found if said.isdisjoint(m.heads("population"))]


def _of_test(text: str, match: Match) -> Iterator[Match]:
    value = _NUMBER.match(text, match.end)
    for entry in match.entries:
        if value is None or entry.kind != "test":
            continue
        span = (match.start, value.end())
        surface = text[slice(*span)].lower()
        if entry.linked and not value["unit"]:
            number = value["number"] + (value["second"] or "")
            written = [number, f"{number}.0"] if len(number) == 1 else [number]  # guidelines print 7.0 mmol/L
            yield Match(surface, *span, tuple(Relation(f"{n} {entry.linked[0]}", SAME, "unit") for n in written))
        yield from _people(entry.names[0], Fraction(value["number"]), surface, span)


def _people(test: str, value: Fraction | None, surface: str, span: tuple[int, int]) -> Iterator[Match]:
    """Yield the population that a value of a test means, by the rules of populations.toml."""
    for rule in table("populations")["by_value"]:
        if value is not None and rule["test"] == test and rule.get("at_least", 0) <= value < rule["below"]:
            known = lexicon().match(rule["population"], surface, 0, len(surface))
            relations = tuple(r._replace(weight=r.weight * LAY) for r in known.relations)
            yield Match(surface, *span, relations, known.entries)


def _years(age: re.Match[str]) -> Fraction | None:
    written = age["years"] or age["months"]
    number = Fraction(written) if written.isdecimal() else chinese(written)
    return number if number is None or age["years"] else number / 12
