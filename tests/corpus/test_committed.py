from __future__ import annotations

from pathlib import Path

from corpus import build
from rag.digest.seal import read_seal
from rag.errors import CorpusError

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def test_committed_pdfs_are_made_from_the_committed_sources():
    assert build.verify(CORPUS) == []


def test_all_committed_pdfs_were_made_with_the_same_tools():
    assert len({read_seal(pdf)[0].tools for pdf in (CORPUS / "pdf").glob("*.pdf")}) == 1


def test_without_typesetter_a_changed_source_is_found_all_the_same(monkeypatch, tmp_path):
    def missing() -> str:
        raise CorpusError("缺少字体")

    monkeypatch.setattr(build, "tools", missing)
    (tmp_path / "text").mkdir()
    (tmp_path / "pdf").symlink_to(CORPUS / "pdf")
    text = (CORPUS / "text" / "gout-2019.md").read_text(encoding="utf-8")
    (tmp_path / "text" / "gout-2019.md").write_text(text, encoding="utf-8")
    assert build.verify(tmp_path) == []
    (tmp_path / "text" / "gout-2019.md").write_text(text + "\n", encoding="utf-8")
    assert build.verify(tmp_path) == [f"{tmp_path / 'pdf' / 'gout-2019.pdf'} 与来源不符"]
