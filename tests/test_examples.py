"""The examples run as they are written, in a folder of their own."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def run(corpus, tmp_path):
    """Return a function that runs an example over the small corpus."""

    def run(name: str, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"ZHINAN_CORPUS": str(corpus), "ZHINAN_INDEX": str(tmp_path / "ix"), "PYTHONUTF8": "1"} | environment
        return subprocess.run([sys.executable, str(EXAMPLES / name), *args], capture_output=True, text=True, cwd=tmp_path, env=env, timeout=120)

    return run


def test_the_plain_app_answers_or_says_that_it_cannot(run):
    result = run("plain_app.py")
    assert result.returncode == 0, result.stderr
    assert "没有找到足够的依据" in result.stdout  # the small corpus knows nothing of diabetes


def test_the_chain_shows_its_prompt_without_a_model(run):
    result = run("langchain_chain.py")
    assert result.returncode == 0, result.stderr
    assert "问题：痛风急性发作用什么药？" in result.stdout


class Echo(BaseHTTPRequestHandler):
    """A chat model that says how many passages its prompt cites."""

    def do_POST(self):
        prompt = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][0]["content"]
        message = {"role": "assistant", "content": f"读到 {prompt.count('《')} 段"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = json.dumps({"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_the_chain_asks_a_model_with_the_passages(run):
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        result = run("langchain_chain.py", "openai:m", OPENAI_BASE_URL=url, OPENAI_API_KEY="x")
        server.shutdown()
    assert result.returncode == 0, result.stderr
    assert int(result.stdout.split()[1]) >= 1
