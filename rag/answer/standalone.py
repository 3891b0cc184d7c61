"""Whether a drafted sentence stands by itself: it names whom and what its source is about, and keeps what limits it.

Verification asks whether a sentence says more than its source. This asks whether it says less in a way that misleads
beside other sentences: a dose without its drug, a child's dose without the child, another disease's rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rag.answer.evidence import Evidence
from rag.answer.topic import about, bare, names, related
from rag.answer.verify import Reason
from rag.answer.verify.entities import kind_of
from rag.answer.verify.lexicon import PEOPLE, STRICT
from rag.answer.verify.reading import Reading, label, pairs, read

_USED = 0.5  # share of a source clause's words that makes it used
_HEADED = ("age", "pregnancy", "sex")  # people whom a heading limits what stands under it to
_DOSES = ("dose", "frequency", "duration")
_FORBIDDING = frozenset({"never", "mustnot", "against", "caution"})
_TURNING = frozenset("不无未非没勿禁忌避免慎停除但仅只急慢荐")  # characters that turn, limit or weigh what is said
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_FIGURE = re.compile(r"([<>≤≥])?\s*(\d+(?:\.\d+)?|(?<![A-Za-z])[IVX]+(?![A-Za-z]))\s*(个?月|周|天|日|d\b|年|小时|h\b|分钟|min\b)?")
_UNIT = {"个月": "月", "日": "d", "天": "d", "小时": "h", "分钟": "min"}
_CONDITION = re.compile(r"\s*(?:若(?!干)|如(?!下|何|上|图|表|此)|当(?!地|前|天|日|时)|除|但|仅|只|否则|不过|一旦|对于)")


def left_open(text: str, item: Evidence, question: str = "", whole: str = "") -> tuple[Reason, ...]:
    """List what the source pins down and the drafted text leaves open; the question may name people and diseases.

    `whole` is the sentence up to the end of the part that the text is: what it names need not be named again.
    """
    claim, named, asked, source = read(text), read(whole or text), read(question), read(item.sentence.text)
    used = _used(claim, source)
    return (
        *_drug(claim, named, item, source), *_people(named, asked, item, source), *_disease(named, asked, item, source),
        *_named(named, source, used), *_objects(named, source, used), *_turned(claim, source, used), *_figures(claim, source, used), *_order(claim, source),
        *_conditions(source, used),
    )  # fmt: skip


def _drug(claim: Reading, named: Reading, item: Evidence, source: Reading) -> Iterator[Reason]:
    """Find the drug of the heading when a dose is stated and neither sentence says of what."""
    if any(q.kind in _DOSES for q in claim.quantities) and not names(source, "drug"):
        theirs = about(item, "drug")
        if theirs and not theirs & names(named, "drug"):
            yield Reason("drug", "", bare(min(theirs)))


def _people(claim: Reading, asked: Reading, item: Evidence, source: Reading) -> Iterator[Reason]:
    """Find people whom the sentence or the last heading names and the claim does not; a row's cells each speak for themselves."""
    heading = read(item.section[-1]) if item.section else None
    for category in sorted(PEOPLE):
        theirs = names(source, category) if "|" not in source.text else frozenset()
        if not theirs and heading is not None and category in _HEADED:
            theirs = names(heading, category)
        said = names(claim, category) or names(asked, category)
        if theirs and not theirs & said:
            yield Reason("population", "", bare(min(theirs)))


def _disease(claim: Reading, asked: Reading, item: Evidence, source: Reading) -> Iterator[Reason]:
    wanted = names(asked, "disease")
    headings = (names(read(h), "disease") for h in (item.hit.edition.title, *item.section))
    theirs = names(source, "disease").union(*headings)
    if wanted and theirs and not related(theirs, wanted | names(claim, "disease")):
        yield Reason("content", "", bare(min(theirs)))


