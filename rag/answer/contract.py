"""The JSON that scripts rely on: `zhinan.answer/1` and the search hits."""

from __future__ import annotations

from typing import Any

from rag.types import Answer, Citation, Edition, Hit

ANSWER_SCHEMA = "zhinan.answer/1"


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Write an answer in the contract's form."""
    result = {
        "schema": ANSWER_SCHEMA,
        "question": answer.question,
        "status": answer.status,
        "mode": answer.mode,
        "confidence": round(answer.confidence, 4),
        "text": answer.text,
        "statements": [{"text": s.text, "citations": [c.n for c in s.citations]} for s in answer.statements],
        "citations": [citation_to_json(c) for c in answer.citations],
        "warnings": [{"code": w.code, "message": w.message} for w in answer.warnings],
        "timings_ms": {name: round(ms, 2) for name, ms in answer.timings_ms.items()},
    }
    if answer.reading:
        result["reading"] = [hit_to_json(h) for h in answer.reading]
    if answer.usage:
        result["usage"] = answer.usage
    return result


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """Write a citation; boxes are [page, x0, y0, x1, y1] in PDF points from the page's bottom left."""
    e = citation.edition
    return {
        "n": citation.n, "passage_id": citation.passage_id, "guideline_id": e.guideline_id, "title": e.title,
        "issuer": e.issuer, "year": e.year, "edition": e.edition, "status": e.status, "section": list(citation.section),
        "pages": list(citation.pages), "paragraph": citation.paragraph or None, "quote": citation.quote,
        "grade": citation.grade, "evidence": citation.evidence, "ocr": citation.ocr, "source": e.source,
        "boxes": [list(b) for b in citation.boxes],
    }


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """Write a search hit."""
    p, e = hit.passage, hit.edition
    return {
        "rank": hit.rank, "score": round(hit.score, 4), "passage_id": p.id, "guideline_id": p.guideline_id,
        "title": e.title, "year": e.year, "status": e.status, "section": list(p.section), "pages": list(p.pages),
        "text": p.text, "source": e.source, "kind": p.kind, "grade": p.grade, "evidence": p.evidence,
        "explain": {name: round(value, 4) for name, value in hit.explain.items()},
    }


def edition_row(edition: Edition) -> dict[str, Any]:
    """Write an edition the way `corpus list` shows it."""
    names = ("guideline_id", "title", "issuer", "year", "edition", "status", "source", "sha256", "pages", "passages")
    return {name: getattr(edition, name) for name in names}
