"""How text is made comparable: width, compatibility forms, spaces."""

from __future__ import annotations

import re
import unicodedata

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Fold width and compatibility forms (NFKC), drop invisible characters, and make each run of white space one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).translate(_ZERO_WIDTH)).strip()


def squeeze(text: str) -> str:
    """Normalise and drop all white space: the form in which a quote is compared with its page."""
    return normalise(text).replace(" ", "")
