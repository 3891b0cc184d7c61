"""Questions with gold document, pages and facts, in one form whatever the file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Question(NamedTuple):
    """A question with what a right answer cites and says; no document means that it has no answer."""

    id: str
    text: str
    style: str
    documents: frozenset[str] = frozenset()
    pages: frozenset[int] = frozenset()
    facts: tuple[tuple[str, ...], ...] = ()
    superseded_facts: tuple[tuple[str, ...], ...] = ()


def test_data() -> Path:
    """Return the folder of third-party test data: ZHINAN_TEST_DATA, else `shared/data` beside the checkout."""
    return Path(os.environ.get("ZHINAN_TEST_DATA", ROOT.parent / "shared" / "data"))


def guideline_qa(folder: Path | None = None) -> list[Question]:
    """Read the questions over the real guidelines; documents are file names."""
    path = (folder or test_data()) / "eval" / "guideline_qa.jsonl"
    return [
        Question(
            q["id"], q["question"], q["style"], frozenset([q["doc"], *q.get("also_docs", [])]), frozenset(q["pages"]),
            _groups(q["facts"]), _groups(q.get("superseded_facts", [])),
        )
        for q in _lines(path)
    ]


def unanswerable(path: Path) -> list[Question]:
    """Read questions that the corpus does not answer; the style is the kind."""
    return [Question(q["id"], q["question"], q["kind"]) for q in _lines(path)]


QUESTIONS = ROOT / "eval" / "questions"


def starter_all(folder: Path = QUESTIONS) -> list[Question]:
    """Read the questions of a folder over the starter corpus, those without an answer among them."""
    return starter(folder) + unanswerable(folder / "unanswerable.jsonl")


def starter(folder: Path | None = None) -> list[Question]:
    """Read the questions over the starter corpus; documents are PDF file names."""
    found = []
    for path in sorted((folder or ROOT / "eval" / "questions").glob("*.jsonl")):
        if path.stem == "unanswerable":
            continue
        for q in _lines(path):
            places = [q, *q.get("elsewhere", [])]
            documents = frozenset(f"pdf/{place['guideline']}.pdf" for place in places)
            pages = frozenset(page for place in places for page in place.get("pages", []))
            found.append(Question(q["id"], q["question"], q["style"], documents, pages,
                                  _groups(q["facts"]), _groups(q.get("superseded_facts", []))))
    return found


def _groups(facts: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in facts)


def _lines(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
