"""What a question asks for: groups of alternative terms, and the aspects and populations it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.text.drug_names import spelt_like_drugs
from rag.text.edition_words import without_edition
from rag.text.lexicon import Match, lexicon
from rag.text.normalise import normalise
from rag.text.segment import bigrams, words
from rag.text.simplify import simplify
from rag.text.typo import mend
from rag.text.value import implied

# Words of asking carry nothing to look for.
_ASKING = re.compile(
    r"请问|什么|多少|怎么办|怎么样|怎样|怎么|如何|哪些|哪种|哪个|哪类|哪几|是否|能不能|可不可以|可以吗|要不要|需不需要|有没有|"
    r"应该|应当|一般|通常|多久|多长时间|为何|为什么|是不是|咋办|咋|呢|吗|吧|啊|的|了|是|我|你|他|她|有|和|与|或|在|对|"
    r"得了|平时|合适|需要|可以|大概|到底|一下|这个|那个|老爸|老妈|爸爸|妈妈|爷爷|奶奶|家里|要"
)
BIGRAM_WEIGHT = 0.6
LAY_SURFACE_WEIGHT = 0.5  # of a layman's own words once a term stands in for them
HINT_WEIGHT = 0.3  # of the words for an aspect, a population or a unit

HINTS = frozenset({"aspect", "population", "unit"})  # kinds of groups that name nothing to look for
_SURE = 3  # characters of a name spelt like a drug's that are all its own
_WRITTEN_FOR_EMBEDDER = 0.9


@dataclass(frozen=True, slots=True)
class Group:
    """Alternative ways to say one thing; a passage's score for it is that of the alternative it matches best.

    Each alternative maps its index terms to their weights. `names` are the words it stands for, empty for the words that
    the lexicon does not know.
    """

    kind: str
    alternatives: tuple[dict[str, float], ...]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood: what to look for, and which aspects and populations it names."""

    text: str
    groups: tuple[Group, ...] = ()
    aspects: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    expansions: tuple[tuple[str, str, float], ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Tell whether nothing is left to look for."""
        return not any(a for g in self.groups for a in g.alternatives)

    @property
    def expanded(self) -> str:
        """Write the question with the terms that stand in for its lay words, for the embedder."""
        added = [term for _, term, weight in self.expansions if weight == _WRITTEN_FOR_EMBEDDER and term not in self.text]
        return f"{without_edition(self.text)} {' '.join(dict.fromkeys(added))}".strip()


def understand(question: str) -> Query:
    """Reduce a question to groups of weighted terms, widened by the lexicon."""
    whole = simplify(normalise(question))
    text = without_edition(whole)
    matches = mend(text, lexicon().find(text))
    everything = [*matches, *implied(text, matches)]
    unlisted, rest = _unlisted(_outside(text, matches))
    own = _weighted(without_asking(rest), 1.0)
    groups = [Group("word", ({term: weight},)) for term, weight in own.items()]
    groups += [Group("drug", (_weighted(name, 1.0),), _nearly(name)) for name in unlisted]
    groups += [_group(m) for m in everything]
    return Query(
        whole,
        tuple(g for g in groups if any(g.alternatives)),
        tuple(dict.fromkeys(a for m in everything for a in m.heads("aspect"))),
        tuple(dict.fromkeys(p for m in everything for p in m.heads("population"))),
        tuple((m.surface, r.term, _scale(r.kind, r.weight)) for m in everything for r in m.relations if r.term.lower() != m.surface),
    )


def left_over(query: Query) -> str:
    """Return what of a question is no name, neither known to the lexicon nor spelt like a drug's, and no word of asking."""
    return without_asking(_unlisted(_outside(query.text, mend(query.text, lexicon().find(query.text))))[1])


def without_asking(text: str) -> str:
    """Return a text with a space in the place of each word of asking."""
    return _ASKING.sub(" ", text)


def _unlisted(text: str) -> tuple[list[str], str]:
    """Return the names of drugs that a text has by their spelling, and the text with a space in the place of each."""
    spans = spelt_like_drugs(text)
    rest = "".join(" " if any(start <= i < end for start, end in spans) else c for i, c in enumerate(text))
    return [text[start:end] for start, end in spans], rest


def _nearly(name: str) -> frozenset[str]:
    """Return a name without its first and without its last character, which may be a neighbour's, and itself."""
    return frozenset({name, name[1:], name[:-1]}) if len(name) > _SURE else frozenset({name})


def _group(match: Match) -> Group:
    lay = match.surface not in {r.term.lower() for r in match.relations}
    surface = _scale(match.kind, LAY_SURFACE_WEIGHT if lay else 1.0)
    written = _weighted(without_asking(match.surface) if match.kind == "aspect" else match.surface, surface)
    alternatives = [written] + [
        _weighted(r.term, _scale(r.kind, r.weight)) for r in match.relations if r.term.lower() != match.surface
    ]
    return Group(match.kind, tuple(a for a in alternatives if a), _names(match))


def _names(match: Match) -> frozenset[str]:
    """Return the names of what a match stands for; one that is but a member of a class has no other name."""
    if match.kind in HINTS:
        return frozenset()
    return frozenset().union(*(lexicon().names(c) for c in match.concepts)) or frozenset({match.surface})


def _scale(kind: str, weight: float) -> float:
    return HINT_WEIGHT * weight if kind in HINTS else weight


def _outside(text: str, matches: Sequence[Match]) -> str:
    """Return the text with every match replaced by a space."""
    pieces = []
    position = 0
    for match in matches:
        pieces.append(text[position : match.start])
        position = match.end
    return " ".join([*pieces, text[position:]])


def _weighted(text: str, scale: float) -> dict[str, float]:
    weights = {pair: scale * BIGRAM_WEIGHT for pair in bigrams(text)}
    for word in words(text):
        weights[word] = scale + weights.get(word, 0.0)
    return weights
