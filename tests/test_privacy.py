import pytest

from eval.hostile.server import serve
from rag import KnowledgeBase
from rag.answer.answerer import AskOptions
from rag.answer.chat_model import ChatModel
from rag.privacy import guarded, notice, outgoing
from rag.text.identifiers import mask

QUESTION = "患者王小明，电话13800138000，测热病的诊断标准是什么？"
SECRETS = ("王小明", "13800138000")


@pytest.fixture
def asked():
    """Serve a model that keeps the prompts that reach it."""
    prompts = []

    def keep(wire):
        prompts.append(wire.prompt)
        wire.say("体温≥38.0 ℃且持续2天者诊断为测热病。")

    with serve({"keep": keep}) as url:
        yield prompts, AskOptions(model=ChatModel("openai:keep", url))


def test_nothing_that_names_a_person_reaches_a_model_and_the_reader_is_told(base: KnowledgeBase, asked):
    prompts, options = asked
    answer = base.ask(QUESTION, options)
    assert prompts and not any(s in p for s in SECRETS for p in prompts)
    told = [w.message for w in answer.warnings if w.code == "masked"]
    assert len(told) == 1 and "2处" in told[0] and "姓名1处" in told[0] and "电话1处" in told[0]
    assert "38.0" in answer.text


def test_a_model_on_this_machine_is_exempt_only_when_it_is_trusted(base: KnowledgeBase, asked, monkeypatch):
    _, options = asked
    assert "13800138000" not in outgoing("手机13800138000", local=True)
    monkeypatch.setenv("ZHINAN_TRUST_LOCAL", "1")
    assert outgoing("手机13800138000", local=True) == "手机13800138000"
    assert not any(w.code == "masked" for w in base.ask(QUESTION, options).warnings)


def test_without_an_endpoint_nothing_is_masked(base: KnowledgeBase):
    answer = base.ask(QUESTION)
    assert not any(w.code == "masked" for w in answer.warnings)
    assert "王小明" in answer.question


def test_trust_never_covers_a_remote_endpoint(monkeypatch):
    monkeypatch.setenv("ZHINAN_TRUST_LOCAL", "1")
    assert guarded(False) and not guarded(True) and not guarded(None)
    assert "13800138000" not in outgoing("手机13800138000", local=False)


def test_no_notice_without_identifiers():
    assert notice(mask("血压140/90").counts) == []
