"""An answer drafted by a language model, of which only what the evidence supports is let through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

from rag.answer.attribute import Attributed, attribute, statements
from rag.answer.chat_model import ChatModel
from rag.answer.evidence import Evidence
from rag.text.normalise import normalise, squeeze

MAX_DRAFTED = 12  # sentences looked at; the rest of an endless reply is ignored


class Draft:
    """What survived of a model's reply: supported sentences with their evidence, and how many were dropped."""

    def __init__(self) -> None:
        self.supported: list[tuple[str, Evidence]] = []
        self.replaced = 0
        self.dropped = 0

    def add(self, text: str, support: Evidence) -> bool:
        """Keep a sentence unless it is already there; tell whether it was new."""
        if squeeze(text) in {squeeze(t) for t, _ in self.supported}:
            return False
        self.supported.append((text, support))
        return True


def generate(
    model: ChatModel,
    question: str,
    evidence: Sequence[Evidence],
    show: Callable[[str, Evidence], None] | None = None,
) -> Draft:
    """Draft with the model and keep what is supported; repair once, else fall back on the source's own sentence.

    `show` is called with each sentence as soon as it is verified. Raises ChatModelError when the model cannot be used.
    """
    tell = show or (lambda *_: None)
    draft = Draft()
    fenced = fence(evidence)
    failed: list[Attributed] = []
    for number, text in enumerate(statements(model.stream(_prompt("draft").format(question=_inert(question), evidence=fenced)))):
        if number >= MAX_DRAFTED:
            break
        result = attribute(text, evidence)
        if result.support is None:
            failed.append(result)
        elif draft.add(result.text, result.support):
            tell(result.text, result.support)
    if failed:
        _repair(model, failed, evidence, fenced, draft, tell)
    return draft


def _repair(
    model: ChatModel, failed: Sequence[Attributed], evidence: Sequence[Evidence], fenced: str, draft: Draft,
    tell: Callable[[str, Evidence], None],
) -> None:
    """Ask once for corrections; a sentence still unsupported is replaced by its nearest source sentence, or dropped."""
    problems = "\n".join(f"- {f.text}（{_why(f)}）" for f in failed)
    repaired = 0
    for text in statements(model.stream(_prompt("repair").format(problems=problems, evidence=fenced))):
        result = attribute(text, evidence)
        if result.support is not None and repaired < len(failed):
            repaired += 1
            if draft.add(result.text, result.support):
                tell(result.text, result.support)
    for item in failed[repaired:]:
        if item.nearest is not None and item.nearest.score > 0 and draft.add(item.nearest.sentence.text, item.nearest):
            draft.replaced += 1
            tell(item.nearest.sentence.text, item.nearest)
        else:
            draft.dropped += 1


def fence(evidence: Sequence[Evidence]) -> str:
    """Write the evidence as numbered data that cannot close its own fence."""
    return "\n".join(
        f"[{n}] {' > '.join(e.hit.passage.section[-2:])}：{_inert(e.sentence.text)}" for n, e in enumerate(evidence, start=1)
    )


def _inert(text: str) -> str:
    """Make text unable to end a fence or to fill a template's field."""
    return normalise(text).replace("<", "＜").replace(">", "＞").replace("{", "｛").replace("}", "｝")


def _why(failed: Attributed) -> str:
    if not failed.reasons:
        return "资料里没有"
    return "；".join(f"“{r.claim}”与资料“{r.source}”不符" if r.source else f"资料里没有“{r.claim}”" for r in failed.reasons[:3])


@cache
def _prompt(name: str) -> str:
    return resources.files("rag.answer.prompts").joinpath(f"{name}.txt").read_text(encoding="utf-8")
