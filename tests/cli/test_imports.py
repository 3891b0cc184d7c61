"""What a quick command may not import: each of these costs more than the whole answer may take."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = {
    "torch", "transformers", "sentence_transformers", "onnxruntime", "rapidocr", "langchain", "langchain_core", "langgraph", "openai",
    "httpx", "fastapi", "pydantic", "pypdf", "pypdfium2", "docx", "selectolax", "sentencepiece", "scipy", "pandas", "cryptography",
}
PROGRAM = """
import json, sys
from rag.cli import app
app._mount()
code = app._run(sys.argv[1:])
print(json.dumps([code, sorted({m.split(".")[0] for m in sys.modules})]))
"""


@pytest.mark.parametrize("args", [["--help"], ["ask", "测热病首选什么药？"], ["search", "测热病"]])
def test_nothing_heavy_is_imported(index, args):
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args], capture_output=True, text=True, check=True,
        env=os.environ | {"ZHINAN_INDEX": str(index), "PYTHONUTF8": "1"},
    )
    code, modules = json.loads(result.stdout.splitlines()[-1])
    assert code == 0
    assert not HEAVY & set(modules)


def test_help_does_not_even_import_numpy():
    result = subprocess.run([sys.executable, "-c", PROGRAM, "--help"], capture_output=True, text=True, check=True)
    assert "numpy" not in json.loads(result.stdout.splitlines()[-1])[1]
