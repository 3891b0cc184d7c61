"""An answer warns of superseded and withdrawn editions, of one that is not there, and of current ones that contradict."""

from __future__ import annotations

import pytest

from rag import KnowledgeBase, manifest
from rag.answer.answerer import AskOptions
from rag.retrieve.scope import Scope
from rag.types import Edition

GUIDELINE = "# {title}\n\n{issuer}\n\n## 一、药物治疗\n{text}\n"
TEXTS = {
    "old": ("测热病诊疗指南（2019年版）", "国家测试学会", "测热病首选甲药，每次20 mg，每日3次。"),
    "new": ("测热病诊疗指南（2024年版）", "国家测试学会", "测热病首选甲药，每次10 mg，每日2次。"),
    "bad": ("慢咳病诊疗指南（2020年版）", "国家测试学会", "慢咳病首选乙药，每次90 mg，每日9次。"),
    "one": ("流行性感冒诊疗指南（2024年版）", "甲学会", "流行性感冒用奥司他韦治疗，成人剂量每次75 mg，每日2次。"),
    "two": ("流行性感冒防治专家共识（2023年版）", "乙协会", "流行性感冒用奥司他韦治疗，成人剂量每次150 mg，每日2次。"),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    root = tmp_path_factory.mktemp("kept")
    corpus = root / "corpus"
    for name, (title, issuer, text) in TEXTS.items():
        file = root / f"{name}.md"
        file.write_text(GUIDELINE.format(title=title, issuer=issuer, text=text), encoding="utf-8")
        year = int(title[-7:-3])
        manifest.add(corpus, file, Edition(name, title, issuer, year, "", "", "", supersedes=("old",) if name == "new" else ()))
    manifest.withdraw(corpus, "bad", "剂量印错")
    KnowledgeBase.build(corpus, root / "index", workers=1)
    return KnowledgeBase.open(root / "index")


def codes(answer) -> dict[str, str]:
    return {w.code: w.message for w in answer.warnings}


def test_a_named_old_edition_answers_and_names_the_current_one(kept: KnowledgeBase):
    answer = kept.ask("2019年版测热病指南里甲药每次多少")

    assert "20 mg" in answer.text
    assert "测热病诊疗指南（2024年版）" in codes(answer)["superseded"]


def test_a_withdrawn_edition_answers_only_when_named_and_says_why(kept: KnowledgeBase):
    assert "90 mg" not in kept.ask("慢咳病乙药每次多少？").text
    assert "90 mg" not in kept.ask("慢咳病乙药每次多少？", AskOptions(Scope(include_superseded=True))).text
    assert "90 mg" not in kept.ask("慢咳病乙药每次多少？", AskOptions(Scope(as_of=2022))).text

    answer = kept.ask("2020年版慢咳病指南里乙药每次多少")
    assert "90 mg" in answer.text
    assert "剂量印错" in codes(answer)["withdrawn"]


def test_an_edition_that_is_not_there_is_not_passed_over(kept: KnowledgeBase):
    answer = kept.ask("2015年版测热病指南里甲药每次多少")

    assert "20 mg" not in answer.text
    assert "2024年版" in codes(answer)["edition_missing"]


def test_a_year_alone_means_the_edition_that_says_most(kept: KnowledgeBase):
    assert "20 mg" in kept.ask("2019年版指南里甲药每次多少").text


def test_two_current_guidelines_that_contradict_are_both_cited(kept: KnowledgeBase):
    answer = kept.ask("流感用奥司他韦成人每次多少毫克？")

    assert "75 mg" in answer.text
    assert "150 mg" in answer.text
    message = codes(answer)["conflict"]
    assert all(f"[{n}]" in message for n in (1, 2))


def test_an_answer_without_trouble_carries_no_warning(kept: KnowledgeBase):
    assert codes(kept.ask("测热病首选什么药，每次多少？")) == {}


def test_a_year_before_every_edition_is_explained(kept: KnowledgeBase):
    answer = kept.ask("测热病首选什么药，每次多少？", AskOptions(Scope(as_of=1990)))

    assert not answer.statements
    assert "1990 年" in codes(answer)["edition_missing"]
