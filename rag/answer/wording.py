"""Where words stand in a text: plain terms, terms with a gap, and measured values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.text.number import chinese

GAP = 6  # characters that a `*` may stand for
LABEL_GAP = 7  # characters between the name of a measure and its value
_BREAKS = frozenset("，。；！？、,;!?")
_NUMBER = re.compile(r"\d+(?:\.\d+|点\d+)?|[零一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?")
# After a labelled number, these say that it counts something else: 血糖3个月查一次, 血糖2小时.
_COUNTED = "个次天周月年岁片粒支种型级小时分钟餐顿楼"
_COLLOQUIAL = re.compile(r"[一二两三四五六七八九]百[一二三四五六七八九]")  # 一百七 is 170
_CARRIED = re.compile(r".{0,2}[到至~～-].{0,2}")


class Span(NamedTuple):
    """A stretch of text, [start, end); `parts` are the stretches that a term with gaps really takes."""

    start: int
    end: int
    parts: tuple[tuple[int, int], ...] = ()

    def meets(self, other: Span) -> bool:
        """Tell whether the two take a character in common; what stands in a gap is free."""
        return any(a < d and c < b for a, b in self.parts or (self[:2],) for c, d in other.parts or (other[:2],))

    def within(self, other: Span) -> bool:
        """Tell whether this stretch lies in the other and is shorter."""
        return other.start <= self.start and self.end <= other.end and self[:2] != other[:2]


def occurrences(term: str, text: str) -> Iterator[Span]:
    """Find a term; each `*` in it stands for up to GAP characters of the same clause."""
    head, *rest = term.split("*")
    at = text.find(head)
    while at >= 0:
        parts: list[tuple[int, int]] | None = [(at, at + len(head))]
        for part in rest:
            end = _continued(text, parts[-1][1], part)
            if end is None:
                parts = None
                break
            parts.append((end - len(part), end))
        if parts:
            yield Span(at, parts[-1][1], tuple(parts))
        at = text.find(head, at + 1)


def _continued(text: str, start: int, part: str) -> int | None:
    if not part:  # a star at the end asks for nothing more
        return start
    at = text.find(part, start, start + GAP + len(part))
    if at < 0 or any(c in _BREAKS for c in text[start:at]):
        return None
    return at + len(part)


def present(terms: Sequence[str], text: str) -> bool:
    """Tell whether any of the terms stands in the text."""
    return any(next(occurrences(t, text), None) is not None for t in terms)


@dataclass(frozen=True, slots=True)
class Measure:
    """A named quantity: what stands before or after its value, and which values are plausible."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    low: float
    high: float

    def values(self, text: str, labels: tuple[str, ...] = ()) -> Iterator[tuple[Span, float]]:
        """Yield the measure's values in a text; the span reaches from label or number to the number's end or unit.

        `labels` are those of all measures: a value belongs to the nearest one before it.
        """
        last: tuple[Span, float] | None = None
        for match in _NUMBER.finditer(text):
            value = _value(match[0])
            if value is None or not self.low <= value <= self.high:
                continue
            start = self._labelled(text, match, last, labels)
            end = next((match.end() + len(u) for u in self.after if text.startswith(u, match.end())), None)
            if start is None and end is None:
                continue
            last = Span(match.start() if start is None else start, match.end() if end is None else end), value
            yield last

    def _labelled(self, text: str, match: re.Match[str], last: tuple[Span, float] | None,
                  labels: tuple[str, ...]) -> int | None:
        follows = text[match.end() : match.end() + 1]
        counted = follows and follows in _COUNTED and not (self.high > 200 and follows == "次")
        bare_numeral = not match[0][0].isdigit() and len(match[0]) == 1 and follows != "点"
        if counted or bare_numeral:
            return None
        if last and _CARRIED.fullmatch(text[last[0].end : match.start()]):
            return last[0].start
        window = text[max(0, match.start() - LABEL_GAP - 4) : match.start()]
        for label in self.before:
            at = window.rfind(label)
            between = window[at + len(label) :]
            fits = len(between) <= (0 if label == "/" else LABEL_GAP) and not any(c.isdigit() for c in between)
            fits = fits and not any(o in between for o in labels if o not in label)
            if at >= 0 and fits:
                return match.start() - len(window) + at
        return None


def _value(text: str) -> float | None:
    whole, _, part = text.replace("点", ".").partition(".")
    if whole.isdigit():
        return float(f"{whole}.{part or 0}")
    number = chinese(f"{whole}十" if _COLLOQUIAL.fullmatch(whole) else whole)
    if number is None:
        return None
    digits = "".join(str(int(d)) for c in part if (d := chinese(c)) is not None)
    return float(f"{int(number)}.{digits or 0}")
