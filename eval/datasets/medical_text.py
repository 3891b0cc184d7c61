"""Passages of a given size cut from raw medical text: textbooks, articles, a standard, patients' questions."""

from __future__ import annotations

import csv
import re
import tarfile
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from eval.datasets.questions import test_data
from eval.embedder.pairs import SHORTEST, Section, sections
from rag.text.sentences import split_sentences
from rag.types import Passage, Sentence

_CLAUSE = re.compile(r"[^，；。！？：]*[，；。！？：]*")


def read(folder: Path | None = None) -> Iterator[Section]:
    """Read every paragraph with its headings, the archives unpacked for as long as they are read."""
    folder = folder or test_data() / "text"
    with tempfile.TemporaryDirectory() as unpacked:
        for archive in sorted(folder.glob("*.tar.xz")):
            with tarfile.open(archive) as packed:
                packed.extractall(unpacked, filter="data")
        yield from sections(Path(unpacked))
    for path in sorted(folder.glob("*.txt")):
        lines = (re.sub(r"\s+", "", line) for line in path.read_text(encoding="utf-8").splitlines())
        yield from (Section((), line) for line in lines if len(line) >= SHORTEST)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="gb18030", errors="ignore", newline="") as file:
            for row in csv.DictReader(file):
                yield from (Section((row["title"],), text) for name in ("ask", "answer") if len(text := row[name] or "") >= SHORTEST)


def passages(texts: Iterator[Section], characters: int) -> Iterator[Passage]:
    """Join sentences under the same headings until a passage has this many characters."""
    for headings, under in groupby(texts, key=lambda s: s.headings):
        gathered: list[Sentence] = []
        for paragraph in (s.paragraph for s in under):
            gathered += [Sentence(paragraph[a:b], paragraph[a:b]) for a, b in split_sentences(paragraph)]
            if sum(len(s.text) for s in gathered) >= characters:
                yield Passage("", "", "text", headings, tuple(gathered))
                gathered = []


def clauses(texts: Iterator[Section], characters: int) -> Iterator[Passage]:
    """Join clauses of a paragraph until there are this many characters; each is a passage of one sentence."""
    for headings, paragraph in texts:
        text = ""
        for clause in _CLAUSE.findall(paragraph):
            text += clause
            if len(text) >= characters:
                yield Passage("", "", "text", headings, (Sentence(text, text),))
                text = ""
