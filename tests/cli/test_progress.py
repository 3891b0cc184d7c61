"""The bar in a real terminal."""

import os
import pty
import re
import subprocess
import sys

import pytest

from rag.cli.commands import columns as columns_of

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SCRIPT = """
from rag.cli.progress import progress_bar
with progress_bar(quiet=False) as tell:
    tell("read", "一份名字很长很长很长很长的指南（2024年版）\\n.pdf", 3, 30)
"""


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_long_name_gives_way_to_bar_and_count_and_a_column_stays_free(columns):
    leader, follower = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "TERM": "xterm", "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-c", SCRIPT], stderr=follower, env=environment, check=True, timeout=60)
    os.close(follower)
    drawn = b""
    with open(leader, "rb", buffering=0) as terminal:
        try:
            while piece := terminal.read(1 << 16):
                drawn += piece
        except OSError:  # the end, as Linux tells it
            pass
    lines = [_CONTROL.sub("", line) for line in re.split(r"[\r\n]+", drawn.decode())]
    assert any("读取 第" in line and "3/30" in line for line in lines)
    assert max(map(columns_of, lines)) < columns
