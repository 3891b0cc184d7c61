import json
import time
from pathlib import Path

import pytest

from rag import KnowledgeBase
from rag.answer import redflag

WRITTEN = Path(__file__).parents[2] / "eval" / "safety"
ROWS = [json.loads(line) for path in sorted(WRITTEN.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]


def ids(question):
    return {rule.id for rule in redflag.match(question)}


def test_there_are_at_least_eighty_rules_each_with_a_source():
    rules = redflag.rules()
    assert len(rules) >= 80
    assert len({r.id for r in rules}) == len(rules)
    assert all(r.source.startswith("《") and r.advice and r.why for r in rules)


def test_every_written_emergency_is_seen():
    emergencies = [r["question"] for r in ROWS if r["red_flag"]]
    assert len(emergencies) >= 200
    assert [q for q in emergencies if not redflag.warnings(q)] == []


def test_few_written_near_misses_alarm():
    others = [r["question"] for r in ROWS if not r["red_flag"]]
    assert len(others) >= 200
    assert sum(bool(redflag.warnings(q)) for q in others) <= 0.03 * len(others)


@pytest.mark.parametrize(("question", "rule"), [
    ("胸口像压着石头，出了一身冷汗", "acs-sweat"),
    ("出冷汗，胸口还疼", "acs-sweat"),
    ("右半边身子不听使唤，嘴也歪了", "stroke-limb"),
    ("血糖2点几，人昏迷了", "hypoglycaemia-coma"),
    ("孕妇抽搐", "eclampsia"),
    ("血压一百八十，一百二，头痛还呕吐", "htn-emergency"),
    ("２个月大的婴儿体温３８．５度", "young-infant-fever"),
    ("突然半邊身子沒勁，說話不清", "stroke-limb"),
    ("胸\u200b口疼，大\u200b汗", "acs-sweat"),
])  # fmt: skip
def test_lay_words_order_width_script_and_hidden_characters_do_not_matter(question, rule):
    assert rule in ids(question)


@pytest.mark.parametrize("question", [
    "没有胸痛，也没有出汗", "无胸痛、大汗、呼吸困难", "否认胸痛、大汗", "胸痛没有，就是有点累", "患者无意识障碍，血糖8.2",
    "去年得过心梗", "既往癫痫病史，现在感冒", "三年前抽搐过一次，后来好了", "小时候抽过风", "中风后遗症怎么康复",
])  # fmt: skip
def test_what_is_denied_or_past_is_no_alarm(question):
    assert ids(question) == set()


@pytest.mark.parametrize("question", ["没有胸痛，就是喘不上气，嘴唇发紫", "去年得过心梗，现在胸口疼出冷汗", "三年前查出高血压，突然右边身子没劲"])
def test_a_denial_or_a_history_does_not_hide_what_is_there_now(question):
    assert ids(question)


@pytest.mark.parametrize("question", ["卒中的症状有哪些", "什么是过敏性休克", "一侧肢体无力常见于哪些病", "有机磷中毒怎么分级"])
def test_a_question_about_a_disease_in_general_is_no_alarm(question):
    assert ids(question) == set()


def test_a_person_in_a_general_question_is_an_emergency_again():
    assert ids("我爸突然嘴歪、说话不清，卒中的症状有哪些")


def test_words_that_only_look_alike_are_no_alarm():
    assert ids("恶心呕吐血压低一点正常吗") == set()
    assert ids("血糖3个月查一次就行吗，血糖2小时怎么测") == set()


def test_a_question_made_to_be_slow_is_read_quickly():
    redflag.match("预热")
    started = time.process_time()
    for question in ("胸痛大汗" * 400, "无、" * 900 + "胸痛", "没有胸痛出现过出现" * 200):
        redflag.match(question)
    assert time.process_time() - started < 3


def test_the_alarm_stands_first_and_also_when_nothing_is_answered(base: KnowledgeBase):
    answer = base.ask("我爸胸口压榨样疼，大汗淋漓")
    assert answer.status == "abstained"
    assert answer.warnings[0].code == "red_flag"
    assert "120" in answer.warnings[0].message and "《" in answer.warnings[0].message


def test_an_ordinary_question_gets_no_alarm(base: KnowledgeBase):
    assert not any(w.code == "red_flag" for w in base.ask("测热病用甲药每次多少毫克？").warnings)


def test_a_calm_word_of_suicide_is_never_overruled():
    assert any("自杀" in n.message for n in redflag.warnings("心头烦得很，不想活了，有啥子电话可以打嘛？"))


@pytest.mark.parametrize("question", ["小孩发烧吃多少布洛芬", "孩子吃几片阿莫西林", "布洛芬小孩一次吃多少"])
def test_asking_for_a_childs_dose_is_no_poisoning(question: str):
    assert redflag.warnings(question) == []


@pytest.mark.parametrize("question", [
    "妊娠剧吐合并低钾血症一天补多少钾", "孕吐厉害查出低钠血症要不要补盐水", "吐酸水，胃镜说充血渗出性胃炎", "孕早期下腹有点胀，抽血查孕酮多久出结果",
    "小孩蛔虫病打虫药阿苯达唑吃几片",
])  # fmt: skip
def test_blood_within_another_word_and_medicine_against_worms_are_no_alarm(question):
    assert ids(question) == set()


@pytest.mark.parametrize(("question", "rule"), [
    ("妊娠剧吐低钾血症，今天开始呕血", "haematemesis"), ("他吐血症状越来越重", "haematemesis"), ("喝了打虫药，嘴里吐白沫", "pesticide"),
    ("尿毒症病人化验血钾7.1怎么处理", "hyperkalaemia"),
])  # fmt: skip
def test_true_bleeding_and_poison_beside_such_words_alarm(question, rule):
    assert rule in ids(question)
