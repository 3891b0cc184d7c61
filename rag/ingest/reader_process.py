"""What runs in a worker process: read one file after another, within limits, without network and shell."""

from __future__ import annotations

import gc
import json
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.codec import document_to_json
from rag.errors import ReadError, ZhinanError, reason, trouble
from rag.ingest import base, ocr
from rag.ingest.picture import draw_page
from rag.ingest.read import read
from rag.ingest.recognition import NeedsRecognition, Scans, recognise_pages
from rag.ingest.scan import scan_from_json

if TYPE_CHECKING:
    from PIL.Image import Image

_FORBIDDEN = ("socket.connect", "socket.bind", "socket.sendto", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def serve(link: Connection, memory: int, threads: int) -> None:
    """Answer requests for files until the link closes; the recogniser may use `threads` threads."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    _limit_memory(memory)
    sys.addaudithook(_forbid)
    ocr.threads = threads
    gc.freeze()  # what was loaded stays; and of what a file leaves behind, next to nothing refers to itself
    gc.disable()
    base.page_done = lambda done, total: link.send_bytes(json.dumps({"pages": [done, total]}).encode())
    while True:
        try:
            request = json.loads(link.recv_bytes())
        except (EOFError, OSError):
            return
        with suppress(BrokenPipeError):
            link.send_bytes(json.dumps(_answer(request), ensure_ascii=False).encode())
        gc.collect()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """Recognise pages, or read a file; where pages must be recognised first, say which instead."""
    path = Path(request["path"])
    name = path.name
    try:
        if request["recognise"]:
            return {"recognised": recognise_pages(path, request["recognise"], request["password"])}
        known = {int(page): scan_from_json(data) if data else None for page, data in request["scans"].items()}
        scans = Scans(allowed=request["ocr"], known=known, wanted=[])
        document = read(path, guideline_id=request["guideline_id"], password=request["password"], scans=scans)
        if request["picture"]:
            page, out = request["picture"]
            _save(draw_page(path, document, page, password=request["password"]), out)
        return {"document": document_to_json(document)}
    except NeedsRecognition as needed:
        return {"wanted": needed.wanted, "of": needed.pages}
    except ZhinanError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{name} 需要的内存超过上限，已跳过。请拆分或另存后再试。"}
    except RecursionError:
        return {"error": f"{name} 的结构嵌套过深，已跳过。文件可能损坏或恶意构造。"}
    except OSError as error:
        return {"error": f"{name} 无法读取：{reason(error)}。请检查文件与权限。"}
    except Exception as error:  # the worker's outermost edge: a reader's failure on one file is that file's alone
        return {"error": f"{name} 读不懂（{type(error).__name__}：{error}），已跳过。请另存为新的文件后再试。"}


def _save(picture: Image, out: str) -> None:
    try:
        picture.save(out, format="PNG")
    except OSError as error:
        raise ReadError(f"无法写图片{trouble(error, out)}。请检查路径、权限和磁盘空间。") from error


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limits still hold
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _forbid(event: str, _: object) -> None:
    if event in _FORBIDDEN:
        raise ReadError(f"读取文件的过程中有 {event} 操作，已禁止。文件可能恶意构造。")
