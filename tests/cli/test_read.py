"""`zhinan read`: one file's headings, passages, tables and what was left out, as text, as JSON and as a picture."""

import json
import subprocess
import sys

import pytest

MARKDOWN = """# 测试病诊疗指南（2023年版）

## 一、治疗

推荐意见：首选甲药，每次 5 mg，每日 1 次（强推荐，高质量证据）。

表1 常用药物

| 药物 | 每日剂量 |
| --- | --- |
| 甲药 | 5 mg |
| 乙药 | 20 mg |
"""


def zhinan(*args):
    code = "from rag.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def guide(tmp_path):
    path = tmp_path / "指南.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    return path


def test_json_keeps_the_contract(guide):
    code, out, _ = zhinan("read", guide, "--json")
    data = json.loads(out)
    assert code == 0
    assert {"title", "issuer", "year", "edition", "doi", "pages"} <= set(data["document"])
    assert data["document"]["year"] == 2023
    graded = next(p for p in data["passages"] if p["kind"] == "recommendation")
    assert set(graded) == {"kind", "section", "pages", "text", "grade", "evidence", "ocr"}
    assert graded["grade"] == "强推荐"
    assert isinstance(data["left_out"], list)


def test_text_shows_headings_and_tables_as_tables(guide):
    code, out, _ = zhinan("read", guide)
    assert code == 0
    assert "一、治疗" in out
    assert "| 药物 | 每日剂量 |" in out
    assert "| 乙药 | 20 mg |" in out


def printed(tmp_path):
    """Print a page of text."""
    typst = pytest.importorskip("typst")
    source = tmp_path / "a.typ"
    source.write_text('#set text(font: "Noto Serif CJK SC")\n一、治疗\n\n高血压患者应当长期规律服药，并每周自测血压。', encoding="utf-8")
    (tmp_path / "a.pdf").write_bytes(typst.compile(source))
    return tmp_path / "a.pdf"


def test_a_picture_of_the_page_is_written(tmp_path):
    code, out, err = zhinan("read", printed(tmp_path), "--page", 1, "--png", tmp_path / "a.png")
    assert (code, out) == (0, "")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "a.png" in err


@pytest.mark.parametrize(("name", "content", "says"), [("空.pdf", b"", "0 字节"), ("假.pdf", b"hello", "不是 PDF"), ("无.xyz", b"x", "不支持")])
def test_a_bad_file_gets_one_line_and_exit_code_1(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    code, out, err = zhinan("read", tmp_path / name)
    assert (code, out) == (1, "")
    assert name in err
    assert says in err
    assert err.count("\n") == 1


def test_a_page_that_is_not_there_is_named(guide, tmp_path):
    code, _, err = zhinan("read", guide, "--page", 3, "--png", tmp_path / "x.png")
    assert code == 1
    assert err.count("\n") == 1


def test_a_header_over_two_columns_hides_no_cell(tmp_path):
    path = tmp_path / "指南.html"
    row = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    path.write_text(
        "<h1>测试病诊疗指南</h1><h2>一、治疗</h2><p>首选甲药治疗测试病。</p><table><tr><th>药物</th><th colspan=2>用法</th></tr>"
        + row.format("甲药", "5 mg", "1次/d") + row.format("乙药", "10 mg", "2次/d") + "</table>",
        encoding="utf-8",
    )
    code, out, _ = zhinan("read", path)
    assert code == 0
    assert "| 甲药 | 5 mg | 1次/d |" in out
    assert "| 乙药 | 10 mg | 2次/d |" in out


def test_a_folder_and_a_picture_that_cannot_be_drawn_or_written_are_named(guide, tmp_path):
    code, _, err = zhinan("read", tmp_path)
    assert (code, err.count("\n")) == (1, 1)
    assert "是目录" in err
    (tmp_path / "x").write_bytes(b"")
    code, _, err = zhinan("read", guide, "--png", tmp_path / "a.png")
    assert (code, err) == (1, "指南.md 的内容不是 PDF。请给出 PDF 文件。\n")
    code, _, err = zhinan("read", printed(tmp_path), "--png", tmp_path / "x" / "a.png")
    assert (code, err.count("\n")) == (1, 1)
    assert "a.png：路径中有一段不是目录" in err
