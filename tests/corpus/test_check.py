from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.digest.check import check_corpus
from rag.digest.digest import read_digest
from rag.digest.structure_rules import check_structure
from rag.digest.wording_rules import check_wording
from rag.errors import CorpusError

ROOT = Path(__file__).resolve().parents[2]


def findings(corpus: Path, change: Callable[[str], str], name: str = "hypertension-2018") -> list[tuple[int, str]]:
    """Change one digest and return what its text's rules find."""
    path = corpus / "text" / f"{name}.md"
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    digest = read_digest(path)
    return [(f.line, f.message) for f in (*check_structure(digest), *check_wording(digest))]


def line_of(corpus: Path, text: str, name: str = "hypertension-2018") -> int:
    lines = (corpus / "text" / f"{name}.md").read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_a_digest_as_the_readme_asks_has_no_findings(corpus):
    digest = read_digest(corpus / "text" / "hypertension-2018.md")
    assert [*check_structure(digest), *check_wording(digest)] == []


@pytest.mark.parametrize(("old", "new", "said"), [
    ("≥140/90 mmHg[1]。\n高血压是", "≥140/90 mmHg。\n高血压是", "没有出处标记"),
    ("联合治疗（推荐等级Ⅰ，证据级别A）[1]。", "联合治疗（推荐等级Ⅰ，证据级别A）。", "没有出处标记"),
    ("| 氨氯地平[1] |", "| 氨氯地平 |", "第一格"),
    ("盐少于5 g[2]", "盐少于5 g[7]", "在参考文献里没有"),
    ("可诊断高血压[1,2]", "可诊断高血压[1，2]", "写法不对"),
    ("≥140/90 mmHg可诊断", "≥140/90 mmhg可诊断", "mmHg"),
    ("≥140/90 mmHg可诊断", "≥140/90mmHg可诊断", "空格"),
    ("盐少于5 g[2]", "盐少于5g[2]", "空格"),
    ("≥140/90 mmHg可诊断", ">140/90 mmHg可诊断", "≥ ≤ ＞ ＜"),
    ("| 10~20 mg，1次/d |", "| 10-20 mg，1次/d |", "范围"),
    ("| 10~20 mg，1次/d |", "| 10~20 mg，1次/日 |", "次/d"),
    ("| 10~20 mg，1次/d |", "| 10~20 毫克，1次/d |", "单位写"),
    ("每天吃盐少于5 g[2]", "每天吃盐**少于5 g**[2]", "不用加粗"),
    ("| 干咳 |", "|  |", "—"),
    ("| 干咳 |", "| 同氨氯地平 |", "应写出所指的内容"),
    ("| 最大剂量 |", "| 极量 |", "剂量表的列"),
    ("## 诊断标准", "## 诊断依据", "没有名为"),
    ("### 普通转诊", "### 一般转诊", "只用"),
    ("表1 常用", "表2 常用", "依次编号"),
    ("disease = \"高血压\"\n", "", "文件头缺 disease"),
    ("year = 2018", "year = 2019", "年份"),
    ("踝部水肿", "踝部水肿🙂", "没有这些字符"),
    ("踝部水肿", "白细胞＜4×10⁹/L", "没有这些字符"),
])
def test_each_slip_is_found(corpus, old, new, said):
    found = findings(corpus, lambda text: text.replace(old, new, 1))
    assert any(said in message for _, message in found), found


def test_a_finding_names_the_line(corpus):
    line = line_of(corpus, "每天吃盐")
    assert findings(corpus, lambda t: t.replace("5 g[2]", "5 g"))[0][0] == line


def test_an_unused_reference_is_found_on_its_line(corpus):
    found = findings(corpus, lambda t: t.replace("[1,2]", "[1]").replace("[2]", "[1]"))
    assert [(line_of(corpus, "2. 国家心血管病中心"), "参考文献 2 没有被引用过。")] == found


def test_sections_out_of_order_are_found(corpus):
    swapped = findings(corpus, lambda t: t.replace("## 转诊指征", "## 甲").replace("## 健康教育要点", "## 转诊指征").replace("## 甲", "## 健康教育要点"))
    assert any("之前" in message for _, message in swapped)


def test_a_row_with_a_missing_cell_stops_reading_with_its_line(corpus):
    path = corpus / "text" / "hypertension-2018.md"
    path.write_text(path.read_text(encoding="utf-8").replace("| 10 mg/d | 对二氢吡啶类过敏 |", "| 10 mg/d |"), encoding="utf-8")
    with pytest.raises(CorpusError, match=rf"{path}:{line_of(corpus, '氨氯地平')}: 这一行有 5 格"):
        read_digest(path)


def messages(corpus: Path) -> str:
    return "\n".join(str(f) for f in check_corpus(corpus))


def test_missing_pdfs_and_manifest_are_found(corpus):
    said = messages(corpus)
    assert "没有语料清单" in said
    assert "还没有排成 hypertension-2024.pdf" in said
    assert "FACTCHECK.md" in said


def test_two_current_editions_of_a_disease_are_a_gap(corpus):
    path = corpus / "text" / "hypertension-2024.md"
    path.write_text(path.read_text(encoding="utf-8").replace('supersedes = ["hypertension-2018"]', "supersedes = []"), encoding="utf-8")
    assert "不止一个现行版" in messages(corpus)


def test_superseding_an_unknown_digest_is_found(corpus):
    path = corpus / "text" / "hypertension-2018.md"
    path.write_text(path.read_text(encoding="utf-8").replace("supersedes = []", 'supersedes = ["hypertension-2010"]'), encoding="utf-8")
    assert "hypertension-2010 没有摘编" in messages(corpus)


def test_a_disease_without_official_document_is_found(corpus):
    (corpus / "sources.toml").write_text("", encoding="utf-8")
    assert "没有“高血压”的官方文件" in messages(corpus)


def manifest(tmp_path: Path, rows: str) -> str:
    (tmp_path / "manifest.toml").write_text(rows, encoding="utf-8")
    return messages(tmp_path)


def test_a_circle_of_editions_is_found(tmp_path):
    rows = "".join(f'[[editions]]\nguideline_id = "{a}"\nfile = "x"\nsupersedes = ["{b}"]\nstatus = "superseded"\n' for a, b in ("ab", "ba"))
    assert "成了圈" in manifest(tmp_path, rows)


def test_a_changed_file_is_found_with_the_line_of_its_row(tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"other")
    said = manifest(tmp_path, '\n[[editions]]\nguideline_id = "a"\nfile = "x.pdf"\nsha256 = "00"\n')
    assert "manifest.toml:3: a：文件 x.pdf 的内容与清单里的 sha256 不符" in said


@pytest.mark.parametrize(("row", "said"), [
    ('file = "missing.pdf"', "不存在"),
    ('file = "x"\nstatus = "old"', "status 应为"),
    ('file = "x"\nstatus = "superseded"', "没有哪一版取代它"),
    ('file = "x"\nsupersedes = ["z"]', "不存在的 z"),
])
def test_contradictions_in_the_manifest_are_found(tmp_path, row, said):
    assert said in manifest(tmp_path, f'[[editions]]\nguideline_id = "a"\n{row}\n')


def test_the_committed_corpus_is_in_order():
    assert [str(f) for f in check_corpus(ROOT / "corpus")] == []
