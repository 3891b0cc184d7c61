"""`zhinan corpus check` and `zhinan corpus fetch` as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = ("<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><h1>中国高血压防治指南（2018年修订版）</h1>" + "<p>正文</p>" * 300
        + "</body></html>").encode()
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(corpus: Path, tmp_path: Path) -> Run:
    def call(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if "PROXY" not in k.upper() and not k.startswith("ZHINAN_")}
        env |= {"NO_PROXY": "127.0.0.1", "PYTHONUTF8": "1", "XDG_DATA_HOME": str(tmp_path / "data")} | environment
        command = [sys.executable, "-m", "rag.cli", "corpus", *args, "--corpus", str(corpus)]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, timeout=60)

    return call


@pytest.fixture
def served(site, corpus: Path):
    def answer(handler, n):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(PAGE)))
        handler.end_headers()
        handler.wfile.write(PAGE)

    site.answer = answer
    path = corpus / "sources.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("https://example.org", site.url), encoding="utf-8")
    return site


def test_check_fails_with_file_and_line_and_says_how_many(run, corpus):
    path = corpus / "text" / "hypertension-2018.md"
    path.write_text(path.read_text(encoding="utf-8").replace("少于5 g[2]", "少于5 g"), encoding="utf-8")
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "每天吃盐" in text)
    result = run("check")
    assert result.returncode == 1
    assert f"hypertension-2018.md:{line}: 含临床数字" in result.stdout
    assert "处问题" in result.stderr
    rows = json.loads(run("check", "--json").stdout)
    assert not rows["ok"] and any(r["line"] == line for r in rows["findings"])


def test_fetch_by_disease_saves_the_page_and_says_where(run, served, tmp_path):
    result = run("fetch", "--disease", "高血压", "--dir", str(tmp_path / "official"))
    assert result.returncode == 0, result.stderr
    [file] = (tmp_path / "official").glob("hypertension-guideline-2018.*.html")
    assert file.read_bytes() == PAGE
    assert file.name in result.stdout and "zhinan corpus add" in result.stderr


def test_fetch_offline_asks_nothing_of_the_network(run, served):
    result = run("fetch", "--all", "--offline")
    assert result.returncode != 0
    assert "--offline 禁止联网" in result.stderr
    assert served.requests == []


def test_fetch_says_what_the_catalogue_has_when_asked_for_something_else(run):
    unknown = run("fetch", "gibt-es-nicht")
    assert unknown.returncode == 2 and "没有 gibt-es-nicht" in unknown.stderr
    disease = run("fetch", "--disease", "坏血病")
    assert disease.returncode == 2 and "高血压" in disease.stderr
    assert run("fetch").returncode == 2


def test_fetch_explains_where_to_get_what_has_no_address(run, corpus):
    path = corpus / "sources.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("direct = true", "direct = false"), encoding="utf-8")
    result = run("fetch", "hypertension-guideline-2018")
    assert result.returncode == 1
    assert "没有可直接下载的地址" in result.stderr and "zhinan corpus add" in result.stderr


def test_a_failed_download_is_told_on_the_error_stream(run, site, corpus):
    path = corpus / "sources.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("https://example.org", site.url), encoding="utf-8")
    result = run("fetch", "--all", "--json")
    assert result.returncode == 1
    assert "返回 404" in result.stderr
    assert json.loads(result.stdout)["downloads"][0]["state"] == "failed"
