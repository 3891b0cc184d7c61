"""`zhinan index` tells what it did, what it would do, and goes back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from eval.editions import generated
from rag.lock import writer_lock


@pytest.fixture
def place(tmp_path):
    generated.write(tmp_path / "corpus", 2, 1)
    return tmp_path


@pytest.fixture
def run(place, zhinan):
    return lambda *args: zhinan("index", *args, *(() if args[0] in ("rollback",) else ("--corpus", str(place / "corpus"))),
                                "--index", str(place / "ix"), indexed=False)


def test_an_update_says_what_and_why_and_a_dry_run_writes_nothing(run, place):
    dry = run("update", "--dry-run")
    assert dry.returncode == 0
    assert dry.stdout.count("新增") == 2
    assert not (place / "ix").exists()

    assert run("update", "-q").returncode == 0
    generated.revise(place / "corpus", 0, 1, 3)
    (place / "corpus" / "0001.txt").unlink()
    (place / "corpus" / "b.pdf").write_text("x", encoding="utf-8")

    stale = run("status")
    assert stale.returncode == 4
    assert all(line in stale.stdout for line in ("0000.txt：替换", "0001.txt：去掉", "b.pdf：新增", "zhinan index update"))
    changed = run("update", "--json")
    told = json.loads(changed.stdout)
    assert {(c["kind"], c["source"]) for c in told["changes"]} == {("replaced", "0000.txt"), ("removed", "0001.txt")}
    assert [f["source"] for f in told["failed"]] == ["b.pdf"]
    after = run("status")
    assert after.returncode == 0
    assert "未能读取 b.pdf" in after.stdout


def test_verify_and_rollback(run, place):
    assert run("build", "-q").returncode == 0
    generated.revise(place / "corpus", 0, 1, 3)
    assert run("build", "-q").returncode == 0

    assert run("verify").returncode == 0
    assert "已退回快照" in run("rollback").stdout
    assert run("status").returncode == 4
    again = run("rollback")
    assert again.returncode == 4
    assert again.stderr.count("\n") == 1


def test_a_second_update_gets_one_clear_line(run, place):
    with writer_lock(place / "ix"):
        busy = run("update")

    assert busy.returncode == 1
    assert busy.stderr.count("\n") == 1
    assert f"进程 {os.getpid()}" in busy.stderr


def test_a_missing_index_has_exit_code_4(run):
    assert run("status").returncode == 4
    assert run("verify").returncode == 4
    assert run("rollback").returncode == 4


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT")
def test_watch_follows_the_folder_until_interrupted(place):
    pytest.importorskip("watchfiles")
    command = [sys.executable, "-m", "rag.cli", "index", "update", "--watch", "-q", "--corpus", str(place / "corpus"), "--index", str(place / "ix")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert "守着" in watching.stderr.readline()
        time.sleep(1)
        generated.revise(place / "corpus", 0, 1, 5)
        lines = iter(watching.stdout.readline, "")
        assert any("替换 0000.txt" in line for line in lines)
        (place / "corpus" / ".hidden.txt").write_text("x", encoding="utf-8")
        (place / "corpus" / "0001.txt").unlink()
        assert any("去掉 0001.txt" in line for line in lines)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(30) == 0


def test_a_name_with_line_breaks_and_colours_stays_on_its_line(zhinan, tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "换\n行\x1b[31m.md").write_text("# 测热病诊疗指南\n\n测热病首选甲药。\n", encoding="utf-8")
    result = zhinan("index", "update", "--corpus", str(tmp_path / "c"), "--index", str(tmp_path / "ix"), indexed=False)

    assert result.returncode == 0
    assert result.stdout.splitlines() == ["新增 换\\n行\\x1b[31m.md：新文件（《测热病诊疗指南》）"]


def test_status_names_what_was_not_taken_in(run, place):
    run("update", "-q")
    (place / "corpus" / "copy.txt").write_bytes((place / "corpus" / "0000.txt").read_bytes())

    assert "没有收入 copy.txt：与 0000.txt 内容相同" in run("status").stdout
    assert [f["source"] for f in json.loads(run("status", "--json").stdout)["left_out"]] == ["copy.txt"]


def test_an_update_without_a_corpus_keeps_the_one_that_it_was_built_from(zhinan, tmp_path):
    corpus, index = tmp_path / "own", str(tmp_path / "ix")
    corpus.mkdir()
    (corpus / "a.md").write_text("# 测热病诊疗指南（2024年版）\n\n## 一、治疗\n测热病用氨氯地平5 mg，1次/d。\n", encoding="utf-8")
    assert zhinan("index", "build", "--corpus", str(corpus), "--index", index).returncode == 0
    done = zhinan("index", "update", "--index", index)
    assert done.returncode == 0 and "没有变化" in done.stdout
