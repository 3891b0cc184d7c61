"""Passages follow headings, keep sentences whole and stay within their limits."""

from rag.codec import passage_from_json, passage_to_json
from rag.ingest.base import Reading
from rag.ingest.passage import MAX_CHARS, MIN_CHARS, cut
from rag.types import Block, Box, Fragment, Metadata, Table, TableRow


def block(kind, text, level=0, page=1):
    return Block(kind, (Fragment(text, Box(page, 50, 700, 300, 711)),), level)


def passages(*blocks):
    return cut(Reading(Metadata(), blocks, ("",)), "高血压")


SENTENCE = "患者应按时服药，每周自测血压三次，并把结果记录下来带给随访医生查看。"


def test_ids_count_from_one():
    found = passages(block("heading", "一、治疗", 1), *[block("paragraph", SENTENCE * 20)] * 2)
    assert [p.id for p in found] == [f"高血压:{n}" for n in range(1, len(found) + 1)]


def test_long_text_is_parted_between_sentences_within_the_limit():
    found = passages(block("paragraph", SENTENCE * 40))
    assert len(found) > 1
    assert all(MIN_CHARS <= len(p.text) <= MAX_CHARS for p in found)
    assert all(s.text == SENTENCE for p in found for s in p.sentences)


def test_section_is_the_heading_path_as_printed():
    found = passages(
        block("heading", "第一章　总则", 1), block("heading", "一、 目 的", 2), block("paragraph", SENTENCE * 6)
    )
    assert found[0].section[0] == "第一章 总则"
    assert len(found[0].section) == 2


def test_short_sections_under_one_heading_are_merged_and_keep_their_own_headings_in_the_text():
    found = passages(
        block("heading", "一、评估", 1),
        block("heading", "（一）人群", 2),
        block("paragraph", "覆盖35岁以上人群。"),
        block("heading", "（二）内容", 2),
        block("paragraph", "评估血压和血糖。"),
    )
    assert len(found) == 1
    assert found[0].section == ("一、评估",)
    assert [s.text for s in found[0].sentences] == ["人群：覆盖35岁以上人群。", "内容：评估血压和血糖。"]


def test_a_heading_that_ends_a_sentence_leads_the_next_one_with_one_mark():
    found = passages(
        block("heading", "一、评估", 1),
        block("heading", "（一）人群。", 2),
        block("paragraph", "覆盖35岁以上人群。"),
        block("heading", "（二）内容：", 2),
        block("paragraph", "评估血压和血糖。"),
    )
    assert [s.text for s in found[0].sentences] == ["人群：覆盖35岁以上人群。", "内容：评估血压和血糖。"]


def test_sections_under_different_chapters_are_never_merged():
    found = passages(
        block("heading", "第一章 甲", 1),
        block("paragraph", "甲章的短文。"),
        block("heading", "第二章 乙", 1),
        block("paragraph", "乙章的短文。"),
    )
    assert [p.section for p in found] == [("第一章 甲",), ("第二章 乙",)]


def test_recommendation_is_a_passage_of_its_own_with_its_grade():
    found = passages(
        block("heading", "（三）血压管理", 1),
        block("paragraph", SENTENCE),
        block("paragraph", "推荐意见：急性期将收缩压降至140 mmHg是安全的（Ⅰ级推荐，A级证据）。"),
        block("paragraph", SENTENCE),
    )
    assert [p.kind for p in found] == ["text", "recommendation", "text"]
    assert (found[1].grade, found[1].evidence) == ("Ⅰ级", "A级")


def test_items_with_their_own_grades_are_parted():
    text = "推荐意见：（1）尽早行CT检查（Ⅰ级推荐，A级证据）。（2）可行MRI检查（Ⅱb级推荐，C级证据）。"
    assert [(p.grade, p.evidence) for p in passages(block("paragraph", text))] == [("Ⅰ级", "A级"), ("Ⅱb级", "C级")]


def test_recommendation_stands_under_the_label_that_names_its_drug():
    found = passages(
        block("heading", "2.缓解期治疗", 1),
        block("paragraph", "（3）西尼莫德：选择性调节受体，用于成人。"),
        block("paragraph", "推荐意见：适用于成人复发型患者（Ⅰ级证据，A级推荐）。"),
    )
    assert found[-1].section == ("2.缓解期治疗", "（3）西尼莫德")


