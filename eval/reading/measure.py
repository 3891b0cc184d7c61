"""Measure reading on the folder of real guidelines and write the figures down."""

from __future__ import annotations

import multiprocessing
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from eval.reading.placement import judge_placement
from eval.reading.similarity import char_f1, comparable, order_similarity, share_of
from rag.ingest.base import Reading
from rag.ingest.passage import cut
from rag.ingest.pdf import read_pdf
from rag.ingest.recognition import GARBLED
from rag.ingest.visibility import COVERED, OFF_PAGE, PALE, TINY, UNPAINTED
from rag.text.normalise import squeeze
from rag.text.sentences import split_sentences
from rag.types import Passage, Table

# Left out because it is not what the page shows: no part of a reading of the page.
_NOT_ON_PAGE = (UNPAINTED, PALE, TINY, COVERED, OFF_PAGE, GARBLED)


@dataclass(slots=True)
class Figures:
    """What was measured of one document; `tables` and `page_texts` are kept for the gold and not written down."""

    doc: str
    pages: int
    skipped: list[str]
    passages: int
    quotes: int
    quotes_verbatim: int
    quotes_in_pdftotext: int
    pdftotext_f1: float
    recognised_pages: int = 0
    text_recall: float | None = None
    text_f1: float | None = None
    text_shared_f1: float | None = None
    text_lacks: int = 0
    order: float | None = None
    left_out_in_passages: float = 0.0
    body_lost: float = 0.0
    tables_referred_to: int = 0
    tables_in_a_section_that_refers: int = 0
    tables: list[Table] = field(default_factory=list)
    page_texts: tuple[str, ...] = ()


def measure(path: Path) -> Figures:
    """Read one document and compare it with its independent texts."""
    reading = read_pdf(path)
    passages = cut(reading, "x")
    layers = [_pdftotext(path, *mode) for mode in ((), ("-raw",), ("-layout",))]
    sentences = [(p, s) for p in passages for s in p.sentences]
    verbatim = sum(
        squeeze(s.quote) in squeeze("".join(reading.page_texts[n - 1] for n in s.pages)) for _, s in sentences
    )
    _, layer_recall, layer_f1 = char_f1("".join(layers[1]), "\n".join(reading.page_texts))
    figures = Figures(
        path.name,
        len(reading.page_texts),
        list(reading.warnings),
        len(passages),
        len(sentences),
        verbatim,
        sum(_in_layers(s.quote, s.pages, layers) for _, s in sentences),
        layer_f1,
        recognised_pages=len({n for _, s in sentences if s.ocr for n in s.pages}),
        left_out_in_passages=_stray(passages, reading),
        body_lost=1 - layer_recall,
        tables=[b.table for b in reading.blocks if b.table],
        page_texts=reading.page_texts,
    )
    placed = judge_placement(reading.blocks)
    figures.tables_referred_to, figures.tables_in_a_section_that_refers = len(placed), sum(ok for _, ok in placed)
    text = path.with_suffix(".txt")
    if text.is_file():
        _against_text(figures, reading, text.read_text(encoding="utf-8"))
    return figures


def _against_text(figures: Figures, reading: Reading, gold: str) -> None:
    """Compare with the independent text; what it does not hold of the left-out matter is no error of the reading."""
    body = "\n".join(b.text for b in reading.blocks if not b.table)
    tables = "\n".join(_table_text(b.table) for b in reading.blocks if b.table)
    known = comparable(gold)
    aside = "\n".join(n.text for n in reading.left_out if n.why not in _NOT_ON_PAGE)
    shared = "\n".join(
        n.text for n in reading.left_out if n.why not in _NOT_ON_PAGE and comparable(n.text)[:40] in known
    )
    _, figures.text_recall, figures.text_f1 = char_f1(gold, "\n".join((body, tables, shared)))
    both, lacking = _held_by(known, [*_sentences(body), *_cells(reading)])
    figures.text_shared_f1 = char_f1(gold, "\n".join((*both, shared)))[2]
    figures.text_lacks = sum(len(comparable(t)) for t in lacking)
    figures.order = order_similarity(gold, body, "\n".join((aside, tables, *_notes(reading))))


