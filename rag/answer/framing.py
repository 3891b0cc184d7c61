"""Whether a statement is about someone now: not negated, not in the past, not a question about a disease in general."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rag.answer.wording import Span, occurrences, present

_SENTENCE_END = re.compile(r"[。！？!?；;]")
_CLAUSE_END = re.compile(r"[，。！？；,!?;]")
_BARE_TIME = 3  # characters that may follow a time word which stands alone in its clause: 去年夏天，…
_REACH = 30  # characters before a symptom in which its negation may stand


@dataclass(frozen=True, slots=True)
class _Words:
    continued: tuple[str, ...]
    blood_after: re.Pattern[str]
    blood_before: frozenset[str]
    past: dict[str, tuple[str, ...]]
    general: dict[str, tuple[str, ...]]
    denied: re.Pattern[str]
    denied_after: re.Pattern[str]
    topic: re.Pattern[str]


@cache
def _words() -> _Words:
    data = tomllib.loads(resources.files("rag.answer").joinpath("data/framing.toml").read_text(encoding="utf-8"))
    n = data["negation"]
    before = "|".join(sorted(n["before"].split("|"), key=len, reverse=True))
    filler, other, symptoms = n["filler"], n["not_these"], n["symptoms"]
    denied = re.compile(
        rf"(?<!是)(?:{before})(?!{other})"
        rf"(?:{filler}|(?:{symptoms})[、，和及或与]?|[^，。；！？,;!?但却就只可而仅、和及或与]{{1,12}}[、和及或与])*$"
    )
    lists = {part: {k: tuple(v.split("|")) for k, v in data[part].items()} for part in ("past", "general")}
    after = re.compile(rf"(?:{n['after']})(?=[，。；！？,;!?]|了|$)")
    topic = re.compile(rf"的[^，。；！？,;!?]{{0,6}}(?:{data['topic']})(?:是什么|有哪些|是啥|是多少|如何|怎么样)?[。？?]*$")
    blood = re.compile(n["blood_after"]), frozenset(n["blood_before"])
    return _Words(tuple(n["continued"].split("|")), *blood, lists["past"], lists["general"], denied, after, topic)


def negated(text: str, span: Span) -> bool:
    """Tell whether what stands at the span is said to be absent, or only asked about: 没有胸痛, 胸痛没有, 有没有胸痛."""
    words = _words()
    before = text[max(0, span.start - _REACH) : span.start]
    cut = list(_SENTENCE_END.finditer(before))
    clause = before[cut[-1].end() :] if cut else before
    if text[span.start] in "无没" and text.startswith(words.continued, span.end):
        return True
    if _within_a_word_of_blood(text, span, words):
        return True
    return bool(words.denied.search(clause) or words.denied_after.match(text, span.end))


def _within_a_word_of_blood(text: str, span: Span, words: _Words) -> bool:
    """Tell whether the blood that a term ends with, or takes after a gap, belongs to another word: 低钾血症, 贫血, 血压."""
    for start, end in span.parts or (span[:2],):
        if text[end - 1] == "血" and words.blood_after.match(text, end):
            return True
        if text[start:end] == "血" and start and text[start - 1] in words.blood_before:
            return True
    return False


def past(text: str, span: Span) -> bool:
    """Tell whether what stands at the span is told as history: 去年得过心梗, 既往癫痫, 脑出血病史."""
    words = _words().past
    sentence = _between(text, span, _SENTENCE_END)
    clause = _between(text, span, _CLAUSE_END)
    if text.startswith(words["suffix"], span.end) or _follows(words["later"], text, span.end):
        return True
    now_here = present(words["now"], text[clause.start : clause.end])
    if text.startswith(words["suffix_event"], span.end) and not present(words["now"], text[sentence.start : sentence.end]):
        return True
    if now_here:
        return False
    told = text[clause.start : span.start]
    if present(words["clause"], told):
        return True
    if present(words["time"], told):
        return not (present(words["diagnosed"], told) and present(words["onset"], told))
    return _earlier_clause(text, sentence, clause, words)


def _earlier_clause(text: str, sentence: Span, clause: Span, words: dict[str, tuple[str, ...]]) -> bool:
    """Tell whether a time word in an earlier clause of the sentence still governs this clause."""
    earlier = text[sentence.start : clause.start]
    at = max((earlier.rfind(t) + len(t) for t in words["time"] if t in earlier), default=0)
    if not at or present(words["now"], earlier[at:]):
        return False
    rest = _CLAUSE_END.split(earlier[at:])[0]
    return len(rest) <= _BARE_TIME or present(words["resolved"], text[clause.start : sentence.end])


def _follows(terms: tuple[str, ...], text: str, at: int) -> bool:
    return any(s.start == 0 for t in terms for s in occurrences(t, text[at : at + 2 * _BARE_TIME + len(t)]))


def _between(text: str, span: Span, ends: re.Pattern[str]) -> Span:
    before = [m.end() for m in ends.finditer(text, 0, span.start)]
    after = ends.search(text, span.end)
    return Span(before[-1] if before else 0, after.start() if after else len(text))


def general(text: str) -> bool:
    """Tell whether a text asks about a disease in general and names nobody: 卒中的症状有哪些, 如何识别心梗."""
    words = _words().general
    if present(words["person"], text):
        return False
    if not present(words["acute"], text) and _words().topic.search(text):
        return True
    return present(words["asks"], text) or (present(words["clinical"], text) and not present(words["acute"], text))


def happening(text: str) -> bool:
    """Tell whether a text that names a disease says that it is happening, or asks how to rescue."""
    words = _words().general
    if present(words["asks"], text) and not present(words["acute"], text):
        return False
    if present(words["rescue"], text):
        return not present(words["asks"], text)
    return present(words["acute"], text) and not present(words["dosing"], text)
