"""The language model, when one is configured: any chat model that LangChain's `init_chat_model` reaches."""

from __future__ import annotations

import logging
import os
import queue
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import NetworkForbiddenError, ZhinanError
from rag.privacy import outgoing

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_REPLY = 8_000  # characters; a model that goes on is cut off
DEADLINE = 120.0  # seconds for all that one answer asks of the model, retries included
READ_TIMEOUT = 30.0  # seconds of silence
RETRIES = 2  # of a request that failed or was limited, with growing pauses

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_FINISHED = ("finish_reason", "done_reason", "stop_reason")  # what providers call why a reply ended
_CUT = {"length", "max_tokens", "MAX_TOKENS", "content_filter"}
# What the clients of the providers raise beside the built-in errors; a client that is not installed raises nothing.
_CLIENT_ERRORS = {"openai": "OpenAIError", "httpx": "HTTPError", "ollama": "ResponseError", "anthropic": "AnthropicError"}

_log = logging.getLogger(__name__)


class ChatModelError(ZhinanError):
    """The model could not be reached or did not answer with a whole text."""


@dataclass
class ChatModel:
    """A configured model, shared by threads; `name` is `provider:model`, times are in seconds."""

    name: str
    base_url: str = ""
    deadline: float = DEADLINE
    read_timeout: float = READ_TIMEOUT
    retries: int = RETRIES

    @property
    def local(self) -> bool:
        """Tell whether the endpoint is on this machine."""
        if not self.base_url:
            return self.name.startswith("ollama:") and "OLLAMA_HOST" not in os.environ
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @cached_property
    def _model(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        given: dict[str, object] = {"temperature": 0, "timeout": self.read_timeout, "max_retries": self.retries}
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
        except (*_failures(), ImportError) as error:
            _log.debug("%s: %s", self.name, error, exc_info=True)
            raise ChatModelError(f"大模型 {self.name} 无法使用：{_unusable(self.name, error)}。") from error

    def stream(self, prompt: str, until: float | None = None, usage: Counter[str] | None = None) -> Iterator[str]:
        """Yield the reply piece by piece; add its tokens to `usage`.

        `until` is a time of `time.monotonic()`, by default `deadline` from now. Raises ChatModelError when nothing can be
        had (unreachable, refused, not a reply), when the reply breaks off or passes MAX_REPLY, and when time is up,
        however slowly or rarely anything arrives.
        """
        until = time.monotonic() + self.deadline if until is None else until
        prompt = outgoing(prompt, self.local)
        pieces: queue.Queue[str | ChatModelError | None] = queue.Queue()
        stop = threading.Event()
        # a read that blocks cannot be interrupted: it is left to its own time-out in a thread that nobody waits for
        arguments = (prompt, pieces, stop, Counter() if usage is None else usage)
        threading.Thread(target=self._pump, args=arguments, daemon=True).start()
        length = 0
        try:
            while length <= MAX_REPLY:
                try:
                    piece = pieces.get(timeout=max(until - time.monotonic(), 0))
                except queue.Empty:
                    raise ChatModelError(f"大模型 {self.name} 在限定的时间内没有写完。") from None
                if piece is None:
                    return
                if isinstance(piece, ChatModelError):
                    raise piece
                length += len(piece)
                yield piece
            raise ChatModelError(f"大模型 {self.name} 写个不停，已截断。")
        finally:
            stop.set()

    def _pump(
        self, prompt: str, pieces: queue.Queue[str | ChatModelError | None], stop: threading.Event, usage: Counter[str]
    ) -> None:
        """Read the reply into the queue until it ends, fails, or nobody wants it any more."""
        ended = ""
        try:
            for chunk in self._model.stream(prompt):
                if stop.is_set():
                    return
                _count(usage, getattr(chunk, "usage_metadata", None))
                metadata = chunk.response_metadata
                ended = next((str(metadata[n]) for n in _FINISHED if metadata.get(n)), ended)
                if text := chunk.content if isinstance(chunk.content, str) else "".join(_texts(chunk.content)):
                    pieces.put(text)
        except ChatModelError as error:
            pieces.put(error)
        except _failures() as error:
            _log.debug("%s: %s", self.name, error, exc_info=True)
            pieces.put(ChatModelError(f"大模型 {self.name} 没有给出可用的回答：{_reason(error)}。"))
        else:
            whole = ended and ended not in _CUT
            pieces.put(None if whole else ChatModelError(f"大模型 {self.name} 的回答没有写完就断了。"))


def configured(name: str, base_url: str, *, offline: bool = False) -> ChatModel:
    """Make the configured model; raise NetworkForbiddenError for a remote one while offline."""
    if not name:
        raise ZhinanError("没有配置大模型。请设环境变量 ZHINAN_LLM，例如 ZHINAN_LLM=openai:deepseek-v4-flash；不用大模型时去掉 --llm。")
    default = os.environ.get("OPENAI_BASE_URL", "") if name.startswith("openai:") else ""
    model = ChatModel(name, base_url or default)
    if offline and not model.local:
        raise NetworkForbiddenError(f"已设 --offline，不能使用远程大模型 {name}。请去掉 --llm 或改用本机的模型服务。")
    return model


def _count(usage: Counter[str], reported: dict[str, int] | None) -> None:
    for name in ("input_tokens", "output_tokens"):
        if reported and name in reported:
            usage[name] += int(reported[name])


def _failures() -> tuple[type[Exception], ...]:
    """List what a client may raise when the other side misbehaves."""
    clients = (getattr(sys.modules[module], name) for module, name in _CLIENT_ERRORS.items() if module in sys.modules)
    return (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, *clients)


def _reason(error: Exception) -> str:
    """Say in words why a request failed: by its HTTP status, else by the kind of error."""
    status = getattr(error, "status_code", None)
    known = {401: "密钥不被接受，请检查 ZHINAN_LLM_API_KEY", 403: "密钥没有权限", 404: "地址或模型名不存在，请检查 ZHINAN_LLM 和 ZHINAN_LLM_BASE_URL",
             429: "请求太多或额度用尽"}  # fmt: skip
    if isinstance(status, int):
        return known.get(status, f"对方返回 HTTP {status}")
    name = type(error).__name__
    if isinstance(error, UnicodeEncodeError):
        return "密钥或地址里有不能用的字符，请检查 ZHINAN_LLM_API_KEY 和 ZHINAN_LLM_BASE_URL"
    if "Timeout" in name:
        return "等待超时"
    if "Connect" in name:
        return "连接不上，请检查 ZHINAN_LLM_BASE_URL 和网络"
    return "对方的回复无法读取"


def _unusable(name: str, error: Exception) -> str:
    """Say in words why no client could be made for a model, and what to do."""
    provider = name.partition(":")[0]
    if isinstance(error, ImportError | AttributeError):  # langchain-community lacks what langchain's own packages have
        return f"缺少连接它的包，请运行：pip install langchain-{provider.replace('_', '-')}"
    if re.search(r"api[_ ]?key|credentials", str(error), re.IGNORECASE):
        return "没有密钥，请设 ZHINAN_LLM_API_KEY；本机的服务请设 ZHINAN_LLM_BASE_URL"
    return "不认识这样的写法，请写成 服务商:模型名，如 openai:deepseek-v4-flash、ollama:qwen3，并用 ZHINAN_LLM_BASE_URL 指明地址"


def _texts(parts: list[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]
