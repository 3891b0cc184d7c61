"""How Chinese text becomes index terms: dictionary words plus character bigrams, alike for passages and queries."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rag.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

# Part of the index manifest: raise it whenever the same text would give other terms.
TOKENIZER_VERSION = "words+bigrams/1"

_HAN_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]+")
_WORD = re.compile(r"\w")


@cache
def _segmenter() -> tuple[str, Callable[[str], list[str]], Callable[[str], list[str]]]:
    """Return the segmenter's name, its search-mode cut and its plain cut, without guessing of unknown words (reproducible)."""
    try:
        import rjieba
    except ImportError:  # no wheel for this platform: the same dictionary, ten times slower
        import jieba

        jieba.setLogLevel("ERROR")
        return "jieba", lambda text: jieba.lcut_for_search(text, HMM=False), lambda text: jieba.lcut(text, HMM=False)
    return "rjieba", lambda text: rjieba.cut_for_search(text, False), lambda text: rjieba.cut(text, False)


def segmenter_name() -> str:
    """Name the segmenter in use, `rjieba` or `jieba`."""
    return _segmenter()[0]


def words(text: str) -> list[str]:
    """Cut text into lower-case dictionary words, without punctuation."""
    cut = _segmenter()[1]
    return [w for w in cut(normalise(text).lower()) if _WORD.search(w)]


def plain_words(text: str) -> list[str]:
    """Cut text as it stands into dictionary words that do not overlap, punctuation among them."""
    return _segmenter()[2](text)


def word_ends(text: str) -> frozenset[int]:
    """Return the places between the words of a text as it stands, its two ends included."""
    ends = {0}
    at = 0
    for word in plain_words(text):
        at += len(word)
        ends.add(at)
    return frozenset(ends)


def bigrams(text: str) -> list[str]:
    """List the overlapping character pairs of each run of Chinese characters."""
    return [run[i : i + 2] for run in _HAN_RUN.findall(normalise(text)) for i in range(len(run) - 1)]


def terms(text: str) -> list[str]:
    """Tokenise text into words and bigrams; a bigram that is itself a word counts twice, as its weight should."""
    return words(text) + bigrams(text)
