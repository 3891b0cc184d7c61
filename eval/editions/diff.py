"""Does the comparison of two editions find the changes written down by hand, and how much of what it reports is none?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from eval.datasets.questions import ROOT
from rag.changes import Change, compare
from rag.ingest.read import read
from rag.text.normalise import squeeze

HERE = Path(__file__).parent
GOLD = HERE / "diff_gold.jsonl"
JUDGED = HERE / "diff_judged.jsonl"
PAIRS: dict[str, tuple[str | Path, str | Path]] = {  # file names in the folder of test data, or whole paths
    "influenza-2018-2020": ("关于印发流行性感冒诊疗方案-2018年版修订版-的通知.json", "关于印发流行性感冒诊疗方案-2020年版-的通知.json"),
    "tetanus-2019-2024": ("国家卫生健康委办公厅关于印发非新生儿破伤风诊疗规范-2019年版-的通知.json",
                          "国家卫生健康委办公厅关于印发非新生儿破伤风诊疗规范-2024年版-的通知.json"),
    "covid-6-7": ("关于印发新型冠状病毒肺炎诊疗方案-试行第六版-的通知.json", "关于印发新型冠状病毒肺炎诊疗方案-试行第七版-的通知.json"),
    "diabetes-2017-2024": (ROOT / "corpus/pdf/type-2-diabetes-2017.pdf", ROOT / "corpus/pdf/type-2-diabetes-2024.pdf"),
}
_DASHES = str.maketrans("—–-－～－〜", "~~~~~~~")


class Gold(NamedTuple):
    """A change written down from the documents: words and quantities that must stand on the old and on the new side."""

    id: str
    pair: str
    kind: str
    what: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    def found_in(self, change: Change) -> bool:
        """Tell whether a reported change shows it: all its words on their side, and not unchanged on both."""
        old, new = _plain(change.old), _plain(change.new)
        if not (all(_plain(w) in old for w in self.old) and all(_plain(w) in new for w in self.new)):
            return False
        return any(_plain(w) not in old for w in self.new) or any(_plain(w) not in new for w in self.old)


def gold() -> list[Gold]:
    """Read the changes written down."""
    rows = (json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines())
    return [Gold(r["id"], r["pair"], r["kind"], r["what"], tuple(r["old"]), tuple(r["new"])) for r in rows]


def reported(folder: Path) -> dict[str, list[Change]]:
    """Compare each pair of editions."""
    return {pair: compare(read(folder / old), read(folder / new)) for pair, (old, new) in PAIRS.items()}


def mark(change: Change) -> str:
    """Name a reported change by what it shows, for the list of judgements."""
    return hashlib.sha256(f"{change.kind}\0{squeeze(change.old)}\0{squeeze(change.new)}".encode()).hexdigest()[:12]


def measure(folder: Path, missed: int) -> dict[str, Any]:
    """Count what is found, and what a reader judged to be no change; a report that nobody judged counts as false."""
    found = reported(folder)
    real = {r["mark"]: r["real"] for r in map(json.loads, JUDGED.read_text(encoding="utf-8").splitlines())} if JUDGED.is_file() else {}
    figures: dict[str, Any] = {}
    lost: list[str] = []
    for pair, changes in found.items():
        wanted = [g for g in gold() if g.pair == pair]
        misses = [g for g in wanted if not _shown(g, changes)]
        lost += [f"{g.id} {g.what}" for g in misses]
        false = [c for c in changes if not real.get(mark(c), False)]
        figures[pair] = {
            "written_down": len(wanted), "found": len(wanted) - len(misses), "reported": len(changes),
            "false": len(false), "not_judged": sum(mark(c) not in real for c in changes),
        }
    total = {name: sum(f[name] for f in figures.values()) for name in ("written_down", "found", "reported", "false", "not_judged")}
    return figures | {
        "all": total | {"found_share": round(total["found"] / total["written_down"], 3),
                        "false_share": round(total["false"] / max(total["reported"], 1), 3)},
        "missed": lost[:missed],
    }


def _shown(wanted: Gold, changes: Sequence[Change]) -> bool:
    """Tell whether one report shows the change, or one report its old and another its new side."""
    if any(wanted.found_in(c) for c in changes):
        return True
    halves = (wanted._replace(new=()), wanted._replace(old=()))
    return bool(wanted.old and wanted.new) and all(any(h.found_in(c) for c in changes) for h in halves)


def _plain(text: str) -> str:
    return squeeze(text).translate(_DASHES).lower()
