"""How text is made comparable: width, compatibility forms, spaces."""

from __future__ import annotations

import re
import unicodedata

# What is not seen but read by a machine: format and control characters, fillers, variation selectors, tags. Text hidden
# with them (U+E0000 tags spell whole sentences) must reach neither the index nor a model.
_INVISIBLE = dict.fromkeys(
    code
    for first, last in (
        (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C),
        (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)
_SPACES = re.compile(r"\s+")


def visible(text: str) -> str:
    """Drop the characters that nobody sees: zero width, direction marks, tags, fillers, control characters."""
    return text.translate(_INVISIBLE)


def normalise(text: str) -> str:
    """Fold width and compatibility forms (NFKC), drop invisible characters, and make each run of white space one space."""
    return _SPACES.sub(" ", visible(unicodedata.normalize("NFKC", visible(text)))).strip()


def squeeze(text: str) -> str:
    """Normalise and drop all white space: the form in which a quote is compared with its page."""
    return normalise(text).replace(" ", "")
