import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from rag.embed import load_embedder
from rag.errors import EmbedderError


@pytest.fixture
def endpoint(monkeypatch):
    """Serve /embeddings on a local port; `reply` decides what comes back, `seen` keeps the requests."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((self.path, body))
            status, payload = server.reply(body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(payload).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = seen
    server.reply = lambda body: (200, {"object": "list", "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}, "data": [
        {"object": "embedding", "index": i, "embedding": [3.0, 4.0, float(len(t))]} for i, t in enumerate(body["input"])]})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    yield server
    server.shutdown()


def test_texts_are_sent_as_strings_and_come_back_as_unit_rows(endpoint):
    embedder = load_embedder("openai:bge-m3", offline=True)
    vectors = embedder.encode(["高血压", "糖"])
    assert vectors.shape == (2, 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    path, body = endpoint.seen[0]
    assert path == "/v1/embeddings" and body["input"] == ["高血压", "糖"] and body["model"] == "bge-m3"


def test_a_refusal_is_one_clear_error(endpoint):
    endpoint.reply = lambda body: (401, {"error": {"message": "bad key"}})
    with pytest.raises(EmbedderError, match="HTTP 401.*OPENAI_API_KEY"):
        load_embedder("openai:bge-m3").encode(["高血压"])


def test_a_server_that_is_not_there_is_one_clear_error(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(EmbedderError, match="连接不上"):
        load_embedder("openai:bge-m3").encode(["高血压"])


def test_too_few_vectors_are_refused(endpoint):
    endpoint.reply = lambda body: (200, {"object": "list", "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1},
                                         "data": [{"object": "embedding", "index": 0, "embedding": [1.0, 0.0]}]})
    with pytest.raises(EmbedderError, match="形状"):
        load_embedder("openai:bge-m3").encode(["高血压", "糖尿病"])
