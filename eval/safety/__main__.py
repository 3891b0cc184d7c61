"""`python -m eval.safety`: measure red flags and masking and write eval/results/redflags.json and privacy.json."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from eval.safety.planted import PLAIN, planted
from rag.answer import redflag
from rag.text.identifiers import mask
from rag.text.normalise import squeeze

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parent / "results"
_PIECE = 5
COMMAND = "python -m eval.safety"


def red_flags(path: Path) -> dict[str, Any]:
    """Count emergencies seen and near misses alarmed in one file of written questions."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    redflag.warnings("预热")
    started = time.perf_counter()
    alarmed = {row["id"]: bool(redflag.warnings(row["question"])) for row in rows}
    milliseconds = (time.perf_counter() - started) / len(rows) * 1000
    emergencies = [row for row in rows if row["red_flag"]]
    others = [row for row in rows if not row["red_flag"]]
    missed = [row["question"] for row in emergencies if not alarmed[row["id"]]]
    false = [row["question"] for row in others if alarmed[row["id"]]]
    by_rule = sum(bool(redflag.match(row["question"])) for row in emergencies)
    return {
        "emergencies": len(emergencies), "recall": round(1 - len(missed) / len(emergencies), 4),
        "recall_of_rules": round(by_rule / len(emergencies), 4), "missed": missed,
        "near_misses": len(others), "false_alarms": round(len(false) / len(others), 4), "alarmed": false,
        "ms_per_question": round(milliseconds, 1),
    }


def ordinary() -> dict[str, Any]:
    """Count alarms among the starter questions, which are ordinary ones with a few emergencies among them."""
    questions = [
        json.loads(line)["question"]
        for path in sorted((FOLDER.parent / "questions").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    alarmed = [q for q in questions if redflag.warnings(q)]
    return {"questions": len(questions), "alarmed": alarmed}


def survives(secret: str, text: str) -> bool:
    """Tell whether a piece of an identifier, five characters or the whole of a shorter one, can still be read."""
    written, readable = squeeze(secret), squeeze(text)
    size = min(_PIECE, len(written))
    return any(written[i : i + size] in readable for i in range(len(written) - size + 1))


def privacy() -> dict[str, Any]:
    """Plant identifiers and count those that stay; count plain texts from which something was taken."""
    planted_ones = list(planted())
    left = [p for p in planted_ones if survives(p.secret, mask(p.question).text)]
    damaged = [text for text in PLAIN if mask(text).counts]
    return {
        "planted": len(planted_ones), "by_kind": dict(Counter(p.kind for p in planted_ones)), "left": [p._asdict() for p in left],
        "plain_texts": len(PLAIN), "damaged": damaged,
    }


def main() -> int:
    """Measure and write; fail when an emergency is missed, alarms exceed 3 %, or an identifier is left."""
    sets = {path.stem: red_flags(path) for path in sorted(FOLDER.glob("*.jsonl"))}
    flags = {"command": COMMAND, "rules": len(redflag.rules()), "sets": sets, "starter_questions": ordinary()}
    masking = {"command": COMMAND, **privacy()}
    for name, figures in (("redflags", flags), ("privacy", masking)):
        (RESULTS / f"{name}.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, figures in sets.items():
        print(f"{name}: recall {figures['recall']} of {figures['emergencies']}, "
              f"false alarms {figures['false_alarms']} of {figures['near_misses']}")
    print(f"planted {masking['planted']}, left {len(masking['left'])}; plain {len(PLAIN)}, damaged {len(masking['damaged'])}")
    written = sets["redflags"]
    return int(written["recall"] < 1 or written["false_alarms"] > 0.03 or bool(masking["left"]))


if __name__ == "__main__":
    sys.exit(main())
