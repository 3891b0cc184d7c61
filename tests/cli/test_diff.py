"""`zhinan diff`: a table, JSON, and a page to print."""

from __future__ import annotations

import json


def ids(base) -> tuple[str, str]:
    found = {e.year: e.guideline_id for e in base.editions if "测热病" in e.title}
    return found[2019], found[2024]


def test_two_editions_of_the_index_are_compared(zhinan, base):
    result = zhinan("diff", *ids(base), "--json")

    assert result.returncode == 0
    changes = json.loads(result.stdout)["changes"]
    assert any(c["kind"] == "changed" and "20mg" in c["old_numbers"] and "10mg" in c["new_numbers"] and c["important"] for c in changes)
    assert any(c["kind"] == "added" and "孕妇禁用甲药" in c["new"] for c in changes)
    assert base.diff(*ids(base))[0].kind in {"changed", "added", "removed", "renamed"}


def test_files_are_compared_on_a_terminal_and_on_paper(zhinan, corpus, tmp_path):
    report = tmp_path / "r.html"
    result = zhinan("diff", str(corpus / "测热病2019.md"), str(corpus / "测热病2024.md"), "--html", str(report), COLUMNS="200")

    assert result.returncode == 0
    assert "每次20 mg" in result.stdout.replace("每次 20", "每次20")
    page = report.read_text(encoding="utf-8")
    assert "<del>" in page
    assert "<ins>" in page
    assert "<del>20</del> mg" in page
    assert "$" not in page.partition("<h1>")[2]


def test_the_same_file_has_no_difference_and_a_stranger_is_told(zhinan, corpus):
    same = zhinan("diff", str(corpus / "测热病2019.md"), str(corpus / "测热病2019.md"))
    stranger = zhinan("diff", "无此", str(corpus / "测热病2019.md"))

    assert (same.returncode, same.stdout) == (0, "没有找到差别。\n")
    assert stranger.returncode == 2
    assert "无此" in stranger.stderr


def test_two_different_guidelines_are_told_apart(zhinan, corpus):
    result = zhinan("diff", str(corpus / "测热病2019.md"), str(corpus / "咳喘2022.md"))

    assert "不是同一份指南的两版" in result.stderr


def test_a_title_in_brackets_is_printed_as_it_stands_and_renamed_words_alone_need_no_table(zhinan, tmp_path):
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    body = "# 指南[/b][red]（{1}年版）\n\n## 一、治疗\n\n{0}表现为风团和瘙痒，病程短于6周的为急性{0}，达到6周的为慢性{0}。\n\n"
    body += "{0}患者首选甲药，每次5 mg，每日2次。\n\n{0}患者每月随访1次，{0}控制后每3个月随访1次。\n"
    for path, year, name in ((old, 2019, "测热病"), (new, 2024, "足癣")):
        path.write_text(body.format(name, year), encoding="utf-8")
    result = zhinan("diff", str(old), str(new))
    assert (result.returncode, result.stderr) == (0, "")
    assert "指南[/b][red]（2019年版）" in result.stdout
    assert "┃" not in result.stdout
