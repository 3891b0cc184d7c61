"""`python -m eval.reading [FOLDER]`: measure reading and write eval/results/reading.{json,md}."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from eval.reading.cells import gold_cells, judge_cells
from eval.reading.measure import Figures, measure, speed

RESULTS = Path(__file__).parents[1] / "results"
NOTES = """
- `text_*` and `order` compare with the independent .txt beside a PDF; those texts lack reference lists and often author
  lists, and some have lost characters: in 高血压性脑出血 and 迟发性运动障碍 every decimal point of a full-width number
  is missing (88.9 % is `889%`), because its glyph has a private code; the page shows the point and it is read here.
  The .txt of 迟发性运动障碍 lacks whole table columns, and tables stand column by column in the others.
- `pdftotext` is poppler's reading of all pages, furniture and references included.
- `order` leaves tables, notes and captions aside, which have no one place in a text.
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
    result = {
        "command": "python -m eval.reading",
        "documents": [{k: v for k, v in asdict(f).items() if k != "tables"} for f in figures],
        "cells": {
            "right": right,
            "of": len(judged),
            "tables": len({(c.doc, c.table) for c, _ in judged}),
            "wrong": [c._asdict() for c, ok in judged if not ok],
        },
        "speed_two_workers": speed([p for p, f in zip(paths, figures, strict=True) if not f.skipped]),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "reading.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    table = _table(figures, result)
    (RESULTS / "reading.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


def _table(figures: list[Figures], result: dict) -> str:
    lines = [
        "# Reading, measured by `python -m eval.reading`",
        "",
        "| document | pages | passages | quotes verbatim | quotes in pdftotext | F1 pdftotext | recall .txt | F1 .txt | order .txt |"
        " left out in passages | body lost |",
        "| --- " * 11 + "|",
    ]
    for f in figures:
        text = [f"{v:.4f}" if v is not None else "–" for v in (f.pdftotext_f1, f.text_recall, f.text_f1, f.order)]
        shares = [f"{100 * v:.2f} %" for v in (f.left_out_in_passages, f.body_lost)]
        lines.append(
            f"| {f.doc.removesuffix('.pdf')} | {f.pages} | {f.passages} | {f.quotes_verbatim}/{f.quotes} |"
            f" {f.quotes_in_pdftotext}/{f.quotes} | {' | '.join(text)} | {' | '.join(shares)} |"
        )
    cells, speeds = result["cells"], result["speed_two_workers"]
    lines += [
        "",
        f"Gold cells: {cells['right']} of {cells['of']} right, from {cells['tables']} tables.",
        f"Speed, digital files, two workers: {speeds['pages']} pages in {speeds['seconds']} s,"
        f" {speeds['pages_per_second']} pages/s; peak memory of a worker {speeds['peak_mb']} MB.",
        NOTES,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
