"""A loose folder is a corpus too: each document once, known by its bytes."""

from __future__ import annotations

import errno
import os
import sys

import pytest

from rag import loose
from rag.corpus import complete, load
from rag.errors import CorpusError
from rag.types import Edition, Metadata

SUFFIXES = frozenset({".pdf", ".txt", ".md"})


def sources(root) -> list[str]:
    return [e.source for e in load(root, SUFFIXES).editions]


def test_documents_are_found_in_folders_and_the_rest_is_passed_over(tmp_path):
    for name in ("a.pdf", "sub/b.txt", "README.md", ".hidden/c.pdf", ".d.pdf", "e.zip"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")

    assert sources(tmp_path) == ["a.pdf", "sub/b.txt"]


def test_a_copy_and_a_transcript_are_left_out_and_named(tmp_path):
    (tmp_path / "a.pdf").write_text("1", encoding="utf-8")
    (tmp_path / "a.txt").write_text("transcript", encoding="utf-8")
    (tmp_path / "b.pdf").write_text("1", encoding="utf-8")

    corpus = load(tmp_path, SUFFIXES)

    assert [e.source for e in corpus.editions] == ["a.pdf"]
    assert [source for source, _ in corpus.left_out] == ["a.txt", "b.pdf"]


@pytest.fixture
def outside(tmp_path_factory):
    path = tmp_path_factory.mktemp("outside") / "secret.txt"
    path.write_text("outside", encoding="utf-8")
    return path


def test_links_out_of_the_folder_are_not_followed(tmp_path, outside):
    (tmp_path / "a.txt").write_text("1", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(outside)
    (tmp_path / "folder").symlink_to(outside.parent, target_is_directory=True)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)

    corpus = load(tmp_path, SUFFIXES)
    assert [e.source for e in corpus.editions] == ["a.txt"]
    assert [name for name, _ in corpus.left_out] == ["dangling.txt", "folder", "link.txt", "loop"]


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="names are text there")
def test_a_name_that_is_no_text_is_told_and_costs_nothing_but_its_file(tmp_path):
    (tmp_path / "a.txt").write_text("1", encoding="utf-8")
    for name in ("指南.pdf", "图.png"):
        (tmp_path / os.fsdecode(name.encode("gb18030"))).write_text("2", encoding="utf-8")
    folder = tmp_path / os.fsdecode("诊疗".encode("gb18030"))
    folder.mkdir()
    (folder / "b.txt").write_text("3", encoding="utf-8")

    corpus = load(tmp_path, SUFFIXES)
    assert [e.source for e in corpus.editions] == ["a.txt"]
    assert {name for name, _ in corpus.unreadable} == {"指南.pdf", "诊疗"}


def test_the_shortest_name_of_several_copies_is_kept(tmp_path):
    for name in ("指南 (1).txt", "指南.txt", "副本/指南.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")

    assert sources(tmp_path) == ["指南.txt"]


def test_odd_names_and_suffixes_are_taken_as_they_are(tmp_path):
    names = ["A.PDF", "b.Txt", "换\n行.txt", "表情😀.txt", "长" * 80 + ".txt", "ﬁ.txt", "-rf.txt"]
    for name in names:
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")

    assert sorted(sources(tmp_path)) == sorted(names)


def test_other_formats_are_told_and_lock_files_passed_over(tmp_path):
    for name in ("a.txt", "旧.DOC", "b.caj", "~$a.docx", ".DS_Store", "c.zip"):
        (tmp_path / name).write_text(name, encoding="utf-8")

    corpus = load(tmp_path, SUFFIXES)
    assert [e.source for e in corpus.editions] == ["a.txt"]
    assert [name for name, why in corpus.left_out if "另存" in why] == ["b.caj", "旧.DOC"]
    assert [name for name, why in corpus.left_out if "解开" in why] == ["c.zip"]


def test_a_file_that_cannot_be_opened_is_told_and_the_rest_go_on(tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    real = loose.file_hash

    def refused(path):
        if path.name == "b.txt":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path)

    monkeypatch.setattr(loose, "file_hash", refused)
    corpus = load(tmp_path, SUFFIXES)
    assert [e.source for e in corpus.editions] == ["a.txt"]
    assert [(name, "权限" in why) for name, why in corpus.unreadable] == [("b.txt", True)]


def test_an_index_within_the_folder_is_no_document(tmp_path):
    for name in ("a.txt", "ix/CURRENT", "ix/snapshots/0/editions.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")

    assert sources(tmp_path) == ["a.txt"]


def test_the_same_name_with_other_bytes_is_another_edition(tmp_path):
    (tmp_path / "a.pdf").write_text("1", encoding="utf-8")
    before = load(tmp_path, SUFFIXES).editions[0]
    (tmp_path / "a.pdf").write_text("2", encoding="utf-8")
    after = load(tmp_path, SUFFIXES).editions[0]

    assert before.sha256 != after.sha256
    assert before.guideline_id != after.guideline_id


def test_a_missing_or_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(CorpusError, match="--corpus"):
        load(tmp_path / "none", SUFFIXES)
    with pytest.raises(CorpusError, match="没有可读的文件"):
        load(tmp_path, SUFFIXES)


def test_what_the_manifest_states_stands_before_what_the_document_says():
    said = Metadata("文中题名", "文中学会", 2019, "2019年版", "10.1/x")

    stated = complete(Edition("a", "清单题名", "", 2020, "", "a.pdf", ""), said)
    loose = complete(Edition("a", "", "", 0, "", "某指南.pdf", ""), Metadata())

    assert (stated.title, stated.issuer, stated.year, stated.edition) == ("清单题名", "文中学会", 2020, "2019年版")
    assert loose.title == "某指南"
