"""How a reading's blocks are cut into passages: whole sentences and rows under one heading path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.ingest.base import Reading
from rag.ingest.evidence import headed, heading_sentence, paragraph_sentences, row_sentence
from rag.ingest.structure import Outline, find_grade, is_recommendation_lead, item_number, run_in_label
from rag.text.normalise import squeeze
from rag.text.readable import readable, readable_heading
from rag.types import Block, Passage, PassageKind, Sentence, Table

MIN_CHARS, MAX_CHARS = 150, 500
# Ranks of run-in labels in the outline, below every heading's level.
_RUN_IN = 50.0
_ITEM = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,2}[)）.、．]")
_SUMS_UP = re.compile(r"上述|以上(?!\d)|综上|总之|前述")  # what begins so is said of all items
_GRADE_AT_END = re.compile(r"(?:推荐|证据|级|意见|共识|[A-DⅠⅡⅢ])\s*[)）\]］】]\s*[。；;．.]?\s*$")


@dataclass(slots=True)
class _Draft:
    """A passage that is still growing.

    `heads` are the headings that open right before it, with their depth in the section; `ends` the numbers of
    sentences at which paragraphs end; `plain` the number of headings in the section that are no run-in labels.
    """

    section: tuple[str, ...]
    kind: PassageKind = "text"
    sentences: list[Sentence] = field(default_factory=list)
    heads: list[tuple[int, Sentence]] = field(default_factory=list)
    ends: set[int] = field(default_factory=set)
    plain: int = 0

    @property
    def length(self) -> int:
        return sum(len(s.text) for s in self.sentences)


def cut(reading: Reading, guideline_id: str) -> tuple[Passage, ...]:
    """Cut a reading into passages of 150 to 500 characters, numbered from 1; a sentence or row is never cut."""
    title = squeeze(reading.metadata.title)
    parts = [part for draft in _merge(_drafts(reading.blocks), title) for part in _portions(draft)]
    return tuple(_passage(d, f"{guideline_id}:{n}", guideline_id) for n, d in enumerate(parts, start=1))


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
    heads: list[tuple[int, Sentence]] = []
    for block in blocks:
        if block.kind == "heading":
            level = outline.enter(float(block.level), readable_heading(block.text))
            heads = [h for h in heads if h[0] < level - 1] + [(level - 1, heading_sentence(block))]
            continue
        if block.kind == "table" and block.table:
            if block.table.rows:
                yield _table_draft(block.table, outline.path)
            continue
        sentences = paragraph_sentences(block.fragments)
        _enter_run_in(block, sentences, outline)
        for draft in _paragraph_drafts(block, sentences, outline.path):
            draft.heads, heads = heads, []
            draft.plain = sum(rank < _RUN_IN for rank, _ in outline.stack)
            yield draft


def _enter_run_in(block: Block, sentences: Sequence[Sentence], outline: Outline) -> None:
    """Enter the label that a paragraph opens with, or leave the last one where the paragraph is another item.

    Where other items follow within the paragraph, each sentence keeps its own label instead.
    """
    label = run_in_label(block.text)
    leaves = bool(_ITEM.match(block.text)) and not is_recommendation_lead(block.text)
    least = _RUN_IN + label[0] if label else _RUN_IN
    while (label or leaves) and outline.stack and outline.stack[-1][0] >= least:
        outline.stack.pop()
    if label and not any(found and found[0] <= label[0] for found in (item_number(s.text) for s in sentences[1:])):
        outline.enter(_RUN_IN + label[0], readable_heading(label[1]))


def _labelled(sentences: Sequence[Sentence], section: tuple[str, ...]) -> list[Sentence]:
    """Put each sentence under the labels of the items that it stands in: （2）症状：… and what follows up to （3）."""
    items = Outline()
    labelled = []
    for sentence in sentences:
        number, labels = item_number(sentence.text), list(_labels(sentence.text))
        for rank, label in labels:
            items.enter(rank, readable_heading(label))
        least = 0.0 if _SUMS_UP.match(sentence.text) else number[0] if number and not labels else None
        while least is not None and items.stack and items.stack[-1][0] >= least:
            items.stack.pop()
        path = items.path[1:] if items.path[:1] == section[-1:] else items.path
        labelled.append(replace(sentence, under=path) if path else sentence)
    return labelled


def _labels(text: str) -> Iterator[tuple[float, str]]:
    """Yield the labels that a sentence opens with: （1）药物的安全性：①甲药：…"""
    while label := run_in_label(text):
        yield label
        text = text[len(label[1]) :].lstrip("：: ")


def _paragraph_drafts(block: Block, sentences: Sequence[Sentence], section: tuple[str, ...]) -> Iterator[_Draft]:
    if not sentences:
        return
    sentences = _labelled(sentences, section)
    if is_recommendation_lead(block.text) or _is_graded(block.text):
        for group in _graded_groups(sentences):
            yield _Draft(section, "recommendation", group)
    else:
        yield _Draft(section, "text", list(sentences), ends={len(sentences)})


def _is_graded(text: str) -> bool:
    """Tell a recommendation, which ends with its grade in brackets, from a text that only speaks of grades."""
    if len(text) > MAX_CHARS or not find_grade(text):
        return False
    return bool(_GRADE_AT_END.search(readable(text)))


def _graded_groups(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Part a list of numbered recommendations so that each item keeps its own grade; one alone stays whole."""
    graded = [find_grade(s.text) is not None for s in sentences]
    if sum(graded) < 2:
        yield list(sentences)
        return
    group: list[Sentence] = []
    for at, (sentence, has_grade) in enumerate(zip(sentences, graded, strict=True)):
        group.append(sentence)
        if has_grade and any(graded[at + 1 :]):
            yield group
            group = []
    if group:
        yield group


