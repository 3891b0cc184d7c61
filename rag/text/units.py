"""What a unit's spelling means: its canonical symbol, its dimension, and the exact factor to the dimension's base."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or a quotient of units; `factor` turns a number into the dimension's base unit."""

    symbol: str
    dimension: str
    factor: Fraction


NONE = Unit("", "", Fraction(1))
_INVERSE = r"(?:⁻[¹²]|\^?\(?[-−]\s*[12]\)?(?![\d.]))"


@cache
def atoms() -> dict[str, Unit]:
    """Load the units of units.toml by spelling."""
    tables = tomllib.loads(files("rag.text").joinpath("units.toml").read_text("utf-8"))
    return {
        spelling: Unit(symbol, dimension, Fraction(entry["factor"]))
        for dimension, entries in tables.items()
        for symbol, entry in entries.items()
        for spelling in entry["spellings"]
    }


@cache
def pattern() -> str:
    """Return the regular expression of one unit or a quotient of units, longest spelling first."""
    ordered = sorted(atoms(), key=lambda s: (-len(s), _latin(s)))
    runs = ((latin, "|".join(map(re.escape, run))) for latin, run in groupby(ordered, _latin))
    # a Latin spelling ends where letters end, so that the m of mmHg or the g of gene is no unit; said once a run, for
    # compiling this expression is the longest single step of a question
    one = "|".join(f"(?:{run})(?![A-Za-z])" if latin else run for latin, run in runs)
    power = rf"(?:{_INVERSE})"
    link = rf"\s*(?:/|[·•∙⋅]|\.(?=(?:{one}){power}))\s*"
    many = rf"\((?:{one}){power}?(?:\s*[·•∙⋅*/.]\s*(?:{one}){power}?)+\)"
    return rf"(?:(?:/\s*)?(?:{one}){power}?(?:{link}(?:{many}|(?:{one}){power}?))*)"


def _latin(spelling: str) -> bool:
    return spelling[-1].isascii() and spelling[-1].isalnum()


_PIECES = re.compile(r"/|\(|\)|[·•∙⋅*]|\.(?!\d)")


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Read a unit: mg·kg⁻¹·d⁻¹, mg/(kg·d) and mg/kg/d are the same.

    Raises KeyError for a spelling that units.toml does not have.
    """
    above: list[Unit] = []
    below: list[Unit] = []
    bracket = dividing = False
    for piece in _split(text):
        if piece == "/":
            dividing = True
        elif piece == "(":
            bracket = True
        elif piece == ")":
            bracket = dividing = False
        elif piece not in "·•∙⋅*.":
            name, inverse = _inverse(piece)
            (below if dividing or inverse else above).append(atoms()[name])
            dividing = dividing and bracket
    return _quotient(above, below)


def _split(text: str) -> list[str]:
    """Cut a compound unit into spellings, brackets and links."""
    out: list[str] = []
    last = 0
    for match in _PIECES.finditer(text):
        out += [text[last : match.start()].strip(), match[0]]
        last = match.end()
    return [piece for piece in [*out, text[last:].strip()] if piece]


def _inverse(text: str) -> tuple[str, bool]:
    """Strip a negative exponent; m⁻² is the square's inverse."""
    match = re.search(_INVERSE + "$", text)
    if match is None:
        return text, False
    square = "²" in match[0] or match[0].rstrip(")").endswith("2")
    return text[: match.start()] + ("²" if square else ""), True


def _quotient(above: list[Unit], below: list[Unit]) -> Unit:
    """Combine units; the order of divisors does not matter."""
    below = sorted(below, key=lambda u: (u.dimension, u.symbol))
    factor = Fraction(1)
    for u in above:
        factor *= u.factor
    for u in below:
        factor /= u.factor
    symbol = "·".join(u.symbol for u in above) + "".join("/" + u.symbol for u in below)
    dimension = "·".join(u.dimension for u in above) + "".join("/" + u.dimension for u in below)
    return Unit(symbol, dimension, factor)
