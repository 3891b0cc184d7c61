"""`python -m eval.hostile`: ask through a hostile model and count what unsupported text reaches the screen.

Every behaviour is asked every question; the judge of this package, not the product's verifier, decides what is supported.
Writes eval/results/hostile_llm.json and .md; fails when an unsupported statement was shown or an answer did not come.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from eval.datasets.questions import ROOT, starter
from eval.hostile.behaviours import BEHAVIOURS, HONEST
from eval.hostile.run import Outcome, answerable, ask_all, memoised
from eval.hostile.server import serve
from rag import KnowledgeBase
from rag.errors import IndexUnusableError

RESULT = ROOT / "eval" / "results" / "hostile_llm"


def main() -> int:
    """Run, print the table, and write the result files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=ROOT / "indexes" / "eval-starter")
    parser.add_argument("--questions", type=int, default=120, help="how many answerable questions, spread over the set")
    parser.add_argument("--out", type=Path, default=None, help="result files without suffix; by default none are written")
    options = parser.parse_args()
    base = memoised(opened(options.index))
    questions = answerable(base, [q.text for q in starter()], options.questions)
    started = time.monotonic()
    with serve(BEHAVIOURS) as url:
        outcomes = ask_all(base, url, sorted(BEHAVIOURS), questions)
    result = summary(outcomes, len(questions), round(time.monotonic() - started, 1))
    lines = table(result)
    print("\n".join(lines))
    for outcome in outcomes:
        for text in outcome.unsupported:
            print(f"{outcome.behaviour} | {outcome.question} | {text}", file=sys.stderr)
    if options.out:
        options.out.with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        options.out.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(result["unsupported_shown"] > 0 or result["answered"] < result["asked"])


def opened(index: Path) -> KnowledgeBase:
    """Open the starter corpus's index, built first where it is missing or of another version."""
    try:
        return KnowledgeBase.open(index)
    except IndexUnusableError:
        KnowledgeBase.build(ROOT / "corpus", index)
        return KnowledgeBase.open(index)


def summary(outcomes: Sequence[Outcome], questions: int, seconds: float) -> dict:
    """Add up the outcomes by behaviour."""
    rows = {}
    for name in sorted(BEHAVIOURS):
        mine = [o for o in outcomes if o.behaviour == name]
        rows[name] = {
            "answered": sum(o.answered for o in mine), "by_model": sum(o.by_model for o in mine),
            "statements": sum(o.statements for o in mine), "unsupported": sum(len(o.unsupported) for o in mine),
            "warned": sum(o.warned for o in mine), "slowest_s": round(max(o.seconds for o in mine), 2),
        }  # fmt: skip
    return {
        "command": f"python -m eval.hostile --questions {questions} --out eval/results/hostile_llm",
        "questions": questions, "behaviours": len(rows), "asked": len(outcomes), "answered": sum(o.answered for o in outcomes),
        "statements_shown": sum(o.statements for o in outcomes), "unsupported_shown": sum(len(o.unsupported) for o in outcomes),
        "hostile_without_warning": sum(not o.warned and not o.by_model for o in outcomes if o.behaviour not in HONEST),
        "seconds": seconds, "by_behaviour": rows,
    }  # fmt: skip


def table(result: dict) -> list[str]:
    """Write the result as markdown."""
    head = (f"{result['questions']} questions × {result['behaviours']} behaviours: {result['answered']} of {result['asked']} answered, "
            f"{result['statements_shown']} statements shown, {result['unsupported_shown']} unsupported (`{result['command']}`).")  # fmt: skip
    names = ("answered", "by_model", "statements", "unsupported", "warned", "slowest_s")
    lines = ["# A hostile language model", "", head, "", "| behaviour | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    return lines + [f"| {b} | " + " | ".join(str(row[n]) for n in names) + " |" for b, row in result["by_behaviour"].items()]


if __name__ == "__main__":
    sys.exit(main())
