"""Whether a drafted sentence stands by itself: it names whom and what its source is about, and keeps its thresholds.

Verification asks whether a sentence says more than its source. This asks whether it says less in a way that misleads
beside other sentences: a dose without its drug, a child's dose without the child, another disease's rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.answer.evidence import Evidence
from rag.answer.verify import Reason
from rag.answer.verify.lexicon import PEOPLE, STRICT
from rag.answer.verify.reading import Reading, label, read

_USED = 0.5  # share of a source clause's words that makes it used
_HEADED = ("age", "pregnancy", "sex")  # people whom a heading limits what stands under it to
_LESS_THAN_ANOTHER = 2  # names of one category; a heading with more does not tell which one is meant


def names(text: str, category: str) -> frozenset[str]:
    """List the meanings of one category that a text names."""
    return _names(read(text), category)


def left_open(text: str, item: Evidence, question: str = "") -> tuple[Reason, ...]:
    """List what the source pins down and the drafted sentence leaves open; the question may name people and diseases."""
    claim, asked, source = read(text), read(question), read(item.sentence.text)
    return (*_drug(claim, item, source), *_people(claim, asked, item, source), *_disease(claim, asked, item, source), *_thresholds(claim, source))


def about(item: Evidence, category: str) -> frozenset[str]:
    """List whom or what a piece of evidence is about: what its sentence names, else the nearest heading that names any."""
    for text in (item.sentence.text, *reversed(item.hit.passage.section)):
        if found := names(text, category):
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
    return any(a in b or b in a for a in map(_bare, one) for b in map(_bare, other))


def _fitting(item: Evidence, sentence: Reading) -> Iterator[str]:
    """Yield the headings without figures or polarity that name one thing each, of a kind that the sentence does not name."""
    taken = {t.category for t in sentence.tokens if t.category in STRICT}
    for heading in (item.hit.edition.title, *item.hit.passage.section):
        reading = read(heading)
        kinds = [t.category for t in reading.tokens if t.category in STRICT]
        if not kinds or taken & set(kinds) or reading.quantities or any(t.marks for t in reading.tokens):
            continue
        if all(len(_names(reading, kind)) < _LESS_THAN_ANOTHER for kind in set(kinds)):
            yield heading


def _drug(claim: Reading, item: Evidence, source: Reading) -> Iterator[Reason]:
    theirs = _names(source, "drug") or about(item, "drug")
    if theirs and not theirs & _names(claim, "drug"):
        yield Reason("drug", "", _bare(min(theirs)))


def _people(claim: Reading, asked: Reading, item: Evidence, source: Reading) -> Iterator[Reason]:
    heading = read(item.hit.passage.section[-1]) if item.hit.passage.section else None
    for category in sorted(PEOPLE):
        theirs = _names(source, category)
        if not theirs and heading is not None and category in _HEADED:
            theirs = _names(heading, category)
        said = _names(claim, category) or _names(asked, category)
        if theirs and not theirs & said:
            yield Reason("population", "", _bare(min(theirs)))


def _disease(claim: Reading, asked: Reading, item: Evidence, source: Reading) -> Iterator[Reason]:
    wanted = _names(asked, "disease")
    headings = (names(h, "disease") for h in (item.hit.edition.title, *item.hit.passage.section))
    theirs = _names(source, "disease").union(*headings)
    if wanted and theirs and not related(theirs, wanted | _names(claim, "disease")):
        yield Reason("content", "", _bare(min(theirs)))


def _thresholds(claim: Reading, source: Reading) -> Iterator[Reason]:
    """Find the bounds (≥45, <60, 65岁以上) of used source clauses that the claim does not carry."""
    mine = {label(q) for q in claim.quantities}
    said = claim.ids.union(claim.pairs, *claim.units)
    for quantity in source.quantities:
        clause = source.clause_at(quantity.span[0])
        words = {u for u in source.units[clause] if not u.startswith("=")}
        used = words and len(words & said) >= _USED * len(words)
        if quantity.comparator not in ("=", "range") and used and label(quantity) not in mine:
            yield Reason("comparator", "", source.text[slice(*quantity.span)])


def _names(reading: Reading, category: str) -> frozenset[str]:
    mark = f"{category}:"
    return frozenset(i for t in reading.tokens if t.category == category for i in t.ids if i.startswith(mark))


def _bare(name: str) -> str:
    return name.split(":", 1)[-1]
