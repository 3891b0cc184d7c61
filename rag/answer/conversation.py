"""Several turns: a question that leans on earlier ones is completed from them before it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rag.answer.answerer import AskOptions, checked
from rag.answer.followup import completed, for_same_people, leans, names_illness
from rag.types import Answer

_RECALLED = 4  # turns shown to the model, with the first sentence of each answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: the question as asked, as it was understood, and the answer."""

    asked: str
    resolved: str
    answer: Answer


class Conversation:
    """Turns of questions and answers over one knowledge base; not to be shared by threads."""

    def __init__(self, ask: Callable[[str, AskOptions | None], Answer], options: AskOptions | None = None) -> None:
        self._ask = ask
        self.options = options
        self.turns: list[Turn] = []
        self._last = ""  # the last question as understood, answered or broken off
        self._ill = ""  # the last one that named an illness

    def ask(self, question: str, on_resolved: Callable[[str], None] | None = None) -> Answer:
        """Answer a question in the light of the turns so far; the answer's question is the one understood.

        `on_resolved` is called before the answer, where the question is understood otherwise than asked. Raises UsageError
        for an unusable question, which then is no turn.
        """
        asked = checked(question)
        resolved = self.resolve(asked)
        if on_resolved and resolved != asked:
            on_resolved(resolved)
        self._last = resolved
        self._ill = resolved if names_illness(resolved) else self._ill
        answer = self._ask(resolved, self.options)
        self.turns.append(Turn(asked, resolved, answer))
        return answer

    def resolve(self, question: str) -> str:
        """Complete a follow-up question from the turns so far; by the model where one is configured and stays with the facts."""
        if not self._last or not leans(question):
            return for_same_people(question, self._last)
        by_rule = completed(question, self._last, self._ill)
        if self.options is None or self.options.model is None:
            return by_rule
        from rag.answer.rewrite import rewritten

        said = [text for t in self.turns[-_RECALLED:] for text in (t.resolved, *(s.text for s in t.answer.statements[:1]))]
        return rewritten(self.options.model, question, said if self._last in said else [*said, self._last], by_rule)

    def clear(self) -> None:
        """Forget the turns."""
        self.turns.clear()
        self._last = self._ill = ""