def _held_by(known: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Part texts into those that an independent text holds, at least in part, and those that it lacks."""
    held: list[str] = []
    lacking: list[str] = []
    for text in texts:
        (held if share_of(comparable(text), known) >= 0.3 else lacking).append(text)
    return held, lacking


def _sentences(body: str) -> list[str]:
    return [body[start:stop] for start, stop in split_sentences(body)]


def _cells(reading: Reading) -> list[str]:
    """List the printed table cells, each once however many rows it spans."""
    tables = [b.table for b in reading.blocks if b.table]
    return [cell for t in tables for cell in (t.caption, *t.header, *(part for row in t.rows for part in row.quote.split(" ")))]


def _stray(passages: tuple[Passage, ...], reading: Reading) -> float:
    """Give the share of passage characters in sentences that repeat a running head or a reference entry."""
    aside = {comparable(n.text) for n in reading.left_out if n.why in ("页眉页脚", "参考文献")}
    total = stray = 0
    for sentence in (s for p in passages for s in p.sentences):
        plain = comparable(sentence.quote)
        total += len(plain)
        stray += len(plain) if any(len(a) > 12 and a in plain for a in aside) else 0
    return stray / max(1, total)


def _notes(reading: Reading) -> list[str]:
    """List the notes and captions, which have no one place in the order of the text."""
    return [b.text for b in reading.blocks if b.text[:1] in "注图表" or b.text[:2] in ("EDS", "CNS", "TD")]


def _table_text(table: Table) -> str:
    return " ".join((table.caption, *table.header, *(c for row in table.rows for c in row.cells)))


def _pdftotext(path: Path, *mode: str) -> list[str]:
    """Extract the pages with an independent program."""
    done = subprocess.run(["pdftotext", *mode, str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").split("\f")


def _in_layers(quote: str, pages: tuple[int, ...], layers: list[list[str]]) -> bool:
    """Tell whether the parts of a quote (parted where a page turns, or by cells) stand on its pages."""
    texts = [squeeze("".join(layer[n - 1] for n in pages if n <= len(layer))) for layer in layers]
    if any(squeeze(quote) in t for t in texts):
        return True
    parts = quote.split("\n") if "\n" in quote else quote.split(" ")
    return all(any(squeeze(part) in t for t in texts) for part in parts)


def speed(paths: list[Path], *, ocr: bool, workers: int = 2) -> dict[str, float]:
    """Read and cut documents in worker processes; return pages, seconds, pages per second and peak memory.

    `cpu_seconds` is what the workers computed: other programs on the machine lengthen the seconds, hardly these.
    """
    context = multiprocessing.get_context("spawn")
    started = time.perf_counter()
    with ProcessPoolExecutor(workers, context) as pool:
        done = list(pool.map(_read, paths, [ocr] * len(paths)))
        seconds = time.perf_counter() - started
        memory = max(pool.map(_memory, range(workers * 2)))
    pages, cpu = sum(n for n, _ in done), sum(c for _, c in done)
    return {
        "pages": pages,
        "seconds": round(seconds, 2),
        "pages_per_second": round(pages / seconds, 1),
        "cpu_seconds": round(cpu, 2),
        "pages_per_second_of_two_free_cores": round(2 * pages / cpu, 1),
        "peak_mb": memory,
    }


def _read(path: Path, ocr: bool) -> tuple[int, float]:
    started = time.process_time()
    reading = read_pdf(path, ocr=ocr)
    cut(reading, "x")
    return len(reading.page_texts), time.process_time() - started


def _memory(_: int) -> float:
    time.sleep(0.05)
    # Not getrusage: its maximum is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)
