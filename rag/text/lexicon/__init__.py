"""What words mean the same: lay words, abbreviations, drug classes and brands, by kind, from the .toml files here.

One line of a file is one entry: `"term" = { same = […], lay = […], members = […], brands = […] }` under its kind.
`same` are equal names, `lay` are a layman's words for it, `members` the drugs of a class, `brands` trade names.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rag.text.normalise import squeeze

# How much an expansion counts against the word itself; learned on the training half of the questions.
SAME, LAY, CLASS = 1.0, 0.9, 0.35
FILES = ("diseases", "symptoms", "drugs", "tests", "lay", "aspects", "populations")


class Relation(NamedTuple):
    """A surface form stands for a term, with a weight between 0 and 1."""

    term: str
    weight: float
    kind: str


@dataclass(frozen=True, slots=True)
class Match:
    """A surface form found in a text at [start, end), with what it stands for; `term` is the entry it belongs to."""

    surface: str
    start: int
    end: int
    relations: tuple[Relation, ...]
    term: str

    @property
    def concepts(self) -> tuple[str, ...]:
        """List the terms that the surface form fully stands for."""
        return tuple(r.term for r in self.relations if r.weight >= LAY)

    @property
    def kind(self) -> str:
        """Name the kind of the first relation."""
        return self.relations[0].kind


class Lexicon:
    """Surface forms and what they stand for."""

    def __init__(self, entries: dict[str, dict[str, dict[str, list[str]]]]) -> None:
        self._relations: defaultdict[str, dict[str, Relation]] = defaultdict(dict)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._terms: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        for kind, terms in entries.items():
            for term, links in terms.items():
                self._add(kind, term, links)
        self._longest = max(map(len, self._relations), default=0)

    def _add(self, kind: str, term: str, links: dict[str, list[str]]) -> None:
        self.kinds.setdefault(term, kind)
        equal = [term, *links.get("same", ()), *links.get("brands", ())]
        for name in [*equal, *links.get("lay", ())]:
            self._terms.setdefault(squeeze(name).lower(), term)
        for name in equal:
            for other in equal:
                self._relate(name, other, SAME, kind)
        for name in links.get("lay", ()):
            for other in equal:
                self._relate(name, other, LAY, kind)
        for name in links.get("members", ()):
            self._relate(term, name, CLASS, kind)
            self._relate(name, term, CLASS, "drug")
        for name in equal:
            self._names[name] |= {*equal, *links.get("lay", ()), *links.get("members", ())}

    def _relate(self, surface: str, term: str, weight: float, kind: str) -> None:
        key = squeeze(surface).lower()
        known = self._relations[key].get(term)
        if known is None or known.weight < weight:
            self._relations[key][term] = Relation(term, weight, kind)

    def __len__(self) -> int:
        return len(self.kinds)

    def names(self, term: str) -> frozenset[str]:
        """Return every form in which a term may stand in a text, itself included."""
        return frozenset({term, *self._names.get(term, ())})

    def find(self, text: str) -> list[Match]:
        """Find the surface forms in a text, longest first and without overlap; Latin forms only as whole words."""
        lowered = text.lower()
        found: list[Match] = []
        at = 0
        while at < len(lowered):
            match = self._longest_at(lowered, at)
            if match:
                found.append(match)
                at = match.end
            else:
                at += 1
        return found

    def _longest_at(self, text: str, at: int) -> Match | None:
        for end in range(min(at + self._longest, len(text)), at, -1):
            surface = text[at:end]
            relations = self._relations.get(surface)
            if relations and _whole(text, at, end):
                ordered = sorted(relations.values(), key=lambda r: (-r.weight, r.term))
                return Match(surface, at, end, tuple(ordered), self._terms[surface])
        return None


def _whole(text: str, start: int, end: int) -> bool:
    """Tell whether a Latin or numeric form stands by itself: `hp` is not in `hpv`."""
    def latin(c: str) -> bool:
        return c.isascii() and c.isalnum()

    before = start > 0 and latin(text[start]) and latin(text[start - 1])
    after = end < len(text) and latin(text[end - 1]) and latin(text[end])
    return not before and not after


@cache
def lexicon() -> Lexicon:
    """Return the project's lexicon."""
    entries: defaultdict[str, dict[str, dict[str, list[str]]]] = defaultdict(dict)
    folder = Path(__file__).parent
    for name in FILES:
        path = folder / f"{name}.toml"
        if path.is_file():
            for kind, terms in tomllib.loads(path.read_text(encoding="utf-8")).items():
                entries[kind] |= terms
    for line in tomllib.loads((folder / "verify_drugs.toml").read_text(encoding="utf-8"))["names"].split("\n"):
        if names := line.replace("=", " ").split():
            known = entries["drug"].setdefault(names[0], {})
            known["same"] = [*known.get("same", []), *names[1:]]
    return Lexicon(entries)
