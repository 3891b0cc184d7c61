"""How a reading's blocks are cut into passages: whole sentences and rows under one heading path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.ingest.base import Reading
from rag.ingest.layout import char_width
from rag.ingest.structure import Outline, find_grade, is_recommendation_lead, run_in_label
from rag.text.readable import readable, readable_heading
from rag.text.sentences import split_sentences
from rag.types import Block, Box, Fragment, Passage, PassageKind, Sentence, Table, TableRow

MIN_CHARS, MAX_CHARS = 150, 500
_ITEM = re.compile(r"[（(]\d{1,2}[)）]")


@dataclass(slots=True)
class _Draft:
    """A passage that is still growing."""

    section: tuple[str, ...]
    kind: PassageKind = "text"
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def length(self) -> int:
        return sum(len(s.text) for s in self.sentences)


def cut(reading: Reading, guideline_id: str) -> tuple[Passage, ...]:
    """Cut a reading into passages of 150 to 500 characters, numbered from 1; a sentence or row is never cut."""
    drafts = _merge_short(_drafts(reading.blocks))
    return tuple(_passage(d, f"{guideline_id}:{n}", guideline_id) for n, d in enumerate(drafts, start=1))


def _passage(draft: _Draft, passage_id: str, guideline_id: str) -> Passage:
    graded = None
    if draft.kind == "recommendation":
        graded = find_grade("".join(s.text for s in draft.sentences))
    return Passage(
        passage_id,
        guideline_id,
        draft.kind,
        draft.section,
        tuple(draft.sentences),
        graded.grade if graded else None,
        graded.evidence if graded else None,
    )


def _drafts(blocks: Sequence[Block]) -> Iterator[_Draft]:
    """Make one or more drafts of each block, under the headings above it."""
    outline = Outline()
    waiting: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            # A run-in label has a rank between levels, so levels and ranks never collide.
            outline.enter(float(block.level), readable_heading(block.text))
            waiting.append(block)
            continue
        if block.kind == "table" and block.table:
            yield from _table_drafts(block.table, outline.path)
            continue
        waiting.clear()
        label = run_in_label(block.text)
        if label:
            outline.enter(50.0 + label[0], readable_heading(label[1]))
        elif outline.stack and outline.stack[-1][0] >= 50 and _ends_run_in(block):
            while outline.stack and outline.stack[-1][0] >= 50:
                outline.stack.pop()
        yield from _paragraph_drafts(block, outline.path)


def _ends_run_in(block: Block) -> bool:
    """Tell whether a paragraph leaves the topic of a run-in label: it opens a new numbered item without one."""
    return bool(re.match(r"[（(]?[\d一二三四五六七八九十]{1,2}[)）.．、]", block.text)) and not is_recommendation_lead(
        block.text
    )


def _paragraph_drafts(block: Block, section: tuple[str, ...]) -> Iterator[_Draft]:
    sentences = paragraph_sentences(block.fragments)
    if not sentences:
        return
    if is_recommendation_lead(block.text) or (
        find_grade(block.text) and len(block.text) <= MAX_CHARS and _stated(block)
    ):
        for group in _graded_groups(sentences):
            yield _Draft(section, "recommendation", group)
        return
    draft = _Draft(section)
    for sentence in sentences:
        if draft.sentences and draft.length + len(sentence.text) > MAX_CHARS:
            yield draft
            draft = _Draft(section)
        draft.sentences.append(sentence)
    yield draft


_GRADE_AT_END = re.compile(r"(?:推荐|证据|级|意见|共识|[A-DⅠⅡⅢ])\s*[)）\]］】]\s*[。；;．.]?\s*$")


def _stated(block: Block) -> bool:
    """Tell a recommendation, which ends with its grade in brackets, from a text that only speaks of grades."""
    return bool(_GRADE_AT_END.search(readable(block.text)))


def _graded_groups(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Part a list of numbered recommendations so that each item keeps its own grade; one alone stays whole."""
    graded = [find_grade(s.text) for s in sentences]
    if sum(g is not None for g in graded) < 2:
        yield list(sentences)
        return
    group: list[Sentence] = []
    for sentence, grade in zip(sentences, graded, strict=True):
        group.append(sentence)
        if grade is not None:
            yield group
            group = []
    if group:
        yield group


def _table_drafts(table: Table, section: tuple[str, ...]) -> Iterator[_Draft]:
    """Group a table's rows up to the passage limit, each row repeating caption and header."""
    draft = _Draft(section, "table")
    for row in table.rows:
        sentence = row_sentence(table, row)
        if draft.sentences and draft.length + len(sentence.text) > MAX_CHARS:
            yield draft
            draft = _Draft(section, "table")
        draft.sentences.append(sentence)
    if draft.sentences:
        yield draft


def row_sentence(table: Table, row: TableRow) -> Sentence:
    """Make the text of a table row: caption, then each filled cell under its header."""
    parts = [readable_heading(table.caption)] if table.caption else []
    for name, cell in zip(table.header, row.cells, strict=False):
        value, name = readable(cell), readable(name)
        if value:
            parts.append(f"{name}: {value}" if name and name != value else value)
    ocr = row.confidence is not None
    return Sentence(" | ".join(parts), row.quote, row.boxes, row.paragraph, ocr)


def paragraph_sentences(fragments: Sequence[Fragment]) -> list[Sentence]:
    """Split a block's fragments into sentences, each with the boxes of its part of every fragment."""
    text = "".join(f.text for f in fragments)
    starts, at = [], 0
    for fragment in fragments:
        starts.append(at)
        at += len(fragment.text)
    sentences = []
    for start, stop in split_sentences(text):
        touched = [
            (f, max(start - s, 0), min(stop - s, len(f.text)))
            for f, s in zip(fragments, starts, strict=True)
            if s < stop and s + len(f.text) > start
        ]
        boxes = tuple(box for f, a, b in touched if (box := _part_box(f, a, b)) is not None)
        clean = readable(text[start:stop])
        if clean:
            ocr = any(f.confidence is not None for f, _, _ in touched)
            sentences.append(Sentence(clean, text[start:stop], boxes, touched[0][0].paragraph, ocr))
    return sentences


def _part_box(fragment: Fragment, start: int, stop: int) -> Box | None:
    """Give the box of a part of a fragment, judging by the usual widths of its characters."""
    box, text = fragment.box, fragment.text
    part = text[start:stop]
    if box is None or not part.strip():
        return None
    if part.strip() == text.strip():
        return box
    widths = [char_width(c) if not c.isspace() else 0.25 for c in text.rstrip()]
    scale = (box.x1 - box.x0) / (sum(widths) or 1.0)
    return Box(box.page, box.x0 + sum(widths[:start]) * scale, box.y0, box.x0 + sum(widths[:stop]) * scale, box.y1)


def _merge_short(drafts: Iterable[_Draft]) -> list[_Draft]:
    """Join neighbouring short text drafts of one section, or of sections with one parent, up to the lower limit."""
    merged: list[_Draft] = []
    for draft in drafts:
        last = merged[-1] if merged else None
        if last and _joinable(last, draft):
            shared = _shared(last.section, draft.section)
            last.section = shared
            last.sentences.extend(draft.sentences)
        else:
            merged.append(draft)
    return merged


def _joinable(last: _Draft, draft: _Draft) -> bool:
    """Tell whether two neighbouring drafts may be one passage."""
    if last.kind != "text" or draft.kind != "text" or last.length + draft.length > MAX_CHARS:
        return False
    if last.section == draft.section:
        return True
    return False


def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """Give the common beginning of two heading paths."""
    shared = []
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared.append(x)
    return tuple(shared)
