from __future__ import annotations

from rag.ingest.plain import paragraphs_of, read_markdown

TEXT = ["# 概述", "", "高血压患者应限盐。", ""]


def test_numbers_of_a_text_saved_in_pieces_stay_in_their_sentences():
    pieces = ["含氯消毒剂作用", "1", "~", "5", "分钟", "，", "可灭活病毒。", "儿童每次", "3", "g", "，每日", "2", "次。"]

    lines, dropped = paragraphs_of("\n".join(pieces))

    assert lines == ["含氯消毒剂作用1~5分钟，可灭活病毒。", "儿童每次3g，每日2次。"]
    assert dropped == []


def test_bare_numbers_that_count_up_the_pages_are_left_out():
    page = ["这是一行足够长的正文用来充当一页里的内容。"] * 12
    text = [line for number in range(1, 5) for line in [*page, str(number)]]

    lines, dropped = paragraphs_of("\n".join(text))

    assert dropped == ["1", "2", "3", "4"]
    assert not any(line.isdigit() for line in lines)


def test_a_page_number_between_dashes_is_left_out_in_the_middle_of_a_sentence():
    lines, dropped = paragraphs_of("剂量为每次七十五毫克\n— 11—\n每日两次。")

    assert lines == ["剂量为每次七十五毫克每日两次。"]
    assert dropped == ["— 11—"]


def test_toml_front_matter_names_a_markdown_file(tmp_path):
    head = ["+++", 'title = "高血压基层诊疗要点"', 'issuer = ["甲学会", "乙学会"]', "year = 2024", 'edition = "第二版"', "+++", ""]
    path = tmp_path / "a.md"
    path.write_text("\n".join(head + TEXT), encoding="utf-8")

    reading = read_markdown(path)

    said = reading.metadata
    assert (said.title, said.issuer, said.year, said.edition) == ("高血压基层诊疗要点", "甲学会；乙学会", 2024, "第二版")
    assert "title" not in reading.page_texts[0]


def test_yaml_front_matter_names_a_markdown_file(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("\n".join(["---", 'title: "痛风诊疗指南"', "date: 2019-05-01", "---", *TEXT]), encoding="utf-8")

    assert (read_markdown(path).metadata.title, read_markdown(path).metadata.year) == ("痛风诊疗指南", 2019)


def test_a_rule_at_the_top_is_no_front_matter(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("\n".join(["---", "", *TEXT, "---", "", "另一段文字。"]), encoding="utf-8")

    assert "限盐" in read_markdown(path).page_texts[0]
