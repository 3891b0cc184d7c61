"""How the lexicon's files are written: one entry a line, `names … | lay words … > linked …`, under its kind.

The names are equal to each other and the first is the guideline's own word; an underscore is a space within a name. The
lay words stand for the names (a drug's trade names are among them). What is linked depends on the kind: the drugs of a
class, the diseases that a symptom may mean, the unit in which a test is usually given. The lines are in NFKC already.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILES = ("diseases", "symptoms", "drugs", "tests", "lay", "aspects", "populations")
_FOLDER = Path(__file__).parent


class Entry(NamedTuple):
    """One line: a kind, equal names with the guideline's word first, lay words, and what is linked to it."""

    kind: str
    names: tuple[str, ...]
    lay: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


@cache
def table(name: str) -> dict[str, Any]:
    """Read one data file."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def entries() -> Iterator[Entry]:
    """Yield every entry, in the order of the files; drugs that only the verifier's list has come last."""
    known: set[str] = set()
    for name in FILES:
        for kind, text in table(name).items():
            if isinstance(text, str):
                for line in text.splitlines():
                    if line:
                        entry = _parse(kind, line)
                        known.update(entry.names)
                        yield entry
    for line in unicodedata.normalize("NFKC", table("verify_drugs")["names"]).splitlines():
        names = tuple(line.replace("=", " ").split())
        if names and known.isdisjoint(names):
            yield Entry("drug", names)


def _parse(kind: str, line: str) -> Entry:
    said, _, linked = line.partition(">")
    names, _, lay = said.partition("|")
    entry = Entry(kind, tuple(names.split()), tuple(lay.split()), tuple(linked.split()))
    if "_" not in line:
        return entry
    return Entry(kind, *(tuple(form.replace("_", " ") for form in part) for part in entry[1:]))
