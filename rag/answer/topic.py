"""What a piece of evidence is about: the drugs, diseases and people that it names, or that the headings above it name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.evidence import Evidence
from rag.answer.verify.lexicon import STRICT
from rag.answer.verify.reading import Reading, read

_DATED = re.compile(r"[(（][^()（）]*\d{4}[^()（）]*[)）]")
_LESS_THAN_ANOTHER = 2  # names of one category; a heading with more does not tell which one is meant


def names(reading: Reading, category: str) -> frozenset[str]:
    """List the meanings of one category (drug, disease, age …) that a text names."""
    mark = f"{category}:"
    return frozenset(i for t in reading.tokens if t.category == category for i in t.ids if i.startswith(mark))


def bare(name: str) -> str:
    """Return a meaning's own name, without its category."""
    return name.split(":", 1)[-1]


def about(item: Evidence, category: str) -> frozenset[str]:
    """List whom or what a piece of evidence is about: what its sentence names, else the nearest heading that names any."""
    for text in (item.sentence.text, *reversed(item.section)):
        if found := names(read(text), category):
            return found
    return frozenset()


def in_context(item: Evidence) -> str:
    """Write the sentence under the title and headings that name what it leaves open itself."""
    text = item.sentence.text
    if "|" in text:  # a row carries its caption and header already
        return text
    return ":".join([*dict.fromkeys(_fitting(item, read(text))), text])


def related(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two sets of names meet, or a name of one contains one of the other (肺炎, 社区获得性肺炎)."""
    return any(a in b or b in a for a in map(bare, one) for b in map(bare, other))


def _fitting(item: Evidence, sentence: Reading) -> Iterator[str]:
    """Yield the headings without figures or polarity that name one thing each, of a kind that the sentence does not name."""
    taken = {t.category for t in sentence.tokens if t.category in STRICT}
    for heading in (_DATED.sub("", item.hit.edition.title), *item.section):
        reading = read(heading)
        kinds = [t.category for t in reading.tokens if t.category in STRICT]
        if not kinds or taken & set(kinds) or reading.quantities or any(t.marks for t in reading.tokens):
            continue
        if all(len(names(reading, kind)) < _LESS_THAN_ANOTHER for kind in set(kinds)):
            yield heading
