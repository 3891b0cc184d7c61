"""Pairs of a question and a text that answers or continues it, made from raw medical text.

Five kinds: a patient's question and its online answer; a heading, put as a question, and a paragraph under it; a sentence
and the rest of its paragraph; the latter two with the clinical words of the query put in lay words by the lexicon; and the
pairs of a lay question and a clinical sentence that were written for this (`lay_pairs_*.jsonl`; language, not knowledge).
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rag.text.lexicon import lexicon
from rag.text.lexicon.entry import entries
from rag.text.sentences import split_sentences

SHORTEST, LONGEST = 24, 220  # characters of a text
_TEX_HEADING = re.compile(r"\\(chapter|section|subsection|subsubsection|paragraph|subparagraph)\*?\{([^{}]*)\}")
_TEX_LEVELS = ("chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_TEX_TABLE = re.compile(r"\\begin\{(table|figure|longtable)[*]?\}.*?\\end\{\1[*]?\}", re.DOTALL)
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+\*?(?:\[[^\]]*\])?|[{}$~]|\\[%&_#]")
_MD_HEADING = re.compile(r"^(#{1,6})\s*(.+)$")
_NUMBERING = re.compile(r"^[\s\d.、．第章节篇（(）)一二三四五六七八九十]+")
_ANCHOR = re.compile(r"text\d+\.html\S*?(?=\[|[\u4e00-\u9fff]|$)|\[\d[\d,，\-~～]*\]")  # left over from the books' conversion
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Pair(NamedTuple):
    """A query and the text it should find; `kind` names how it was made, and a batch holds one kind."""

    kind: str
    query: str
    text: str


class Section(NamedTuple):
    """A paragraph under its headings, outermost first."""

    headings: tuple[str, ...]
    paragraph: str


def asked(path: Path) -> Iterator[Pair]:
    """Read the patients' questions: title and complaint each seek the answer, and the title seeks the complaint."""
    with path.open(encoding="gb18030", errors="ignore", newline="") as file:
        for row in csv.DictReader(file):
            title, ask, answer = (re.sub(r"\s+", "", row[name] or "") for name in ("title", "ask", "answer"))
            if len(answer) >= SHORTEST:
                yield Pair("answer", ask[:LONGEST] if len(ask) > 12 else title, answer[:LONGEST])
                yield Pair("answer", title, answer[:LONGEST])
                if len(ask) > 12:
                    yield Pair("title", title, ask[:LONGEST])


def written() -> Iterator[Pair]:
    """Read the pairs that lie beside this module."""
    for path in sorted(Path(__file__).parent.glob("lay_pairs_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Pair("written", row["query"], row["text"])


def sections(folder: Path) -> Iterator[Section]:
    """Read the paragraphs of textbooks (.tex) and articles (.md) with their headings."""
    for path in sorted(folder.rglob("*.tex")):
        yield from _tex(path.read_text(encoding="utf-8", errors="ignore"))
    for path in sorted(folder.rglob("*.md")):
        yield from _markdown(path.read_text(encoding="utf-8", errors="ignore"))


def _tex(text: str) -> Iterator[Section]:
    text = _TEX_TABLE.sub("\n", text)
    path: list[str] = [""] * len(_TEX_LEVELS)
    at = 0
    for match in [*_TEX_HEADING.finditer(text), None]:
        for block in re.split(r"\n\s*\n", text[at : match.start() if match else len(text)]):
            if len(plain := _ANCHOR.sub("", re.sub(r"\s+", "", _TEX_COMMAND.sub("", block)))) >= SHORTEST:
                yield Section(tuple(filter(None, path)), plain)
        if match:
            level = _TEX_LEVELS.index(match[1])
            path[level:] = [_title(match[2]), *[""] * (len(path) - level - 1)]
            at = match.end()


def _markdown(text: str) -> Iterator[Section]:
    path: list[str] = [""] * 6
    for line in text.splitlines():
        if heading := _MD_HEADING.match(line):
            level = len(heading[1]) - 1
            path[level:] = [_title(heading[2]), *[""] * (5 - level)]
        elif len(plain := re.sub(r"\s+", "", line)) >= SHORTEST and len(_HAN.findall(plain)) > len(plain) / 2:
            yield Section(tuple(filter(None, path)), plain)


def _title(text: str) -> str:
    return _NUMBERING.sub("", _TEX_COMMAND.sub("", text)).strip()


def of_section(section: Section, draw: random.Random) -> Iterator[Pair]:
    """Make the pairs of one paragraph."""
    spans = split_sentences(section.paragraph)
    sentences = [section.paragraph[a:b] for a, b in spans]
    pieces = list(_pieces(sentences))
    if section.headings:
        for piece in pieces[:3]:
            yield Pair("heading", question(section.headings, draw), piece)
    told = [i for i, s in enumerate(sentences) if 10 <= len(s) <= 90]
    for i in draw.sample(told, min(3, len(told))):
        rest = "".join(sentences[max(i - 1, 0) : i] + sentences[i + 1 : i + 3])[:LONGEST]
        if len(rest) >= SHORTEST:
            yield Pair("beside", sentences[i], rest)
            lay = in_lay_words(sentences[i], draw)
            if lay != sentences[i]:
                yield Pair("lay", lay, (sentences[i] + rest)[:LONGEST])


def _pieces(sentences: list[str]) -> Iterator[str]:
    piece = ""
    for sentence in sentences:
        if piece and len(piece) + len(sentence) > LONGEST:
            yield piece
            piece = ""
        piece += sentence[:LONGEST]
    if len(piece) >= SHORTEST:
        yield piece


def question(headings: tuple[str, ...], draw: random.Random) -> str:
    """Put the last headings as a question, half the time in lay words."""
    told = headings[-2:] if len(headings[-1]) < 12 else headings[-1:]
    subject, aspect = "".join(told[:-1]), told[-1]
    asks = _asks().get(aspect)
    if asks and subject and draw.random() < 0.7:
        text = f"{subject}{draw.choice(asks)}"
    else:
        text = f"{subject}{draw.choice(('的', ' ', '')) if subject else ''}{aspect}"
    return in_lay_words(text, draw) if draw.random() < 0.5 else text


@cache
def _asks() -> dict[str, tuple[str, ...]]:
    return {name: e.lay for e in entries() if e.kind == "aspect" and e.lay for name in e.names}


@cache
def _lay() -> dict[str, tuple[str, ...]]:
    return {name: e.lay for e in entries() if e.lay and e.kind not in {"aspect", "unit"} for name in e.names}


def in_lay_words(text: str, draw: random.Random) -> str:
    """Put the clinical words of a text in lay words where the lexicon has some, each with four chances in five."""
    out, at = [], 0
    for match in lexicon().find(text):
        if (said := _lay().get(match.surface)) and draw.random() < 0.8:
            out += [text[at : match.start], draw.choice(said)]
            at = match.end
    return "".join([*out, text[at:]])
