"""The language model, when one is configured: any chat model that LangChain's `init_chat_model` reaches."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import NetworkForbiddenError, ZhinanError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_REPLY = 6_000  # characters; a model that goes on is cut off
DEADLINE = 120.0  # seconds for a whole reply
READ_TIMEOUT = 30.0  # seconds of silence
RETRIES = 2

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ChatModelError(ZhinanError):
    """The model could not be reached or did not answer with text."""


@dataclass
class ChatModel:
    """A configured model; `name` is `provider:model`. `usage` sums the tokens of all replies."""

    name: str
    base_url: str = ""
    usage: dict[str, int] = field(default_factory=dict)

    @property
    def local(self) -> bool:
        """Tell whether the endpoint is on this machine."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @cached_property
    def _model(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        given: dict[str, object] = {"temperature": 0, "timeout": READ_TIMEOUT, "max_retries": RETRIES}
        if self.base_url:
            given["base_url"] = self.base_url
        if key := os.environ.get("ZHINAN_LLM_API_KEY"):
            given["api_key"] = key
        elif self.local and not os.environ.get("OPENAI_API_KEY"):
            given["api_key"] = "none"  # local servers ask for none, but the client does
        if self.name.startswith("openai:"):
            given["stream_usage"] = True
        try:
            return init_chat_model(self.name, **given)
        except (ValueError, ImportError) as error:
            raise ChatModelError(
                f"大模型 {self.name} 无法使用：{error}。写法如 openai:deepseek-chat、ollama:qwen3，"
                "并用 OPENAI_API_KEY（或 ZHINAN_LLM_API_KEY）和 ZHINAN_LLM_BASE_URL 配置。"
            ) from error

    def stream(self, prompt: str) -> Iterator[str]:
        """Yield the reply piece by piece; stop at the length limit or the deadline.

        Raises ChatModelError when nothing can be had: unreachable, refused, timed out, or not a reply.
        """
        import httpx
        import openai

        started = time.monotonic()
        length = 0
        try:
            for chunk in self._model.stream(prompt):
                text = chunk.content if isinstance(chunk.content, str) else "".join(_texts(chunk.content))
                self._count(getattr(chunk, "usage_metadata", None))
                length += len(text)
                if text:
                    yield text
                if length > MAX_REPLY or time.monotonic() - started > DEADLINE:
                    return
        except (openai.OpenAIError, httpx.HTTPError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ChatModelError(f"大模型 {self.name} 没有给出可用的回答（{type(error).__name__}）。") from error

    def _count(self, usage: dict[str, int] | None) -> None:
        for name in ("input_tokens", "output_tokens"):
            if usage and name in usage:
                self.usage[name] = self.usage.get(name, 0) + int(usage[name])


def configured(name: str, base_url: str, *, offline: bool = False) -> ChatModel:
    """Make the configured model; raise NetworkForbiddenError for a remote one while offline."""
    if not name:
        raise ZhinanError("没有配置大模型。请设环境变量 ZHINAN_LLM，例如 ZHINAN_LLM=openai:deepseek-chat；不用大模型时去掉 --llm。")
    model = ChatModel(name, base_url or os.environ.get("OPENAI_BASE_URL", ""))
    if offline and not model.local:
        raise NetworkForbiddenError(f"已设 --offline，不能使用远程大模型 {name}。请去掉 --llm 或改用本机的模型服务。")
    return model


def _texts(parts: list[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]
