"""From outcomes to figures: a row a style, the whole, and the worst cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from eval.datasets.questions import Question
from eval.metrics.separation import auroc
from eval.outcome import Outcome

_SHOWN = 3  # passages of a question that went wrong
_SHARES = ("page_at_5", "facts_at_5", "answered", "facts_right", "page_cited", "superseded_shown", "quotes_verbatim")


def by_style(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Average each measure for each style, for all answerable and for all unanswerable questions."""
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.style].append(outcome)
        groups["all" if _answerable(outcome) else "unanswerable"].append(outcome)
    result: dict[str, dict[str, Any]] = {}
    for style, members in sorted(groups.items()):
        result[style] = {"n": len(members)} | {
            name: round(sum(getattr(o, name) for o in members) / len(members), 3) for name in _SHARES
        }
    if groups["all"]:
        result["all"] |= {
            "auroc": _auroc(groups["all"], groups["unanswerable"]),
            "auroc_near_miss": _auroc(groups["all"], groups.get("near_miss", [])),
            "retrieve_ms_p50": round(median(o.retrieve_ms for o in outcomes), 1),
            "total_ms_p50": round(median(o.total_ms for o in outcomes), 1),
        }
    return result


def _auroc(answerable: Sequence[Outcome], others: Sequence[Outcome]) -> float | None:
    return round(auroc([o.confidence for o in answerable], [o.confidence for o in others]), 3) if others else None


def table(summary: dict[str, dict[str, Any]]) -> str:
    """Write the figures as aligned text."""
    lines = ["".join([f"{'':16}", f"{'n':>5}", *(f"{name:>18}" for name in _SHARES)])]
    for style, row in summary.items():
        lines.append("".join([f"{style:16}", f"{row['n']:>5}", *(f"{row[name]:>18.3f}" for name in _SHARES)]))
    extra = {k: v for k, v in summary.get("all", {}).items() if k not in {"n", *_SHARES}}
    return "\n".join([*lines, " ".join(f"{k}={v}" for k, v in extra.items())])


def worst(outcomes: Iterable[Outcome], questions: Sequence[Question], count: int) -> list[str]:
    """List questions that went wrong, answerable ones missed and others that were answered, with what was retrieved."""
    texts = {q.id: q.text for q in questions}
    missed = [o for o in outcomes if (not o.facts_right if _answerable(o) else o.answered)]
    return [
        f"{o.id} [{o.style}] page@5={o.page_at_5:d} facts@5={o.facts_at_5:d} answered={o.answered:d} "
        f"said={o.facts_right:d} conf={o.confidence:.2f} {texts[o.id]} <- {'; '.join(o.retrieved[:_SHOWN])}"
        for o in missed[:count]
    ]


_UNANSWERABLE = {"other_disease", "near_miss", "non_medical"}


def _answerable(outcome: Outcome) -> bool:
    return outcome.style not in _UNANSWERABLE
