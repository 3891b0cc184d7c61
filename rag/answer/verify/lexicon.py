"""Which words the checks know: drugs, people, medical terms, polarity, synonyms; found by longest match."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PEOPLE = frozenset({"sex", "age", "pregnancy", "severity", "course", "setting", "arm"})
STRICT = PEOPLE | {"drug", "disease", "organ", "measure", "route", "practice"}
_WORD, _GENERIC = "word", "generic"


@dataclass(frozen=True, slots=True)
class Entry:
    """One spelling: its category, the meanings it carries, and its polarity classes."""

    category: str
    ids: frozenset[str]
    marks: frozenset[str] = frozenset()


def _load(name: str) -> dict[str, str]:
    """Read one data file of the lexicon."""
    return tomllib.loads(files("rag.text.lexicon").joinpath(name).read_text("utf-8"))


def _fold(word: str) -> str:
    """Write a spelling as prepared texts have it."""
    return unicodedata.normalize("NFKC", word).lower()


@cache
def entries() -> dict[str, Entry]:
    """Build the lexicon; of two entries of one spelling the more particular category wins."""
    out: dict[str, Entry] = {}
    words = _load("verify_words.toml")
    for word in words["generic"].split():
        out[_fold(word)] = Entry(_GENERIC, frozenset())
    for line in words["same"].strip().splitlines():
        group = line.split()
        for word in group:
            known = out.get(_fold(word))
            ids = (known.ids if known else frozenset()) | {group[0]}
            out[_fold(word)] = Entry(known.category if known else _WORD, ids)
    _add_polarity(out)
    for name in ("verify_terms.toml", "verify_population.toml"):
        for category, text in _load(name).items():
            label = "practice" if (name, category) == ("verify_terms.toml", "course") else category
            for line in text.strip().splitlines():
                _add(out, label, line.split())
    for line in _load("verify_drugs.toml")["names"].strip().splitlines():
        _add(out, "drug", line.split())
    _carry(out, words["carries"])
    return out


def _add(out: dict[str, Entry], category: str, group: list[str]) -> None:
    """Add one group of synonyms; 甲+乙 carries both meanings."""
    ids = frozenset(f"{category}:{part}" for part in group[0].split("+"))
    for word in group[1:] if "+" in group[0] else group:
        if "+" not in word:
            known = out.get(_fold(word))
            out[_fold(word)] = Entry(category, ids | known.ids if known and known.category == _WORD else ids)


def _carry(out: dict[str, Entry], text: str) -> None:
    """Let every spelling of a word carry a second meaning as well."""
    for line in text.strip().splitlines():
        word, meaning = line.split()
        ids = frozenset(i for i in out[_fold(word)].ids if ":" in i) or out[_fold(word)].ids
        for spelling, entry in out.items():
            if entry.ids & ids:
                out[spelling] = Entry(entry.category, entry.ids | {meaning}, entry.marks)


def _add_polarity(out: dict[str, Entry]) -> None:
    """Add the polarity markers, and the words that only look like negations."""
    classes = _load("verify_polarity.toml")
    for word in classes.pop("neutral").split():
        known = out.get(_fold(word))
        out[_fold(word)] = known or Entry(_WORD, frozenset({word}))
    marks: dict[str, set[str]] = {}
    for mark, text in classes.items():
        for word in text.split():
            marks.setdefault(_fold(word), set()).add(mark)
    for word, found in marks.items():
        known = out.get(word)
        out[word] = Entry("polarity", known.ids if known else frozenset(), frozenset(found))


@cache
def stems() -> tuple[str, ...]:
    """List the word endings that make an unknown word a drug."""
    return tuple(tomllib.loads(files("rag.text.lexicon").joinpath("verify_drugs.toml").read_text("utf-8"))["stems"])


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Index the spellings' lengths by first character, longest first."""
    found: dict[str, set[int]] = {}
    for word in entries():
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in found.items()}


@cache
def names_with_digits() -> re.Pattern[str]:
    """Compile the spellings that hold a digit, longest first."""
    names = sorted((w for w in entries() if re.search(r"\d", w)), key=len, reverse=True)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, names))})(?![a-z0-9])")


def longest(text: str, start: int) -> tuple[str, Entry] | None:
    """Find the longest spelling that begins at `start` of a lower-case text; Latin ones end where letters end."""
    table = entries()
    for size in _lengths().get(text[start], ()):
        word = text[start : start + size]
        entry = table.get(word)
        if entry is None:
            continue
        if word[0].isascii() and start and text[start - 1].isascii() and text[start - 1].isalpha():
            continue
        end = start + size
        if word[-1].isascii() and word[-1].isalnum() and end < len(text) and text[end].isascii() and text[end].isalnum():
            continue
        return word, entry
    return None
