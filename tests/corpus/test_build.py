from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pypdfium2
import pytest

pytest.importorskip("typst", reason="排版需要 typst（pip install 'zhinan[corpus]'）")

from corpus.build import build, verify
from corpus.typeset.compile import font_files
from corpus.typeset.page_data import pieces
from rag.digest.check import check_corpus
from rag.digest.digest import DigestTable, Prose, read_digest
from rag.digest.seal import read_seal
from rag.errors import CorpusError

ROOT = Path(__file__).resolve().parents[2]

try:
    font_files()
except CorpusError as error:
    pytest.skip(str(error), allow_module_level=True)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def page_texts(pdf: Path) -> list[str]:
    return [squeezed(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


@pytest.fixture
def built(corpus: Path) -> Path:
    build(corpus)
    return corpus


def test_a_built_corpus_passes_every_check(built):
    assert [str(f) for f in check_corpus(built)] == []
    assert verify(built) == []


def test_building_again_gives_the_same_bytes(built):
    before = {p.name: p.read_bytes() for p in built.rglob("*") if p.is_file()}
    assert build(built, everything=True) == []
    assert {p.name: p.read_bytes() for p in built.rglob("*") if p.is_file()} == before


def test_only_what_changed_is_set_again(built):
    path = built / "text" / "hypertension-2024.md"
    path.write_text(path.read_text(encoding="utf-8").replace("踝部水肿", "水肿"), encoding="utf-8")
    assert "hypertension-2024.pdf 不是由现在的文字排成的" in str([str(f) for f in check_corpus(built)])
    assert build(built) == ["hypertension-2024"]
    assert check_corpus(built) == []


def test_the_superseded_edition_says_so_on_its_first_page_and_in_the_manifest(built):
    assert "已被《高血压基层诊疗要点摘编（2024）》取代" in page_texts(built / "pdf" / "hypertension-2018.pdf")[0]
    rows = tomllib.loads((built / "manifest.toml").read_text(encoding="utf-8"))["editions"]
    assert [(r["guideline_id"], r["status"]) for r in rows] == [("hypertension-2018", "superseded"), ("hypertension-2024", "current")]


def test_the_first_page_says_that_it_is_a_digest(built):
    first = page_texts(built / "pdf" / "hypertension-2024.pdf")[0]
    assert "摘编，仅供参考" in first and "以原指南和药品说明书为准" in first and "不能代替医生的判断" in first


def test_every_sentence_and_cell_can_be_read_from_the_pages(built):
    digest = read_digest(built / "text" / "hypertension-2024.md")
    text = "".join(page_texts(built / "pdf" / "hypertension-2024.pdf"))
    prose = [b.text for b in digest.body if isinstance(b, Prose)]
    cells = [c for b in digest.body if isinstance(b, DigestTable) for r in b.rows for c in r.cells]
    assert [t for t in (*prose, *cells) if squeezed(t) not in text] == []


def test_the_pdf_has_title_outline_and_the_hash_of_its_source(built):
    with pypdfium2.PdfDocument(built / "pdf" / "hypertension-2024.pdf") as document:
        assert document.get_metadata_dict()["Title"] == "高血压基层诊疗要点摘编（2024）"
        assert [b.get_title() for b in document.get_toc()][:2] == ["一、概述", "二、诊断标准"]
    import hashlib

    assert read_seal(built / "pdf" / "hypertension-2024.pdf")[0].source == hashlib.sha256(
        (built / "text" / "hypertension-2024.md").read_bytes()).hexdigest()


def test_a_long_table_goes_on_under_its_header_on_the_next_page(corpus):
    path = corpus / "text" / "hypertension-2024.md"
    row = "| 依那普利[1] | 5 mg，1次/d | 10~20 mg，1次/d | 40 mg/d | 妊娠；双侧肾动脉狭窄 | 干咳 |\n"
    path.write_text(path.read_text(encoding="utf-8").replace(row, row * 60), encoding="utf-8")
    build(corpus)
    pages = page_texts(corpus / "pdf" / "hypertension-2024.pdf")
    continued = next(p for p in pages if "续表1" in p)
    assert "药物起始剂量常用剂量" in continued
    assert sum(p.count("依那普利[1]") for p in pages) == 60


def test_the_text_names_a_table_where_it_belongs(built):
    text = "".join(page_texts(built / "pdf" / "hypertension-2024.pdf"))
    assert "证据级别A）[1]。见表1。" in text


def test_a_small_table_stands_in_its_column_under_its_heading(corpus):
    path = corpus / "text" / "hypertension-2024.md"
    small = "\n\n表1 分级\n| 分级 | 收缩压 |\n| --- | --- |\n| 1级[1] | 140~159 mmHg |\n| 2级[1] | 160~179 mmHg |\n\n## 药物治疗"
    text = path.read_text(encoding="utf-8").replace("表1 常用", "表2 常用").replace("\n## 药物治疗", small)
    path.write_text(text, encoding="utf-8")
    build(corpus)
    page = page_texts(corpus / "pdf" / "hypertension-2024.pdf")[0]
    assert page.index("二、诊断标准") < page.index("表1分级") < page.index("三、药物治疗")


def test_a_user_row_and_a_withdrawal_survive_the_build(built):
    manifest = built / "manifest.toml"
    (built / "mine.pdf").write_bytes(b"%PDF-1.7 mine")
    text = manifest.read_text(encoding="utf-8").replace('status = "superseded"', 'status = "withdrawn"\nreason = "有误"', 1)
    manifest.write_text(text + '\n[[editions]]\nguideline_id = "mine"\nfile = "mine.pdf"\n', encoding="utf-8")
    build(built)
    rows = {r["guideline_id"]: r for r in tomllib.loads(manifest.read_text(encoding="utf-8"))["editions"]}
    assert rows["mine"]["file"] == "mine.pdf"
    assert rows["hypertension-2018"]["reason"] == "有误"


def test_a_pdf_whose_source_is_gone_is_removed(built):
    (built / "text" / "hypertension-2018.md").unlink()
    path = built / "text" / "hypertension-2024.md"
    path.write_text(path.read_text(encoding="utf-8").replace('["hypertension-2018"]', "[]"), encoding="utf-8")
    build(built)
    assert [p.name for p in (built / "pdf").iterdir()] == ["hypertension-2024.pdf"]


@pytest.mark.parametrize("text", ["血压≥140/90 mmHg[1]。", "（骨吸收）[1,3]。", "3.0×10^9/L[1]", "每日800~1200 IU/d", "[1]", ""])
def test_parting_text_for_the_line_breaks_loses_nothing(text):
    assert "".join(p if isinstance(p, str) else "".join(p) for p in pieces(text)) == text


def test_a_number_is_kept_with_its_unit_and_its_mark():
    assert pieces("用5 mg/d[1]。再用10%，") == ["用", ["5 mg/d", "[1]", "。"], "再用", ["10%", "", "，"]]
