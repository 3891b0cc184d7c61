"""Every change of a corpus leaves a whole, readable manifest, and no file is lost."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag import manifest
from rag.corpus import load
from rag.errors import CorpusError, IndexBusyError
from rag.lock import writer_lock
from rag.types import Edition

SUFFIXES = frozenset({".txt"})


def edition(name: str, year: int = 2020, **others) -> Edition:
    return Edition(name, f"{name}诊疗指南", "某学会", year, "", "", "", **others)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"{name}的正文", encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def add(root: Path, name: str, newer: str = "", **others) -> Edition:
    return manifest.add(root, root.parent / f"{name}.txt", edition(name, **others), newer)


def rows(root: Path) -> dict[str, dict]:
    return {r["guideline_id"]: r for r in tomllib.loads((root / "manifest.toml").read_text(encoding="utf-8"))["editions"]}


def test_a_file_is_stored_by_its_hash_and_read_back(root):
    entered = add(root, "a")

    (found,) = load(root, SUFFIXES).editions
    assert (found.guideline_id, found.sha256) == ("a", entered.sha256)
    assert found.source == f"files/{entered.sha256[:16]}.txt"
    assert (root / found.source).read_text(encoding="utf-8") == "a的正文"


def test_the_same_bytes_or_id_twice_are_refused_and_change_nothing(root):
    add(root, "a")
    before = (root / "manifest.toml").read_bytes()

    with pytest.raises(CorpusError, match="已在语料里"):
        manifest.add(root, root.parent / "a.txt", edition("x"))
    with pytest.raises(CorpusError, match="已被"):
        manifest.add(root, root.parent / "b.txt", edition("a"))
    assert (root / "manifest.toml").read_bytes() == before


def test_an_edition_marks_what_it_replaces(root):
    add(root, "a", year=2018)
    add(root, "b", supersedes=("a",))

    assert rows(root)["a"]["status"] == "superseded"
    assert [e.guideline_id for e in manifest.history(load(root, SUFFIXES).editions, "a")] == ["a", "b"]


def test_an_older_edition_is_entered_as_replaced_and_takes_its_place_in_the_chain(root):
    add(root, "a", year=2016)
    add(root, "c", year=2024, supersedes=("a",))
    add(root, "b", newer="c", year=2020, supersedes=("a",))

    assert {i: r["status"] for i, r in rows(root).items()} == {"a": "superseded", "b": "superseded", "c": "current"}
    assert rows(root)["c"]["supersedes"] == ["b"]
    assert rows(root)["b"]["supersedes"] == ["a"]


def test_supersede_refuses_itself_circles_and_strangers(root):
    add(root, "a")
    add(root, "b", supersedes=("a",))

    for old, new in (("a", "a"), ("b", "a"), ("a", "x")):
        with pytest.raises(CorpusError):
            manifest.supersede(root, old, new)
    assert rows(root)["b"]["status"] == "current"


def test_a_withdrawn_edition_keeps_its_reason(root):
    add(root, "a")
    manifest.withdraw(root, "a", "召回")

    assert (rows(root)["a"]["status"], rows(root)["a"]["reason"]) == ("withdrawn", "召回")


def test_removing_the_middle_of_a_chain_joins_its_ends(root):
    add(root, "a", year=2016)
    add(root, "b", year=2020, supersedes=("a",))
    add(root, "c", year=2024, supersedes=("b",))
    stored = root / rows(root)["b"]["file"]
    manifest.remove(root, "b")

    assert rows(root)["c"]["supersedes"] == ["a"]
    assert rows(root)["a"]["status"] == "superseded"
    assert not stored.exists()


def test_removing_the_newest_brings_the_one_before_back(root):
    add(root, "a", year=2016)
    add(root, "b", supersedes=("a",))
    manifest.remove(root, "b")

    assert rows(root)["a"]["status"] == "current"


def test_comments_survive_and_rows_stand_apart(root):
    (root / "manifest.toml").write_text("# 管理员的注释\n", encoding="utf-8")
    add(root, "a")
    add(root, "b")

    text = (root / "manifest.toml").read_text(encoding="utf-8")
    assert text.startswith("# 管理员的注释")
    assert "\n\n[[editions]]" in text


def test_a_failed_edit_leaves_the_manifest_as_it_was(root):
    add(root, "a")
    before = (root / "manifest.toml").read_bytes()
    with pytest.raises(RuntimeError), manifest.editing(root) as found:
        found[0]["title"] = "半"
        raise RuntimeError

    assert (root / "manifest.toml").read_bytes() == before


ROW = "[[editions]]\nguideline_id = 'a'\nfile = 'a.txt'\n"


@pytest.mark.parametrize(("text", "says"), [
    ("title = 'x'\n[[editions", "末尾.*不是有效的 TOML"),
    ("a = 1\nb = = 2\n", "第 2 行第 5 列不是有效的 TOML"),
    ("", "没有任何指南"),
    ("[editions]\na = 1\n", r"\[\[editions\]\]"),
    (ROW + "\n[[editions]]\nfile = 'x'\n", "第 5 行起的一条缺少 guideline_id"),
    (ROW.replace("a.txt", "../a.txt"), "之外"),
    (ROW.replace("a.txt", "/etc/passwd"), "之外"),
    (ROW.replace("'a'", "'../a'"), "编号“../a”不能用"),
    (ROW.replace("'a'", "'..'"), "不能用"),
    (ROW + "status = 'old'\n", "status “old”不认识"),
    (ROW + "supersedes = 'b'\n", "supersedes 应是编号的列表"),
    (ROW + "supersedes = ['a']\n", "取代它自己"),
    (ROW + "year = '2024'\n", "year “2024”应是整数"),
    (ROW + "title = 3\n", "title 应是加引号的文字"),
    (ROW + ROW.replace("a.txt", "b"), "编号重复：a"),
    (ROW + ROW.replace("'a'", "'b'"), "同一个文件：a.txt"),
])
def test_a_broken_manifest_is_told_in_one_line(root, text, says):
    (root / "manifest.toml").write_text(text, encoding="utf-8")

    with pytest.raises(CorpusError, match=says):
        load(root, SUFFIXES)


def test_additions_at_the_same_time_are_all_kept(root):
    for n in range(8):
        (root.parent / f"n{n}.txt").write_text(f"{n}的正文", encoding="utf-8")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add(root, f"n{n}"), range(8)))

    assert rows(root).keys() == {f"n{n}" for n in range(8)}


def test_a_process_that_holds_the_corpus_is_named(root, monkeypatch):
    monkeypatch.setattr(manifest, "_PATIENCE", 0.1)
    with writer_lock(root, "语料", ".lock"), pytest.raises(IndexBusyError, match=f"进程 {os.getpid()}.*语料"):
        add(root, "a")


def test_what_killed_writers_left_is_swept_away(root):
    add(root, "a")
    for folder in (root, root / "files"):
        (folder / ".tmp-0123").write_text("half", encoding="utf-8")
    add(root, "b")

    assert not list(root.rglob(".tmp-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_others_may_read_what_was_added_as_far_as_the_user_allows(root):
    before = os.umask(0o022)
    try:
        entered = add(root, "a")
    finally:
        os.umask(before)

    for path in (root / "manifest.toml", root / entered.source):
        assert path.stat().st_mode & 0o777 == 0o644


def test_a_file_that_changes_while_it_is_copied_is_refused(root, monkeypatch):
    real = shutil.copyfile

    def grows(source, target):
        real(source, target)
        with Path(target).open("a", encoding="utf-8") as file:
            file.write("还在写")

    monkeypatch.setattr(shutil, "copyfile", grows)
    with pytest.raises(CorpusError, match="在复制时变了"):
        add(root, "a")
    assert not (root / "manifest.toml").exists()
    assert not list((root / "files").iterdir())


def test_a_broken_manifest_is_not_written_over(root):
    add(root, "a")
    broken = (root / "manifest.toml").read_text(encoding="utf-8") + "oops"
    (root / "manifest.toml").write_text(broken, encoding="utf-8")

    with pytest.raises(CorpusError, match="不是有效的 TOML"):
        add(root, "b")
    assert (root / "manifest.toml").read_text(encoding="utf-8") == broken


@pytest.mark.parametrize("name", ["../x", "a/b", "a b", "a:1", "", "..", "a\nb", "长" * 81])
def test_an_id_that_could_not_be_a_name_is_refused(root, name):
    with pytest.raises(CorpusError, match="不能用"):
        manifest.add(root, root.parent / "a.txt", edition(name))


def test_a_file_that_was_dropped_beside_the_manifest_is_told(root):
    add(root, "a")
    (root / "new.pdf").write_text("x", encoding="utf-8")

    assert [(name, "不在清单里" in why) for name, why in load(root, SUFFIXES).left_out] == [("new.pdf", True)]


def test_a_file_that_is_gone_is_told_and_the_rest_stay(root):
    gone, kept = add(root, "a"), add(root, "b")
    (root / gone.source).unlink()

    corpus = load(root, SUFFIXES)
    assert [(e.guideline_id, bool(e.sha256)) for e in corpus.editions] == [("a", False), ("b", True)]
    assert [name for name, _ in corpus.unreadable] == [gone.source]
    assert kept.sha256 == corpus.editions[1].sha256


def test_an_edition_in_the_middle_is_removed_whatever_the_order_of_the_rows(root):
    add(root, "b", year=2019)
    add(root, "c", year=2024, supersedes=("b",))
    add(root, "a", newer="b", year=2016)

    manifest.remove(root, "b")
    assert {i: (r["status"], r.get("supersedes", [])) for i, r in rows(root).items()} == {"a": ("superseded", []), "c": ("current", ["a"])}


def test_a_replaced_edition_that_replaces_another_stays_replaced(root):
    add(root, "a", year=2016)
    add(root, "b", year=2019)
    add(root, "c", year=2024, supersedes=("b",))

    manifest.supersede(root, "a", "b")
    assert {i: r["status"] for i, r in rows(root).items()} == {"a": "superseded", "b": "superseded", "c": "current"}


def test_a_withdrawn_edition_replaces_nothing(root):
    add(root, "a")
    add(root, "b")
    manifest.withdraw(root, "b", "有误")

    with pytest.raises(CorpusError, match="已撤回"):
        manifest.supersede(root, "a", "b")
    assert rows(root)["a"]["status"] == "current"


def test_what_was_withdrawn_stays_withdrawn_when_it_is_replaced(root):
    add(root, "a")
    manifest.withdraw(root, "a", "有误")
    add(root, "b", supersedes=("a",))
    add(root, "c")
    manifest.supersede(root, "a", "c")

    assert rows(root)["a"]["status"] == "withdrawn"
