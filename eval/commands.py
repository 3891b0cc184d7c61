"""The evaluation's commands; each writes its figures as JSON beside the table it prints."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.datasets.questions import QUESTIONS, ROOT, Question, guideline_qa, starter_all, test_data, unanswerable
from eval.outcome import Outcome, judge
from eval.runs import configuration, digest, write
from eval.summary import by_style, table, worst
from rag import KnowledgeBase

RESULTS = ROOT / "eval" / "results"

app = typer.Typer(help="测量质量与速度。", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def main() -> None:
    """Measure quality and speed."""


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="guideline_qa、starter、heldout 或 learning")],
    index: Annotated[Path | None, typer.Option(help="已建好的索引；不给则建在 indexes/eval-<名称>。")] = None,
    out: Annotated[Path | None, typer.Option(help="把结果写到这个 JSON 文件。")] = None,
    runs: Annotated[Path | None, typer.Option(help="把每个问题的结果写到这个 JSON Lines 文件。")] = None,
    misses: Annotated[int, typer.Option(help="列出几个最差的。")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="只打印一个 JSON 对象。")] = False,
) -> None:
    """Run one question set and report by style."""
    corpus, questions = _set(name)
    index = index or ROOT / "indexes" / f"eval-{name}"
    KnowledgeBase.build(corpus, index)
    base = KnowledgeBase.open(index)
    base.ask("预热：高血压的诊断标准")
    outcomes = [judge(base, q) for q in questions]
    summary, told = by_style(outcomes), configuration(base)
    lines = worst(outcomes, questions, misses)
    report = {"command": f"python -m eval run {name}", "configuration": digest(told), "summary": summary}
    if as_json:
        typer.echo(json.dumps(report | {"configured": told, "worst": lines}, ensure_ascii=False))
    else:
        typer.echo("\n".join([table(summary), *lines]))
    if out:
        out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if runs:
        write(runs, name, told, outcomes)


@app.command()
def gates() -> None:
    """Hold the starter and held-out questions against the floors of eval/gates.toml; exit code 1 below any."""
    from eval.gates import failures

    index = ROOT / "indexes" / "default"
    KnowledgeBase.build(ROOT / "corpus", index)
    base = KnowledgeBase.open(index)
    summaries = {}
    for name in ("starter", "heldout"):
        summaries[name] = by_style([judge(base, q) for q in _set(name)[1]])
        typer.echo(f"{name}\n{table(summaries[name])}")
    below = failures(summaries)
    for line in below:
        typer.echo(line, err=True)
    raise typer.Exit(1 if below else 0)


@app.command()
def bench(out: Annotated[Path, typer.Option(help="结果文件。")] = RESULTS / "bench.json") -> None:
    """Time whole commands over the starter index, and building against LangChain's way where the test data are."""
    from eval.bench import build, start

    index = ROOT / "indexes" / "default"
    KnowledgeBase.build(ROOT / "corpus", index)
    result: dict[str, object] = {"command": "python -m eval bench", "machine": _machine(), "whole_process_ms": start.measure(index)}
    if test_data().is_dir():
        result["build"] = build.compare()
    _write(out, result)


@app.command()
def ranking(
    folder: Annotated[Path, typer.Option("--index", help="索引所在的目录；没有就建。")] = ROOT / "indexes" / "eval-ranking",
    out: Annotated[Path, typer.Option(help="结果文件。")] = RESULTS / "ranking.json",
) -> None:
    """Rank the documents of CMExam and cMedQA2."""
    from eval.bench.ranking import measure

    _write(out, {"command": "python -m eval ranking", "tasks": measure(folder)})