def _table_draft(table: Table, section: tuple[str, ...]) -> _Draft:
    """Make a draft of a table's rows, each repeating caption and header."""
    rows = [row_sentence(table, row) for row in table.rows]
    return _Draft(section, "table", [r for r in rows if r.text], ends=set(range(1, len(rows) + 1)))


def _merge(drafts: Iterator[_Draft], title: str) -> list[_Draft]:
    """Join the text drafts of each section, then neighbouring sections under one heading that are short."""
    merged: list[_Draft] = []
    for draft in _sections(drafts):
        last = merged[-1] if merged else None
        plain_text = last is not None and last.kind == draft.kind == "text"
        if plain_text and last.length < MIN_CHARS and last.length + draft.length <= MAX_CHARS and _related(last, draft, title):
            _join_sections(last, draft)
        else:
            merged.append(draft)
    return merged


def _sections(drafts: Iterator[_Draft]) -> list[_Draft]:
    """Join the text drafts that follow each other in one section; a table between them does not part them."""
    joined: list[_Draft] = []
    text: _Draft | None = None
    for draft in drafts:
        if draft.kind == "text" and text is not None and text.section == draft.section and not draft.heads:
            text.ends |= {len(text.sentences) + end for end in draft.ends}
            text.sentences.extend(draft.sentences)
            continue
        joined.append(draft)
        if draft.kind != "table":
            text = draft if draft.kind == "text" else None
    return joined


def _related(last: _Draft, draft: _Draft, title: str) -> bool:
    """Tell whether two sections stand under one heading, the document's title aside, and each can still name its own."""
    shared = len(_shared(last.section, draft.section))
    if shared <= (squeeze(last.section[0]) == title if shared else 0) or max(last.plain, draft.plain) > shared + 2:
        return False
    return all({depth for depth, _ in d.heads if depth >= shared} >= set(range(shared, d.plain)) for d in (last, draft))


def _join_sections(last: _Draft, draft: _Draft) -> None:
    """Append a draft of a neighbouring section; the headings below the shared one go into the text."""
    shared = _shared(last.section, draft.section)
    depth = len(shared)
    for one in (last, draft):
        if below := one.section[depth:]:
            one.sentences = [replace(s, under=below + s.under) for s in one.sentences]
    if last.plain > depth:
        last.sentences[:1] = headed([s for d, s in last.heads if d >= depth], last.sentences[0])
    begun = headed([s for d, s in draft.heads if d >= depth], draft.sentences[0])
    last.sentences.extend([*begun, *draft.sentences[1:]])
    last.ends = {len(last.sentences)}
    last.section, last.plain = shared, min(last.plain, depth)
    last.heads = [h for h in last.heads if h[0] < depth]


def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """Give the common beginning of two heading paths."""
    count = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[:count]


def _portions(draft: _Draft) -> Iterator[_Draft]:
    """Part an overlong draft into portions of about equal length, at paragraph ends where possible."""
    total = draft.length
    if total <= MAX_CHARS or draft.kind == "recommendation":
        yield draft
        return
    aim = total / -(-total // (MAX_CHARS - 50))
    portion = _Draft(draft.section, draft.kind)
    for at, sentence in enumerate(draft.sentences):
        long_enough = portion.length >= 0.8 * aim and at in draft.ends
        if portion.sentences and (
            long_enough
            or portion.length + 0.5 * len(sentence.text) > aim + 40
            or (portion.length + len(sentence.text) > MAX_CHARS)
        ):
            yield portion
            portion = _Draft(draft.section, draft.kind)
        portion.sentences.append(sentence)
    yield portion
