"""Scanned pages are read as if they had a text layer: upright, level, in rows, with boxes on the page as it is stored."""

import io

import pypdfium2
import pytest
from PIL import Image

from rag.ingest.passage import cut
from rag.ingest.pdf import read_pdf
from rag.ingest.plausible import share_in_words, why_suspect
from rag.ingest.rules import Rule
from rag.ingest.scan import Scan, ScanLine, add_scan, scan_from_json, scan_to_json
from rag.text.normalise import squeeze

PLAIN = '#set page(width: 420pt, height: 300pt, margin: 36pt)\n#set text(font: "Noto Serif CJK SC", size: 12pt)\n'
TEXT = "氯沙坦每日一次五十毫克，血压未达标时可加量至一百毫克。"
SOURCE = f"= 一、药物治疗\n\n{TEXT}\n\n#table(columns: 2, [药物名称], [每日剂量], [氨氯地平], [5 mg], [缬沙坦], [80 mg])"


@pytest.fixture(scope="module")
def image(typeset):
    return pypdfium2.PdfDocument(typeset(SOURCE, preamble=PLAIN))[0].render(scale=2.5).to_pil().convert("RGB")


def scanned(image: Image.Image, path):
    data = io.BytesIO()
    image.save(data, "PDF", resolution=180)
    path.write_bytes(data.getvalue())
    return path


def read_scan(image, path):
    pytest.importorskip("rapidocr", reason="需要 zhinan[ocr]")
    return read_pdf(scanned(image, path))


def test_a_scan_is_read_with_headings_tables_and_confidence(image, tmp_path):
    passages = cut(read_scan(image, tmp_path / "scan.pdf"), "g")
    sentence = next(s for p in passages for s in p.sentences if "氯沙坦" in s.text)
    assert squeeze(sentence.text) == squeeze(TEXT)
    assert sentence.ocr
    assert passages[0].section == ("一、药物治疗",)
    rows = [s.text for p in passages if p.kind == "table" for s in p.sentences]
    assert any("氨氯地平" in row and "5 mg" in row.replace("5mg", "5 mg") and "80" not in row for row in rows)
    assert all(p.ocr for p in passages)


@pytest.mark.parametrize("angle", [90, 2])
def test_a_turned_or_skew_scan_is_read_with_boxes_where_the_text_stands(image, tmp_path, angle):
    turned = image.rotate(angle, expand=True, fillcolor="white")
    reading = read_scan(turned, tmp_path / "turned.pdf")
    sentence = next(s for p in cut(reading, "g") for s in p.sentences if "氯沙坦" in s.text)
    assert squeeze(sentence.text) == squeeze(TEXT)
    scale = 180 / 72
    box = sentence.boxes[0]
    ink = turned.convert("L").crop(tuple(int(v) for v in (
        box.x0 * scale, turned.height - box.y1 * scale, box.x1 * scale, turned.height - box.y0 * scale,
    )))  # fmt: skip
    assert (box.x1 - box.x0 > box.y1 - box.y0) == (angle == 2)
    assert ink.getextrema()[0] < 100


def test_no_ocr_skips_the_page_and_names_it(image, tmp_path):
    reading = read_pdf(scanned(image, tmp_path / "scan.pdf"), ocr=False)
    assert any("第 1 页" in w and "--no-ocr" in w for w in reading.warnings)
    assert not reading.blocks


def test_pieces_of_one_row_share_their_baseline_and_size():
    lines = (ScanLine("a)", 50, 100.5, 60, 112, 0.9), ScanLine("对侧肢体感觉障碍", 70, 100, 152, 111.4, 0.99))
    glyphs, runs = add_scan(None, lines)
    assert runs[0].base == pytest.approx(runs[1].base, abs=1)
    assert len(glyphs.chars) == 10
    assert glyphs.faces.confidence[1] == 0.99


def test_a_scan_survives_being_written_down():
    scan = Scan(1, 0.01, (ScanLine("高血压", 1, 2, 3, 4, 0.9),), (Rule(0, 1, 5, 1),), ())
    assert scan_from_json(scan_to_json(scan)) == scan


def test_recipes_are_words_and_shifted_characters_are_not():
    recipe = "早餐煎饼面粉鸡蛋生菜豆浆凉拌茄子午餐二米饭大米小米精烩菜猪肉土豆粉条豆腐芹菜裙带菜山药晚餐椒盐蒸饼炖鲫鱼西葫芦炒鸡肉西瓜草莓植物油" * 2
    codes = [bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)]
    garbled = "".join(codes[(codes.index(c) + 7) % len(codes)] if c in codes else c for c in recipe)
    assert why_suspect(recipe) is None
    assert share_in_words(recipe) > 0.6
    assert why_suspect(garbled) == "文字层不像中文"


def test_short_and_latin_lines_take_the_size_of_the_text_around_them():
    def line(text, y, width, height):
        return ScanLine(text, 60.0, y, 60.0 + width, y + height, 0.99)

    lines = [line("随访时应询问服药情况和不良反应", 700 - 15 * n, 153, 12) for n in range(8)]
    lines += [line("首选甲药5mg/次，2次/d（Ⅰ级推荐，A级证", 400, 175, 16), line("分值", 380, 23, 17), line("3.1.2 症状", 360, 50, 15)]
    _, runs = add_scan(None, lines)
    assert len({round(run.size, 2) for run in runs}) == 1


def test_the_air_of_recognised_boxes_is_no_part_of_the_type():
    _, (run,) = add_scan(None, [ScanLine("随访时应询问服药情况", 100.0, 500.0, 203.0, 512.0, 0.99)])
    assert 101 < run.x0 < 102
    assert 201 < run.x1 < 202
