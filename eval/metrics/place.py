"""Whether something found stands where a question's answer stands."""

from __future__ import annotations

from collections.abc import Collection

from eval.datasets.questions import Question


def right_place(question: Question, source: str, pages: Collection[int]) -> bool:
    """Tell whether a document is a right one and, where the question names pages, one of those is among its pages."""
    return source in question.documents and (not question.pages or not question.pages.isdisjoint(pages))
