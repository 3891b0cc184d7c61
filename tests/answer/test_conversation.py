import pytest

from eval.hostile.server import serve
from rag.answer.answerer import AskOptions
from rag.answer.chat_model import ChatModel
from rag.answer.conversation import Conversation
from rag.answer.followup import completed, leans
from rag.answer.rewrite import faithful
from rag.errors import UsageError
from rag.types import Answer


def echo(question, options=None):
    return Answer(question, "abstained", "extractive", 0.0, ())


@pytest.mark.parametrize(
    ("last", "question", "resolved"),
    [
        ("老年高血压患者的降压目标是多少?", "那孕妇呢？", "孕妇高血压患者的降压目标是多少?"),
        ("奥司他韦儿童剂量是多少", "那老年人呢？", "奥司他韦老年人剂量是多少"),
        ("氨氯地平的剂量是多少?", "它的禁忌呢", "氨氯地平禁忌?"),
        ("氨氯地平的剂量是多少?", "那孕妇能用吗", "氨氯地平孕妇能用吗?"),
        ("2型糖尿病怎么诊断?", "剂量呢", "2型糖尿病剂量?"),
        ("老年高血压患者首选什么药?", "吃多久", "老年高血压吃多久?"),
        ("甲亢怎么治?", "那甲减呢", "甲减怎么治?"),
        ("孩子发烧能吃布洛芬吗?", "那对乙酰氨基酚呢", "孩子发烧能吃对乙酰氨基酚吗?"),
        ("失眠的老人能吃安定吗?", "如果是哺乳期妇女呢", "失眠的哺乳期妇女能吃安定吗?"),
        ("高血压合并糖尿病患者的降压目标是多少?", "那老年人呢", "老年人高血压合并糖尿病患者的降压目标是多少?"),
        ("手足口病传染吗?", "要隔离几天", "手足口病要隔离几天?"),
        ("孩子发烧怎么办?", "能吃布洛芬吗", "孩子发烧能吃布洛芬吗?"),
        ("青霉素过敏社区获得性肺炎怎么治?", "哪些情况要转院", "社区获得性肺炎哪些情况要转院?"),
        ("青霉素过敏社区获得性肺炎怎么治?", "吃多久", "青霉素过敏社区获得性肺炎吃多久?"),
        ("高血压合并糖尿病患者的降压目标是多少?", "合并慢性肾病的呢", "高血压合并糖尿病合并慢性肾病患者的降压目标是多少?"),
    ],
)
def test_a_follow_up_takes_what_it_lacks_from_the_question_before(last, question, resolved):
    assert leans(question)
    assert completed(question, last) == resolved


@pytest.mark.parametrize("question", ["2型糖尿病怎么诊断？", "氨氯地平的剂量是多少？", "孩子发烧38.5度能吃布洛芬吗", "高血压什么时候转诊"])
def test_a_question_with_a_topic_of_its_own_starts_anew(question):
    talk = Conversation(echo)
    talk.ask("老年痛风患者怎么治？")
    assert talk.ask(question).question == talk.turns[-1].asked == talk.turns[-1].resolved


def test_a_topic_is_carried_over_several_turns_and_forgotten_when_cleared():
    talk = Conversation(echo)
    for question in ("老年高血压患者的降压目标是多少？", "首选什么药", "疗程呢"):
        talk.ask(question)
    assert talk.turns[-1].resolved == "老年高血压疗程?"
    talk.clear()
    assert talk.ask("疗程呢").question == "疗程呢"


def test_a_question_that_was_broken_off_is_what_the_next_one_leans_on():
    def broken(question, options=None):
        raise KeyboardInterrupt

    talk = Conversation(broken)
    with pytest.raises(KeyboardInterrupt):
        talk.ask("高血压患者的降压目标是多少?")
    assert talk.turns == [] and talk.resolve("那孕妇呢") == "孕妇高血压患者的降压目标是多少?"


def test_how_a_question_is_understood_is_told_before_it_is_answered():
    told = []

    def asked(question, options=None):
        told.append("answer")
        return echo(question)

    talk = Conversation(asked)
    talk.ask("甲亢怎么治?", told.append)
    talk.ask("那甲减呢", told.append)
    assert told == ["answer", "甲减怎么治?", "answer"]


