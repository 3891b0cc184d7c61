"""A follow-up question completed by the language model, taken only when it names nothing that was not said."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from importlib import resources

from rag.answer.chat_model import ChatModel, ChatModelError
from rag.answer.drafted import statements, visible
from rag.answer.followup import names, plain
from rag.answer.verify.lexicon import PEOPLE
from rag.answer.verify.reading import label, read
from rag.text.lexicon import lexicon

_TIME = 20.0  # seconds; the rules' reading is at hand when the model is slow
_LONGEST = 120  # characters
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_LATIN = re.compile(r"[a-z][a-z0-9-]+")
_NEGATION = re.compile(r"[不无未非没禁忌避]")
_WHOM = PEOPLE | {"population"}
_WHAT = frozenset({"drug", "class", "disease"})


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
    return reply if reply and faithful(reply, question, said, otherwise) else otherwise


def faithful(reply: str, question: str, said: Sequence[str], otherwise: str) -> bool:
    """Tell whether a rewritten question names only what the conversation names, and all that the question names.

    It must ask about the same people as the rules' reading `otherwise`, and leave out no disease or drug of it.
    """
    new, own, known = plain(reply), plain(question), plain("\n".join([*said, question]))
    if len(new) > _LONGEST or len(_NEGATION.findall(new)) != len(_NEGATION.findall(own)):
        return False
    within = _concepts(known)
    added = [n for n in names(new) if n.kind != "aspect" and n.text not in known.lower() and not _concepts(n.text) & within]
    lost = [n for n in names(own) if n.text not in new.lower() and not _concepts(n.text) & _concepts(new)]
    latin = set(_LATIN.findall(new.lower())) - set(_LATIN.findall(known.lower()))
    return not (added or lost or latin) and _figures(new, own, known) and _same_matter(new, plain(otherwise), known)


def _figures(new: str, own: str, known: str) -> bool:
    """Tell whether the new text has the question's figures, and no figure or quantity that was not said."""
    digits, asked = set(_FIGURE.findall(new)), set(_FIGURE.findall(own))
    amounts = {label(q) for q in read(new).quantities} - {label(q) for q in read(known).quantities}
    return asked <= digits <= set(_FIGURE.findall(known)) and not amounts


def _same_matter(new: str, rules: str, known: str) -> bool:
    """Tell whether two readings of one question are about the same people, diseases and drugs."""
    if not _covered(_things(new, _WHOM), _things(rules, _WHOM)) or not _covered(_things(rules, _WHOM | _WHAT), _things(new, _WHOM | _WHAT)):
        return False
    return _covered(_things(new, _WHAT), _things(known, _WHAT))


def _covered(some: list[frozenset[str]], others: list[frozenset[str]]) -> bool:
    """Tell whether each of some things is one of the others, under whatever name."""
    return all(any(one & other for other in others) for one in some)


def _things(text: str, kinds: frozenset[str]) -> list[frozenset[str]]:
    """List the names of some kinds in a text with all that each stands for, by the lexicon and as verification reads them.

    The lexicon leaves out a short word that the segmenter joins to the next one (儿童 in 儿童用药); verification does not.
    """
    found = [frozenset(m.concepts) for m in lexicon().find(text) if m.kind in kinds]
    found += [frozenset((t.text, *(i.partition(":")[2] for i in t.ids))) for t in read(text).tokens if t.category in kinds]
    return found


def _concepts(text: str) -> set[str]:
    return {concept for match in lexicon().find(text) for concept in match.concepts}


def _inert(text: str) -> str:
    return visible(" ".join(text.split())).replace("<", "＜").replace(">", "＞")
