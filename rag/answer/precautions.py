"""What is looked at before a question is answered: emergencies, what the tool cannot do, what must not leave the machine."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rag import privacy
from rag.answer import redflag, scope_notice
from rag.answer.wording import present
from rag.text.identifiers import mask
from rag.types import Notice

_CLAUSE = re.compile(r"[^，。；！？,;!?]*[，。；！？,;!?]*")
_MARK = re.compile(r"\[\d+\]|〔[^〔〕]*〕")  # citation marks of the asker's own, and what stands for an identifier
_PERSONAL = re.compile(r"\d[\d -]{5,}\d|@|姓名|[我名]叫|住址|家住|电话|手机|身份证|微信")  # a cheap look before the careful one
_LEAST = 4  # letters or characters that a question must keep


@dataclass(frozen=True, slots=True)
class Precautions:
    """The question as it may be passed on, the notices that come before the answer, and whether it is one to answer."""

    question: str
    warnings: tuple[Notice, ...]
    medical: bool


def take(question: str, *endpoints: bool | None) -> Precautions:
    """Look at a question first; `endpoints` tell where it will be sent (None: nowhere, else whether on this machine).

    Identifiers say nothing of the matter: they are left out of what is looked for also where nothing is sent.
    """
    asked = scope_notice.kind(question)
    masked = privacy.masked_for(question, *endpoints)
    warnings = (*redflag.warnings(question), *scope_notice.notice(asked), *privacy.notice(masked.counts))
    known = masked if masked.counts or not _PERSONAL.search(question) else mask(question)
    return Precautions(_asked(known.text), warnings, asked is not scope_notice.Kind.NOT_MEDICAL)


def _asked(text: str) -> str:
    """Leave out what is no part of the question: orders to the program, citation marks, masked identifiers."""
    orders = _orders()
    rest = text
    if present(orders["strong"], text.lower()):
        unwanted = (*orders["strong"], *orders["weak"])
        rest = "".join(c for c in _CLAUSE.findall(text) if not present(unwanted, c.lower()))
    rest = _MARK.sub("", rest)
    return rest if sum(c.isalnum() for c in rest) >= _LEAST else text


@cache
def _orders() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads(resources.files("rag.answer").joinpath("data/orders.toml").read_text(encoding="utf-8"))
    return {name: tuple(terms.split("|")) for name, terms in data.items()}
