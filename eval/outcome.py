"""What one question came to: where the gold page stands, which facts were found and said."""

from __future__ import annotations

from typing import NamedTuple

from eval.datasets.questions import Question
from eval.metrics.match import says_all
from eval.metrics.place import right_place
from rag import KnowledgeBase
from rag.types import Answer, Citation

RETRIEVED = 5


class Outcome(NamedTuple):
    """The measures of one question; a question without an answer has only `answered` and `confidence`.

    `retrieved` names the places of the passages found, best first.
    """

    id: str
    style: str
    page_at_5: bool
    facts_at_5: bool
    answered: bool
    facts_right: bool
    page_cited: bool
    superseded_shown: bool
    quotes_verbatim: bool
    confidence: float
    retrieve_ms: float
    total_ms: float
    retrieved: tuple[str, ...] = ()


def judge(base: KnowledgeBase, question: Question) -> Outcome:
    """Search and ask once, and hold the results against the gold."""
    hits = base.search(question.text, k=RETRIEVED)
    answer = base.ask(question.text)
    said = "\n".join(s.text for s in answer.statements)
    return Outcome(
        question.id, question.style,
        any(right_place(question, h.edition.source, h.passage.pages) for h in hits),
        bool(question.facts) and says_all("\n".join(h.passage.text for h in hits), question.facts),
        answer.status == "answered",
        bool(question.facts) and says_all(said, question.facts),
        any(right_place(question, c.edition.source, c.pages) for c in answer.citations),
        bool(question.superseded_facts) and _only_superseded(question, answer),
        all(_stands_in_passage(base, c) for c in answer.citations),
        answer.confidence, answer.timings_ms["retrieve"], answer.timings_ms["total"],
        tuple(f"{h.edition.source} p{'-'.join(map(str, h.passage.pages))} {h.passage.id}" for h in hits),
    )


def _only_superseded(question: Question, answer: Answer) -> bool:
    said = "\n".join(s.text for s in answer.statements)
    return says_all(said, question.superseded_facts) and not says_all(said, question.facts)


def _stands_in_passage(base: KnowledgeBase, citation: Citation) -> bool:
    """Tell whether a quote is one of its passage's; that those stand on their pages is `zhinan index verify`'s to say."""
    passage = base.passage(citation.passage_id)
    return passage is not None and any(s.quote == citation.quote for s in passage.sentences)
