"""What words mean the same: lay words, abbreviations, drug classes and trade names, by kind, from the .toml files here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from rag.text.lexicon.entry import Entry, entries

# How much an expansion counts against the word itself.
SAME, LAY, SUGGESTED, CLASS = 1.0, 0.9, 0.5, 0.35

# Kinds whose names mean the same within longer words: the 肾炎 of 狼疮肾炎.
_FIRM = frozenset({"disease", "symptom", "class", "drug", "test", "organism"})
_BESIDE_LATIN = re.compile(r"(?<=[!-~])\s|\s(?=[!-~])")


class Relation(NamedTuple):
    """A surface form stands for a term, with a weight between 0 and 1."""

    term: str
    weight: float
    kind: str


@dataclass(frozen=True, slots=True)
class Match:
    """A surface form found in a text at [start, end), with what it stands for, best first."""

    surface: str
    start: int
    end: int
    relations: tuple[Relation, ...]
    entries: tuple[Entry, ...] = ()

    @property
    def concepts(self) -> tuple[str, ...]:
        """List the terms that the surface form fully stands for."""
        return tuple(r.term for r in self.relations if r.weight >= LAY)

    @property
    def kind(self) -> str:
        """Name the kind of the first relation."""
        return self.relations[0].kind

    def heads(self, kind: str) -> tuple[str, ...]:
        """List the first names of the entries of a kind that the surface form belongs to."""
        return tuple(e.names[0] for e in self.entries if e.kind == kind)


class Lexicon:
    """Surface forms and what they stand for."""

    def __init__(self, lines: Iterable[Entry]) -> None:
        self._named: defaultdict[str, list[Entry]] = defaultdict(list)
        self._said: defaultdict[str, list[Entry]] = defaultdict(list)
        self._groups: defaultdict[str, list[Entry]] = defaultdict(list)
        self.kinds: dict[str, str] = {}
        self._entries = list(lines)
        for entry in self._entries:
            self._add(entry)
        self._lengths = self._lengths_by_first()

    def _add(self, entry: Entry) -> None:
        self.kinds.setdefault(entry.names[0], entry.kind)
        for name in entry.names:
            self._named[_key(name)].append(entry)
        for name in entry.lay:
            self._said[_key(name)].append(entry)
        if entry.kind == "class":
            for name in entry.linked:
                self._groups[_key(name)].append(entry)

    def _lengths_by_first(self) -> dict[str, tuple[int, ...]]:
        """Index the surface forms' lengths by first character, longest first."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for table in (self._named, self._said, self._groups):
            for form in table:
                found[form[0]].add(len(form))
        return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in found.items()}

    def __len__(self) -> int:
        return len(self.kinds)

    def names(self, term: str) -> frozenset[str]:
        """Return every form in which a term may stand in a text, itself included."""
        found = {term}
        for entry in self._named.get(_key(term), ()):
            found |= {*entry.names, *entry.lay, *(entry.linked if entry.kind == "class" else ())}
        return frozenset(found)

    def names_of(self, *kinds: str) -> Iterator[str]:
        """Yield the names of the entries of some kinds."""
        yield from (name for e in self._entries if e.kind in kinds for name in e.names)

    def lay_of(self, *kinds: str) -> Iterator[str]:
        """Yield the lay words of the entries of some kinds; those of drugs are trade names."""
        yield from (name for e in self._entries if e.kind in kinds for name in e.lay)

    def relations(self, surface: str) -> tuple[Relation, ...]:
        """Return what a surface form stands for, best first; nothing for an unknown one."""
        found: dict[str, Relation] = {}
        key = _key(surface)
        for table, weight in ((self._named, SAME), (self._said, LAY)):
            for entry in table.get(key, ()):
                for relation in self._relations_of(entry, weight):
                    known = found.get(relation.term)
                    if known is None or known.weight < relation.weight:
                        found[relation.term] = relation
        for group in self._groups.get(key, ()):
            found.setdefault(group.names[0], Relation(group.names[0], CLASS, "drug"))
        return tuple(sorted(found.values(), key=lambda r: -r.weight))

    def _relations_of(self, entry: Entry, weight: float) -> Iterator[Relation]:
        for name in entry.names:
            yield Relation(name, weight, entry.kind)
        if entry.kind == "class":
            for name in entry.linked:
                yield Relation(name, CLASS, entry.kind)
        if entry.kind == "symptom":
            for name in entry.linked:
                yield Relation(name, SUGGESTED, entry.kind)
        for group in self._groups.get(_key(entry.names[0]), ()):
            yield Relation(group.names[0], CLASS, entry.kind)

    def match(self, form: str, text: str, start: int, end: int) -> Match:
        """Say what a known form stands for that is meant at [start, end) of a text."""
        key = _key(form)
        return Match(text[start:end].lower(), start, end, self.relations(form), (*self._named.get(key, ()), *self._said.get(key, ())))

    def find(self, text: str) -> list[Match]:
        """Find the surface forms in a text, longest first and without overlap; Latin forms only as whole words.

        Short words only count where the segmenter ends words as well: the 糖高 of 血糖高压 is none.
        """
        lowered, places = _folded(text)
        words = _Words(text)
        found: list[Match] = []
        at = 0
        while at < len(lowered):
            end = self._longest_at(lowered, places, at, words)
            if end:
                start, stop = places[at], places[end - 1] + 1
                found.append(self.match(lowered[at:end], text, start, stop))
                at = end
            else:
                at += 1
        return found

    def _longest_at(self, lowered: str, places: list[int], at: int, words: _Words) -> int:
        for size in self._lengths.get(lowered[at], ()):
            form = lowered[at : at + size]
            if len(form) < size or not self._known(form):
                continue
            end = at + size
            if not _whole(lowered, places, at, end):
                continue
            if not self._short(form) or words.end_at(places[at], places[end - 1] + 1):
                return end
        return 0

    def _known(self, form: str) -> bool:
        return form in self._named or form in self._said or form in self._groups

    def _short(self, form: str) -> bool:
        """Tell whether a form is so short that it may be part of another word: 运动 of 运动员."""
        if form.isascii() or len(form) > 2:
            return False
        return len(form) == 1 or not any(e.kind in _FIRM for e in self._named.get(form, ()))


class _Words:
    """Where the words of a text end; the segmenter is asked only when a short form is met."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: frozenset[int] | None = None

    def end_at(self, start: int, end: int) -> bool:
        """Tell whether words end at both places."""
        if self._ends is None:
            from rag.text.segment import word_ends

            self._ends = word_ends(self._text)
        return start in self._ends and end in self._ends


def _key(form: str) -> str:
    return form.replace(" ", "").lower()


def _folded(text: str) -> tuple[str, list[int]]:
    """Lower a text and drop the spaces beside Latin letters and digits, with the place of each character left."""
    dropped = {m.start() for m in _BESIDE_LATIN.finditer(text)}
    places = [i for i in range(len(text)) if i not in dropped]
    return "".join(text[i].lower()[:1] for i in places), places


def _whole(text: str, places: list[int], start: int, end: int) -> bool:
    """Tell whether a Latin or numeric form stands by itself: `hp` is not in `hpv`."""
    def joined(left: int, right: int) -> bool:
        return _latin(text[left]) and _latin(text[right]) and places[right] == places[left] + 1

    return not (start > 0 and joined(start - 1, start)) and not (end < len(text) and joined(end - 1, end))


def _latin(c: str) -> bool:
    return c.isascii() and c.isalnum()


@cache
def lexicon() -> Lexicon:
    """Return the project's lexicon."""
    return Lexicon(entries())
