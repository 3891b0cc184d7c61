"""Whether the claim's grades are the source's: recommendation, evidence, stage, class, type."""

from __future__ import annotations

import re

from rag.answer.verify.grades import Grade
from rag.answer.verify.reading import Reading, label
from rag.answer.verify.record import Reason
from rag.answer.verify.rivals import Around, nearest_other

_CLASSES = frozenset("级期型度类")


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the claim's grades that the source does not have, or gives to something else."""
    reasons: list[Reason] = []
    for grade in claim.grades:
        alike = [g for g in source.grades if g.what == grade.what]
        same = [g for g in alike if g.value == grade.value]
        if not same and _in_cell(grade, claim, source):
            continue
        if not same:
            reasons.append(Reason("grade", _text(claim, grade), _text(source, alike[0]) if alike else ""))
        elif (rival := _rival(grade, same, alike, claim, source)) is not None:
            reasons.append(Reason("grade", _text(claim, grade), _text(source, rival)))
    return reasons


def _in_cell(grade: Grade, claim: Reading, source: Reading) -> bool:
    """Tell whether the source writes the grade in a row's cell, where the header has its word: 分期:G3a."""
    written = re.escape(_text(claim, grade).removesuffix(grade.what).strip())
    return re.search(rf"分{grade.what}:\s*{written}(?![0-9A-Za-z])", source.text) is not None


def _rival(grade: Grade, same: list[Grade], alike: list[Grade], claim: Reading, source: Reading) -> Grade | None:
    """Return the source's different grade whose surroundings are more like the claim's."""
    rivals = [g for g in alike if g.value != grade.value]
    if not rivals:
        return None
    place = nearest_other(_graded(claim, grade), [_graded(source, g) for g in same], [_graded(source, g) for g in rivals])
    return None if place is None else rivals[place]


def _graded(reading: Reading, grade: Grade) -> Around:
    """Collect what a grade is given to: the words since the previous grade of its kind, and those right after it."""
    if _leads(reading, grade):
        return _defined(reading, grade)
    previous = max((g.span[1] for g in reading.grades if g.what == grade.what and g.span[1] <= grade.span[0]), default=0)
    following = min((g.span[0] for g in reading.grades if g.what == grade.what and g.span[0] >= grade.span[1]), default=len(reading.text))
    clause, sentence = reading.clause_at(grade.span[0]), reading.sentence
    headed = set(reading.headers) if grade.what in _CLASSES else set()  # what is classed is the topic of all classes
    before = {u for t in reading.tokens if previous <= t.start < grade.span[0] and t.clause not in headed for u in t.units}
    before |= {label(q) for q in reading.quantities if previous <= q.span[0] < grade.span[0]}
    after = {u for t in reading.tokens if grade.span[1] <= t.start < following and sentence[t.clause] == sentence[clause] for u in t.units}
    after |= {label(q) for q in reading.quantities
              if grade.span[1] <= q.span[0] < following and reading.clause_at(q.span[0]) == clause}  # fmt: skip
    key = next((label(q) for q in reversed(reading.quantities) if previous <= q.span[0] < grade.span[0]), "")
    return Around(frozenset(before), frozenset(after), frozenset(), frozenset(), key=key)


def _leads(reading: Reading, grade: Grade) -> bool:
    """Tell whether a grade begins its sentence and is then defined: 三期:平均听阈为41~70 dBHL."""
    clause = reading.clause_at(grade.span[0])
    first = not clause or reading.sentence[clause - 1] != reading.sentence[clause]
    return first and reading.text[reading.starts[clause] : grade.span[0]].strip() == "" and reading.text.startswith(":", grade.span[1])


def _defined(reading: Reading, grade: Grade) -> Around:
    """Collect what a sentence says of the grade that it begins with."""
    number = reading.sentence[reading.clause_at(grade.span[0])]
    after = {u for t in reading.tokens if t.start >= grade.span[1] and reading.sentence[t.clause] == number for u in t.units}
    inside = [q for q in reading.quantities if q.span[0] >= grade.span[1] and reading.sentence[reading.clause_at(q.span[0])] == number]
    after |= {label(q) for q in inside}
    return Around(frozenset(), frozenset(after), frozenset(), frozenset(), key=label(inside[0]) if inside else "")


def _text(reading: Reading, grade: Grade) -> str:
    """Return the grade as written."""
    return reading.text[slice(*grade.span)]
