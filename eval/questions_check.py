"""Hold the starter corpus's questions against its pages: find each quote's page, check every fact, count the styles.

The questions of `learning/` and `heldout/` are checked alike; those of `learning/` are there to learn from, and nothing may be
learned from those of `heldout/` or set by them, so that results on them tell.
`python -m eval.questions_check` reports and fails on any finding; `--write` also fills in `pages`, which change when a
digest is typeset anew.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.gold import Guideline, find, gold_pages, group_missing
from rag.digest.digest import read_digest

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "eval" / "questions"
LEARNING = QUESTIONS / "learning"
HELDOUT = QUESTIONS / "heldout"
UNANSWERABLE = "unanswerable.jsonl"
STYLES = {"colloquial", "dose", "contraindication", "referral", "followup", "clinician", "edition"}
KINDS = {"near_miss", "other_disease", "non_medical"}
# What the project asks of the set: the styles counted together, and the least number of questions.
FLOORS = (
    (tuple(sorted(STYLES)), 240), (("colloquial",), 60), (("dose",), 60), (("contraindication",), 30),
    (("referral", "followup"), 40), (("edition",), 20),
)
UNANSWERABLE_FLOOR = 60
LEARNING_FLOOR, LEARNING_UNANSWERABLE_FLOOR = 300, 180
HELDOUT_FLOOR, HELDOUT_UNANSWERABLE_FLOOR = 100, 30
_NEEDED = {"id", "question", "style", "guideline", "quote", "facts"}


@cache
def guideline(guideline_id: str) -> Guideline | None:
    """Read a digest with its pages; None where there is no such digest or it is not typeset."""
    text, pdf = ROOT / "corpus" / "text" / f"{guideline_id}.md", ROOT / "corpus" / "pdf" / f"{guideline_id}.pdf"
    return Guideline.read(read_digest(text), pdf) if text.is_file() and pdf.is_file() else None


def check_question(q: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a question."""
    if missing := _NEEDED - set(q):
        yield f"缺 {'、'.join(sorted(missing))}"
        return
    if q["style"] not in STYLES:
        yield f"没有名为 {q['style']} 的 style"
    source = guideline(q["guideline"])
    if source is None:
        yield f"没有指南 {q['guideline']}（或还没有排版）"
        return
    if len(q["quote"]) > 60:
        yield f"quote 有 {len(q['quote'])} 字，应不超过 60 字"
    for quote in (q["quote"], *q.get("also", [])):
        if not gold_pages(source, quote, q["facts"]):
            yield f"页面上找不到 quote：“{quote}”"
    for other in q.get("elsewhere", []):
        yield from _elsewhere_problems(q, other)
    pages = all_pages(source, q)
    if q.get("pages") != pages:
        yield f"pages 应为 {pages}，请运行 python -m eval.questions_check --write"
    for group in q["facts"]:
        if group_missing(source, group):
            yield f"指南里没有这组事实：{group}"
    yield from _edition_problems(q, source)


