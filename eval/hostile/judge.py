"""Whether a shown statement is supported by what it cites: a plain rule over words, apart from the product's verifier.

A statement is cut at 。；! into parts; each part must be supported by one of the cited witnesses. A witness is the quote, the
sentence or row as indexed, and the headings and title above it. A part is supported when

1. it is the whole quote or the whole indexed sentence, white space and end marks aside, led or not by a heading above it
   and a colon; or
2. all of this holds for one witness:
   a. every mark of the part (a number with its bound and unit, a word of negation or condition, a drug, a kind of people)
      stands in the quote or the indexed sentence, in the same order (drugs and people may stand in the headings instead);
   b. of every clause (cut at ，。；and |) that is used, the statement keeps every mark: a clause is used when half of its
      character pairs stand in the statement, or when a clause of the part is more like it than like any other;
   c. a condition or exception (a clause that begins with 若 如 当 除 但 仅 只 否则 不过) next to a used clause is used too;
   d. at least 0.7 of the part's character pairs stand in the witness.

Marks that number a list (①, ②) may be left out. Spellings of one thing (毫克, mg) are made one first. What the rule cannot
see as supported counts as unsupported.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

LEXICON = Path(__file__).resolve().parents[2] / "rag" / "text" / "lexicon" / "verify_drugs.toml"
_COVERED, _USED = 0.7, 0.5

_SAME = {
    "毫克": "mg", "微克": "μg", "毫升": "ml", "千克": "kg", "公斤": "kg", "克": "g", "小时": "h", "大于等于": "≥", "小于等于": "≤", "不低于": "≥",
    "不少于": "≥", "不超过": "≤", "不多于": "≤", "大于": ">", "小于": "<", "每天": "每日", "日": "天", "/天": "/d", "第一次": "首次", "病人": "患者",
    "怀孕": "妊娠", "孕妇": "妊娠", "小儿": "儿童", "应当": "应", "或者": "或", "不能用": "禁用", "谨慎使用": "慎用",
    "药物": "药",
}  # fmt: skip
_SIGNS = str.maketrans("～－–—−≧≦⩾⩽", "~----≥≤≥≤")
_FIGURE = r"\d+(?:\.\d+)?"
_NUMBER = (
    rf"(?:[≥≤<>]|超过|低于|高于|至少|最多)?{_FIGURE}(?:[~\-/×]{_FIGURE})*%?"
    r"(?:[a-zμ]+(?:/[a-z\d.]+)*|个?[天周月年岁次片粒袋支倍])?(?:/[a-z天次]+)?(?:以上|以下|以内)?"
)
_NOT = (
    "不推荐|不建议|不应|不宜|不能|不得|不需|不必|无需|不可|禁用|禁忌|禁止|慎用|避免|停用|暂停|除非|除外|除了|但|如果|若|仅|只有|勿|忌|未|无|非|不|"
    "升高|降低|增加|减少|推荐|建议"
)
_PEOPLE = (
    "新生儿|婴儿|婴幼儿|幼儿|儿童|青少年|成人|老年|高龄|妊娠|哺乳|备孕|绝经|男性|女性|轻度|中度|重度|轻症|重症|危重|高危|中危|低危|急性|慢性|"
    "肾功能|肝功能|透析|1型|2型|糖尿病|高血压"
)
_CONDITION = re.compile(r"若(?!干)|如(?!下|何|上|图|表|此)|当(?!地|前|天|时)|除|但|仅|只|否则|不过")
_TO = re.compile(r"(?<=\d)[至到](?=[\d<])")
_ZEROS = re.compile(r"(?<=\d)\.0+(?!\d)|(?<=\.\d)0+(?!\d)|(?<=\.\d\d)0+(?!\d)")
_LISTED = re.compile(r"[①-⑳]")
_PART = re.compile(r"[。；;！!？?\n]")
_CLAUSE = re.compile(r"[，,。；;！!？?|\n]")
_ENDS = "。.；;，,、·-•"


class Witness(NamedTuple):
    """What one citation shows: the quote as on the page, the sentence or row as indexed, the title and headings."""

    quote: str
    sentence: str
    headings: str


class Mark(NamedTuple):
    """A word that decides what a statement means."""

    kind: str
    text: str


def supported(statement: str, witnesses: Sequence[Witness]) -> bool:
    """Tell whether the cited witnesses support a statement by the rule above."""
    witnesses = [*witnesses, *(Witness(*(_LISTED.sub("", text) for text in w)) for w in witnesses)]
    if any(_whole(statement, w) or _whole(_unled(statement, w), w) for w in witnesses):
        return True
    parts = [p for p in _PART.split(statement) if plain(p)]
    return bool(parts) and all(any(_whole(p, w) or _whole(_unled(p, w), w) or _kept(p, statement, w) for w in witnesses) for p in parts)


def _unled(text: str, witness: Witness) -> str:
    """Return a text without the heading that leads it, when that stands above the witness."""
    head, colon, rest = text.partition("：")
    return rest if colon and plain(head) and plain(head) in plain(witness.headings) else text


def plain(text: str) -> str:
    """Write a text in one width, without white space, with one spelling for one thing."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_SIGNS).lower()
    for word, same in _SAME.items():
        text = text.replace(word, same)
    return _ZEROS.sub("", _TO.sub("~", text)).strip(_ENDS)