def _used(claim: Reading, source: Reading) -> list[int]:
    """List the source's clauses of whose words the claim has half, and those that its own clauses are most alike to.

    The first cell of a row says what the row is about, and is always used.
    """
    said = _pairs(claim.text)
    theirs = [_pairs(_text(source, i)) for i in range(len(source.starts))]
    used = {i for i, own in enumerate(theirs) if own and len(own & said) >= _USED * len(own)}
    for clause in range(len(claim.starts)):
        if own := _pairs(_text(claim, clause)):
            used.add(max(range(len(theirs)), key=lambda i: (len(theirs[i] & own), -len(theirs[i]))))
    if "|" in source.text:
        used.update([i for i in range(len(theirs)) if ":" in _text(source, i)][:1])
    return sorted(used)


def _named(claim: Reading, source: Reading, used: list[int]) -> Iterator[Reason]:
    """Find the drugs, people and other particular things of used clauses that the claim names less often."""
    theirs = [(i, t) for clause in used for t in source.clauses[clause] for i in t.ids if t.category in STRICT and ":" in i]
    missing = Counter(i for i, _ in theirs) - Counter(i for t in claim.tokens for i in t.ids)
    for name, token in theirs:
        if name in missing:
            yield Reason(kind_of(token.category), "", token.text)


def _objects(claim: Reading, source: Reading, used: list[int]) -> Iterator[Reason]:
    """Find what right after a word that forbids is forbidden, and the claim does not name: 慎用抗胆碱药."""
    said = claim.ids | claim.pairs
    for tokens in (source.clauses[clause] for clause in used):
        for token, after in pairwise(tokens):
            if token.marks & _FORBIDDING and after.start == token.end and after.units and not after.units & said:
                yield Reason("content", "", after.text)


def _turned(claim: Reading, source: Reading, used: list[int]) -> Iterator[Reason]:
    """Find words that turn or limit the used clauses and that the claim has fewer or more of."""
    mine = Counter(c for c in claim.text if c in _TURNING)
    theirs = Counter(c for i in used for c in _text(source, i) if c in _TURNING)
    for char in theirs - mine:
        yield Reason("negation", "", char)
    for char in mine - theirs:
        yield Reason("negation", char, "")


def _figures(claim: Reading, source: Reading, used: list[int]) -> Iterator[Reason]:
    """Find the quantities or digits that the source does not have, and the quantities of used clauses that the claim lacks."""
    mine, theirs = {label(q) for q in claim.quantities}, {label(q) for q in source.quantities}
    digits = set(_DIGITS.findall(source.text))
    for quantity in claim.quantities:
        written = claim.text[slice(*quantity.span)]
        if label(quantity) not in theirs or set(_DIGITS.findall(written)) - digits:
            yield Reason("number", written, "")
    for quantity in source.quantities:
        if source.clause_at(quantity.span[0]) in used and label(quantity) not in mine:
            yield Reason("number", "", source.text[slice(*quantity.span)])


def _order(claim: Reading, source: Reading) -> Iterator[Reason]:
    """Find the first figure or Roman numeral that does not follow the claim's earlier ones in the source."""
    given = [m.groups() for m in _FIGURE.finditer(source.text)]
    at = 0
    for match in _FIGURE.finditer(claim.text):
        sign, figure, unit = match.groups()
        places = (i for i in range(at, len(given)) if given[i][1] == figure and _same(given[i][0], sign) and _same(given[i][2], unit))
        found = next(places, None)
        if found is None:
            yield Reason("number", match[0], "")
            return
        at = found + 1


def _same(theirs: str | None, mine: str | None) -> bool:
    """Tell whether signs or units of time do not differ; one that is written in another way is left to verification."""
    return not theirs or not mine or _UNIT.get(theirs, theirs) == _UNIT.get(mine, mine)


def _conditions(source: Reading, used: list[int]) -> Iterator[Reason]:
    """Find the conditions and exceptions beside a used clause, within its sentence, that the claim leaves out."""
    for clause, number in enumerate(source.sentence):
        beside = any(n in used and source.sentence[n] == number for n in (clause - 1, clause + 1))
        if beside and clause not in used and _CONDITION.match(_text(source, clause)):
            yield Reason("content", "", _text(source, clause).strip())


def _pairs(text: str) -> frozenset[str]:
    return pairs(re.sub(r"\W", "", text.lower()))


def _text(reading: Reading, clause: int) -> str:
    return reading.text[reading.starts[clause] : reading.end_of(clause)]
