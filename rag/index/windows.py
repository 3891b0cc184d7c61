"""What the index needs of an edition's passages; embedded is each sentence or row by itself, led by where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from rag.codec import passage_to_json
from rag.embed import Embedder
from rag.index.cache import Features
from rag.index.lexical import TermCounts
from rag.text.aspects import mask_of_headings
from rag.text.segment import terms
from rag.types import Edition, Passage

# Part of the cache key: raise it whenever the same passages would give other vectors or terms.
FEATURES_VERSION = "5"

_SHORT = 12  # characters; a shorter sentence means little alone and is embedded with the one after it


def windows(passage: Passage) -> list[tuple[int, str]]:
    """List (sentence number, text to embed); the nearest heading leads each text."""
    texts = [s.text for s in passage.sentences]
    result = []
    for i, text in enumerate(texts):
        if len(text) < _SHORT and i + 1 < len(texts):
            text += texts[i + 1]
        headings = passage.section + passage.sentences[i].under
        result.append((i, headings[-1] + "：" + text if headings else text))
    return result


def searchable(passage: Passage, title: str) -> str:
    """Return the text whose terms are indexed: title and heading path before the passage."""
    return "\n".join([title, *passage.section, passage.text])


def features(passages: Sequence[Passage], edition: Edition, embedder: Embedder) -> Features:
    """Embed, tokenise and write down the passages of one edition, named after it (`guideline:n`, n from 1)."""
    owners, sentences, texts = _flatten(passages)
    named = [replace(p, id=f"{edition.guideline_id}:{n}", guideline_id=edition.guideline_id) for n, p in enumerate(passages, start=1)]
    lines = [json.dumps(passage_to_json(p), ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for p in named]
    return Features(
        embedder.encode(texts), np.array(owners, np.int32), np.array(sentences, np.int32),
        TermCounts.of(terms(searchable(p, edition.title)) for p in passages),
        np.array([mask_of_headings(p.section) for p in passages], np.uint32),
        np.frombuffer(b"".join(lines), np.uint8), np.array([len(line) for line in lines], np.int64),
    )


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
