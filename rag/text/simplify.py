"""Traditional to simplified characters."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc_purepy import OpenCC


@cache
def _converter() -> OpenCC:
    from opencc_purepy import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Write text in simplified characters; text that GB 2312 can hold has no others and is returned as it is."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return _converter().convert(text)
    return text
