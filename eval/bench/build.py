"""Building an index: ours against LangChain's loader, splitter and FAISS, over the same PDFs and with the same embedder.

Each runs in a process of its own; the memory of its whole process tree is sampled, what processes share counted once. The
computing time stands beside the clock's, for a clock on a machine that others use as well says little.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing import forkserver
from pathlib import Path

import psutil

from eval.datasets.questions import test_data

SAMPLED_EVERY = 0.05  # seconds


def compare(folder: Path | None = None) -> dict[str, dict[str, object]]:
    """Build both ways over the folder's PDFs, then ours over everything in it, scans recognised.

    Returns pages, seconds, seconds of computing, pages a second and peak memory in MB of each, and the files that failed.
    """
    folder = folder or test_data() / "guidelines"
    with tempfile.TemporaryDirectory() as scratch:
        pdfs = Path(scratch) / "pdfs"
        pdfs.mkdir()
        for path in sorted(folder.glob("*.pdf")):
            shutil.copy(path, pdfs)
        over = {"zhinan": pdfs, "langchain": pdfs, "zhinan_everything": folder}
        return {name: _measured(name, files, Path(scratch) / name) for name, files in over.items()}


def _measured(name: str, folder: Path, target: Path) -> dict[str, object]:
    process = psutil.Popen([sys.executable, "-m", "eval.bench.build", name, str(folder), str(target)], stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(SAMPLED_EVERY)
    result = json.loads(process.stdout.read().splitlines()[-1])
    return result | {"pages_a_second": round(result["pages"] / result["seconds"], 1), "peak_mb": round(peak / 1e6)}


def _memory(process: psutil.Process) -> int:
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return total


def _zhinan(folder: Path, target: Path, *, ocr: bool = False) -> dict[str, object]:
    from rag import KnowledgeBase

    report = KnowledgeBase.build(folder, target, ocr=ocr)
    return {"files": report.parsed + len(report.failures), "pages": report.pages, "failed": [list(f) for f in report.failures]}


def _everything(folder: Path, target: Path) -> dict[str, object]:
    return _zhinan(folder, target, ocr=True)


def _langchain(folder: Path, target: Path) -> dict[str, object]:
    """Build as LangChain's own tutorial does; scans give it no text, but count as pages."""
    from langchain_community.vectorstores import FAISS

    import rag.retrieve.langchain  # noqa: F401 - registers our embedder as LangChain's
    from eval.bench.chunks import chunks_of, pages_of
    from rag.embed import load_embedder
    from rag.knowledge_base import DEFAULT_EMBEDDER

    paths = sorted(folder.glob("*.pdf"))
    pages = pages_of(paths)
    FAISS.from_documents(chunks_of(pages), load_embedder(DEFAULT_EMBEDDER)).save_local(str(target))
    return {"files": len(paths), "pages": len(pages), "failed": []}


_WAYS = {"zhinan": _zhinan, "langchain": _langchain, "zhinan_everything": _everything}


def _main() -> None:
    name, folder, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    started = time.perf_counter()
    result = _WAYS[name](folder, target)
    seconds = time.perf_counter() - started
    forkserver._forkserver._stop()  # its workers' computing counts as ours once it has been waited for
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    computing = sum(u.ru_utime + u.ru_stime for u in used)
    print(json.dumps(result | {"seconds": round(seconds, 2), "computing_seconds": round(computing, 2)}, ensure_ascii=False))


if __name__ == "__main__":
    _main()
