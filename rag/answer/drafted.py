"""The statements of a model's reply, as its pieces arrive: one a line, without marks, bullets and invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_MARK = re.compile(r"[\[【［(（]\s*(?:资料)?\s*\d+(?:\s*[,，、~-]\s*\d+)*\s*[\]】］)）]|[①-⑳⓪❶-❿⓫-⓴㈠-㈩]")
_BULLET = re.compile(r"^\s*(?:#+\s|>\s|[-*•·]\s*|\d+[.、)）](?!\d)\s*)*")
_ECHO = re.compile(r"^《[^》]+》[^：:。]{0,60}[：:]")  # where a source stands, as the evidence is written in the prompt
_EMPHASIS = re.compile(r"\*\*|__|`+")
_WORD = re.compile(r"\w")
_NO_ANSWER = "资料不足"
_THINKS, _HAS_THOUGHT = "<think>", "</think>"
# format and control characters and overlays: what stands on the screen must be what was verified
_UNSEEN = frozenset({"Cf", "Cc", "Co", "Cn", "Mn", "Me"})


def statements(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the statements of a reply line by line; what a model thinks aloud between <think> marks is none."""
    thinking = False
    for line in _lines(pieces):
        if _THINKS in line:
            thinking = True
        if thinking and _HAS_THOUGHT in line:
            thinking, line = False, line.split(_HAS_THOUGHT, 1)[1]
        if not thinking and (text := clean(line)):
            yield text


def clean(line: str) -> str:
    """Return a line as it would be shown; empty when it says nothing, or says that nothing can be said."""
    text = _ECHO.sub("", _MARK.sub("", _BULLET.sub("", _EMPHASIS.sub("", visible(line)))).strip())
    return "" if _NO_ANSWER in text or not _WORD.search(text) else text


def visible(text: str) -> str:
    """Drop the characters that a reader does not see."""
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        rest += piece
        *done, rest = rest.split("\n")
        yield from done
    yield rest
