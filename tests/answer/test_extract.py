"""An extractive answer shows what a sentence announces, names the drug of a dose, and sends nobody to another table."""

import numpy as np
import pytest

from rag import KnowledgeBase
from rag.answer.evidence import Evidence
from rag.answer.extract import select
from rag.answer.fit import FEATURES
from rag.types import Edition, Hit, Passage, Sentence

TEXT = """球形病诊疗规范
中华医学会球形病学分会
球形病杂志, 2020,1(1) : 1-5. DOI: 10.3760/cma.j.1.001
球形病是由球形菌引起的慢性感染性疾病，患者多见于长期接触潮湿环境的成人，病情反复发作，病程迁延，常规检查难以早期发现，需要结合病史、体征和实验室检查综合判断后再开始规范治疗。
筛查
有以下任何一条的成人，建议做球形病筛查：
• 在潮湿环境居住多年。
• 反复低热的患者。
• 家族中有同样的患者。
诊断
一、球形病的最低诊断标准：
长期接触潮湿环境的成人，排除其他病因且满足以下条件之一者，应诊断球形病并给予经验性治疗。
（1）子室压痛；
（2）附室压痛；
（3）颈口举痛。
治疗
一、药物治疗
1．甲氯芬：
适用于夜间唤醒困难的球形病患者。每次剂量为100 mg，睡前半小时口服。
2．丙咪嗪：
适用于其他药物无效的球形病患者。具体用药方案见表2。
"""


@pytest.fixture(scope="module")
def spheres(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("spheres")
    (folder / "docs").mkdir()
    (folder / "docs" / "球形病诊疗规范.txt").write_text(TEXT, encoding="utf-8")
    KnowledgeBase.build(folder / "docs", folder / "index")
    return KnowledgeBase.open(folder / "index")


def shown(base: KnowledgeBase, question: str) -> list[str]:
    return [s.text for s in base.ask(question).statements]


def test_the_items_that_a_sentence_announces_come_with_it(spheres: KnowledgeBase):
    said = "".join(shown(spheres, "球形病的最低诊断标准是什么？"))
    assert "满足以下条件之一者" in said
    assert all(item in said for item in ("子室压痛", "附室压痛", "颈口举痛"))


def test_a_dose_comes_with_the_drug_of_its_item_and_its_place(spheres: KnowledgeBase):
    answer = spheres.ask("球形病用甲氯芬每次剂量多少？")
    (dose,) = [s for s in answer.statements if "100 mg" in s.text]
    assert dose.text.startswith("甲氯芬：")
    assert dose.citations[0].section[-1].startswith("1．甲氯芬")
    assert dose.citations[0].quote == "每次剂量为100 mg，睡前半小时口服。"


def test_a_sentence_that_only_points_to_a_table_is_not_shown(spheres: KnowledgeBase):
    assert not any("见表2" in text for text in shown(spheres, "球形病用丙咪嗪的具体用药方案是什么？"))


def test_the_items_behind_bullets_come_with_what_announces_them(spheres: KnowledgeBase):
    said = "".join(shown(spheres, "球形病哪些成人建议做筛查？"))
    assert all(item in said for item in ("潮湿环境居住", "反复低热", "家族中"))


def test_a_list_is_shown_without_holes(spheres: KnowledgeBase):
    said = shown(spheres, "球形病诊断标准里的颈口举痛")
    items = [text for text in said if "痛" in text and text.startswith(("（", "球形病的最低诊断标准：（"))]
    assert any("颈口举痛" in text for text in items)
    assert any("子室压痛" in text for text in said)
    assert any("附室压痛" in text for text in said)


def found(rank: int, text: str, score: float, on_aspect: float) -> Evidence:
    passage = Passage(f"g:{rank}", "g", "text", ("疗程",), (Sentence(text, text),))
    values = np.array([on_aspect if name == "aspect" else 0.0 for name in FEATURES])
    return Evidence(Hit(rank, 1.0, passage, Edition("g", "甲病指南", "", 2020, "", "甲病.pdf", "0")), 0, score, np.zeros(1), values)


class Covered:
    """Coverage of a question with one group that no sentence has."""

    worth = np.ones(1)

    def total(self, shares: np.ndarray) -> float:
        return float(shares.sum())


def test_what_stands_under_a_heading_of_what_is_asked_comes_first_and_counts_for_more():
    likely, asked, beside = found(1, "多数在3个月内好转。", 0.8, 0.0), found(2, "再服6个月。", 0.5, 1.0), found(3, "约2%复发。", 0.2, 0.0)
    late = found(4, "孕妇服至产后。", 0.2, 1.0)
    assert select([likely, asked, beside, late], Covered()) == [asked, likely, late]


def test_a_line_of_keywords_is_no_answer(knowing):
    base = knowing("# 球形病诊疗指南（2024年版）\n\n【关键词】球形病；球菌素；首选药物\n\n## 治疗\n球形病首选球菌素。\n")
    assert not any("关键词" in text for text in shown(base, "球形病首选什么药物？"))