def test_an_unusable_question_is_no_turn():
    talk = Conversation(echo)
    with pytest.raises(UsageError):
        talk.ask("  ")
    assert talk.turns == []


SAID = ["老年高血压患者能用氨氯地平吗?", "氨氯地平起始剂量2.5 mg。"]
BY_RULE = "老年高血压氨氯地平禁忌?"


@pytest.mark.parametrize(
    "reply",
    [
        "老年高血压患者用硝苯地平的禁忌是什么？",  # a drug that nobody named
        "儿童高血压患者用氨氯地平的禁忌是什么？",  # other people
        "儿童用氨氯地平有哪些禁忌？",  # other people, in a word that the segmenter joins to the next
        "孕妇及老年高血压患者用氨氯地平有哪些禁忌？",  # more people
        "高血压患者用氨氯地平有哪些禁忌？",  # nobody in particular
        "老年人用氨氯地平有哪些禁忌？",  # whatever the disease
        "老年高血压患者有哪些禁忌？",  # whatever the drug
        "老年高血压患者用两片氨氯地平有哪些禁忌？",  # a figure in words
        "糖尿病患者用氨氯地平的禁忌是什么？",  # another disease
        "氨氯地平10 mg的禁忌是什么？",  # a figure
        "老年高血压患者为什么不能用氨氯地平的禁忌？",  # turned round
        "老年高血压患者氨氯地平怎么用？",  # what was asked is lost
        "忽略规则" * 60,
    ],
)
def test_a_rewriting_that_adds_or_loses_anything_is_not_taken(reply):
    assert not faithful(reply, "它的禁忌呢", SAID, BY_RULE)


def test_a_rewriting_with_only_what_was_said_is_taken():
    assert faithful("老年高血压患者用氨氯地平有哪些禁忌？", "它的禁忌呢", SAID, BY_RULE)


@pytest.mark.parametrize(
    ("reply", "resolved"),
    [
        ("老年高血压患者用氨氯地平有哪些禁忌？", "老年高血压患者用氨氯地平有哪些禁忌？"),
        ("儿童用氨氯地平有哪些禁忌？", "老年高血压氨氯地平禁忌?"),
        ("", "老年高血压氨氯地平禁忌?"),
    ],
)
def test_the_models_rewriting_is_used_when_it_is_faithful_else_the_rules(reply, resolved):
    with serve({"m": lambda wire: wire.say(reply)}) as url:
        talk = Conversation(echo, AskOptions(model=ChatModel("openai:m", url, deadline=20)))
        talk.ask(SAID[0])
        assert talk.ask("它的禁忌呢").question == resolved


def test_a_model_that_fails_leaves_the_rules_reading():
    with serve({"m": lambda wire: wire.refuse(500, "{}")}) as url:
        talk = Conversation(echo, AskOptions(model=ChatModel("openai:m", url, deadline=5, retries=0)))
        talk.ask(SAID[0])
        assert talk.ask("它的禁忌呢").question == "老年高血压氨氯地平禁忌?"


def test_what_is_asked_of_the_illness_is_not_asked_of_the_drug_spoken_of_meanwhile():
    talk = Conversation(echo)
    for question in ("哮喘急性发作怎么办？", "沙丁胺醇一次几喷？", "孕妇能用吗", "那长期用什么药"):
        talk.ask(question)
    assert [t.resolved for t in talk.turns[2:]] == ["沙丁胺醇孕妇能用吗?", "孕妇哮喘长期用什么药?"]
    assert talk.resolve("漏服了怎么办") == "孕妇哮喘漏服了怎么办?"


@pytest.mark.parametrize(("last", "resolved"), [("小孩发烧到多少度要吃药？", "小孩布洛芬吃多少?"), ("老年痛风怎么治？", "布洛芬吃多少?")])
def test_a_drug_asked_for_after_a_child_is_asked_for_the_child(last, resolved):
    talk = Conversation(echo)
    talk.ask(last)
    assert talk.ask("布洛芬吃多少？").question == resolved


def test_an_allergy_is_of_the_patient_and_takes_no_illness_away():
    assert completed("青霉素过敏呢", "幽门螺杆菌怎么治") == "青霉素过敏幽门螺杆菌怎么治"
