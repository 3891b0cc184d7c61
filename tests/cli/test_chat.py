"""`zhinan chat` run as a user does, with questions piped in."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from eval.hostile.server import serve


def test_follow_ups_are_understood_and_said_so(zhinan):
    done = zhinan("chat", stdin="测热病首选什么药？\n那孕妇呢？\n")
    assert done.returncode == 0, done.stderr
    assert "甲药，每次10 mg" in done.stdout
    assert "（理解为：孕妇测热病首选什么药" in done.stdout
    assert "孕妇禁用甲药" in done.stdout


def test_source_opens_the_passage_of_a_citation(zhinan):
    done = zhinan("chat", stdin="测热病首选什么药？\n/source 1\n")
    assert "▶ " in done.stdout and "测热病诊疗指南" in done.stdout.split("▶ ")[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/source 1", "还没有问过问题"),
        ("测热病首选什么药？\n/source 99", "没有第“99”条出处"),
        ("/what", "没有命令 /what"),
        ("/help", "/source N"),
        ("。。。", "没有文字"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_talk_goes_on(zhinan, typed, said):
    done = zhinan("chat", stdin=f"{typed}\n/new\n")
    assert done.returncode == 0 and said in done.stdout and "换一个话题" in done.stdout


def test_nothing_after_quit_is_read(zhinan):
    assert zhinan("chat", stdin="/quit\n测热病首选什么药？\n").stdout == ""


def test_with_a_model_each_verified_statement_is_shown_once(zhinan):
    def draft(wire):
        wire.say("测热病首选甲药，每次10 mg，每日2次，疗程7天。[1]\n测热病首选甲药，每次100 mg，每日2次，疗程7天。[1]")

    with serve({"m": draft}) as url:
        done = zhinan("chat", "--llm", stdin="测热病首选什么药？\n", ZHINAN_LLM="openai:m", ZHINAN_LLM_BASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("· 测热病首选甲药，每次10 mg") == 1
    assert "100 mg" not in done.stdout and "与指南不符" in done.stdout


def test_how_a_follow_up_is_understood_is_said_before_its_statements(zhinan):
    def draft(wire):
        wire.say("孕妇禁用甲药。[1]" if "孕妇" in wire.question else "测热病首选甲药，每次10 mg，每日2次，疗程7天。[1]")

    with serve({"m": draft}) as url:
        done = zhinan("chat", "--llm", stdin="测热病首选什么药？\n那孕妇呢？\n", ZHINAN_LLM="openai:m", ZHINAN_LLM_BASE_URL=url)
    understood = done.stdout.index("（理解为：孕妇")
    assert done.stdout.index("测热病首选甲药") < understood < done.stdout.index("孕妇禁用甲药")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT")
def test_an_interrupted_question_is_stopped_and_the_talk_goes_on(index, tmp_path):
    asked = threading.Event()

    def hang(wire):
        asked.set()
        wire.closing.wait(30)

    env = os.environ | {"ZHINAN_INDEX": str(index), "PYTHONUTF8": "1", "ZHINAN_LLM": "openai:m"}
    command = [sys.executable, "-m", "rag.cli", "chat", "--llm"]
    with serve({"m": hang}) as url, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=env | {"ZHINAN_LLM_BASE_URL": url}
    ) as talk:
        assert talk.stdin and talk.stdout
        talk.stdin.write("测热病首选什么药？\n")
        talk.stdin.flush()
        assert asked.wait(30)
        talk.send_signal(signal.SIGINT)
        said, _ = talk.communicate("/source 1\n", timeout=30)
        assert talk.returncode == 0
    assert "这一问已停下" in said and "还没有问过问题" in said and "·" not in said
