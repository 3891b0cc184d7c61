"""How much a character speaks for a drug's name; `python -m eval.drug_characters` writes `rag/text/drug_characters.txt`.

The log of how much more often it stands in the lexicon's names of drugs than in textbooks and patients' questions. Of the
texts only these numbers are kept.
"""

from __future__ import annotations

import csv
import math
import re
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import typer

from eval.datasets.questions import ROOT, test_data
from eval.embedder.pairs import sections
from rag.text.lexicon import lexicon

OUT = ROOT / "rag" / "text" / "drug_characters.txt"
_NAME = re.compile(r"[\u3400-\u9fff]{3,}")
# Parts of names that are words: they say nothing of how an unknown name is spelt.
_WORDS = re.compile(r"类|药|抑制剂|拮抗剂|激动剂|受体|注射液|疫苗|胶囊|颗粒|片$|丸|汤|散$|清|消|血|复方|盐$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SMOOTHING, _CHARACTERS = 0.3, 4000


def weights() -> dict[str, float]:
    """Return the weight of each character that stands in a drug's name."""
    names = {n for n in lexicon().names_of("drug") if _NAME.fullmatch(n) and not _WORDS.search(n)}
    named = Counter("".join(sorted(names)))
    common = _frequencies()
    whole = sum(named.values()) + _SMOOTHING * _CHARACTERS
    return {c: math.log((count + _SMOOTHING) / whole) - math.log(common[c]) for c, count in named.items()}


def _frequencies() -> dict[str, float]:
    """Return how often each character stands in the texts, textbooks counting as much as questions."""
    written, asked = (Counter(_HAN.findall("\n".join(texts))) for texts in (_written(), _asked()))
    scale = asked.total() / written.total()
    whole = 2 * asked.total() + _CHARACTERS
    return defaultdict(lambda: 1 / whole, {c: (written[c] * scale + asked[c] + 1) / whole for c in written | asked})


def _written() -> Iterator[str]:
    folder = test_data() / "text"
    with tempfile.TemporaryDirectory() as unpacked:
        for archive in sorted(folder.glob("*.tar.xz")):
            with tarfile.open(archive) as packed:
                packed.extractall(unpacked, filter="data")
        yield from (section.paragraph for section in sections(Path(unpacked)))


def _asked() -> Iterator[str]:
    with (test_data() / "text" / "toyhom_neike_sample_gb18030.csv").open(encoding="gb18030", errors="ignore", newline="") as file:
        yield from (f"{row['title']} {row['ask']}" for row in csv.DictReader(file))


def main() -> None:
    """Write the characters by weight, in steps of a half, heaviest first."""
    lines: dict[float, str] = {}
    for c, weight in sorted(weights().items(), key=lambda item: (-round(2 * item[1]), item[0])):
        step = round(2 * weight) / 2
        lines[step] = lines.get(step, "") + c
    OUT.write_text("".join(f"{step} {characters}\n" for step, characters in lines.items()), encoding="utf-8")
    typer.echo(f"{OUT.relative_to(ROOT)}：{sum(map(len, lines.values()))} 字")


if __name__ == "__main__":
    typer.run(main)
