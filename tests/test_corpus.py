"""A loose folder is a corpus too: each document once, known by its bytes."""

from __future__ import annotations

import pytest

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
