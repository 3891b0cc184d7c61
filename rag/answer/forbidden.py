"""Contraindications: a question for them is answered by what states one, of the thing asked about, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.evidence import Evidence
from rag.answer.naming import bare
from rag.retrieve.query import Group, Query
from rag.text.lexicon import lexicon
from rag.text.row import NOTHING, cells

_ASKS = re.compile(
    r"禁忌|禁用|忌用|慎用|(?:哪些|哪种|哪类|什么|啥|何种)(?:样的)?(?:人群?|病人|患者|情况)(?:下)?[^,，。?？]{0,6}?(?:不能|不可|不宜|不要|不许|不适合|不应)"
    r"|谁(?:不能|不可以?)"
)
_WHICH_DRUGS = re.compile(r"(?:哪些|什么|啥|哪种|哪类)[^,，。?？]{0,4}?药|药物?(?:有)?(?:哪些|什么)")
_ASKS_MORE = re.compile(r"适应[证症]|不良反应|副作用|用法|用量|剂量|怎么[用吃]|注意事项|注意什么")
_FORBIDS = re.compile(
    r"禁忌|禁用|禁止|禁服|慎用|谨慎|忌用|不适用于|避免|暂缓|不推荐|不建议|不主张|不常规|不用(?!于|药)|不做|停用"
    r"|不(?:能|可以?|要|得|宜|应|再|许|适合)[^,，。；;的者]{0,8}?(?:用|服|吃|打|喝|做|接种|注射|运动|手术|进行|给|溶栓|通气)"
)
_ROW_FORBIDS = re.compile(r"禁用|慎用|禁忌|忌用|不用|不能用|避免|不宜|不推荐")
# what only says for whom the rest holds: 没有禁忌证的患者, 不能耐受时, 停用后
_CONDITION = re.compile(
    r"(?:有|无|没有|存在|排除|未见)[^,，。；;、]{0,6}?禁忌[证症]?|不能?耐受|无法耐受|不能[^,，。；;]{0,10}?(?:的|者|时)(?!药)|代替|[非不]是?禁忌"
    r"|停用[^,，。；;]{0,8}?(?:后|前|时)|(?<!不)适用于[^；;。]*|适应[证症][^；;。]*"
)
_HEADER = re.compile(r"禁忌|禁用|慎用|不宜")
_NOTHING = NOTHING | {"无", "按说明书"}
_PART = re.compile("[；;。]")
_CLAUSE = re.compile("[,，]")
_ITEM = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.、．]|[①-⑳]|[-•·●])")
_THINGS = ("drug", "class", "treatment", "test", "lifestyle")
_DRUGS = frozenset({"drug", "class"})


def only_forbidding(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out of the answer to a question for contraindications what states none of the thing that it names.

    Where it names people, and anything is forbidden to them, only that is left.
    """
    if not _ASKS.search(query.text) or _ASKS_MORE.search(query.text):
        return list(evidence)
    asked = _Asked(query)
    kept: list[Evidence] = []
    stem: tuple[int, int] | None = None  # the last place that forbids or belongs to a list under one that does
    for item in evidence:
        place = item.hit.rank, item.number
        listed = stem == (place[0], place[1] - 1) and _ITEM.match(item.sentence.text) is not None
        if listed or asked.forbidden_by(item):
            kept.append(item)
            stem = place if listed or item.sentence.text.rstrip().endswith(("：", ":")) else None
    people = [bare(n) for p in query.populations for n in lexicon().names(p)]
    theirs = [e for e in kept if any(n in bare(e.stated) for n in people)]
    return theirs or kept


class _Asked:
    """The things whose contraindications are asked for, or the people or diseases for which drugs are forbidden."""

    def __init__(self, query: Query) -> None:
        named = [g for g in query.groups if g.names]
        things = [g for g in named if g.kind in _THINGS]
        broad = [g for g in things if g.kind == "class" and not _members(g.names)]  # 降压药 means any drug
        self._things = bool(things) and len(broad) < len(things)
        self._any_drug = bool(broad) or not self._things and _WHICH_DRUGS.search(query.text) is not None
        others = [g for g in named if g.kind not in (*_THINGS, "aspect", "unit")]
        self._names = {bare(n) for g in ([g for g in things if g not in broad] or others) for n in _all_names(g, query.text)}

    def forbidden_by(self, item: Evidence) -> bool:
        """Tell whether a sentence or row forbids the thing, or says when to be careful with it."""
        if item.hit.passage.kind == "table":
            return self._in_row(item.sentence.text)
        text = _CONDITION.sub("", item.sentence.text)
        headed = any(self._named(h) for h in item.section[-2:])
        if any(_HEADER.search(h) for h in item.section[-1:]) and (headed or self._named(text)):
            return True
        return any(self._in_clause(clause, part, text, headed) for part in _PART.split(text) for clause in _CLAUSE.split(part))

    def _in_row(self, text: str) -> bool:
        """Look at a row: a thing stands in one of its first cells (类别, 药物), people and diseases in the cell that forbids."""
        found = cells(text)
        forbids = [value for head, value in found if _HEADER.search(head) and value not in _NOTHING or _ROW_FORBIDS.search(value)]
        places = [value for _, value in found[:2]] if self._things else forbids
        return bool(forbids) and any(self._named(place) for place in places)

    def _in_clause(self, clause: str, part: str, whole: str, headed: bool) -> bool:  # noqa: FBT001 - the headings name the thing
        """Look at one clause: it forbids the thing itself, or names nothing else and the words around it do."""
        if not _FORBIDS.search(clause) or self._any_drug and not _drugs(whole):
            return False
        if self._any_drug or self._named(clause):
            return headed or self._named(whole)
        return not self._others(clause) and (self._named(part) or (headed or self._named(whole)) and not self._others(whole))

    def _others(self, text: str) -> bool:
        """Tell whether a text names a drug that was not asked about."""
        return self._things and any(not self._named(name) for name in _drugs(text))

    def _named(self, text: str) -> bool:
        found = bare(text)
        return not self._names or any(name in found for name in self._names)


def _all_names(group: Group, question: str) -> Iterator[str]:
    """Yield a thing's names and those of the classes that a drug belongs to; of what one does or does not do only the one asked."""
    if group.kind == "lifestyle":
        yield from (n for n in group.names if bare(n) in bare(question))
        return
    yield from group.names
    classes = {r.term for n in group.names for r in lexicon().relations(n) if lexicon().kinds.get(r.term) == "class"} if group.kind == "drug" else ()
    for name in classes:
        yield from lexicon().names(name) - _members(lexicon().names(name))


def _members(names: frozenset[str]) -> frozenset[str]:
    """List the drugs among the names of a class."""
    return frozenset(n for n in names if lexicon().kinds.get(n) == "drug")


def _drugs(text: str) -> list[str]:
    """List the drugs and classes that a text names."""
    return [m.surface for m in lexicon().find(text) if m.kind in _DRUGS]
