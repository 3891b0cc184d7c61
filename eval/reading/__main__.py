"""`python -m eval.reading [FOLDER]`: measure reading and write eval/results/reading.{json,md}."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from eval.reading.cells import gold_cells, judge_cells
from eval.reading.lines import gold_lines, judge_lines
from eval.reading.measure import Figures, measure, speed
from eval.reading.placement import judge_placement
from rag.ingest.pdf import read_pdf

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "eval" / "results"
NOTES = """
- `F1 pdftotext` compares with poppler's reading of all pages, furniture and references included; `body lost` is the share
  of poppler's characters that are in no passage, table or left-out note. For the scan, poppler reads its noisy old layer.
- `F1 .txt` and `order` compare with the independent .txt; `F1 shared` leaves aside what that text lacks altogether
  (`lacks`, characters). `order` is the share of its sentences that stand in the same order, tables and captions aside.
- Where the .txt is wrong rather than the reading: all of them lack reference lists and often author lists. In
  高血压性脑出血 and 迟发性运动障碍 every decimal point of a full-width number is missing (88.9 % is `889%`): its glyph has
  a private code; the page shows the point and it is read here; the flow chart and its labels are missing too. The .txt of
  迟发性运动障碍 lacks whole table columns (evidence level, source of sample) and that of 多发性硬化 the column of
  non-drug treatment; others hold tables column by column. The .txt of the scan 成人自发性脑出血 is the old layer: list
  marks `a) b) c)` in heaps (`o`, `D`, `⊙`, `Φ`), `ˉ` for a dash, and whole lines under the red stamp of pages 5 and 6 lost
  (外伤性颅内血肿, 中毒性疾病, 凝视麻痹, 中脑出血 a): they are read here with the colour bleached. Its remaining
  differences are these; therefore `eval/reading/lines.jsonl` holds lines written down from the picture of those and two other pages.
- What remains wrong: a recognised line may run over a narrow gap between two columns of a scanned table, so that a cell
  takes in its neighbour; the text of flow charts and plots is known (图中标注) but in no passage; tables that a saved notice
  holds as loose lines keep their caption but not their columns.
- Speed is measured twice: by the clock, which other programs on the machine lengthen, and by the workers' own computing
  time, from which follows what two free cores do.
"""


def main() -> int:
    """Measure every PDF of the folder and write the results."""
    default = Path(os.environ.get("ZHINAN_TEST_DATA", "../shared/data")) / "guidelines"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not folder.is_dir():
        print(f"没有测试数据：{folder}。用 ZHINAN_TEST_DATA 指向它。", file=sys.stderr)
        return 1
    paths = sorted(folder.glob("*.pdf"))
    figures = [measure(p) for p in paths]
    judged = judge_cells(gold_cells(), {f.doc: f.tables for f in figures})
    right = sum(ok for _, ok in judged)
    is_scan = {f.doc: f.recognised_pages > f.pages / 2 for f in figures}
    result = {
        "command": "python -m eval.reading",
        "documents": [{k: v for k, v in asdict(f).items() if k not in ("tables", "page_texts")} for f in figures],
        "cells": {
            "right": right,
            "of": len(judged),
            "tables": len({(c.doc, c.table) for c, _ in judged}),
            "wrong": [c._asdict() for c, ok in judged if not ok],
        },
        "lines": judge_lines(gold_lines(), {f.doc: f.page_texts for f in figures}),
        "starter_corpus": _starter(),
        "speed_digital": speed([p for p in paths if not is_scan[p.name]], ocr=False),
        "speed_recognised": speed([p for p in paths if is_scan[p.name]], ocr=True, workers=1),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "reading.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    table = _table(figures, result)
    (RESULTS / "reading.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


def _starter() -> dict[str, int]:
    """Count the starter corpus's tables that the text refers to, and those that stand in a section that does."""
    placed = [ok for p in sorted((ROOT / "corpus").rglob("*.pdf")) for _, ok in judge_placement(read_pdf(p, ocr=False).blocks)]
    return {"tables_referred_to": len(placed), "tables_in_a_section_that_refers": sum(placed)}


def _table(figures: list[Figures], result: dict) -> str:
    lines = [
        "# Reading, measured by `python -m eval.reading`",
        "",
        "| document | pages | passages | quotes verbatim | quotes in pdftotext | F1 pdftotext | recall .txt | F1 .txt | F1 shared | order .txt | lacks |"
        " left out in passages | body lost |",
        "| --- " * 13 + "|",
    ]
    for f in figures:
        text = [f"{v:.4f}" if v is not None else "–" for v in (f.pdftotext_f1, f.text_recall, f.text_f1, f.text_shared_f1, f.order)]
        shares = [f"{100 * v:.2f} %" for v in (f.left_out_in_passages, f.body_lost)]
        lines.append(
            f"| {f.doc.removesuffix('.pdf')} | {f.pages} | {f.passages} | {f.quotes_verbatim}/{f.quotes} |"
            f" {f.quotes_in_pdftotext}/{f.quotes} | {' | '.join(text)} | {f.text_lacks} | {' | '.join(shares)} |"
        )
    cells, digital, scans = result["cells"], result["speed_digital"], result["speed_recognised"]
    placed = [sum(getattr(f, name) for f in figures) for name in ("tables_in_a_section_that_refers", "tables_referred_to")]
    gold, starter = result["lines"], result["starter_corpus"]
    lines += [
        "",
        f"Lines written down from the picture of four pages of the scan, two stamped: {gold['exact']} of {gold['lines']} read exactly, F1 {gold['f1']:.4f}.",
        f"Tables that the text refers to, in a section that does: {placed[0]} of {placed[1]} here,"
        f" {starter['tables_in_a_section_that_refers']} of {starter['tables_referred_to']} in the starter corpus.",
        f"Gold cells: {cells['right']} of {cells['of']} right, from {cells['tables']} tables.",
        f"Digital files, two workers: {digital['pages']} pages in {digital['seconds']} s, {digital['pages_per_second']} pages/s;"
        f" {digital['cpu_seconds']} s of computing, {digital['pages_per_second_of_two_free_cores']} pages/s on two free cores;"
        f" peak memory of a worker {digital['peak_mb']} MB.",
        f"Recognised files, one worker: {scans['seconds'] / scans['pages']:.1f} s a page, {scans['cpu_seconds'] / scans['pages']:.1f} s"
        f" of computing; peak memory {scans['peak_mb']} MB.",
        NOTES,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
