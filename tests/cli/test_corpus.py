"""`zhinan corpus` as a librarian uses it."""

from __future__ import annotations

import json

import pytest

BODY = """
国家测试学会

## 一、诊断标准
体温≥{t} ℃且持续3天者诊断为测热病，应当及时隔离治疗并报告。

## 二、药物治疗
测热病首选甲药，每次{d} mg，每日3次，疗程5天，儿童酌减。
"""


@pytest.fixture
def run(tmp_path, zhinan):
    for year, t, d in ((2016, 38.0, 30), (2019, 38.5, 20), (2024, 38.0, 10)):
        (tmp_path / f"{year}.md").write_text(f"# 测热病诊疗指南（{year}年版）\n" + BODY.format(t=t, d=d), encoding="utf-8")
    where = ("--corpus", str(tmp_path / "c"), "--index", str(tmp_path / "ix"))
    return lambda *args, stdin="": zhinan("corpus", *args, *where, indexed=False, stdin=stdin)


def listed(tmp_path) -> dict[int, dict]:
    import tomllib

    return {r["year"]: r for r in tomllib.loads((tmp_path / "c" / "manifest.toml").read_text(encoding="utf-8"))["editions"]}


def test_editions_are_recognised_whatever_the_order_of_adding(run, tmp_path):
    first = run("add", str(tmp_path / "2019.md"), "--yes")
    assert first.returncode == 0, first.stderr
    newer = run("add", str(tmp_path / "2024.md"), "--yes")
    older = run("add", str(tmp_path / "2016.md"), "--yes")

    assert "的新版，将取代它" in newer.stdout
    assert "的旧版，将记为已取代" in older.stdout
    assert {y: r["status"] for y, r in listed(tmp_path).items()} == {2019: "superseded", 2024: "current", 2016: "superseded"}
    history = run("history", listed(tmp_path)[2016]["guideline_id"], "--json")
    assert [e["year"] for e in json.loads(history.stdout)["editions"]] == [2016, 2019, 2024]


def test_what_is_known_is_refused_what_is_declined_stays_out(run, tmp_path):
    assert run("add", str(tmp_path / "2019.md"), "--yes").returncode == 0

    again = run("add", str(tmp_path / "2019.md"), str(tmp_path / "none.md"), "--yes")
    assert again.returncode == 1
    assert "已在语料里" in again.stderr
    assert "找不到" in again.stderr
    declined = run("add", str(tmp_path / "2024.md"), stdin="n\n")
    assert declined.returncode == 0
    assert list(listed(tmp_path)) == [2019]


@pytest.mark.parametrize(("answers", "code", "added"), [("好\n", 0, True), ("也许\ny\n", 0, True), ("否\n", 0, False), ("\n", 0, True), ("", 2, False)])
def test_the_question_is_answered_in_chinese_too_and_nobody_is_no_answer(run, tmp_path, answers, code, added):
    result = run("add", str(tmp_path / "2019.md"), stdin=answers)
    assert result.returncode == code
    assert "rror" not in result.stdout + result.stderr
    assert ("请回答 y" in result.stdout) == answers.startswith("也许")
    assert (tmp_path / "c" / "manifest.toml").exists() == added
    assert ("--yes" in result.stderr) == (not answers)


def test_given_fields_stand_before_what_was_read(run, tmp_path):
    run("add", str(tmp_path / "2019.md"), "--yes", "--id", "ce-re", "--title", "另名", "--issuer", "某学会", "--year", "2020", "--edition", "一")

    row = listed(tmp_path)[2020]
    assert (row["guideline_id"], row["title"], row["issuer"], row["edition"]) == ("ce-re", "另名", "某学会", "一")


def test_withdraw_supersede_and_remove(run, tmp_path):
    for year in (2019, 2024):
        run("add", str(tmp_path / f"{year}.md"), "--yes", "--id", f"g{year}")

    assert run("withdraw", "g2024", "--reason", "有误").returncode == 0
    assert listed(tmp_path)[2024]["reason"] == "有误"
    assert run("supersede", "g2024", "g2024").returncode == 1
    assert run("remove", "g2024", stdin="n\n").stdout.endswith("没有改动。\n")
    assert run("remove", "g2024", "--yes").returncode == 0
    assert {y: r["status"] for y, r in listed(tmp_path).items()} == {2019: "current"}
    assert run("history", "nobody").returncode == 1


def test_a_corpus_is_listed_before_there_is_an_index(run, tmp_path):
    run("add", str(tmp_path / "2019.md"), "--yes", "--id", "ce-re")

    result = run("list")
    assert result.returncode == 0
    assert "ce-re" in result.stdout
    assert "未入索引" in result.stdout