def marks(text: str) -> list[Mark]:
    """List the deciding words of a plain text in order."""
    return [Mark(m.lastgroup or "", m[0]) for m in _words().finditer(text)]


def _whole(part: str, witness: Witness) -> bool:
    return plain(part) in (plain(witness.quote), plain(witness.sentence))


def _kept(part: str, statement: str, witness: Witness) -> bool:
    text = plain(part)
    return _in_order(text, witness) and _clauses_kept(part, plain(statement), witness.sentence) and _known(text, witness)


def _in_order(text: str, witness: Witness) -> bool:
    above = {m for m in marks(plain(witness.headings)) if m.kind in ("drug", "people")}
    return any(_subsequence(marks(text), marks(plain(body)), above) for body in (witness.quote, witness.sentence))


def _subsequence(wanted: Sequence[Mark], given: Sequence[Mark], anywhere: set[Mark]) -> bool:
    at = 0
    for mark in wanted:
        if mark in given[at:]:
            at += given[at:].index(mark) + 1
        elif mark not in anywhere:
            return False
    return True


def _clauses_kept(part: str, statement: str, sentence: str) -> bool:
    said = marks(statement)
    stretches = [[plain(c) for c in _CLAUSE.split(s) if plain(c)] for s in _PART.split(sentence)]
    nearest = _nearest(part, [c for clauses in stretches for c in clauses])
    for clauses in stretches:
        used = [c in nearest or _uses(statement, c) for c in clauses]
        for at, clause in enumerate(clauses):
            if used[at] and not all(m in said for m in marks(clause)):
                return False
            if not used[at] and any(used[max(at - 1, 0) : at + 2]) and _CONDITION.match(clause):
                return False
    return True


def _nearest(part: str, clauses: Sequence[str]) -> set[str]:
    """Return, for each clause of a part, the clause of the witness that shares most character pairs with it."""
    own = [pairs for c in _CLAUSE.split(part) if (pairs := _pairs(plain(c)))]
    return {max(clauses, key=lambda c: len(pairs & _pairs(c)) / max(len(_pairs(c)), 1)) for pairs in own if clauses}


def _uses(text: str, clause: str) -> bool:
    pairs = _pairs(clause)
    return bool(pairs) and len(pairs & _pairs(text)) >= _USED * len(pairs)


def _known(text: str, witness: Witness) -> bool:
    pairs = _pairs(text)
    known = _pairs(plain(witness.sentence)) | _pairs(plain(witness.quote)) | _pairs(plain(witness.headings))
    return bool(pairs) and len(pairs & known) >= _COVERED * len(pairs)


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W", "", text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)}


@cache
def _words() -> re.Pattern[str]:
    data = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
    listed = {plain(n) for line in data["names"].splitlines() for n in line.replace("=", " ").split()}
    longest = sorted((re.escape(n) for n in listed if len(n) > 1), key=len, reverse=True)
    return re.compile(rf"(?P<drug>{'|'.join(longest)})|(?P<number>{_NUMBER})|(?P<negation>{_NOT})|(?P<people>{_PEOPLE})|(?P<latin>[a-z]{{2,}}[a-z\d-]*)")
