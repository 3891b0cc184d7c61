"""What a question names and no sentence of the answer does: a drug, or people for whom a general dose may do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.naming import bare, named
from rag.retrieve.query import Group, Query
from rag.types import Notice, Statement

# The lexicon's people, and how a guideline may speak of them.
_PEOPLE = (
    ({"妊娠"}, "孕妇", re.compile(r"妊娠|孕|产[前后科妇]")),
    ({"哺乳"}, "哺乳期妇女", re.compile(r"哺乳|母乳|授乳")),
    ({"儿童", "婴儿", "新生儿", "早产儿"}, "儿童", re.compile(r"儿|\d\s*岁|月龄|新生")),
    ({"肾功能不全", "透析患者"}, "肾功能不全者", re.compile(r"肾功能|肾脏?病|肾损|肾衰|透析|肌酐|egfr|ccr|gfr")),
    ({"肝功能不全"}, "肝功能不全者", re.compile(r"肝功能|肝[脏]?病|肝硬化|肝损|转氨酶|child")),
)


def unnamed_notices(query: Query, statements: Sequence[Statement]) -> Iterator[Notice]:
    """Yield a warning that lists what was asked for and is not in any statement, its headings or its guideline's title."""
    texts = [_whole(s) for s in statements]
    drugs = [g for g in query.groups if g.kind == "drug"]
    absent = [_written(query, g.names) for g in drugs if not any(_speaks(g, t) for t in texts)]
    about = [t for t in texts if any(_speaks(g, t) for g in drugs)]
    people = [name for who, name, spoken in _PEOPLE if who & set(query.populations) and not any(spoken.search(t) for t in about or texts)]
    taking = "用" + "、".join(filter(None, (_written(query, g.names) for g in drugs))) if about else ""
    missing = [*filter(None, dict.fromkeys(absent)), *(f"{name}{taking}" for name in people)]
    if missing and texts:
        yield Notice("not_named", f"下面没有一句专门说到{'、'.join(missing)}；照用之前请查说明书或原指南，或请上级医生决定。")


def _speaks(group: Group, text: str) -> bool:
    return named(map(bare, group.names), text)


def _whole(statement: Statement) -> str:
    places = (f"{c.edition.title}\n{'/'.join(c.section)}" for c in statement.citations)
    return bare("\n".join([statement.text, *places]))


def _written(query: Query, names: frozenset[str]) -> str:
    """Return the name under which the question has a drug."""
    there = [n for n in names if bare(n) in bare(query.text)]
    return max(there, key=len, default="")
