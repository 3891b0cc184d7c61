"""Names that others chose, on one line of a terminal."""

from __future__ import annotations


def one_line(name: object) -> str:
    """Write a name with its line breaks and control characters spelled out, so that it can neither break nor steer a line."""
    return "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in str(name))


def first_body(issuer: str) -> str:
    """Write the first of several bodies; a guideline may have a dozen."""
    first, *others = issuer.replace(";", "；").split("；")
    return f"{first} 等" if others else first
