"""What a document says of itself is read from title, citation, running head and site."""

import json

from rag.ingest.layout import Line
from rag.ingest.metadata import read_metadata
from rag.ingest.notice import read_notice


def lines(*texts):
    return [Line(text, 60, 760 - 30 * n, 400, 772 - 30 * n, size) for n, (text, size) in enumerate(texts)]


PAGE = lines(("测试病的临床诊治进展", 16), ("甲乙，丙丁", 11), ("测试病是一类常见病，应当规范管理。", 10), ("诊治应以证据为基础。", 10), ("随访要规律。", 10))


def test_the_citation_tells_journal_and_year_in_whatever_brackets():
    said = read_metadata(PAGE, "引用本文：甲乙，丙丁. 测试病的临床诊治进展 ［J］. 测试医学杂志，2022，13（4）：644-651. doi：10.12290/xhyxzz.2021-0717")
    assert (said.journal, said.year, said.doi) == ("测试医学杂志", 2022, "10.12290/xhyxzz.2021-0717")


def test_the_running_head_tells_journal_and_year():
    said = read_metadata(PAGE, "DOI：10.3760/cma.j.cn112050-20190510-00282", running="测试外科杂志 2020 年 8 月第 36 卷第 8 期 Chin J Test, August 2020")
    assert (said.journal, said.year) == ("测试外科杂志", 2020)


def test_the_largest_line_is_the_title_though_smaller_lines_speak_of_guidelines():
    page = lines(("测试病处理要点摘编（2017，旧版）", 19), ("依据：全国测试病协作组第五次共识和指南", 9), *[("正文写得很长，占了许多行。" * 3, 11)] * 12)
    assert read_metadata(page, "").title == "测试病处理要点摘编（2017，旧版）"


def test_a_notice_without_issuer_takes_that_of_its_site(tmp_path):
    path = tmp_path / "a.json"
    content = "测试病诊疗方案\n一、病原\n病原不明。"
    notice = {"title": "关于印发测试病诊疗方案（2021年版）的通知", "url": "https://www.nhc.gov.cn/a.shtml", "year": "2021", "content": content}
    path.write_text(json.dumps(notice, ensure_ascii=False), encoding="utf-8")
    assert read_notice(path).metadata.issuer == "国家卫生健康委员会"


def test_the_foot_of_the_site_is_no_part_of_a_notice(tmp_path):
    path = tmp_path / "b.json"
    content = "测试病诊疗方案\n一、病原\n病原不明。\n网站地图 地址：某市某路1号 版权所有，不得非法镜像"
    path.write_text(json.dumps({"title": "测试", "content": content}, ensure_ascii=False), encoding="utf-8")
    reading = read_notice(path)
    assert "网站地图" not in "".join(b.text for b in reading.blocks)
    assert any("网站地图" in note.text for note in reading.left_out)


def test_a_page_of_text_in_one_size_has_no_title():
    page = lines(*[("随访管理应询问服药情况和不良反应，测量血压并评估心血管风险。", 10)] * 20)
    assert read_metadata(page, "").title == ""


def test_a_notice_that_is_sent_out_at_its_end_names_whom_by_and_when():
    said = read_metadata(PAGE, "", closing="国家卫生健康委员会办公厅        2024 年 12 月 30 日印发\n校对：甲乙")
    assert (said.issuer, said.year) == ("国家卫生健康委员会办公厅", 2024)


def test_a_sentence_with_a_date_of_issue_is_no_sign_off():
    said = read_metadata(PAGE, "", closing="本方案依据测试委员会 2019 年 3 月印发的通知。上级文件 2020 年 2 月 18 日印发后应及时更新。")
    assert said.issuer == ""


def test_a_heading_in_the_size_of_the_title_is_no_part_of_it():
    page = lines(("蜂蜇伤处理规范（2020年）", 16), ("一、处理", 16), *[("立即拔除毒刺，局部冷敷，观察半小时。" * 2, 16)] * 2)
    assert read_metadata(page, "").title == "蜂蜇伤处理规范（2020年）"
