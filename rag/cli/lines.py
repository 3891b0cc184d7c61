"""Names that others chose, on one line of a terminal."""

from __future__ import annotations


def one_line(name: object) -> str:
    """Write a name with its line breaks and control characters spelled out, so that it can neither break nor steer a line."""
    return "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in str(name))