def _elsewhere_problems(q: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with another digest's sentence that answers a question too."""
    source = guideline(other["guideline"])
    if source is None or other["guideline"] == q["guideline"]:
        yield f"elsewhere 应指另一份指南：{other['guideline']}"
        return
    pages = sorted(find(source.pages, other["quote"]))
    if not pages:
        yield f"{other['guideline']} 的页面上找不到 quote：“{other['quote']}”"
    elif other.get("pages") != pages:
        yield f"{other['guideline']} 的 pages 应为 {pages}，请运行 python -m eval.questions_check --write"


def all_pages(source: Guideline, q: dict[str, Any]) -> list[int]:
    """List the pages that answer a question: those of its quote and of the other sentences that say the same (`also`)."""
    return sorted({page for quote in (q["quote"], *q.get("also", [])) for page in gold_pages(source, quote, q["facts"])})


def _edition_problems(q: dict[str, Any], source: Guideline) -> Iterator[str]:
    """Yield what is wrong with a question on editions: it states what a replaced edition said, and that edition says so."""
    old = [g for i in source.replaces(ROOT / "corpus" / "text") if (g := guideline(i))]
    if q["style"] == "edition" and not q.get("superseded_facts"):
        yield "style 为 edition 的问题应有 superseded_facts"
    for group in q.get("superseded_facts", []):
        if all(group_missing(g, group) for g in old):
            yield f"旧版里没有这组事实：{group}"


def check_unanswerable(q: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a question that must be refused: its terms must be absent from where it says."""
    if q.get("kind") not in KINDS or not q.get("why"):
        yield f"kind 应为 {'、'.join(sorted(KINDS))} 之一，why 不可空"
        return
    terms = q.get("absent_terms", [])
    if q["kind"] == "other_disease" and not terms:  # a near miss may lack but the detail, in words that are there
        yield "应有 absent_terms"
    names = [q["guideline"]] if "guideline" in q else [p.stem for p in sorted((ROOT / "corpus" / "text").glob("*.md"))]
    for name in names:
        source = guideline(name)
        if source is None:
            yield f"没有指南 {name}"
            continue
        for term in terms:
            if not group_missing(source, [term]):
                yield f"{name} 里有“{term}”"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write a file of JSON lines where it would differ."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def counts() -> Iterator[tuple[str, int, int]]:
    """Yield each floor with the number of questions that there are and that there must be."""
    have = Counter(q.get("style") for path in QUESTIONS.glob("*.jsonl") for q in read_lines(path))
    for styles, least in FLOORS:
        name = "全部" if len(styles) == len(STYLES) else "+".join(styles)
        yield name, sum(have[s] for s in styles), least
    yield "无答案", len(read_lines(QUESTIONS / UNANSWERABLE)), UNANSWERABLE_FLOOR
    yield "学习", sum(len(read_lines(path)) for path in LEARNING.glob("*.jsonl")), LEARNING_FLOOR
    yield "学习无答案", len(read_lines(LEARNING / UNANSWERABLE)), LEARNING_UNANSWERABLE_FLOOR
    yield "留出", sum(len(read_lines(path)) for path in HELDOUT.glob("*.jsonl")), HELDOUT_FLOOR
    yield "留出无答案", len(read_lines(HELDOUT / UNANSWERABLE)), HELDOUT_UNANSWERABLE_FLOOR


def question_files() -> list[Path]:
    """List the files of questions, those held out last."""
    return [path for folder in (QUESTIONS, LEARNING, HELDOUT) for path in sorted(folder.glob("*.jsonl"))]


def findings() -> Iterator[str]:
    """Yield what is wrong with the questions, each with its file and line."""
    seen: Counter[str] = Counter()
    for path in question_files():
        check = check_unanswerable if path.name == UNANSWERABLE else check_question
        for n, q in enumerate(read_lines(path), 1):
            seen[q.get("id", "")] += 1
            for problem in (*check(q), *(["编号重复"] if seen[q.get("id", "")] > 1 else [])):
                yield f"{path.relative_to(ROOT)}:{n}: {q.get('id')}：{problem}"


def fill_pages() -> None:
    """Write into every question file the pages that its quotes stand on now."""
    for path in question_files():
        rows = read_lines(path)
        for q in rows:
            if _NEEDED <= set(q) and (source := guideline(q["guideline"])):
                q["pages"] = all_pages(source, q)
                for other in q.get("elsewhere", []):
                    if found := guideline(other["guideline"]):
                        other["pages"] = sorted(find(found.pages, other["quote"]))
        write_lines(path, rows)


def main(write: Annotated[bool, typer.Option("--write", help="写入 pages。")] = False) -> None:
    """Check all questions; exit 1 when anything is wrong or a floor is not reached."""
    if write:
        fill_pages()
    wrong = list(findings())
    for line in wrong:
        typer.echo(line)
    short = False
    for name, have, least in counts():
        typer.echo(f"{name}：{have} / {least}{'' if have >= least else '  不足'}")
        short = short or have < least
    sys.exit(1 if wrong or short else 0)


if __name__ == "__main__":
    typer.run(main)
