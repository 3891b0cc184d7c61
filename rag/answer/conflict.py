"""Whether two current guidelines in an answer give different quantities for the same thing and the same people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from rag.answer.verify.binding import around
from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.reading import Reading, read
from rag.text.quantity import Quantity
from rag.titles import document_type, title_likeness, work_key
from rag.types import Citation, Notice, Statement

_DIGIT = re.compile(r"\d")
_UNTOLD = frozenset({"count", "age", "score"})  # kinds that say whom or how many, rather than how much
_THINGS = ("drug", "measure")  # what a quantity must be of, by name, for two to be of the same
_NO_THING = re.compile("剂量$|疗程$|(?<!心)(?<!频)(?<!滤过)率$")  # says no thing that has a quantity, or counts people
_SAME_USE = 0.5
_ALIKE = 0.75  # share of the words right before two quantities that must be the same

# What a dose is of besides the drug: each time or a day, to begin with or at most.
_ROLES = {
    "once": "每次|一次|每剂|单次|单剂|/次|顿服", "day": "每[日天晚]|一[日天]|日剂量|/d|/日", "week": "每周|/周",
    "first": "首[剂次日]|起始|初始|开始|负荷", "most": "最大|最高|极量|至多|最多|不超过|上限|增至|加至", "keep": "维持", "less": "减量|减至|减为",
}
_FILLING = frozenset({"目标"})  # 控制目标为 and 应控制在 say the same
_COURSE = re.compile("疗程")
_WHOLE_COURSE = "疗程"
_SAYS_USE = ("practice", "organ", "setting", "measure")

_Range = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True, slots=True)
class _Said:
    """A quantity that a guideline states: of what, for whom, in which disease, in what words.

    `about` are the diseases of the sentence, else those of its headings or title; `uses` says to what end and by which
    organ or act, `routes` how a drug is given, `roles` what its dose is of.
    """

    quantity: Quantity
    written: str
    things: frozenset[str]
    people: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    about: frozenset[str]
    uses: frozenset[str]
    routes: frozenset[str]
    roles: frozenset[str]
    citation: Citation


def conflicts(statements: Sequence[Statement]) -> list[Notice]:
    """Return a notice for each pair of current guidelines of which one's quantity contradicts the other's.

    Both must name the same drug or measure for the same people, disease and use, in the same unit, and neither may give the
    other's value as well; whatever is less certain is left to the reader.
    """
    notices: dict[frozenset[str], Notice] = {}
    for a, b in _contradictions([fact for s in statements for fact in _facts(s)]):
        pair = frozenset((a.citation.edition.guideline_id, b.citation.edition.guideline_id))
        notices.setdefault(pair, Notice("conflict", f"两份现行指南给出的数值不同：{_shown(a)}；{_shown(b)}。请核对原文后取舍。"))
    return list(notices.values())


def opposing(statements: Sequence[Statement], others: Sequence[Statement]) -> list[int]:
    """Return the places of those other statements that contradict one of these: an answer must not keep them back."""
    own = [fact for s in statements for fact in _facts(s)]
    if not own:
        return []
    theirs = [(n, fact) for n, s in enumerate(others) for fact in _facts(s)]
    place = {id(fact): n for n, fact in theirs}
    found = {place[id(b)] for a, b in _contradictions([*own, *(fact for _, fact in theirs)]) if id(a) not in place and id(b) in place}
    return sorted(found)


def _contradictions(said: Sequence[_Said]) -> Iterator[tuple[_Said, _Said]]:
    for a, b in combinations(said, 2):
        one, other = a.citation.edition.guideline_id, b.citation.edition.guideline_id
        if one == other or not _same_thing(a, b) or _agree(a.quantity, b.quantity):
            continue
        if not (_given_by(a, other, said) or _given_by(b, one, said) or _one_work(a.citation, b.citation)):
            yield a, b


def _facts(statement: Statement) -> Iterator[_Said]:
    """Yield the quantities that a statement of a current guideline gives."""
    citation = next(iter(statement.citations), None)
    if citation is None or citation.edition.status != "current" or not _DIGIT.search(statement.text):
        return
    reading = read(statement.text)
    heading = read("。".join(citation.section))
    headed = _ids(heading, "disease") or _ids(read(citation.edition.title), "disease")
    for quantity in reading.quantities:
        if quantity.kind in _UNTOLD or not quantity.unit:
            continue
        clause = reading.clause_at(quantity.span[0])
        things = frozenset(i for category in _THINGS for i in reading.scope(clause, category) if not _NO_THING.search(i))
        if quantity.kind == "duration" and _COURSE.search(reading.text[reading.starts[clause] : quantity.span[0]]):
            things |= {_WHOLE_COURSE}
        if not things or ("|" in statement.text and not _drug(things)):
            continue
        place = around(reading, quantity.span)
        yield _Said(
            quantity, reading.text[slice(*quantity.span)].strip(), things,
            _of(reading, clause, PEOPLE) | _ids(heading, *PEOPLE), place.before - _FILLING, place.after,
            _ids(reading, "disease") or headed, _of(reading, clause, frozenset(_SAYS_USE)), _of(reading, clause, frozenset({"route"})),
            _roles(reading, quantity, clause), citation,
        )


def _ids(reading: Reading, *categories: str) -> frozenset[str]:
    """List what a text names of some categories."""
    return frozenset(i for t in reading.tokens if t.category in categories for i in t.ids)


def _roles(reading: Reading, quantity: Quantity, clause: int) -> frozenset[str]:
    """List the roles that the words of the clause give a dose, from the quantity before it to the one after."""
    start = max((q.span[1] for q in reading.quantities if q.span[1] <= quantity.span[0]), default=0)
    end = min((q.span[0] for q in reading.quantities if q.span[0] >= quantity.span[1]), default=len(reading.text))
    said = reading.text[max(start, reading.starts[clause]) : min(end, reading.end_of(clause))]
    return frozenset(role for role, words in _ROLES.items() if re.search(words, said))


def _drug(things: frozenset[str]) -> bool:
    return any(i.startswith("drug:") for i in things)


def _of(reading: Reading, clause: int, categories: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(reading.scope(clause, category) for category in sorted(categories)))


def _same_thing(a: _Said, b: _Said) -> bool:
    """Tell whether two quantities are of the same kind, thing and people, said in nearly the same words."""
    if (a.quantity.dimension, a.quantity.kind, bool(a.quantity.second)) != (b.quantity.dimension, b.quantity.kind, bool(b.quantity.second)):
        return False
    if a.things != b.things or a.people != b.people or (a.about and b.about and a.about != b.about):
        return False
    dosed = a.quantity.kind == "dose" and _drug(a.things)
    if dosed and a.roles != b.roles:
        return False
    if ((dosed and a.roles) or _WHOLE_COURSE in a.things) and a.about and _one_use(a, b):
        return True
    words = a.before | b.before
    if not words or len(a.before & b.before) < _ALIKE * len(words):
        return False
    ends_a, ends_b = ([end is None for end in q.base] for q in (a.quantity, b.quantity))
    if True in ends_a and True in ends_b and ends_a != ends_b:
        return False  # one says at least, the other at most: they are for different uses
    # what follows a value says what it is the value of: ≥140 可诊断, ≥180 应转诊; a dose says it before
    dose = _drug(a.things) and True not in (*ends_a, *ends_b)
    return dose or len(a.after & b.after) >= _SAME_USE * max(len(a.after), len(b.after))


def _one_use(a: _Said, b: _Said) -> bool:
    """Tell whether two doses are for the same disease and purpose, given the same way, each time or a day alike."""
    routes = not a.routes or not b.routes or a.routes == b.routes
    return a.about == b.about and a.uses == b.uses and a.roles == b.roles and routes


def _agree(a: Quantity, b: Quantity) -> bool:
    """Tell whether two quantities can both hold: they overlap, or are the same limit."""
    return all(_overlap(x, y) for x, y in zip(_ranges(a), _ranges(b), strict=True))


def _ranges(quantity: Quantity) -> list[_Range]:
    """List the ranges of a quantity, that of a pair's second part included; an open end is None."""
    low, high = quantity.base
    if quantity.second is None:
        return [(low, high)]
    return [(low, high), (None if low is None else quantity.second[0], None if high is None else quantity.second[1])]


