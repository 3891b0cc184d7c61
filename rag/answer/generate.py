"""An answer drafted by a language model, of which only what the evidence supports is let through."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from rag.answer.attribute import Attributed, attribute, share
from rag.answer.chat_model import ChatModel, ChatModelError
from rag.answer.drafted import statements, visible
from rag.answer.evidence import Evidence
from rag.answer.standalone import left_open
from rag.text.normalise import squeeze

MAX_DRAFTED = 12  # statements looked at; the rest of an endless reply is ignored
_SAME_MATTER = 0.5  # share of a refused statement's terms that the sentence put in its place must have

Show = Callable[[str, tuple[Evidence, ...]], None]


@dataclass
class Draft:
    """What became of a model's reply: statements shown, refused ones replaced or dropped, tokens, and why it broke off."""

    shown: set[str] = field(default_factory=set)
    drafted: int = 0
    repaired: int = 0
    replaced: int = 0
    dropped: int = 0
    usage: Counter[str] = field(default_factory=Counter)
    failure: str = ""


def generate(model: ChatModel, question: str, evidence: Sequence[Evidence], show: Show) -> Draft:
    """Draft with the model; call `show` with each statement and its support as soon as it is verified.

    What is refused is repaired once by the model, with the reasons, else replaced by the source's own sentence or dropped.
    Never raises for what the model does: `failure` says why it broke off, and what was shown before stays.
    """
    work = _Work(model, question, evidence, show, time.monotonic() + model.deadline)
    work.write()
    return work.draft


@dataclass
class _Work:
    """One drafting: what is asked, of whom, on what evidence, until when, and what came of it."""

    model: ChatModel
    question: str
    evidence: Sequence[Evidence]
    show: Show
    until: float
    draft: Draft = field(default_factory=Draft)

    def write(self) -> None:
        """Draft, then mend what was refused."""
        refused: list[Attributed] = []
        try:
            for number, text in enumerate(self._reply("draft", question=_inert(self.question)), start=1):
                self.draft.drafted += 1
                result = attribute(text, self.evidence, self.question)
                if not result.support:
                    refused.append(result)
                self._accept(result)
                if number == MAX_DRAFTED:
                    break
        except ChatModelError as error:
            self.draft.failure = str(error)
        if refused and not self.draft.failure:
            self._repair(refused)
        for result in refused:
            self._replace(result)

    def _reply(self, prompt: str, **fields: str) -> Iterable[str]:
        filled = _prompt(prompt).format(evidence=fence(self.evidence), **fields)
        return statements(self.model.stream(filled, self.until, self.draft.usage))

    def _accept(self, result: Attributed) -> bool:
        """Show a supported statement unless it was shown before; tell whether it was shown now."""
        key = squeeze(result.text)
        if not result.support or key in self.draft.shown:
            return False
        self.draft.shown.add(key)
        self.show(result.text, result.support)
        return True

    def _repair(self, refused: list[Attributed]) -> None:
        """Ask once for corrections; each supported one settles the refused statement that it is most alike to."""
        problems = "\n".join(f"- {_inert(r.text)}（{_why(r)}）" for r in refused)
        try:
            for number, text in enumerate(self._reply("repair", problems=problems), start=1):
                result = attribute(text, self.evidence, self.question)
                if refused and self._accept(result):
                    refused.remove(max(refused, key=lambda r: max(share(r.text, e.sentence.text) for e in result.support)))
                    self.draft.repaired += 1
                if number == MAX_DRAFTED or not refused:
                    return
        except ChatModelError:
            return  # the draft was whole; what is not repaired is replaced or dropped

    def _replace(self, result: Attributed) -> None:
        """Show the nearest source sentence in place of a refused statement, when it is on the matter and stands by itself."""
        item = result.nearest
        if item is not None and share(result.text, item.sentence.text) >= _SAME_MATTER and not left_open(item.sentence.text, item, self.question):
            self.draft.replaced += 1
            self._accept(Attributed(item.sentence.text, (item,)))
        else:
            self.draft.dropped += 1


def fence(evidence: Sequence[Evidence]) -> str:
    """Write the evidence as numbered data that cannot close its own fence."""
    return "\n".join(
        f"[{n}]《{_inert(e.hit.edition.title)}》{_inert(' > '.join(e.section[-2:]))}：{_inert(e.sentence.text)}"
        for n, e in enumerate(evidence, start=1)
    )


def _inert(text: str) -> str:
    """Make text one visible line that cannot end a fence."""
    return visible(" ".join(text.split())).replace("<", "＜").replace(">", "＞")


def _why(refused: Attributed) -> str:
    if not refused.reasons:
        return "资料里没有"
    return "；".join(dict.fromkeys(_said(r.claim, r.source) for r in refused.reasons[:3]))


def _said(claim: str, source: str) -> str:
    if claim and source:
        return f"“{_inert(claim)}”与资料“{_inert(source)}”不符"
    return f"资料里没有“{_inert(claim)}”" if claim else f"没有写明“{_inert(source)}”"


@cache
def _prompt(name: str) -> str:
    return resources.files("rag.answer.prompts").joinpath(f"{name}.txt").read_text(encoding="utf-8")
