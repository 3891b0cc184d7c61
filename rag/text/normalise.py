"""How text is made comparable: width, compatibility forms, spaces."""

from __future__ import annotations

import re
import unicodedata

# What is not seen but read by a machine: format and control characters, fillers, variation selectors, tags. Text hidden
# with them (U+E0000 tags spell whole sentences) must reach neither the index nor a model.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Drop the characters that nobody sees: zero width, direction marks, tags, fillers, control characters."""
    return _INVISIBLE.sub("", text)


def normalise(text: str) -> str:
    """Fold width and compatibility forms (NFKC), drop invisible characters, and make each run of white space one space."""
    return " ".join(visible(unicodedata.normalize("NFKC", visible(text))).split())


def squeeze(text: str) -> str:
    """Normalise and drop all white space: the form in which a quote is compared with its page."""
    return normalise(text).replace(" ", "")