def _overlap(a: _Range, b: _Range) -> bool:
    (low_a, high_a), (low_b, high_b) = a, b
    if [end is None for end in a] == [end is None for end in b] != [False, False]:
        return a == b  # two limits on the same side
    return (high_a is None or low_b is None or high_a >= low_b) and (high_b is None or low_a is None or high_b >= low_a)


def _given_by(fact: _Said, guideline: str, said: Sequence[_Said]) -> bool:
    """Tell whether the other guideline gives this value too, in other words perhaps."""
    return any(
        o.citation.edition.guideline_id == guideline and o.quantity.dimension == fact.quantity.dimension
        and bool(o.quantity.second) == bool(fact.quantity.second) and o.things & fact.things and _agree(o.quantity, fact.quantity)
        for o in said
    )


def _one_work(a: Citation, b: Citation) -> bool:
    """Tell whether both are editions of one work, whose order the corpus does not know."""
    keys = work_key(a.edition.title), work_key(b.edition.title)
    return bool(document_type(keys[0])[1]) and title_likeness(*keys) == 1.0 and a.edition.year == b.edition.year


def _shown(fact: _Said) -> str:
    edition = fact.citation.edition
    year = f"（{edition.year}）" if edition.year else ""
    return f"《{edition.title}》{year}为 {fact.written}[{fact.citation.n}]"
