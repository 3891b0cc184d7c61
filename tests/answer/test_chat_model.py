import importlib.util
import time
from collections import Counter

import pytest

from eval.hostile.server import serve
from rag.answer.chat_model import ChatModel, ChatModelError, configured
from rag.errors import NetworkForbiddenError, ZhinanError

LIMIT = 0.8  # seconds


@pytest.fixture(scope="module")
def url():
    def drip(wire):
        wire.pieces("慢" * 500, pause=0.05)

    def silent(wire):
        wire.closing.wait(5)

    def comments(wire):
        while not wire.closing.wait(0.05):
            wire.raw(": still here\n\n")

    def endless(wire):
        while True:
            wire.pieces("没完没了" * 100)

    def once_limited(wire):
        wire.say("好。") if wire.asked > 1 else wire.refuse(429, "{}")

    behaviours = {
        "good": lambda wire: wire.say("氨氯地平5 mg。"), "drip": drip, "silent": silent, "comments": comments, "endless": endless,
        "limited": once_limited, "broken": lambda wire: wire.refuse(500, "{}"), "html": lambda wire: wire.refuse(200, "<html>"),
        "cut": lambda wire: wire.pieces("半句"), "half": lambda wire: wire.raw('data: {"choices": [{"del'),
    }  # fmt: skip
    with serve(behaviours) as base_url:
        list(ChatModel("openai:good", base_url).stream("预热"))
        yield base_url


def model(url, name):
    return ChatModel(f"openai:{name}", url, deadline=LIMIT, read_timeout=LIMIT)


def test_a_reply_is_yielded_and_its_tokens_are_counted(url):
    usage = Counter()
    assert "".join(model(url, "good").stream("问", usage=usage)) == "氨氯地平5 mg。"
    assert usage["input_tokens"] == 1 and usage["output_tokens"] == 9


@pytest.mark.parametrize("name", ["drip", "silent", "comments"])
def test_the_deadline_holds_however_slowly_anything_arrives(url, name):
    started = time.monotonic()
    with pytest.raises(ChatModelError, match="时间"):
        list(model(url, name).stream("问"))
    assert time.monotonic() - started < LIMIT + 0.7


def test_a_given_deadline_counts_from_before_the_call(url):
    with pytest.raises(ChatModelError, match="时间"):
        list(model(url, "good").stream("问", until=time.monotonic() - 1))


@pytest.mark.parametrize("name", ["broken", "html", "cut", "half"])
def test_what_is_no_whole_reply_is_one_error(url, name):
    with pytest.raises(ChatModelError):
        list(model(url, name).stream("问"))


def test_an_endless_reply_is_cut(url):
    with pytest.raises(ChatModelError, match="写个不停"):
        list(ChatModel("openai:endless", url).stream("问"))


def test_a_limited_request_is_tried_again(url):
    assert "".join(ChatModel("openai:limited", url).stream("再试")) == "好。"


def test_an_unreachable_server_is_one_error():
    with pytest.raises(ChatModelError):
        list(ChatModel("openai:x", "http://127.0.0.1:9/v1", deadline=5, retries=0).stream("问"))


@pytest.mark.parametrize(("status", "said"), [(401, "ZHINAN_LLM_API_KEY"), (404, "ZHINAN_LLM_BASE_URL"), (429, "请求太多"), (503, "HTTP 503")])
def test_a_refusal_is_told_in_words(status, said):
    with serve({"m": lambda wire: wire.refuse(status, '{"error": {"message": "no"}}')}) as base_url, pytest.raises(ChatModelError, match=said):
        list(ChatModel("openai:m", base_url, retries=0).stream("?"))


@pytest.mark.parametrize(("name", "said"), [("nobody:x", "写成 服务商:模型名"), ("openai:x", "ZHINAN_LLM_API_KEY"),
                                            ("anthropic:x", "pip install langchain-anthropic"), ("ollama:x", "pip install langchain-ollama")])
def test_a_model_for_which_there_is_no_client_says_in_one_line_what_to_do(name, said, monkeypatch):
    for variable in ("OPENAI_API_KEY", "ZHINAN_LLM_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    package = f"langchain_{name.partition(':')[0]}"
    if package != "langchain_openai" and importlib.util.find_spec(package):
        pytest.skip(f"{package} is installed")
    with pytest.raises(ChatModelError, match=said) as told:
        list(ChatModel(name).stream("问"))
    assert "\n" not in str(told.value)


def test_a_key_that_no_request_can_carry_is_named(monkeypatch):
    monkeypatch.setenv("ZHINAN_LLM_API_KEY", "密钥")
    with serve({"m": lambda wire: wire.say("好。")}) as base_url, pytest.raises(ChatModelError, match="ZHINAN_LLM_API_KEY"):
        list(ChatModel("openai:m", base_url, retries=0).stream("?"))


def test_offline_forbids_a_remote_model_and_allows_a_local_one():
    with pytest.raises(NetworkForbiddenError):
        configured("openai:x", "https://api.example.com/v1", offline=True)
    assert configured("openai:x", "http://127.0.0.1:8000/v1", offline=True).local


def test_without_configuration_the_error_names_the_setting():
    with pytest.raises(ZhinanError, match="ZHINAN_LLM"):
        configured("", "")
