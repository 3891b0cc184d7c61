"""How Chinese characters sound, without tones and without the sounds that speakers of many regions do not tell apart."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

# n/l, zh/z, ch/c, sh/s at the beginning; -ng/-n at the end
_FUZZY = re.compile(r"^(?:([zcs])h|l)|g$")


@cache
def _sounds() -> dict[str, str]:
    """Map each character of pinyin.toml to its sound."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    sounds: dict[str, str] = {}
    for line in table["syllables"].splitlines():
        syllable, characters = line.split()
        sounds |= dict.fromkeys(characters, _fuzzy(syllable))
    return sounds


def _fuzzy(syllable: str) -> str:
    return _FUZZY.sub(lambda m: m[1] or ("n" if m[0] == "l" else ""), syllable)


def sound(text: str) -> tuple[str, ...]:
    """List the sound of each character; a character without one stands for itself."""
    table = _sounds()
    return tuple(table.get(c, c) for c in text)