@app.command()
def sidebyside(
    index: Annotated[Path, typer.Option(help="我们的索引；没有就建。")] = ROOT / "indexes" / "eval-guideline_qa",
    out: Annotated[Path, typer.Option(help="结果文件。")] = RESULTS / "sidebyside.json",
) -> None:
    """Ask other retrieval systems the same questions over the same guidelines."""
    if not (test_data() / "guidelines").is_dir():
        raise typer.BadParameter(f"没有测试数据：{test_data()}。请用环境变量 ZHINAN_TEST_DATA 指定其目录。")
    from eval.bench.sidebyside import compare

    _write(out, {"command": "python -m eval sidebyside", "machine": _machine(), "systems": compare(index)})


@app.command()
def ablation(
    starter: Annotated[Path, typer.Option(help="初始语料的索引；没有就建。")] = ROOT / "indexes" / "eval-starter",
    guidelines: Annotated[Path, typer.Option(help="测试指南的索引；没有就建。")] = ROOT / "indexes" / "eval-guideline_qa",
    out: Annotated[Path, typer.Option(help="结果文件。")] = RESULTS / "ablation.json",
) -> None:
    """Measure what each part of retrieval brings, the test guidelines included where they are."""
    from eval.bench.ablation import pooled, scores, summary, variants

    sets = {"starter": starter, "heldout": starter} | ({"guideline_qa": guidelines} if test_data().is_dir() else {})
    scored = {}
    for name, index in sets.items():
        corpus, questions = _set(name)
        KnowledgeBase.build(corpus, index)
        made = variants(KnowledgeBase.open(index))
        scored[name] = {variant: scores(make(), questions) for variant, make in made.items()}
    scored["all"] = pooled(scored.values())
    told = {name: {"questions": len(of["whole"]), "variants": summary(of)} for name, of in scored.items()}
    _write(out, {"command": "python -m eval ablation", "sets": told})


@app.command()
def latency(
    folder: Annotated[Path, typer.Option("--index", help="两个索引所在的目录；没有就建。")] = ROOT / "indexes" / "eval-latency",
    out: Annotated[Path, typer.Option(help="结果文件。")] = RESULTS / "latency.json",
) -> None:
    """Time warm searches among 10,000 and 200,000 passages of raw medical text."""
    from eval.bench.latency import measure

    _write(out, {"command": "python -m eval latency", "machine": _machine(), "passages": measure(folder)})


@app.command()
def learn(
    index: Annotated[Path | None, typer.Option(help="已建好的初始语料索引。")] = None,
    out: Annotated[Path, typer.Option(help="把交叉验证的结果写到这个 JSON 文件。")] = RESULTS / "learning.json",
) -> None:
    """Learn the weights of evidence and of sufficiency on the starter and learning questions."""
    from eval import evidence, sufficiency

    usual = starter_all()
    questions = usual + starter_all(QUESTIONS / "learning")
    index = index or ROOT / "indexes" / "eval-starter"
    KnowledgeBase.build(ROOT / "corpus", index)
    base = KnowledgeBase.open(index)
    result = {"command": "python -m eval learn", "evidence": evidence.learn(base, [q for q in questions if q.facts])}
    result["sufficiency"] = sufficiency.learn(base, questions, {q.id for q in usual})
    _write(out, result)


def _machine() -> dict[str, float | None]:
    """Describe the machine; others at work on it make the clock say little."""
    return {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1)}


def _write(out: Path, result: dict[str, Any]) -> None:
    text = json.dumps(result, ensure_ascii=False, indent=1)
    out.write_text(text + "\n", encoding="utf-8")
    typer.echo(text)


def _set(name: str) -> tuple[Path, list[Question]]:
    if name == "guideline_qa":
        data = test_data()
        return data / "guidelines", guideline_qa() + unanswerable(data / "eval" / "unanswerable.jsonl")
    folders = {"starter": QUESTIONS, "heldout": QUESTIONS / "heldout", "learning": QUESTIONS / "learning"}
    if name in folders:
        return ROOT / "corpus", starter_all(folders[name])
    raise typer.BadParameter(f"没有名为 {name} 的问题集；可用：guideline_qa、{'、'.join(folders)}。")


__all__ = ["Outcome", "app"]
