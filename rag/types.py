"""What flows through the rooms: the frozen records that ingest makes and answers cite."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

PassageKind = Literal["text", "table", "recommendation"]
EditionStatus = Literal["current", "superseded", "withdrawn"]
AnswerStatus = Literal["answered", "abstained"]


class Box(NamedTuple):
    """A rectangle on a physical page (1-based) in PDF points, origin bottom left, y upwards."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a block's text with the place it was read from.

    Formats without pages have no box; they count paragraphs (1-based) instead.
    `confidence` is the recogniser's, 0 to 1, and None for text that was not recognised.
    """

    text: str
    box: Box | None = None
    paragraph: int = 0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One body row: its cells under the table's header, and the row verbatim as on the page."""

    cells: tuple[str, ...]
    quote: str
    boxes: tuple[Box, ...] = ()
    paragraph: int = 0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose merged cells have been filled in: every row has len(header) cells."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One element of a document in reading order.

    `text` equals the joined texts of `fragments`. `level` is the heading's depth from 1, and 0 elsewhere.
    """

    kind: Literal["heading", "paragraph", "table"]
    fragments: tuple[Fragment, ...] = ()
    level: int = 0
    table: Table | None = None

    @property
    def text(self) -> str:
        """Join the fragments."""
        return "".join(f.text for f in self.fragments)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Text of a page that went into no passage, and why (running head, contents, references …)."""

    page: int
    why: str
    text: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the document; `level` is its depth from 1."""

    level: int
    text: str
    boxes: tuple[Box, ...] = ()
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself; empty where it says nothing. `year` 0 means unknown."""

    title: str = ""
    issuer: str = ""
    year: int = 0
    edition: str = ""
    doi: str = ""
    journal: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest citable evidence: one sentence or one table row.

    `text` is what is shown and searched (a row repeats caption and header); `quote` is verbatim as on the page; `under`
    are the headings and item labels that it stands under below its passage's section.
    """

    text: str
    quote: str
    boxes: tuple[Box, ...] = ()
    paragraph: int = 0
    ocr: bool = False
    under: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """List the physical pages of the boxes, ascending."""
        return tuple(sorted({b.page for b in self.boxes}))


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable piece of one edition: consecutive sentences, or rows of one table, under one heading path."""

    id: str
    guideline_id: str
    kind: PassageKind
    section: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    grade: str | None = None
    evidence: str | None = None

    @property
    def text(self) -> str:
        """Join the sentences; rows stand on lines of their own."""
        return ("\n" if self.kind == "table" else "").join(s.text for s in self.sentences)

    @property
    def pages(self) -> tuple[int, ...]:
        """List the physical pages that the passage stands on, ascending."""
        return tuple(sorted({p for s in self.sentences for p in s.pages}))

    @property
    def ocr(self) -> bool:
        """Tell whether any sentence was recognised from an image."""
        return any(s.ocr for s in self.sentences)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it was understood.

    `page_texts` is each page's raw text (index 0 is page 1), the witness that quotes are verified against.
    `warnings` are sentences for the user, such as pages that were skipped.
    """

    metadata: Metadata
    page_texts: tuple[str, ...]
    passages: tuple[Passage, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a guideline in the corpus; `supersedes` names the ids it replaces."""

    guideline_id: str
    title: str
    issuer: str
    year: int
    edition: str
    source: str
    sha256: str
    status: EditionStatus = "current"
    supersedes: tuple[str, ...] = ()
    reason: str = ""
    doi: str = ""
    pages: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query. `sentence` indexes the best sentence; `score` is higher for better."""

    rank: int
    score: float
    passage: Passage
    edition: Edition
    sentence: int = 0
    explain: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from: the sentence's quote, its pages and boxes, and its edition."""

    n: int
    passage_id: str
    edition: Edition
    section: tuple[str, ...]
    pages: tuple[int, ...]
    quote: str
    boxes: tuple[Box, ...] = ()
    paragraph: int = 0
    grade: str | None = None
    evidence: str | None = None
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer with the citations that back it."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know: red_flag, superseded, conflict, masked, unverified_dropped …"""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` returns. `reading` holds the nearest passages when the answer abstains."""

    question: str
    status: AnswerStatus
    mode: Literal["extractive", "llm"]
    confidence: float
    statements: tuple[Statement, ...]
    warnings: tuple[Notice, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    reading: tuple[Hit, ...] = ()
    usage: dict[str, int] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """List the distinct citations in order of their number."""
        return tuple({c.n: c for s in self.statements for c in s.citations}.values())

    @property
    def text(self) -> str:
        """Join the statements, the reference marks of each before its full stop."""
        return "".join(s.text.removesuffix("。") + "".join(f"[{c.n}]" for c in s.citations) + "。" for s in self.statements)
