"""How each term of a question is met by each sentence that may be the answer, by its passage and by all that was found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from rag.answer.evidence import Evidence
from rag.answer.fit import FEATURES as FITS
from rag.answer.naming import bare, named, own_text
from rag.answer.nearness import nearest, vectors
from rag.answer.terms import TERM_KINDS, Term
from rag.index.snapshot import Snapshot
from rag.text.everyday import everyday
from rag.text.segment import bigrams

FEATURES = (
    *TERM_KINDS, "own", "sentence", "passage", "near", "found", "unheard", "rarity", "elsewhere", "count",
    "nearest_own", "nearest_near", "pairs_own", "pairs_near", "everyday", "length", "place",
)
SENTENCE_FEATURES = ("odds", "rank", *FITS)
LIKELY = 6  # sentences
_NEAR, _FOUND = 3, 10  # passages
_MOST_PASSAGES, _MOST_CHARACTERS = 10, 6
_ODDS = 3.0  # by which the logarithm of the odds is divided


def sentence_fits(likely: Sequence[Evidence]) -> np.ndarray:
    """Describe each sentence by SENTENCE_FEATURES, shape (sentences, features)."""
    odds = np.log([e.score / (1 - e.score + 1e-6) + 1e-6 for e in likely]) / _ODDS
    return np.column_stack([odds, [1 / e.hit.rank for e in likely], np.stack([e.values for e in likely])])


class TermFits:
    """The passages found for a question, and how terms are met there."""

    def __init__(self, snapshot: Snapshot, evidence: Sequence[Evidence], likely: Sequence[Evidence]) -> None:
        passages = {e.hit.rank: e for e in evidence if e.hit.rank <= _FOUND}
        texts = {rank: bare("\n".join([e.hit.edition.title, *e.hit.passage.section, e.hit.passage.text])) for rank, e in passages.items()}
        self._snapshot = snapshot
        self._own = [bare(own_text(e)) for e in likely]
        self._sentences = [bare(e.sentence.text) for e in likely]
        self._passages = [texts.get(e.hit.rank, own) for e, own in zip(likely, self._own, strict=True)]
        self._near = "\n".join(text for rank, text in texts.items() if rank <= _NEAR)
        self._found = "\n".join(texts.values())
        self._guideline = likely[0].hit.edition

    def describe(self, question: str, terms: Sequence[Term]) -> np.ndarray:
        """Describe terms by FEATURES, shape (sentences, terms, features)."""
        if not terms:
            return np.zeros((len(self._own), 0, len(FEATURES)))
        asked = vectors([t.written for t in terms])
        own = np.stack([nearest(asked, text) for text in self._own])
        near = nearest(asked, self._near)
        return np.stack([self._term(question, t, own[:, n], float(near[n])) for n, t in enumerate(terms)], axis=1)

    def _term(self, question: str, term: Term, own: np.ndarray, near: float) -> np.ndarray:
        """Describe one term, shape (sentences, features)."""
        pairs = bigrams(term.written) or [term.written]
        there, in_near = self._has(self._own, term), bool(self._has([self._near], term)[0])
        values: dict[str, float | np.ndarray] = {
            **{kind: float(term.kind == kind) for kind in TERM_KINDS},
            "own": there,
            "sentence": self._has(self._sentences, term),
            "passage": self._has(self._passages, term),
            "near": in_near,
            "found": self._has([self._found], term)[0],
            **self._frequency(term, pairs),
            "nearest_own": np.where(there, 1.0, own),
            "nearest_near": 1.0 if in_near else near,
            "pairs_own": np.where(there, 1.0, [_share(pairs, text) for text in self._own]),
            "pairs_near": 1.0 if in_near else _share(pairs, self._near),
            "everyday": float(np.mean([everyday(p[0], p[-1]) for p in pairs])),
            "length": min(len(term.written), _MOST_CHARACTERS) / _MOST_CHARACTERS,
            "place": _place(question, term),
        }
        return np.column_stack([np.broadcast_to(np.asarray(values[name], float), len(own)) for name in FEATURES])

    def _frequency(self, term: Term, pairs: Sequence[str]) -> dict[str, float]:
        """Tell of a word that no list has if no passage holds it, how rare it is, and if and how often its guideline has it."""
        holding = [] if term.listed else self._snapshot.lexical.holding(pairs)
        here = int((np.asarray(self._snapshot.passage_editions)[holding] == self._number).sum()) if len(holding) else 0
        rarity = self._snapshot.lexical.rarity
        return {
            "unheard": float(not term.listed and not len(holding)),
            "rarity": 0.0 if term.listed else rarity(len(holding)) / rarity(0),
            "elsewhere": float(not term.listed and not here),
            "count": min(here, _MOST_PASSAGES) / _MOST_PASSAGES,
        }

    @cached_property
    def _number(self) -> int:
        return self._snapshot.editions.index(self._guideline)

    @staticmethod
    def _has(texts: Sequence[str], term: Term) -> np.ndarray:
        return np.array([named(term.names, text) for text in texts])


def _share(pairs: Sequence[str], text: str) -> float:
    return float(np.mean([pair in text for pair in pairs]))


def _place(question: str, term: Term) -> float:
    """Tell where in the question a term stands, from 0 to 1; one that is implied stands in the middle."""
    at = question.find(term.written)
    return at / len(question) if at >= 0 else 0.5
