"""A question gets the edition that it names, and none for years that date something else."""

from __future__ import annotations

import pytest

from rag.retrieve.mention import named_editions
from rag.retrieve.query import understand
from rag.types import Edition


def edition(guideline_id: str, title: str, year: int, status: str = "current", **others: object) -> Edition:
    return Edition(guideline_id, title, "某学会", year, "", f"{guideline_id}.pdf", guideline_id, status=status, **others)


EDITIONS = (
    edition("h18", "中国高血压防治指南（2018年修订版）", 2018, "superseded"),
    edition("h24", "中国高血压防治指南（2024年修订版）", 2024, supersedes=("h18",)),
    edition("f18", "流行性感冒诊疗方案（2018年版）", 2018, "superseded"),
    edition("f20", "流行性感冒诊疗方案（2020年版）", 2020, "superseded", supersedes=("f18",)),
    edition("f25", "流行性感冒诊疗方案（2025年版）", 2025, supersedes=("f20",)),
    edition("c8", "新型冠状病毒肺炎诊疗方案（试行第八版）", 2020, "superseded"),
    edition("c8r", "新型冠状病毒肺炎诊疗方案（试行第八版修订版）", 2021, "superseded"),
    edition("c10", "新型冠状病毒感染诊疗方案（试行第十版）", 2023),
    edition("g17", "痛风诊疗指南（2017年版）", 2017, "withdrawn"),
)


def named(question: str) -> set[str]:
    return set(named_editions(understand(question), EDITIONS).ids)


@pytest.mark.parametrize(("question", "ids"), [
    ("2018年版高血压指南的血压目标", {"h18"}),
    ("2018年的高血压指南里，老人血压到多少开始用药？", {"h18"}),
    ("2018年出的那个高血压防治指南怎么说血压目标", {"h18"}),
    ("高血压指南（2018）血压目标", {"h18"}),
    ("18版高血压指南血压目标", {"h18"}),
    ("2024年高血压指南血压目标", {"h24"}),
    ("上一版流感方案的重症标准", {"f20"}),
    ("旧版流感方案的重症标准", {"f20"}),
    ("新版流感方案和旧版有什么区别", {"f20", "f25"}),
    ("流感方案2018年版和2025年版有哪些不同", {"f18", "f25"}),
    ("新冠第八版方案出院标准", {"c8"}),
    ("新冠第八版修订版方案出院标准", {"c8r"}),
    ("第10版新冠方案出院标准", {"c10"}),
    ("2017年版痛风指南别嘌醇剂量", {"g17"}),
])
def test_the_edition_named_is_found(question: str, ids: set[str]):
    assert named(question) == ids


@pytest.mark.parametrize("question", [
    "高血压患者血压控制目标是多少？",
    "2018年查出的高血压，现在血压目标是多少",
    "2018年得的高血压按指南怎么治",
    "2020年开始吃降压药，血压多少算高",
    "2018年1月起高血压随访几次",
    "原来的方案效果不好，高血压怎么换药",
    "现行指南里高血压的血压目标",
    "65岁高血压新指南怎么说",
])
def test_other_years_and_words_name_no_edition(question: str):
    assert named_editions(understand(question), EDITIONS).ids == frozenset()


def test_an_edition_that_the_corpus_lacks_is_missed():
    found = named_editions(understand("2010年版高血压指南的血压目标"), EDITIONS)

    assert not found.ids
    assert {e.guideline_id for e in found.instead} == {"h18", "h24"}


def test_a_year_without_the_disease_names_one_of_that_year():
    found = named_editions(understand("2018年版指南里奥司他韦一次多少"), EDITIONS)

    assert not found.ids
    assert found.one_of == {"h18", "f18"}
