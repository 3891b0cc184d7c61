import json
import os
import subprocess
import sys
import threading

import pytest

from eval.hostile.server import serve

QUESTION = "测热病首选什么药，每次多少毫克？"


def test_answer_with_citations_on_a_terminal(zhinan):
    result = zhinan("ask", QUESTION)
    assert result.returncode == 0
    assert "每次10 mg" in result.stdout
    assert "《测热病诊疗指南（2024年版）》" in result.stdout
    assert result.stderr == ""


def test_a_bare_question_is_asked(zhinan):
    assert zhinan(QUESTION).stdout == zhinan("ask", QUESTION).stdout


def test_a_question_from_standard_input(zhinan):
    assert "每次10 mg" in zhinan("ask", "-", stdin=QUESTION).stdout


def test_json_contract(zhinan):
    answer = json.loads(zhinan("ask", QUESTION, "--json").stdout)
    assert answer["schema"] == "zhinan.answer/1"
    assert answer["status"] == "answered" and answer["mode"] == "extractive"
    assert 0 <= answer["confidence"] <= 1
    numbers = [c["n"] for c in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(set(s["citations"]) <= set(numbers) and s["citations"] for s in answer["statements"])
    assert {"n", "passage_id", "guideline_id", "title", "issuer", "year", "edition", "status", "section", "pages", "quote",
            "grade", "evidence", "source", "boxes"} <= answer["citations"][0].keys()
    assert {"retrieve", "draft", "verify", "total"} == answer["timings_ms"].keys()


def test_abstaining_has_its_own_exit_code_and_shows_reading_only(zhinan):
    result = zhinan("ask", "太阳系有几颗行星？", "--json")
    assert result.returncode == 3
    assert json.loads(result.stdout)["statements"] == []


def test_a_batch_keeps_order_and_ids_and_goes_on_after_bad_lines(zhinan):
    lines = [json.dumps({"id": "a", "question": QUESTION}), "{broken", json.dumps({"id": 7}), json.dumps({"id": "b", "question": ""}),
             json.dumps({"id": "c", "question": "测热病患者出现什么情况应立即转往上级医院？"})]
    result = zhinan("ask", "--jsonl", "-", stdin="\n".join(lines))
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 0
    assert [o["id"] for o in out] == ["a", None, 7, "b", "c"]
    assert [("error" in o) for o in out] == [False, True, True, True, False]
    assert "意识障碍" in out[4]["text"]


@pytest.mark.parametrize(("question", "code"), [("", 2), ("？？？", 2), ("😀", 2), ("长" * 10_000, 2)])
def test_unusable_questions_get_one_line(zhinan, question, code):
    result = zhinan("ask", question)
    assert result.returncode == code
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


def test_a_missing_index_names_the_command_to_run(zhinan, tmp_path):
    result = zhinan("ask", QUESTION, "--index", str(tmp_path / "none"))
    assert result.returncode == 4
    assert "zhinan index build" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_index_of_another_version_is_named(zhinan, index, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(index, copy)
    for manifest in copy.rglob("manifest.json"):
        manifest.write_text(manifest.read_text().replace('"schema": ', '"schema": 9'))
    result = zhinan("ask", QUESTION, "--index", str(copy))
    assert result.returncode == 4
    assert "zhinan index build" in result.stderr


def test_unknown_options_are_a_usage_error(zhinan):
    result = zhinan("ask", QUESTION, "--nonsense")
    assert result.returncode == 2
    assert "用法" in result.stderr


def test_a_statement_is_shown_while_the_model_is_still_writing(index, tmp_path):
    seen = threading.Event()

    def draft(wire):
        wire.pieces("测热病首选甲药，每次10 mg，每日2次，疗程7天。[1]\n孕妇")
        assert seen.wait(30)
        wire.say("禁用甲药。[1]")

    env = os.environ | {"ZHINAN_INDEX": str(index), "PYTHONUTF8": "1", "ZHINAN_LLM": "openai:m"}
    command = [sys.executable, "-m", "rag.cli", "ask", "--llm", "测热病首选什么药，孕妇能用吗？"]
    with serve({"m": draft}) as url, subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=env | {"ZHINAN_LLM_BASE_URL": url}
    ) as done:
        assert done.stdout
        first = done.stdout.readline()
        seen.set()
        rest = done.stdout.read()
    assert "每次10 mg" in first
    assert "孕妇禁用甲药" in rest and "出处" in rest and "每次10 mg" not in rest
