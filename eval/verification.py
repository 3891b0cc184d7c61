"""How well claims are checked: false ones caught by kind, true ones accepted; `python -m eval.verification --out FILE`."""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eval.mutations import mutants
from rag.answer.verify import verify
from rag.answer.verify.reading import read

ROOT = Path(__file__).parents[1]
WRITTEN = ROOT / "tests" / "answer" / "claim_cases.jsonl"
FRESH = ROOT / "eval" / "claims"
SEED = 7


def measure(cases: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Count per kind how many verdicts are right, and over all true and all false claims which share is."""
    right: Counter[tuple[bool, str]] = Counter()
    total: Counter[tuple[bool, str]] = Counter()
    for case in cases:
        key = (case["supported"], case["kind"])
        total[key] += 1
        right[key] += verify(case["claim"], case["source"]).supported == case["supported"]
    out: dict[str, Any] = {}
    for supported, name in ((True, "accepted"), (False, "caught")):
        kinds = sorted(kind for s, kind in total if s == supported)
        count, good = (sum(c[supported, k] for k in kinds) for c in (total, right))
        out[name] = {"share": round(good / count, 4) if count else None, "right": good, "of": count}
        out[name]["by_kind"] = {k: [right[supported, k], total[supported, k]] for k in kinds}
    return out


def digest_sentences() -> list[str]:
    """List the sentences of the starter digests, without headings, tables and references."""
    found: list[str] = []
    for path in sorted((ROOT / "corpus" / "text").glob("*.md")):
        body = path.read_text("utf-8").split("+++", 2)[-1].split("## 参考文献")[0]
        lines = [line.strip("- ") for line in body.splitlines() if line.strip() and line[0] not in "#|"]
        found += [s for line in lines for s in re.split(r"(?<=[。；])", line) if len(s) > 6]
    return found


def mutated(sentences: list[str]) -> list[dict[str, Any]]:
    """Turn sentences into cases by the rules of eval/mutations.py."""
    return [
        {"source": s, "claim": m.claim, "kind": m.kind, "supported": m.supported} for s in sentences for m in mutants(s, SEED)
    ]


def shared_claims() -> list[dict[str, Any]]:
    """Read the shared claims where ZHINAN_TEST_DATA (a folder with eval/claims.jsonl) is set; else none."""
    path = Path(os.environ.get("ZHINAN_TEST_DATA", ROOT.parent / "shared" / "data")) / "eval" / "claims.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def speed(cases: list[dict[str, Any]]) -> int:
    """Return pairs a second of processor time, every text read anew."""
    for case in cases[:50]:
        verify(case["claim"], case["source"])
    read.cache_clear()
    start = time.process_time()
    for case in cases:
        verify(case["claim"], case["source"])
    return round(len(cases) / (time.process_time() - start))


def main() -> None:
    """Measure, print the shares, and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="result file, e.g. eval/results/claims.json")
    options = parser.parse_args()
    written = [json.loads(line) for line in WRITTEN.read_text("utf-8").splitlines()]
    shared, digests = shared_claims(), digest_sentences()
    result: dict[str, Any] = {"command": "python -m eval.verification --out eval/results/claims.json", "written": measure(written)}
    for path in sorted(FRESH.glob("*.jsonl")):
        result[path.stem] = measure(map(json.loads, path.read_text("utf-8").splitlines()))
    if shared:
        # developed on the even lines; the odd ones were looked at once, at the end
        result["shared_even_lines"] = measure(shared[1::2])
        result["shared_odd_lines_held_out"] = measure(shared[0::2])
        result["shared"] = measure(shared)
    if digests:
        result["digests_mutated"] = measure(mutated(digests)) | {"sentences": len(digests)}
    result["pairs_per_second"] = speed(written)
    for name, figures in result.items():
        if isinstance(figures, dict):
            print(f"{name}: caught {figures['caught']['share']}, accepted {figures['accepted']['share']}")
    if options.out:
        options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
