"""What a question that leans on an earlier one means: it is completed from that one by the lexicon, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.answer.verify.reading import read
from rag.retrieve.query import understand
from rag.text.lexicon import Match, lexicon
from rag.text.normalise import normalise
from rag.text.simplify import simplify

_TOPICS = frozenset({"disease", "symptom", "drug", "treatment", "test"})  # what a question can be about by itself
_ANEW = frozenset({"disease", "symptom"})
_CARRIED = ("population", "disease", "symptom", "drug")  # in the order in which they are written before a follow-up
_SHORT = 16  # characters; a longer question without a known topic says what it is about in words unknown here
# what a question names of one kind leaves no room for the other: 降压药 in place of 氨氯地平
_INSTEAD = {"drug": "treatment", "disease": "symptom", "symptom": "disease"}

_ALLERGIC = re.compile(".{2,}过敏")
# aspects that are of an illness, not of the drug that was last spoken of
_OF_ILLNESS = frozenset({
    "诊断", "症状", "治疗", "药物治疗", "起始治疗", "转诊", "预防", "非药物治疗", "分级", "检查", "健康教育", "病因", "预后", "急救", "手术治疗",
})  # fmt: skip
_TREATING = frozenset({"治疗", "药物治疗", "起始治疗", "急救"})
_DIFFERENT_DOSES = frozenset({"儿童", "婴儿", "新生儿", "早产儿", "妊娠", "哺乳"})  # for whom the same drug's dose may do harm
_LEANS = re.compile(
    r"^(?:还?(?:需不需要|需要|要不要|用不用|要|能不能|可不可以|能|可以)|那|它|他|她|这个?|该|其(?!他)|还有|此外|另外|如果|要是|换成|同样)"
    r"|(?:呢|呐)[?？。]?$|它|这个?[药病]|[该此][药病]"
)
_POINTING = re.compile(
    r"^(?:那么|那|还有|此外|另外|换成|同样|如果是?|要是)*(?:对于)?"
    r"(?:(?:它们?|他们?|她们?|其(?!他)|这个?药|[该此这][种个]?药|[该此这][种个]?病)的?)?[,，、]?"
)
_TAIL = re.compile(r"[呢呐?？。!！\s]+$")
_SUFFERER = re.compile(r"(?<=.)(?:患者|病人)$")
_BESIDES = re.compile(r"(?:合并有?|伴有?|同时有|有)$")
_FILLER = re.compile(r"(?:合并有?|伴有?|同时有|有|患者|病人|人群|的|是|人|者|了|吗|和|与|或|[,，、\s])*")


class Name(NamedTuple):
    """A disease, a drug, a kind of people or an aspect that a question names at [start, end)."""

    kind: str
    text: str
    start: int
    end: int


def names(text: str) -> list[Name]:
    """List what a plain text names, in order: what the lexicon knows, and diseases that verification knows beside it."""
    found = [Name(_kind(m), m.surface, m.start, m.end) for m in lexicon().find(text)]
    taken = {i for n in found for i in range(n.start, n.end)}
    for token in read(text).tokens if read(text).text == text.lower() else ():
        if token.category == "disease" and not taken & set(range(token.start, token.end)):
            found.append(Name("population" if _ALLERGIC.fullmatch(token.text) else "disease", token.text, token.start, token.end))
    return sorted(found, key=lambda n: n.start)


def _kind(match: Match) -> str:
    """Call people who are named by their diseases (高血压合并糖尿病) a disease: they may be old as well; 肾不好, 甲过敏 are people."""
    kinds = {match.kind, *(e.kind for e in match.entries)}
    if _ALLERGIC.fullmatch(match.surface):
        return "population"
    if "population" not in kinds:
        return match.kind
    ill = any(t.category == "disease" and len(t.text) < len(match.surface) for t in read(match.surface).tokens)
    return "disease" if ill else "population"


def plain(question: str) -> str:
    """Write a question in simplified characters of one width."""
    return simplify(normalise(question))


def leans(question: str) -> bool:
    """Tell whether a question cannot be understood by itself: it points back, or is short and names no topic.

    One with a disease of its own starts anew, unless it only puts that disease in another's place (那糖尿病呢).
    """
    text = plain(question)
    kinds = {n.kind for n in names(text)}
    if kinds & _ANEW:
        return bool(_LEANS.search(text)) and not _asks(text)
    return bool(_LEANS.search(text)) or (not kinds & _TOPICS and len(text) <= _SHORT)


def completed(question: str, last: str, ill: str = "") -> str:
    """Complete a follow-up from the last question as it was understood.

    What only names somebody or something takes its place in that question; what asks something is told whom and what about.
    `ill` is the last question that named an illness: one that asks of the illness after a question for a drug is about that.
    """
    text, before = plain(question), plain(last)
    own = names(text)
    if own and not _asks(text):
        return _substituted(before, text, own)
    kinds = {n.kind for n in own}
    said_before = [n for n in names(before) if not (_of_illness(question) and _ALLERGIC.fullmatch(n.text) and not _asks_drugs(question))]
    if ill and not _ANEW & {n.kind for n in said_before} and _of_illness(question):
        said_before = [n for n in [*names(plain(ill)), *said_before] if n.kind != "drug"]
    carried = [
        _SUFFERER.sub("", n.text) for kind in _CARRIED for n in said_before if n.kind == kind and kind not in kinds and _INSTEAD.get(kind) not in kinds
    ]
    said = _TAIL.sub("", _POINTING.sub("", text)) or text
    return f"{''.join(dict.fromkeys(carried))}{said}?" if carried else question


def _of_illness(question: str) -> bool:
    """Tell whether all that a question asks for is of an illness: 漏服了怎么办 is of a drug."""
    aspects = set(understand(question).aspects)
    return bool(aspects) and aspects <= _OF_ILLNESS


def _asks_drugs(question: str) -> bool:
    """Tell whether a question is how to treat, so that an allergy matters."""
    return bool(_TREATING & set(understand(question).aspects))


def names_illness(question: str) -> bool:
    """Tell whether a question names a disease or a symptom."""
    return any(n.kind in _ANEW for n in names(plain(question)))


def for_same_people(question: str, last: str) -> str:
    """Put the child, the pregnant or the nursing woman of the last question before one that names a drug and nobody."""
    kinds = {n.kind for n in names(plain(question))}
    if "drug" not in kinds or kinds & {"population", *_ANEW}:
        return question
    people = [n.text for n in names(plain(last)) if n.kind == "population" and _DIFFERENT_DOSES & set(understand(n.text).populations)]
    return "".join(dict.fromkeys(people)) + question


def _substituted(text: str, question: str, new: Sequence[Name]) -> str:
    """Write a question about the other people, drug or disease that another question only names."""
    for kind in dict.fromkeys(n.kind for n in new):
        mine = [n for n in new if n.kind == kind]
        said = question[mine[0].start : mine[-1].end]
        old = [n for n in names(text) if n.kind == kind]
        besides = _BESIDES.search(question[: mine[0].start])
        if old and besides:  # 合并慢性肾病的呢 adds a disease
            text = text[: old[-1].end] + besides[0] + said + text[old[-1].end :]
            continue
        for name in reversed(old[1:]):
            text = text[: name.start] + text[name.end :]
        text = text[: old[0].start] + said + text[old[0].end :] if old else said + text
    return text


def _asks(text: str) -> bool:
    """Tell whether a question asks something, beside naming things and pointing back."""
    found = names(text)
    if any(n.kind == "aspect" for n in found):
        return True
    end = _TAIL.search(text)
    left = text[: end.start()] if end else text
    for name in reversed(found):
        left = left[: name.start] + "、" + left[name.end :]
    return not _FILLER.fullmatch(_POINTING.sub("", left))
