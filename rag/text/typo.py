"""Which disease or drug a misspelt word means: 高雪压, 阿末西林. It must sound like the name and be no word itself.

What is spelt like a drug's name may hold words by chance (the 雄安 of 非那雄安) and need not end where a word does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain, pairwise

from rag.text.drug_names import spelt_like_drugs
from rag.text.lexicon import LAY, Match, lexicon
from rag.text.segment import word_ends

KINDS = ("disease", "drug", "class")
_SHORTEST = 3  # characters; shorter names sound like too much else
# Words of every question, which nobody types in the place of a name's syllable: 降压要 is no 降压药. Names end at them.
_ORDINARY = frozenset(
    "我你她它俺咱这那哪谁啥咋要并和跟与及或不没吃喝打是有到给会就都也还只又再的了着过在用把被让可该应为因"
    "吗呢吧啊么个几少老很太每年月天次回片粒说看去"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")


def mend(text: str, known: list[Match]) -> list[Match]:
    """Return the matches of a text with those added that misspelt names make; they displace known words within them."""
    ends = word_ends(text)
    fixed = [m for m in known if m.end - m.start >= _SHORTEST]
    added: list[Match] = []
    for start, end in _unknown(text, fixed, ends):
        added += _names_in(text, start, end, ends)
    for start, end in spelt_like_drugs(_blank(text, fixed + added)):
        added += _names_in(text, start, end, frozenset(range(start, end + 1)))
    kept = [m for m in known if not any(a.start < m.end and m.start < a.end for a in added)]
    return sorted([*kept, *added], key=lambda m: m.start)


def _blank(text: str, matches: list[Match]) -> str:
    """Return a text with spaces in the place of the matches."""
    covered = {i for m in matches for i in range(m.start, m.end)}
    return "".join(" " if i in covered else c for i, c in enumerate(text))


def _unknown(text: str, known: list[Match], ends: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of Chinese characters, clear of known names, that hold a character which is no part of a word."""
    alone = {i for i in range(len(text)) if i in ends and i + 1 in ends}
    open_text = "".join(" " if i in alone and c in _ORDINARY else c for i, c in enumerate(_blank(text, known)))
    for run in _HAN.finditer(open_text):
        if run.end() - run.start() >= _SHORTEST and not alone.isdisjoint(range(*run.span())):
            yield run.span()


def _names_in(text: str, start: int, end: int, ends: frozenset[int]) -> Iterator[Match]:
    from rag.text.pinyin import sound

    sounds = sound(text[start:end])
    at = 0
    while at < len(sounds):
        match = next(_at(text, start, at, sounds, ends), None)
        if match:
            yield match
        at = match.end - start if match else at + 1


def _at(text: str, start: int, at: int, sounds: tuple[str, ...], ends: frozenset[int]) -> Iterator[Match]:
    """Yield the names that sound like what begins at a place, longest first."""
    for size, names in _by_first_sound().get(sounds[at], ()):
        name = names.get(sounds[at : at + size])
        first, last = start + at, start + at + size
        if name and {first, last} <= ends and not _is_words(first, last, ends):
            match = lexicon().match(name, text, first, last)
            relations = tuple(r._replace(weight=r.weight * LAY) for r in match.relations)
            yield Match(match.surface, first, last, relations, match.entries)


def _is_words(start: int, end: int, ends: frozenset[int]) -> bool:
    """Tell whether a span is made of words of two characters and more only, as written text is."""
    inside = sorted(e for e in ends if start <= e <= end)
    return all(b - a > 1 for a, b in pairwise(inside))


@cache
def _by_first_sound() -> dict[str, tuple[tuple[int, dict[tuple[str, ...], str]], ...]]:
    """Index the names by their first sound, then by length, longest first."""
    from rag.text.pinyin import sound

    book = lexicon()
    table: defaultdict[str, defaultdict[int, dict[tuple[str, ...], str]]] = defaultdict(lambda: defaultdict(dict))
    for name in chain(book.names_of(*KINDS), book.lay_of("drug")):
        if len(name) >= _SHORTEST and _HAN.fullmatch(name):
            sounds = sound(name)
            table[sounds[0]][len(name)].setdefault(sounds, name)
    return {first: tuple(sorted(sizes.items(), reverse=True)) for first, sizes in table.items()}
