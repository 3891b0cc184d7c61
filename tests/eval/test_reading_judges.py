"""What judges reading tells a right line and a well placed table from wrong ones."""

from eval.reading.lines import GoldLine, judge_lines
from eval.reading.placement import judge_placement
from rag.types import Block, Fragment, Table


def block(kind, text, level=0):
    return Block(kind, (Fragment(text),), level)


def test_a_misread_character_costs_the_line_and_a_part_of_the_f1():
    lines = [GoldLine("甲.pdf", 1, "c) 对侧偏盲;"), GoldLine("甲.pdf", 1, "凝视麻痹,向出血侧凝视;"), GoldLine("乙.pdf", 1, "没有读的文件")]
    judged = judge_lines(lines, {"甲.pdf": ["c）对侧偏盲；凝视麻痹，向出皿侧凝视；"]})
    assert (judged["lines"], judged["exact"]) == (2, 1)
    assert 0.9 < judged["f1"] < 1


def test_a_table_belongs_to_a_section_that_refers_to_it():
    table = Block("table", table=Table("表1 药物", ("药物",), ()))
    text = block("heading", "一、治疗", 1), block("paragraph", "药物见表1。"), block("heading", "二、随访", 1), block("paragraph", "随访。")
    assert judge_placement([*text, table]) == [("1", False)]
    assert judge_placement([*text[:2], table, *text[2:]]) == [("1", True)]
    assert judge_placement([text[2], text[3], table]) == []