def test_what_was_read_of_loose_files_is_shown_and_can_be_corrected(tmp_path, zhinan):
    folder = tmp_path / "loose"
    folder.mkdir()
    (folder / "甲.md").write_text("# 测热病诊疗指南（2024年版）\n" + BODY.format(t=38.0, d=10), encoding="utf-8")
    (folder / "乙.md").write_text("# 测冷病管理\n\n## 一、用药\n测冷病首选乙药，每次20 mg，每日2次，疗程7天，老年人酌减。", encoding="utf-8")
    where = ("--corpus", str(folder), "--index", str(tmp_path / "ix"))
    built = zhinan("index", "build", *where, indexed=False).stderr.splitlines()
    doubtful, sure = (next(at for at, line in enumerate(built) if name in line) for name in ("乙.md", "甲.md"))
    assert doubtful < sure
    assert "《测冷病管理》，制定者未读出，年份未读出" in built[doubtful]
    assert "《测热病诊疗指南（2024年版）》，国家测试学会，2024" in built[sure]
    assert "zhinan corpus edit" in built[-1]
    assert str(folder) in built[-1]

    guideline_id = built[doubtful].split()[0]
    edited = zhinan("corpus", "edit", guideline_id, "--issuer", "本院内科", "--year", "2025", *where, indexed=False)
    assert edited.returncode == 0
    assert "manifest.toml（2 份）" in edited.stderr
    again = zhinan("index", "update", *where, indexed=False)
    assert "请过目" not in again.stderr
    rows = json.loads(zhinan("corpus", "list", "--json", *where, indexed=False).stdout)["editions"]
    assert {(r["title"], r["issuer"], r["year"]) for r in rows} == {("测冷病管理", "本院内科", 2025), ("测热病诊疗指南（2024年版）", "国家测试学会", 2024)}


def test_an_edit_that_says_nothing_or_names_a_stranger_changes_nothing(run, tmp_path):
    run("add", str(tmp_path / "2019.md"), "--yes", "--id", "ce-re")
    before = listed(tmp_path)
    assert (run("edit", "ce-re").returncode, run("edit", "who", "--year", "2020").returncode) == (2, 1)
    assert listed(tmp_path) == before


def loose(tmp_path, zhinan):
    """Make a folder of two loose files and its index; return it and a function that runs a command on both."""
    folder = tmp_path / "loose"
    folder.mkdir()
    (folder / "甲.md").write_text("# 测热病诊疗指南（2016年版）\n" + BODY.format(t=38.0, d=30), encoding="utf-8")
    (folder / "乙.md").write_text("# 测冷病管理\n\n## 一、用药\n测冷病首选乙药，每次20 mg，每日2次，疗程7天，老年人酌减。", encoding="utf-8")
    where = ("--corpus", str(folder), "--index", str(tmp_path / "ix"))
    zhinan("index", "build", *where, indexed=False)
    return folder, lambda *args: zhinan(*args, *where, indexed=False)


def test_an_edit_of_loose_files_that_names_a_stranger_writes_no_manifest(tmp_path, zhinan):
    folder, run = loose(tmp_path, zhinan)
    for command in (("edit", "who", "--year", "2020"), ("withdraw", "who", "--reason", "x"), ("remove", "who", "-y")):
        result = run("corpus", *command)
        assert result.returncode == 1
        assert "没有 who" in result.stderr
    assert not (folder / "manifest.toml").exists()


def test_what_is_added_to_loose_files_stands_beside_them_and_replaces_its_older_edition(tmp_path, zhinan):
    folder, run = loose(tmp_path, zhinan)
    newer = tmp_path / "新.md"
    newer.write_text("# 测热病诊疗指南（2024年版）\n" + BODY.format(t=38.0, d=10), encoding="utf-8")
    added = run("corpus", "add", str(newer), "--yes")
    assert added.returncode == 0
    assert "（2016，" in added.stdout
    assert "manifest.toml（2 份）" in added.stderr
    assert "去掉" not in run("index", "update").stdout
    rows = json.loads(run("corpus", "list", "--json").stdout)["editions"]
    assert {(r["title"], r["year"], r["status"]) for r in rows} == {
        ("测冷病管理", 0, "current"), ("测热病诊疗指南（2016年版）", 2016, "superseded"), ("测热病诊疗指南（2024年版）", 2024, "current"),
    }


def test_a_manifest_is_not_written_of_files_that_the_index_has_not_read(tmp_path, zhinan):
    folder, run = loose(tmp_path, zhinan)
    guideline_id = json.loads(run("corpus", "list", "--json").stdout)["editions"][0]["guideline_id"]
    (folder / "丙.md").write_text("# 测温病管理\n\n## 一、用药\n测温病首选丙药，每次20 mg，每日2次，疗程7天。", encoding="utf-8")
    result = run("corpus", "edit", guideline_id, "--year", "2020")
    assert result.returncode == 4
    assert "zhinan index update" in result.stderr
    assert not (folder / "manifest.toml").exists()


def test_an_emptied_corpus_can_be_added_to(run, tmp_path):
    run("add", str(tmp_path / "2019.md"), "--yes", "--id", "ce-re")
    assert run("remove", "ce-re", "--yes").returncode == 0
    assert run("add", str(tmp_path / "2024.md"), "--yes", "--id", "ce-re").returncode == 0
    assert list(listed(tmp_path)) == [2024]


def test_a_folder_without_manifest_and_index_is_not_edited(tmp_path, zhinan):
    (tmp_path / "loose").mkdir()
    result = zhinan("corpus", "edit", "x", "--year", "2020", "--corpus", str(tmp_path / "loose"), "--index", str(tmp_path / "ix"), indexed=False)
    assert result.returncode == 4
    assert not (tmp_path / "loose" / "manifest.toml").exists()
