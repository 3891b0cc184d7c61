"""Which loose file is the newer edition of which: the same work by title, issuer and text, ordered by what the titles say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np

from rag.text.normalise import squeeze
from rag.titles import document_type, draft, ordinal, revised, title_likeness, work_key
from rag.types import Document, Edition

_SHINGLE = 8  # characters
# Share of the shorter text's shingles in the other from which two are one work. Editions of one work share 0.13 (seven
# editions apart) to 0.9; different documents of the same issuer up to 0.04, digests made from one pattern up to 0.11.
_LEAST_SHARED = {1.0: 0.06, 0.9: 0.12, 0.75: 0.25}
_LIKE_ONLY = 0.75
_OTHER_ISSUER = 0.4
_SAME_NAME_AT_MOST = 40  # files; a name that more of them share names nothing

Shingles = np.ndarray  # sorted hashes, uint64, each once
_BASE = np.uint64(0x9E3779B97F4A7C15)


def shingles(document: Document) -> Shingles:
    """Return the hashes of the runs of eight characters that a document's passages contain, sorted uint64 of shape (n,)."""
    text = squeeze("".join(p.text for p in document.passages))
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = max(len(codes) - _SHINGLE + 1, 0)
    hashes = np.zeros(count, np.uint64)
    for at in range(_SHINGLE):  # wraps around: a polynomial over the characters, modulo 2^64
        hashes = hashes * _BASE + codes[at : at + count]
    return np.unique(hashes)


def shared(a: Shingles, b: Shingles) -> float:
    """Return the share of the smaller set that is in the other."""
    return len(np.intersect1d(a, b, assume_unique=True)) / min(len(a), len(b)) if len(a) and len(b) else 0.0


def same_work(a: Edition, b: Edition, text_a: Callable[[], Shingles | None], text_b: Callable[[], Shingles | None]) -> bool:
    """Tell whether two editions are of one work: by DOI, or by title with the issuer and text to back it.

    Where a text is not known (None), only a title that adds nothing is believed.
    """
    if a.doi and a.doi == b.doi:
        return True
    likeness = title_likeness(work_key(a.title), work_key(b.title))
    if not likeness:
        return False
    known_a, known_b = text_a(), text_b()
    agreed = same_issuer(a.issuer, b.issuer)
    if known_a is None or known_b is None:
        return agreed and likeness > _LIKE_ONLY
    return shared(known_a, known_b) >= (_LEAST_SHARED[likeness] if agreed else _OTHER_ISSUER)


def same_issuer(a: str, b: str) -> bool:
    """Tell whether two issuer lines name a common body; a line that says nothing contradicts nothing."""
    bodies_a, bodies_b = _bodies(a), _bodies(b)
    return not bodies_a or not bodies_b or any(x in y or y in x for x in bodies_a for y in bodies_b)


def infer_supersession(editions: Sequence[Edition], text: Callable[[int], Shingles]) -> list[Edition]:
    """Mark all but the newest edition of each work as superseded, in a folder whose files say no more than their text.

    `text` gives the n-th edition's shingles; it is asked for only where a title suggests another edition.
    """
    text = cache(text)
    changed: dict[int, Edition] = {}
    for members in _works(editions, text):
        ordered = _oldest_first([(n, editions[n]) for n in members])
        for (a, older), (b, newer) in zip(ordered, ordered[1:], strict=False):
            changed[a] = replace(changed.get(a, older), status="superseded")
            changed[b] = replace(newer, supersedes=(older.guideline_id,))
    return [changed.get(n, e) for n, e in enumerate(editions)]


def ranks(editions: Sequence[Edition]) -> list[tuple[int, ...] | None]:
    """Give each edition of a work its place in time, greater for newer; None to what says no age.

    Drafts come before all; then 第N版 decides where every edition is numbered, else the year; then what was revised.
    """
    said = [squeeze(f"{e.title} {e.edition}") for e in editions]
    numbered = all(ordinal(text) for text in said)
    found: list[tuple[int, ...] | None] = []
    for edition, text in zip(editions, said, strict=True):
        number, again = ordinal(text), int(revised(text))
        age = (number, again, edition.year) if numbered else (edition.year, number, again)
        found.append((int(not draft(text)), *age) if age[0] else None)
    return found


def _oldest_first(members: list[tuple[int, Edition]]) -> list[tuple[int, Edition]]:
    """Order the members of a work; of those of the same age only one is kept, and what says no age is left out."""
    by_rank = {r: member for r, member in zip(ranks([e for _, e in members]), members, strict=True) if r is not None}
    return [by_rank[rank] for rank in sorted(by_rank)]


def _works(editions: Sequence[Edition], text: Callable[[int], Shingles]) -> Iterator[list[int]]:
    """Yield the numbers of the editions of each work that has more than one."""
    leader = list(range(len(editions)))

    def find(n: int) -> int:
        while leader[n] != n:
            n = leader[n]
        return n

    for a, b in _candidates(editions):
        if find(a) != find(b) and same_work(editions[a], editions[b], lambda a=a: text(a), lambda b=b: text(b)):
            leader[find(b)] = find(a)
    works: defaultdict[int, list[int]] = defaultdict(list)
    for n in range(len(editions)):
        works[find(n)].append(n)
    yield from (members for members in works.values() if len(members) > 1)


def _candidates(editions: Sequence[Edition]) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth comparing: same kind of document, same first characters, same figures in the name.

    This keeps a folder of thousands of differently named guidelines from being compared pair by pair.
    """
    buckets: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, edition in enumerate(editions):
        if edition.status == "withdrawn":
            continue
        key = work_key(edition.title)
        subject, kind = document_type(key)
        opening = re.sub(r"\d+|型|^中国|^中华|^全国", "", subject)[:2]
        figures = "".join(re.findall(r"\d+", subject))
        buckets[key, "", ""].append(n)
        if kind and opening:
            for figure in {figures, ""} if len(figures) < 2 else {figures}:
                buckets[opening, kind, figure].append(n)
        if edition.doi:
            buckets["doi", edition.doi, ""].append(n)
    for members in buckets.values():
        if len(members) <= _SAME_NAME_AT_MOST:
            yield from combinations(members, 2)


def _bodies(issuer: str) -> list[str]:
    """List the bodies of an issuer line, without the parts by which the same body is called sometimes."""
    found = re.split(r"[;；、,，/]", squeeze(issuer))
    return [re.sub(r"员会|办公厅|办公室", "", body) for body in found if body]
