"""What goes wrong around a command: each gets one clear line and its exit code, and what was published stays."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag import KnowledgeBase

QUESTION = "测热病首选什么药，每次多少毫克？"
COMMAND = [sys.executable, "-m", "rag.cli"]
WRITTEN_AT_MOST = 4096  # bytes of one file, in place of a full disk


def limit_file_size():
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_AT_MOST, WRITTEN_AT_MOST))


def one_line(result) -> str:
    said = result.stderr if isinstance(result.stderr, str) else result.stderr.decode()
    assert "Traceback" not in said
    assert said.strip().count("\n") == 0, said
    return said


def raw(*args: str, **settings) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *args], capture_output=True, timeout=120, **settings)


def test_stray_bytes_on_standard_input_are_read_over(index):
    result = raw("ask", "-", "--index", str(index), input=QUESTION.encode() + b"\xff\xfe\x00")
    assert (result.returncode, result.stderr) == (0, b"")
    assert "每次10 mg" in result.stdout.decode()


def test_lines_of_a_batch_with_stray_bytes_or_half_characters_each_get_their_line(index):
    lines = [b'{"id": 1, "question": "\xe6\xb5\x8b\xe7\x83\xad\xe7\x97\x85\xff"}', b"\x00", b"[]", b'{"id": 2, "question": "\\ud800"}',
             b'{"id": 3, "question": 5}', json.dumps({"id": {"a": 1}, "question": QUESTION + "\ud83d"}).encode()]
    result = raw("ask", "--jsonl", "-", "--index", str(index), input=b"\n".join(lines))
    out = [json.loads(line) for line in result.stdout.decode().splitlines()]
    assert result.returncode == 0
    assert [o["id"] for o in out] == [1, None, None, 2, 3, {"a": 1}]
    assert [o.get("error", "")[:3] for o in out[1:3]] == ["第 2", "第 3"]
    assert "每次10 mg" in out[5]["text"]


def test_a_batch_as_an_editor_on_windows_saves_it_is_read_and_errors_name_the_line_of_the_file(index, tmp_path):
    batch = tmp_path / "q.jsonl"
    batch.write_bytes(b"\xef\xbb\xbf" + json.dumps({"id": 1, "question": QUESTION}).encode() + b"\r\n\r\n{broken\r\n")
    first, second = (json.loads(line) for line in raw("ask", "--jsonl", str(batch), "--index", str(index)).stdout.splitlines())
    assert (first["id"], first["status"]) == (1, "answered")
    assert "第 3 行" in second["error"]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"id": %s, "question": "x"}' % ("1" * 5000), '{"id": NaN, "question": "x"}',
                                  '{"id": 1e999, "question": "x"}'], ids=["deep", "digits", "nan", "infinite"])  # fmt: skip
@pytest.mark.parametrize("command", ["ask", "check"])
def test_what_only_looks_like_json_gets_its_line_and_the_rest_go_on(index, command, line):
    last = {"id": 2, "question": QUESTION, "source": "每次5 mg。", "claim": "每次5 mg。"}
    asked = ("--index", str(index)) if command == "ask" else ()
    result = raw(command, "--jsonl", "-", *asked, input=f"{line}\n{json.dumps(last)}".encode())
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert result.returncode == 0
    assert "第 1 行不是有效的 JSON" in first["error"]
    assert second["id"] == 2 and "error" not in second


def test_a_batch_may_come_through_a_pipe_with_a_name(index, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    running = subprocess.Popen([*COMMAND, "search", "--jsonl", str(pipe), "--index", str(index)], stdout=subprocess.PIPE)
    pipe.write_text(json.dumps({"id": 5, "question": QUESTION}))
    assert json.loads(running.communicate(timeout=60)[0])["id"] == 5


def test_no_standard_input_at_all_is_an_empty_question(index):
    result = raw("ask", "-", "--index", str(index), preexec_fn=lambda: os.close(0))
    assert result.returncode == 2
    assert "问题是空的" in one_line(result)


@pytest.mark.parametrize("piped", [False, True])
def test_a_locale_without_chinese_changes_nothing(index, piped):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    env = {k: v for k, v in os.environ.items() if k not in ("LANG", "LC_CTYPE")} | plain
    result = raw("ask", "-" if piped else QUESTION, "--index", str(index), input=QUESTION.encode() if piped else b"", env=env)
    assert result.returncode == 0
    assert "每次10 mg" in result.stdout.decode()


def test_a_reader_that_leaves_early_is_no_error_to_speak_of(index):
    lines = "\n".join(json.dumps({"id": n, "question": QUESTION}) for n in range(60)).encode()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([*COMMAND, "ask", "--jsonl", "-", "--index", str(index)], **streams) as asked:
        asked.stdin.write(lines)
        asked.stdin.close()
        assert json.loads(asked.stdout.readline())["id"] == 0
        asked.stdout.close()
        assert asked.stderr.read() == b""


@pytest.mark.parametrize(
    ("question", "code", "says"),
    [
        ("' OR 1=1; DROP TABLE passages; --", 3, "请用中文提问"),
        ("What is the first-line drug?", 3, "请用中文提问"),
        ("測熱病首選什麼藥，每次多少毫克？", 0, "每次10 mg"),
        ("测热病😀首选什么药，每次多少毫克？", 0, "每次10 mg"),
        ("%s 测热病首选什么药，每次多少毫克？", 0, "每次10 mg"),
    ],
)
def test_odd_questions_are_asked_as_they_stand(zhinan, question, code, says):
    result = zhinan("ask", question)
    assert (result.returncode, result.stderr) == (code, "")
    assert says in result.stdout


def test_paths_with_spaces_and_chinese(corpus, tmp_path):
    folder, target = tmp_path / "我的 指南", tmp_path / "索 引" / "甲 乙"
    shutil.copytree(corpus, folder)
    assert raw("index", "build", "--corpus", str(folder), "--index", str(target)).returncode == 0
    assert "每次10 mg" in raw("ask", QUESTION, "--index", str(target)).stdout.decode()


@pytest.mark.parametrize("name", ["没有", "文件"])
def test_a_folder_that_is_none_is_named(zhinan, tmp_path, name):
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    result = zhinan("index", "build", "--corpus", str(tmp_path / name), "--index", str(tmp_path / "ix"))
    assert result.returncode == 1
    assert name in one_line(result)


def test_a_folder_without_readable_files_says_what_can_be_read(zhinan, tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.exe").write_bytes(b"MZ")
    result = zhinan("index", "build", "--corpus", str(tmp_path / "c"), "--index", str(tmp_path / "ix"))
    assert result.returncode == 1
    assert ".pdf" in one_line(result)


@pytest.mark.skipif(sys.platform == "win32", reason="limits")
def test_a_full_disk_is_named_and_the_old_index_goes_on_serving(corpus, index, tmp_path):
    copy = tmp_path / "ix"
    shutil.copytree(index, copy)
    more = tmp_path / "more"
    shutil.copytree(corpus, more)
    (more / "新.md").write_text("# 另一病诊疗指南（2025年版）\n\n## 一、治疗\n另一病首选丙药，每次5 mg。\n", encoding="utf-8")
    result = raw("index", "build", "--corpus", str(more), "--index", str(copy), preexec_fn=limit_file_size)
    assert result.returncode == 1
    said = one_line(result)
    assert str(copy) in said and "已发布的索引没有改变" in said
    assert "每次10 mg" in raw("ask", QUESTION, "--index", str(copy)).stdout.decode()
    assert raw("index", "build", "--corpus", str(more), "--index", str(copy)).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="limits")
def test_no_room_for_the_model_names_its_folder(index, tmp_path):
    env = os.environ | {"ZHINAN_HOME": str(tmp_path / "home")}
    result = raw("ask", QUESTION, "--index", str(index), env=env, preexec_fn=limit_file_size)
    assert result.returncode == 1
    assert "ZHINAN_HOME" in one_line(result)
    assert raw("ask", QUESTION, "--index", str(index), env=env).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT")
def test_an_interrupted_build_says_so_leaves_nothing_and_changes_nothing(corpus, index, tmp_path):
    copy, more = tmp_path / "ix", tmp_path / "more"
    shutil.copytree(index, copy)
    shutil.copytree(corpus, more)
    for n in range(400):
        (more / f"{n}.md").write_text(f"# 第{n}病诊疗指南\n\n## 一、治疗\n第{n}病首选第{n}药，每次{n} mg，每日2次。\n", encoding="utf-8")
    before = (copy / "CURRENT").read_bytes()
    with subprocess.Popen([*COMMAND, "index", "build", "--corpus", str(more), "--index", str(copy)], stderr=subprocess.PIPE) as build:
        entries = len(list((copy / "cache").rglob("*")))
        deadline = time.monotonic() + 60
        while len(list((copy / "cache").rglob("*"))) < entries + 10 and time.monotonic() < deadline:
            time.sleep(0.02)
        build.send_signal(signal.SIGINT)
        said = build.stderr.read().decode()
        assert build.wait(30) == 130
    assert said == "已中断；已发布的索引没有改变。\n"
    assert (copy / "CURRENT").read_bytes() == before
    assert "每次10 mg" in KnowledgeBase.open(copy).ask(QUESTION).text


def test_two_first_uses_at_once_both_answer(corpus, tmp_path):
    """The package as a wheel lays it out, with a small corpus inside."""
    site = tmp_path / "site"
    shutil.copytree(Path(__file__).parents[2] / "rag", site / "rag", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(corpus, site / "rag" / "starter")
    env = {k: v for k, v in os.environ.items() if not k.startswith("ZHINAN_")} | {"ZHINAN_HOME": str(tmp_path / "home"), "PYTHONPATH": str(site)}
    both = [
        subprocess.Popen([*COMMAND, "ask", QUESTION], cwd=site, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert all("每次10 mg" in out for out, _ in said)
    assert sum("已索引" in err for _, err in said) >= 1
    assert (tmp_path / "home" / "indexes" / "default" / "CURRENT").is_file()
