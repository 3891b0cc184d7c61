"""Whose words a drafted sentence are: find the evidence that supports it, whatever marks it carries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.evidence import Evidence
from rag.answer.standalone import left_open
from rag.answer.topic import about, in_context, related
from rag.answer.verify import Reason, verify
from rag.answer.verify.lexicon import PEOPLE
from rag.text.segment import terms

_CANDIDATES = 6
_AS_NEAR = 0.8  # of the nearest evidence's share; a sentence is not held against what is plainly another matter
_COVERED = 0.65  # share of a sentence's terms that its support and the headings above it contain
_PART_END = re.compile(r"(?<=[。；;！!？?])")
_LEANS_BACK = re.compile(r"^(但|而|否则|除|不过|然而|其|该|此|这|同时|如|若|并|且|也|亦|均)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEAST_CHINESE = 4  # characters of a sentence, or of a part of one, that is worth attributing


@dataclass(frozen=True, slots=True)
class Attributed:
    """A drafted sentence with its support, or with why the nearest evidence does not support it."""

    text: str
    support: tuple[Evidence, ...]
    nearest: Evidence | None = None
    reasons: tuple[Reason, ...] = ()


def attribute(text: str, evidence: Sequence[Evidence], question: str = "") -> Attributed:
    """Find the evidence that supports a drafted sentence: one sentence, or one of the same topic for each of its parts."""
    if len(_CHINESE.findall(text)) < _LEAST_CHINESE:
        return Attributed(text, (), None, (Reason("content", text, ""),))
    found, nearest, reasons = _single(text, evidence, question)
    if found:
        return Attributed(text, (found,))
    if joint := _joint(text, evidence, question):
        return Attributed(text, joint)
    return Attributed(text, (), nearest, reasons)


def share(text: str, source: str) -> float:
    """Return the share of a text's terms that a source contains."""
    wanted = set(terms(text))
    return len(wanted & set(terms(source))) / len(wanted) if wanted else 0.0


def _single(
    text: str, evidence: Sequence[Evidence], question: str, whole: str = ""
) -> tuple[Evidence | None, Evidence | None, tuple[Reason, ...]]:
    """Return the first of the nearest evidence that supports a text, else the nearest with the reasons against it.

    `whole` is the sentence up to the end of the part that the text is.
    """
    first: tuple[Evidence | None, tuple[Reason, ...]] = (None, ())
    for item in _nearest(text, evidence):
        reasons = _against(text, item) or left_open(text, item, question, whole)
        if not reasons:
            return item, item, ()
        if first[0] is None:
            first = (item, reasons)
    return None, *first


def _against(text: str, item: Evidence) -> tuple[Reason, ...]:
    """List the reasons against a text, or against one of its parts: a false part may hide behind a true one.

    Judged by the source sentence alone, or under the headings that it stands under.
    """
    context = in_context(item)
    if share(text, context) < _COVERED:
        return (Reason("content", text, ""),)
    parts = [p for p in _PART_END.split(text) if len(_CHINESE.findall(p)) >= _LEAST_CHINESE]
    for piece in (text, *(parts if len(parts) > 1 else ())):
        reasons = verify(piece, item.sentence.text).reasons
        if reasons and (context == item.sentence.text or not verify(piece, context).supported):
            return reasons
    return ()


def _joint(text: str, evidence: Sequence[Evidence], question: str) -> tuple[Evidence, ...]:
    """Support each part of a sentence by a source sentence of its own, all of one edition and about the same things."""
    parts = [p for p in _PART_END.split(text) if p.strip()]
    if len(parts) < 2 or any(len(_CHINESE.findall(p)) < _LEAST_CHINESE for p in parts):
        return ()
    found: list[Evidence] = []
    for number, part in enumerate(parts, start=1):
        item = _single(part, evidence, question, "".join(parts[:number]))[0]
        if item is None or any(item is other or not _alike(item, other) for other in found):
            return ()
        if found and _LEANS_BACK.match(part.strip()) and item.hit.passage.id != found[-1].hit.passage.id:
            return ()
        found.append(item)
    return tuple(found)


def _alike(one: Evidence, other: Evidence) -> bool:
    """Tell whether two pieces of evidence are of one edition and nowhere about different drugs, people or diseases."""
    if one.hit.edition.guideline_id != other.hit.edition.guideline_id:
        return False
    topics = ((about(one, c), about(other, c)) for c in ("drug", "disease", *sorted(PEOPLE)))
    return all(not a or not b or related(a, b) for a, b in topics)


def _nearest(text: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """List the evidence that contains about as many of the drafted sentence's terms as the nearest one, nearest first."""
    shares = [(share(text, e.sentence.text), -i) for i, e in enumerate(evidence)]
    ranked = sorted((s for s in shares if s[0]), reverse=True)[:_CANDIDATES]
    return [evidence[-i] for found, i in ranked if found >= _AS_NEAR * ranked[0][0]]
