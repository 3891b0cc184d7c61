"""How documents, passages and editions are written as JSON, and read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rag.types import Box, Document, Edition, Heading, LeftOut, Metadata, Passage, Sentence


def passage_to_json(passage: Passage) -> dict[str, Any]:
    """Write a passage as plain lists and strings; boxes are rounded to a tenth of a point."""
    return {
        "id": passage.id,
        "guideline_id": passage.guideline_id,
        "kind": passage.kind,
        "section": list(passage.section),
        "grade": passage.grade,
        "evidence": passage.evidence,
        "sentences": [
            [s.text, s.quote if s.quote != s.text else "", _boxes(s.boxes), s.paragraph, int(s.ocr), *([list(s.under)] if s.under else [])]
            for s in passage.sentences
        ],
    }


def passage_from_json(data: dict[str, Any]) -> Passage:
    """Read a passage back."""
    sentences = tuple(
        Sentence(text, quote or text, _boxes_from(boxes), paragraph, bool(ocr), tuple(*under))
        for text, quote, boxes, paragraph, ocr, *under in data["sentences"]
    )
    return Passage(data["id"], data["guideline_id"], data["kind"], tuple(data["section"]), sentences,
                   data["grade"], data["evidence"])


def document_to_json(document: Document) -> dict[str, Any]:
    """Write a whole document, for the cache."""
    meta = document.metadata
    return {
        "metadata": {name: getattr(meta, name) for name in Metadata.__dataclass_fields__},
        "page_texts": list(document.page_texts),
        "passages": [passage_to_json(p) for p in document.passages],
        "left_out": [[item.page, item.why, item.text, _boxes(item.boxes)] for item in document.left_out],
        "warnings": list(document.warnings),
        "headings": [[h.level, h.text, _boxes(h.boxes), h.paragraph] for h in document.headings],
    }


def document_from_json(data: dict[str, Any]) -> Document:
    """Read a document back."""
    return Document(
        Metadata(**data["metadata"]),
        tuple(data["page_texts"]),
        tuple(passage_from_json(p) for p in data["passages"]),
        tuple(LeftOut(page, why, text, _boxes_from(boxes)) for page, why, text, boxes in data["left_out"]),
        tuple(data["warnings"]),
        tuple(Heading(level, text, _boxes_from(boxes), number) for level, text, boxes, number in data["headings"]),
    )


def _boxes(boxes: Iterable[Box]) -> list[list[float]]:
    return [[b[0], *(round(v, 1) for v in b[1:])] for b in boxes]


def _boxes_from(data: Iterable[list[Any]]) -> tuple[Box, ...]:
    return tuple(Box(*b) for b in data)


def edition_to_json(edition: Edition) -> dict[str, Any]:
    """Write an edition's fields."""
    values = {name: getattr(edition, name) for name in Edition.__dataclass_fields__}
    return values | {"supersedes": list(edition.supersedes)}


def edition_from_json(data: dict[str, Any]) -> Edition:
    """Read an edition back."""
    return Edition(**data | {"supersedes": tuple(data["supersedes"])})
