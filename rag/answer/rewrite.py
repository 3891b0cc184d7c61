"""A follow-up question completed by the language model, taken only when it names nothing that was not said."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from importlib import resources

from rag.answer.chat_model import ChatModel, ChatModelError
from rag.answer.drafted import statements, visible
from rag.answer.followup import names, plain
from rag.text.lexicon import lexicon

_TIME = 20.0  # seconds; the rules' reading is at hand when the model is slow
_LONGEST = 120  # characters
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_LATIN = re.compile(r"[a-z][a-z0-9-]+")
_NEGATION = re.compile(r"[不无未非没禁忌避]")


def rewritten(model: ChatModel, question: str, said: Sequence[str], otherwise: str) -> str:
    """Return the model's wording of a follow-up question, or `otherwise` when it fails or adds anything.

    `said` are the conversation's texts, oldest first: questions and what was answered.
    """
    template = resources.files("rag.answer.prompts").joinpath("rewrite.txt").read_text(encoding="utf-8")
    prompt = template.format(conversation="\n".join(map(_inert, said)), question=_inert(question))
    try:
        reply = next(statements(model.stream(prompt, time.monotonic() + min(_TIME, model.deadline))), "")
    except ChatModelError:
        return otherwise
    return reply if reply and faithful(reply, question, said) else otherwise


def faithful(reply: str, question: str, said: Sequence[str]) -> bool:
    """Tell whether a rewritten question names only what the conversation names, and all that the question names."""
    new, own, known = plain(reply), plain(question), plain("\n".join([*said, question]))
    if len(new) > _LONGEST or len(_NEGATION.findall(new)) != len(_NEGATION.findall(own)):
        return False
    within = _concepts(known)
    added = [n for n in names(new) if n.kind != "aspect" and n.text not in known.lower() and not _concepts(n.text) & within]
    lost = [n for n in names(own) if n.text not in new.lower() and not _concepts(n.text) & _concepts(new)]
    figures = set(_FIGURE.findall(new)) - set(_FIGURE.findall(known)) | set(_FIGURE.findall(own)) - set(_FIGURE.findall(new))
    latin = set(_LATIN.findall(new.lower())) - set(_LATIN.findall(known.lower()))
    return not (added or lost or figures or latin)


def _concepts(text: str) -> set[str]:
    return {concept for match in lexicon().find(text) for concept in match.concepts}


def _inert(text: str) -> str:
    return visible(" ".join(text.split())).replace("<", "＜").replace(">", "＞")
