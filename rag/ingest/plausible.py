"""Whether a page's text layer can be believed, by the characters it holds and the words they make."""

from __future__ import annotations

import re

from rag.text.segment import words

_HAN = re.compile(r"[\u4e00-\u9fff]")
# Private use, replacement, control, CJK radical and vertical presentation characters.
_STRANGE = re.compile(r"[\ue000-\uf8ff\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\u2e80-\u2fdf\ufe30-\ufe4f]")
_MOST_STRANGE_SHARE = 0.03
_JUDGED_FROM = 60  # characters
# The share of Chinese characters inside dictionary words of two or more: at least 0.57 on pages of real guidelines
# (recipes, tables of contents and name lists included), 0.35 in traditional characters, at most 0.09 where every
# character is another one of the national character set, as a wrong font map makes it.
_LEAST_IN_WORDS = 0.2


def why_suspect(text: str) -> str | None:
    """Say why a page's text layer cannot be believed, or None where it can."""
    visible = re.sub(r"\s", "", text)
    if len(visible) < _JUDGED_FROM:
        return None
    if len(_STRANGE.findall(visible)) > _MOST_STRANGE_SHARE * len(visible):
        return "文字层是乱码"
    if len(_HAN.findall(visible)) >= _JUDGED_FROM and share_in_words(visible) < _LEAST_IN_WORDS:
        return "文字层不像中文"
    return None


def share_in_words(text: str) -> float:
    """Return the share of a text's Chinese characters that stand in dictionary words of two or more characters."""
    chinese = len(_HAN.findall(text))
    alone = sum(1 for word in words(text) if _HAN.fullmatch(word))
    return 1 - alone / chinese if chinese else 0.0