def test_sentence_box_covers_only_its_part_of_a_line():
    found = passages(block("paragraph", "血压应达标。血糖也应达标。"))
    first, second = found[0].sentences
    assert first.boxes[0].x1 <= second.boxes[0].x0 + 0.1


def test_recognised_text_is_marked():
    reading = Reading(Metadata(), (Block("paragraph", (Fragment("剂量为5 mg。", None, 0, 0.8),)),), ("",))
    assert cut(reading, "g")[0].ocr


def test_a_list_is_not_parted_from_its_first_item_by_merging():
    items = [block("paragraph", f"{mark}）症状{mark}，多见于成人。") for mark in "abcd"]
    found = passages(block("heading", "附录A", 1), block("heading", "A.1 甲型", 2), *items, block("heading", "A.2 乙型", 2), *items)
    assert all(sum("多见于成人" in s.text for s in p.sentences) % 4 == 0 for p in found)


def test_a_table_does_not_part_the_text_of_a_section():
    row = Block("table", table=Table("表1", ("药物", "剂量"), (TableRow(("甲", "5 mg"), "甲 5 mg", (Box(1, 50, 400, 300, 411),)),)))
    found = passages(block("heading", "一、治疗", 1), block("paragraph", "先用甲。"), row, block("paragraph", "再用乙。"))
    assert [(p.kind, len(p.sentences)) for p in found] == [("text", 2), ("table", 1)]


def test_chapters_under_the_documents_title_are_not_merged():
    chapters = [(block("heading", name, 2), block("paragraph", "短文。")) for name in ("一、诊断", "二、治疗")]
    blocks = block("heading", "测试病指南", 1), *chapters[0], *chapters[1]
    found = cut(Reading(Metadata(title="测试病指南"), blocks, ("",)), "g")
    assert [p.section for p in found] == [("测试病指南", "一、诊断"), ("测试病指南", "二、治疗")]


def under(passage):
    return [(s.text, s.under) for s in passage.sentences]


def test_each_sentence_of_merged_sections_knows_its_own_heading():
    found = passages(
        block("heading", "六、治疗", 1),
        block("heading", "4．甲氯芬酯：", 2),
        block("paragraph", "适用于夜间唤醒困难的患儿。治疗剂量为100 mg，睡前口服。"),
        block("heading", "5．丙咪嗪：", 2),
        block("paragraph", "用于其他药物无效者。应检查心电图。"),
    )
    assert len(found) == 1
    assert under(found[0]) == [
        ("甲氯芬酯：适用于夜间唤醒困难的患儿。", ("4．甲氯芬酯：",)), ("治疗剂量为100 mg，睡前口服。", ("4．甲氯芬酯：",)),
        ("丙咪嗪：用于其他药物无效者。", ("5．丙咪嗪：",)), ("应检查心电图。", ("5．丙咪嗪：",)),
    ]  # fmt: skip
    assert found[0].sentences[1].quote == "治疗剂量为100 mg，睡前口服。"


def test_items_within_one_paragraph_each_label_their_sentences():
    (found,) = passages(
        block("heading", "二、诊断", 1),
        block("paragraph", "（1）病史：应仔细询问。注意排除其他病。（2）症状：多见恶心。可有呕吐。上述表现多在3天内恢复。（3）尿酮体阳性。"),
    )
    assert found.section == ("二、诊断",)
    assert [path for _, path in under(found)] == [("（1）病史",), ("（1）病史",), ("（2）症状",), ("（2）症状",), (), ()]


def test_the_label_of_the_only_item_of_a_paragraph_is_its_heading():
    (found,) = passages(
        block("heading", "二、药物", 1), block("paragraph", "（1）止吐药：①甲药：孕早期可用。未见致畸。②乙药：单次不超过16 mg。可致头痛。")
    )
    assert found.section == ("二、药物", "（1）止吐药")
    assert [path for _, path in under(found)] == [("①甲药",), ("①甲药",), ("②乙药",), ("②乙药",)]


def test_what_a_sentence_stands_under_is_written_and_read_back():
    written = passages(
        block("heading", "六、治疗", 1), block("heading", "4．甲氯芬酯：", 2), block("paragraph", "适用于患儿。睡前口服。"),
        block("heading", "5．丙咪嗪：", 2), block("paragraph", "用于其他药物无效者。"),
    )  # fmt: skip
    read = [passage_from_json(passage_to_json(p)) for p in written]
    assert [under(p) for p in read] == [under(p) for p in written]
    assert under(read[0])[1] == ("睡前口服。", ("4．甲氯芬酯：",))
