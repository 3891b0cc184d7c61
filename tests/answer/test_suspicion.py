"""What the learned second opinion adds to the rules, and what it may take from them."""

import pytest

from eval.safety.learn import ARTEFACT, written
from rag.answer import redflag, signs, suspicion


@pytest.mark.parametrize("question", ["胸脯子憋得难受，胳膊沉，一身白毛汗", "整条腿冰冷青白，痛得要命", "睡个午觉起来，右眼全黑，啥也看不见"])
def test_an_emergency_in_unusual_words_scores_far_above_an_ordinary_question(question):
    assert suspicion.score(question) > suspicion.score("高血压患者血压控制目标是多少") + 3


@pytest.mark.parametrize("question", ["高血压患者血压控制目标是多少", "没有胸痛，也没有出汗", "氨氯地平的起始剂量", "感染性休克的抗生素选择"])
def test_an_ordinary_question_is_no_alarm(question):
    assert redflag.warnings(question) == []


def test_an_alarm_without_a_rule_calls_for_help_and_names_its_source(monkeypatch):
    monkeypatch.setattr(redflag, "rules", lambda: ())
    (notice,) = redflag.warnings("胸口疼得厉害，出冷汗，手脚冰凉，喘不上气")
    assert notice.code == "red_flag"
    assert "120" in notice.message and "《" in notice.message


def test_a_measured_value_is_never_overruled(monkeypatch):
    monkeypatch.setattr(suspicion, "score", lambda question: -50.0)
    assert redflag.warnings("血氧70，血压65/40，心率190")
    assert redflag.warnings("感染性休克的病人躺着") == []


def test_a_long_question_is_read_in_parts_so_that_an_emergency_is_not_diluted():
    ordinary = "请问高血压患者平时饮食要注意什么，能不能吃咸菜，每天走多少步合适。" * 6
    emergency = "他现在胸口疼得厉害，出冷汗，喘不上气，叫不应。"
    assert len(suspicion.pieces(ordinary + emergency)) > 1
    assert suspicion.score(ordinary + emergency) > 0 > suspicion.score(ordinary)


def test_what_is_denied_counts_as_denied():
    assert "-胸痛" in suspicion.named("没有胸痛")
    assert "+胸痛" in suspicion.named("胸痛")


def test_before_a_month_of_age_is_no_time_past():
    assert signs.read("满月前的宝宝发烧").places("{发烧}")


def test_the_weights_were_fitted_on_both_kinds_of_question():
    questions, labels = written()
    assert len(questions) > 2000 and 0.4 < labels.mean() < 0.6
    assert ARTEFACT.is_file()
