"""Where one Chinese sentence ends and the next begins."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "（([［【〔《“‘「『", "）)]］】〕》”’」』"
_MARK = re.compile(r"[。！？!?．.]")
_BRACKET = re.compile("[" + re.escape(_OPEN + _CLOSE) + "]")
_TRAILING = re.compile(r"[”’」』）)】》]*(?:\s*[\[［〔][\d¹²³⁴-⁹⁰,，、\-‑–—~～\s]+[\]］〕])*")
_ABBREVIATION = re.compile(
    r"(?<![A-Za-z])(?:(?:et al|vs|Fig|Tab|No|Dr|Mr|e\.g|i\.e|cf|etc|sp|spp|St|approx|Vol|pp)|[A-Z])$"
)
# A longer sentence is parted at semicolons, so that no passage grows past its limit; shorter parts than this are kept
# together, because an enumeration's items mean little without the words that introduce them.
_LONG, _PART = 240, 90
# A bracket that stays open longer than this was never closed on the page.
_MAX_BRACKET = 160


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, stop) of each sentence; together they cover the text but for outer white space."""
    spans = []
    start = 0
    for stop in _ends(text):
        spans.extend(_part(text, start, stop))
        start = stop
    if text[start:].strip():
        spans.extend(_part(text, start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _ends(text: str) -> list[int]:
    """List the positions after each sentence's last character."""
    ends: list[int] = []
    marks = [m.start() for m in _MARK.finditer(text)]
    if not marks:
        return ends
    depth = _depths(text)
    for at in marks:
        if depth[at] == 0 and (not ends or at >= ends[-1]) and _is_end(text, at):
            match = _TRAILING.match(text, at + 1)
            ends.append(match.end() if match else at + 1)
    return ends


def _depths(text: str) -> list[int]:
    """Give each character's bracket depth, counting only brackets that close again soon."""
    depth = [0] * len(text)
    stack: list[int] = []
    for bracket in _BRACKET.finditer(text):
        at = bracket.start()
        if bracket.group() in _OPEN:
            stack.append(at)
        elif stack:
            opened = stack.pop()
            if at - opened <= _MAX_BRACKET:
                for inner in range(opened, at + 1):
                    depth[inner] += 1
    return depth


def _is_end(text: str, at: int) -> bool:
    """Tell whether the character ends a sentence."""
    char = text[at]
    if char in "。！？":
        return True
    if char in "!?":
        return at + 1 == len(text) or not text[at + 1].isalnum()
    if char == "．":
        return _han(text[at - 1 : at]) and not text[at + 1 : at + 2].isdigit()
    if char != ".":
        return False
    before, after = text[:at], text[at + 1 : at + 4]
    if not re.match(r"\s+[A-Z\u4e00-\u9fff\"“]|\s*$", after):
        return False
    return bool(re.search(r"[a-z)\]%]$", before)) and not _ABBREVIATION.search(before)


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _part(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Part an overlong sentence at semicolons outside brackets, into parts that are not too short."""
    if stop - start <= _LONG:
        return [(start, stop)]
    depth = _depths(text[start:stop])
    cuts = [start]
    for at in range(start, stop - 1):
        if text[at] in "；;" and depth[at - start] == 0 and at + 1 - cuts[-1] >= _PART and stop - at - 1 >= _PART // 3:
            cuts.append(at + 1)
    return list(zip(cuts, [*cuts[1:], stop], strict=True))


def _trim(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Leave out white space at both ends; None where nothing remains."""
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return (start, stop) if start < stop else None
