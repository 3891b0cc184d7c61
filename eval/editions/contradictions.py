"""Are guidelines that contradict each other told apart from those that do not? Made-up pairs, and every question of the two sets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eval.datasets.questions import ROOT, Question, guideline_qa, starter
from rag import KnowledgeBase

PAIRS = Path(__file__).parent / "conflict_pairs.jsonl"
_TEXT = "# {title}（2024年版）\n\n{issuer}\n\n## 一、治疗与管理\n{said}\n"


def measure(folder: Path, work: Path) -> dict[str, Any]:
    """Ask each pair's question over a corpus of the two, then all questions; list every answer that warns of a conflict."""
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    told = {p["id"] for p in pairs if _told(p, work / p["id"])}
    wanted = {p["id"] for p in pairs if p["conflict"]}
    return {
        "contradicting_pairs": len(wanted), "told": len(wanted & told), "missed": sorted(wanted - told),
        "agreeing_pairs": len(pairs) - len(wanted), "told_wrongly": sorted(told - wanted),
        "starter": _warned(ROOT / "corpus", work / "starter", starter()),
        "guideline_qa": _warned(folder, work / "guidelines", guideline_qa()),
    }


def _told(pair: dict[str, Any], work: Path) -> bool:
    """Write the two made-up guidelines, and ask."""
    corpus = work / "corpus"
    corpus.mkdir(parents=True)
    for name, issuer in (("a", "甲学会"), ("b", "乙协会")):
        title = f"{issuer}{'诊疗指南' if name == 'a' else '专家共识'}"
        (corpus / f"{name}.md").write_text(_TEXT.format(title=title, issuer=issuer, said=pair[name]), encoding="utf-8")
    KnowledgeBase.build(corpus, work / "index", workers=1)
    return any(w.code == "conflict" for w in KnowledgeBase.open(work / "index").ask(pair["question"]).warnings)


def _warned(corpus: Path, index: Path, questions: Iterable[Question]) -> dict[str, Any]:
    KnowledgeBase.build(corpus, index, ocr=False)
    base = KnowledgeBase.open(index)
    answers = {q.id: base.ask(q.text) for q in questions}
    warned = {i: [w.message for w in a.warnings if w.code == "conflict"] for i, a in answers.items()}
    return {
        "answered": sum(a.status == "answered" for a in answers.values()), "warned": sum(bool(m) for m in warned.values()),
        "messages": {i: m for i, m in warned.items() if m},
    }
