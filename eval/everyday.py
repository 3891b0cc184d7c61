"""Which pairs of characters laymen use when they ask; `python -m eval.everyday` writes `rag/text/everyday_pairs.txt`.

Read from the patients' questions of the test data, of which only these pairs are kept: those that at least three of the
7,644 questions have. What is in none of them and in no guideline found is likely the name of something else.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import typer

from eval.datasets.questions import ROOT, test_data
from rag.text.segment import bigrams

OUT = ROOT / "rag" / "text" / "everyday_pairs.txt"
LEAST = 3  # questions


def everyday(path: Path) -> list[str]:
    """List the pairs that at least LEAST questions have, sorted."""
    seen: Counter[str] = Counter()
    with path.open(encoding="gb18030", errors="ignore", newline="") as file:
        for row in csv.DictReader(file):
            seen.update(set(bigrams(f"{row['title']} {row['ask']}")))
    return sorted(pair for pair, count in seen.items() if count >= LEAST)


def main() -> None:
    """Write the pairs, one first character a line, followed by all that come after it."""
    following: dict[str, str] = {}
    for first, second in everyday(test_data() / "text" / "toyhom_neike_sample_gb18030.csv"):
        following[first] = following.get(first, "") + second
    OUT.write_text("".join(f"{first}{rest}\n" for first, rest in following.items()), encoding="utf-8")
    typer.echo(f"{OUT.relative_to(ROOT)}：{sum(map(len, following.values()))} 对")


if __name__ == "__main__":
    typer.run(main)
