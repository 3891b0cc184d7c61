"""Building an index over a folder of PDFs: ours against LangChain's loader, splitter and FAISS, with the same embedder.

`python -m eval bench build` runs each in a process of its own and samples the memory of its whole process tree.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from eval.datasets.questions import test_data

SAMPLED_EVERY = 0.05  # seconds


def compare(folder: Path | None = None) -> dict[str, dict[str, float]]:
    """Build both ways over the folder's PDFs; return pages, seconds, pages a second and peak memory in MB of each."""
    folder = folder or test_data() / "guidelines"
    with tempfile.TemporaryDirectory() as scratch:
        pdfs = Path(scratch) / "pdfs"
        pdfs.mkdir()
        for path in sorted(folder.glob("*.pdf")):
            (pdfs / path.name).symlink_to(path)
        return {name: _measured(name, pdfs, Path(scratch) / name) for name in ("zhinan", "langchain")}


def _measured(name: str, folder: Path, target: Path) -> dict[str, float]:
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
            total += one.memory_full_info().uss
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return total


def _zhinan(folder: Path, target: Path) -> int:
    from rag import KnowledgeBase

    return KnowledgeBase.build(folder, target, ocr=False).pages


def _langchain(folder: Path, target: Path) -> int:
    """Build as LangChain's own tutorial does; scans give it no text, and files that it cannot open are left out."""
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_community.vectorstores import FAISS
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    import rag.retrieve.langchain  # noqa: F401 - registers our embedder as LangChain's
    from rag.embed import load_embedder

    pages = [page for path in sorted(folder.glob("*.pdf")) for page in PyPDFLoader(str(path)).load()]
    chunks = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50).split_documents(pages)
    FAISS.from_documents([c for c in chunks if c.page_content.strip()], load_embedder("use-multilingual")).save_local(str(target))
    return len(pages)


def _main() -> None:
    name, folder, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    started = time.perf_counter()
    pages = {"zhinan": _zhinan, "langchain": _langchain}[name](folder, target)
    print(json.dumps({"pages": pages, "seconds": round(time.perf_counter() - started, 2)}))


if __name__ == "__main__":
    _main()
