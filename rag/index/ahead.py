"""Work that goes on beside the main thread, in order, and never far behind it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

_WAITING = 3  # calls at most, so that what they were given does not pile up in memory


class Ahead:
    """Make calls in one thread beside the caller's; leaving the context waits for them. What they raise is raised here."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._calls: deque[Future[object]] = deque()

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Let the thread make a call; wait where too many are waiting already."""
        self._calls.append(self._thread.submit(function, *arguments))
        while len(self._calls) > _WAITING:
            self._calls.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Wait for the calls; where the caller failed, drop those that have not begun."""
        self._thread.shutdown(cancel_futures=kind is not None)
        if kind is None:
            for call in self._calls:
                call.result()
