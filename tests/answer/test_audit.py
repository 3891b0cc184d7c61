import json
import threading

import pytest

from rag import KnowledgeBase
from rag.answer.audit import AuditError, AuditLog

QUESTIONS = ("患者王小明，电话13800138000，测热病的诊断标准", "乙药治疗测热病的最大剂量", "慢性咳喘病患者多久随访一次？")


@pytest.fixture
def log(base: KnowledgeBase, tmp_path, monkeypatch):
    """Ask three questions with the log switched on."""
    path = tmp_path / "logs" / "audit.jsonl"
    monkeypatch.setenv("ZHINAN_AUDIT", str(path))
    for question in QUESTIONS:
        base.ask(question)
    return AuditLog(path)


def entries(log):
    return [json.loads(line) for file in log.files() for line in file.read_text("utf-8").splitlines()]


def test_each_answer_is_logged_with_its_sources_and_without_identifiers(log):
    first, second, _ = entries(log)
    assert "〔姓名〕" in first["question"] and "13800138000" not in json.dumps(first, ensure_ascii=False)
    assert second["status"] == "answered" and second["sources"] and second["time"] < entries(log)[2]["time"]
    assert log.verify().lines == 3 and not log.verify().problem


def test_nothing_is_logged_unless_asked_for(base: KnowledgeBase, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    base.ask(QUESTIONS[1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("tamper", "problem"), [
    (lambda lines: [lines[0].replace("诊断", "治疗"), *lines[1:]], "第1行的内容被改动"),
    (lambda lines: [lines[0], lines[2]], "第2行接不上"),
    (lambda lines: [lines[1], lines[0], lines[2]], "第1行接不上"),
    (lambda lines: [*lines[:2], lines[2][:-20]], "第3行不是完整"),
])  # fmt: skip
def test_a_changed_removed_moved_or_broken_line_shows(log, tamper, problem):
    lines = log.path.read_text("utf-8").splitlines()
    log.path.write_text("\n".join(tamper(lines)) + "\n", encoding="utf-8")
    assert problem in log.verify().problem


def test_a_full_file_is_put_aside_and_the_chain_goes_on(base: KnowledgeBase, tmp_path):
    answer = base.ask(QUESTIONS[1])
    log = AuditLog(tmp_path / "audit.jsonl", max_bytes=1_000)
    for _ in range(9):
        log.record(answer)
    assert len(log.files()) > 2
    assert (log.verify().lines, log.verify().problem) == (9, "")
    log.files()[1].unlink()
    assert "接不上" in log.verify().problem


def test_threads_write_one_chain(base: KnowledgeBase, tmp_path):
    answer = base.ask(QUESTIONS[1])
    log = AuditLog(tmp_path / "audit.jsonl")
    threads = [threading.Thread(target=log.record, args=(answer,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (log.verify().lines, log.verify().problem) == (8, "")


def test_a_log_that_cannot_be_continued_is_a_clear_error(log, base: KnowledgeBase):
    log.path.write_text(log.path.read_text("utf-8")[:-30], encoding="utf-8")
    with pytest.raises(AuditError, match="zhinan audit verify"):
        base.ask(QUESTIONS[1])


def test_a_log_that_cannot_be_written_is_a_clear_error(base: KnowledgeBase, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ZHINAN_AUDIT", str(tmp_path / "file" / "audit.jsonl"))
    with pytest.raises(AuditError, match="写不进：(?:路径中有一段不是目录|已经存在)。.*ZHINAN_AUDIT"):
        base.ask(QUESTIONS[1])
