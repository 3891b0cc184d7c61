"""An OpenAI-compatible chat server on this machine whose behaviour is the name of the model that is asked for."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PIECE = 7  # characters of one chunk
_EVIDENCE = re.compile(r"^\[\d+\]《(?P<title>.*?)》(?P<section>.*?)：(?P<text>.+)$", re.M)
_QUESTION = re.compile(r"<问题>\s*(.+?)\s*</问题>", re.S)
_REFUSED = re.compile(r"^- (.+)（.+）$", re.M)


@dataclass(frozen=True, slots=True)
class Source:
    """One sentence of the evidence as the prompt shows it."""

    number: int
    title: str
    section: str
    text: str


@dataclass
class Wire:
    """One request and the means to answer it, well or badly."""

    handler: BaseHTTPRequestHandler
    prompt: str
    closing: threading.Event
    asked: int = 1
    _open: bool = field(default=False, init=False)

    @property
    def question(self) -> str:
        """Return the question in the prompt; a repair has none."""
        match = _QUESTION.search(self.prompt)
        return match[1] if match else ""

    @property
    def sources(self) -> list[Source]:
        """List the evidence in the prompt."""
        return [Source(n, *m.group("title", "section", "text")) for n, m in enumerate(_EVIDENCE.finditer(self.prompt), start=1)]

    @property
    def refused(self) -> list[str]:
        """List the sentences that a repair prompt gives back."""
        return _REFUSED.findall(self.prompt)

    def say(self, text: str) -> None:
        """Answer with a whole, well-formed stream and a count of tokens."""
        self.pieces(text)
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.event({"choices": [], "usage": {"prompt_tokens": len(self.prompt), "completion_tokens": len(text),
                                             "total_tokens": len(self.prompt) + len(text)}})
        self.raw("data: [DONE]\n\n")

    def pieces(self, text: str, pause: float = 0.0) -> None:
        """Send text in small chunks, without an end; `pause` seconds before each."""
        for at in range(0, len(text), _PIECE):
            if pause and self.closing.wait(pause):
                return
            self.event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": text[at : at + _PIECE]}}]})

    def event(self, body: dict[str, Any]) -> None:
        """Send one event of the stream."""
        whole = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "x", **body}
        self.raw(f"data: {json.dumps(whole, ensure_ascii=False)}\n\n")

    def raw(self, text: str) -> None:
        """Send bytes of the stream as they are."""
        if not self._open:
            self._open = True
            self.handler.send_response(200)
            self.handler.send_header("Content-Type", "text/event-stream")
            self.handler.end_headers()
        self.handler.wfile.write(text.encode())
        self.handler.wfile.flush()

    def refuse(self, status: int, body: str) -> None:
        """Answer with an HTTP status; clients that retry may do so at once."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", "application/json")
        self.handler.send_header("Retry-After-Ms", "10")
        self.handler.end_headers()
        self.handler.wfile.write(body.encode())


Behaviour = Callable[[Wire], None]


@contextlib.contextmanager
def serve(behaviours: Mapping[str, Behaviour]) -> Iterator[str]:
    """Serve until the block ends; give the base URL to configure a model with."""
    closing = threading.Event()
    asked: dict[str, int] = {}
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = "\n".join(str(m["content"]) for m in request["messages"])
            with lock:
                asked[prompt] = asked.get(prompt, 0) + 1
            wire = Wire(self, prompt, closing, asked[prompt])
            with contextlib.suppress(ConnectionError):  # the client hangs up on what it has enough of
                behaviours[request["model"]](wire)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature that http.server has
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
