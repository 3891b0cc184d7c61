"""Whether a question asks for more than guidelines say: a dose or a diagnosis for one person, or nothing medical."""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from functools import cache
from importlib import resources

from rag.answer.wording import present
from rag.text.lexicon import lexicon
from rag.text.normalise import normalise
from rag.text.simplify import simplify
from rag.types import Notice

# 65岁男性 is someone; 65岁以上的男性 are people
_AGED = re.compile(r"\d{1,3}岁(?!以|及|或|的?(?:儿童|人群|患者|老年|成人|孩子|人$)|[~-])")


class Kind(Enum):
    """What a question asks for beyond its topic; the value is what the reader is told."""

    DOSE = "本工具只摘录指南，不替某一个人定药定量；以下是指南对这类情况的一般说法，具体用药请由了解病情的医生决定。"
    DIAGNOSIS = "本工具只摘录指南，不给某一个人下诊断；以下是指南的一般说法，是不是、重不重请由医生当面判断。"
    NOT_MEDICAL = "这不像医学问题。本工具只从中文临床指南里找依据（诊断标准、用药、随访、转诊等），例如：高血压患者血压控制目标是多少？"


def kind(question: str) -> Kind | None:
    """Tell what a question asks for beyond what guidelines say, if anything."""
    words = _words()
    text = simplify(normalise(question)).lower().replace(",", "，")
    if present(words["topics"], text) and not present(words["medical"], text) and not lexicon().find(text):
        return Kind.NOT_MEDICAL
    personal = _AGED.search(text) or present(words["person"], _without(words["not_person"], text))
    if personal and present(words["dosing"], text):
        return Kind.DOSE
    return Kind.DIAGNOSIS if personal and present(words["diagnosis"], text) else None


def notice(asked: Kind | None) -> list[Notice]:
    """Write the notice for a kind; none for a question that guidelines can answer."""
    return [Notice("scope", asked.value)] if asked else []


def _without(terms: tuple[str, ...], text: str) -> str:
    for term in terms:
        text = text.replace(term, "")
    return text


@cache
def _words() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads(resources.files("rag.answer").joinpath("data/scope.toml").read_text(encoding="utf-8"))
    return {name: tuple(terms.split("|")) for name, terms in data.items()}
