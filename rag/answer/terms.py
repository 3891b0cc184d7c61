"""What a question names, each a term to look for: diseases, drugs, people, other names, and words that no list has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rag.answer.fit import kind_of
from rag.answer.naming import bare
from rag.retrieve.query import HINTS, Query, left_over
from rag.text.lexicon import lexicon
from rag.text.segment import plain_words

TERM_KINDS = ("disease", "drug", "other", "population", "latin", "word")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z0-9+-]+")
# Units, routes and times of a prescription name nothing to look for.
_PRESCRIBING = frozenset(
    "mg kg ug ng ml dl mmol umol mmhg cm mm iu iv im po sc ih bid tid qid qd qod qn prn st min max wk vs or and".split()
)
# Characters that are words by themselves, and words of asking: they end a name and are none.
_PLAIN = frozenset(
    "的了和与或在对时后前中其被把能会可不分上下用给为从到及内外里该这那哪种个多少长大小第每几再还也都就又很太点些人者病吃打做得喝查测加减停换抽验看"
    "量想让快先未无性型期级类岁月日天周年次片粒支针包克倍高低过来去起成出进完好并且但若如因由于以之所则而此刚老治开发按啥咋唔咗娃儿同话哦唉嘛啦哩噻俺咱"
) | frozenset("可以 才能 不能 没有 达到 为了 以及 以内 以上 以下 哪种 哪儿 哪里 病人 患者".split())


class Term(NamedTuple):
    """One thing that a question names: its kind, all its names, bare, and the one that the question has."""

    kind: str
    names: tuple[str, ...]
    written: str

    @property
    def listed(self) -> bool:
        """Tell whether the lexicon has it, or its spelling says what it is."""
        return self.kind not in ("latin", "word")


def terms_of(query: Query) -> list[Term]:
    """List what a question names, each once."""
    whole, left = bare(query.text), left_over(query)
    found = [_listed(kind_of(g), g.names, whole) for g in query.groups if g.names and g.kind not in HINTS]
    found += [_listed("population", lexicon().names(p), whole) for p in query.populations]
    found += [Term("latin", (w,), w) for w in _LATIN.findall(left.lower()) if w not in _PRESCRIBING]
    found += [Term("word", (w,), w) for run in _HAN.findall(left) for w in _unlisted(run)]
    return list({t.written: t for t in reversed(found)}.values())[::-1]


def _listed(kind: str, names: Iterable[str], whole: str) -> Term:
    spelt = sorted({bare(n) for n in names})
    there = [n for n in spelt if n in whole]
    return Term(kind, tuple(spelt), max(there, key=len) if there else min(spelt, key=len))


def _unlisted(run: str) -> Iterator[str]:
    """Yield the words of a run of characters; neighbouring characters that are no words of their own are one name."""
    name = ""
    for word in [*plain_words(run), ""]:
        if len(word) == 1 and word not in _PLAIN:
            name += word
            continue
        if len(name) > 1:
            yield name
        name = ""
        if len(word) > 1 and word not in _PLAIN:
            yield word
