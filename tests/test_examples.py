"""The examples run as they are written, in a folder of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval.hostile.server import serve

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


def test_the_chain_asks_a_model_with_the_passages(run):
    def answer(wire):
        wire.say("模型读到了：" + ("出处" if "并注明出处" in wire.prompt else "别的"))

    with serve({"m": answer}) as url:
        result = run("langchain_chain.py", "openai:m", OPENAI_BASE_URL=url, OPENAI_API_KEY="x")
    assert result.returncode == 0, result.stderr
    assert "模型读到了：出处" in result.stdout
