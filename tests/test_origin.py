"""An index that is named without a corpus goes with the one that it was built from."""

from pathlib import Path

import pytest

from rag import KnowledgeBase
from rag.origin import built_from
from rag.settings import load


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    corpus = tmp_path / "指南"
    corpus.mkdir()
    (corpus / "a.md").write_text("# 测热病诊疗指南（2024年版）\n\n## 一、治疗\n测热病用氨氯地平5 mg，1次/d。\n", encoding="utf-8")
    KnowledgeBase.build(corpus, tmp_path / "ix")
    return corpus, tmp_path / "ix"


def test_its_corpus_is_that_which_it_was_built_from(own):
    corpus, index = own
    assert load(index=index).corpus == corpus


def test_a_corpus_that_is_named_counts_for_more(own, tmp_path):
    _, index = own
    assert load(index=index, corpus=tmp_path).corpus == tmp_path


def test_where_it_is_gone_or_was_never_written_down_the_default_holds(own, tmp_path):
    corpus, index = own
    default = load().corpus
    corpus.rename(tmp_path / "elsewhere")
    assert built_from(index) is None and load(index=index).corpus == default
    assert built_from(tmp_path / "no index") is None
