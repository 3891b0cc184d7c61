"""`python -m eval.reading.mutate`: 500 damaged PDFs, each to be read or named, with no harm to the parent."""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from rag.errors import ReadError
from rag.ingest import Limits, ReadRequest, read_files

ROOT = Path(__file__).parents[2]
RESULT = Path(__file__).parents[1] / "results" / "mutations.json"
COUNT, SEED, SECONDS = 500, 20240601, 20.0
_OBJECT = re.compile(rb"\d+ \d+ obj.*?endobj", re.DOTALL)
_NUMBER = re.compile(rb"(?<=[ \[/])\d{1,9}(?=[ \]/>])")


def flip_bits(data: bytes, draw: random.Random) -> bytes:
    """Flip one to two hundred bits anywhere."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 200)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def truncate(data: bytes, draw: random.Random) -> bytes:
    """Cut the file off."""
    return data[: draw.randrange(1, len(data))]


def splice(data: bytes, draw: random.Random) -> bytes:
    """Put one object's bytes in the place of another's."""
    objects = [m.span() for m in _OBJECT.finditer(data)]
    if len(objects) < 2:
        return flip_bits(data, draw)
    (a0, a1), (b0, b1) = draw.sample(objects, 2)
    return data[:a0] + data[b0:b1] + data[a1:]


def swap_numbers(data: bytes, draw: random.Random) -> bytes:
    """Change references, lengths and sizes outside of streams to other numbers."""
    places = [m.span() for m in _NUMBER.finditer(data)]
    for start, stop in sorted(draw.sample(places, min(len(places), 8)), reverse=True):
        data = data[:start] + str(draw.choice((0, 1, 7, 65536, 2**31 - 1))).encode() + data[stop:]
    return data


MUTATORS: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip_bits, truncate, splice, swap_numbers)


def mutants(sources: list[Path], folder: Path, count: int = COUNT, seed: int = SEED) -> list[Path]:
    """Write damaged copies of PDFs into a folder, the same for the same seed; return their paths."""
    draw = random.Random(seed)
    made = []
    for n in range(count):
        mutate = MUTATORS[n % len(MUTATORS)]
        source = draw.choice(sources)
        path = folder / f"{n:03}-{mutate.__name__}-{source.stem}.pdf"
        path.write_bytes(mutate(source.read_bytes(), draw))
        made.append(path)
    return made


def main() -> int:
    """Read all mutants and write down how they ended."""
    sources = sorted((ROOT / "corpus").rglob("*.pdf"), key=lambda p: p.stat().st_size)[:12]
    extra = [Path(a) for a in sys.argv[1:]]
    ends: Counter[str] = Counter()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        paths = mutants([*sources, *extra], Path(folder))
        named = set()
        last = started = time.perf_counter()
        for request, result in read_files([ReadRequest(p, ocr=False) for p in paths], limits=Limits(SECONDS, 3 * SECONDS)):
            named.add(request.path)
            ends["error named" if isinstance(result, ReadError) else "read"] += 1
            if isinstance(result, ReadError) and ("崩溃" in str(result) or "仍无结果" in str(result)):
                ends["worker lost: " + request.path.name] += 1
            worst, last = max(worst, time.perf_counter() - last), time.perf_counter()
    result = {
        "command": "python -m eval.reading.mutate",
        "files": len(paths), "accounted_for": len(named), "ends": dict(ends),
        "seconds": round(last - started, 1), "longest_silence_s": round(worst, 1),
    }  # fmt: skip
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False))
    return 0 if len(named) == len(paths) else 1


if __name__ == "__main__":
    sys.exit(main())
