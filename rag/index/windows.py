"""What of a passage is embedded: each sentence or row by itself, led by where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rag.embed import Embedder
from rag.index.cache import Features
from rag.index.lexical import TermCounts
from rag.text.segment import terms
from rag.types import Passage

# Part of the cache key: raise it whenever the same passages would give other vectors or terms.
FEATURES_VERSION = "1"

_SHORT = 12  # characters; a shorter sentence means little alone and is embedded with the one after it


def windows(passage: Passage) -> list[tuple[int, str]]:
    """List (sentence number, text to embed); the nearest heading leads each text."""
    lead = passage.section[-1] + "：" if passage.section else ""
    texts = [s.text for s in passage.sentences]
    result = []
    for i, text in enumerate(texts):
        if len(text) < _SHORT and i + 1 < len(texts):
            text += texts[i + 1]
        result.append((i, lead + text))
    return result


def searchable(passage: Passage, title: str) -> str:
    """Return the text whose terms are indexed: title and heading path before the passage."""
    return "\n".join([title, *passage.section, passage.text])


def features(passages: Sequence[Passage], title: str, embedder: Embedder) -> Features:
    """Embed and tokenise the passages of one edition."""
    owners, sentences, texts = _flatten(passages)
    vectors = embedder.encode(texts)
    counts = TermCounts.of(terms(searchable(p, title)) for p in passages)
    return Features(vectors, np.array(owners, np.int32), np.array(sentences, np.int32), counts)


def _flatten(passages: Iterable[Passage]) -> tuple[list[int], list[int], list[str]]:
    owners: list[int] = []
    sentences: list[int] = []
    texts: list[str] = []
    for number, passage in enumerate(passages):
        for sentence, text in windows(passage):
            owners.append(number)
            sentences.append(sentence)
            texts.append(text)
    return owners, sentences, texts
