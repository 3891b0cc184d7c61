"""Asking whether to go on, answered in Chinese or English."""

from __future__ import annotations

import typer

from rag.errors import UsageError

_YES = {"y", "yes", "是", "是的", "好", "好的", "对", "要"}
_NO = {"n", "no", "否", "不", "不是", "不要", "取消"}


def confirm(question: str, *, default: bool) -> bool:
    """Ask until the answer is yes, no or empty. Raises UsageError where nobody answers."""
    while True:
        try:
            answer = input(f"{question} [{'Y/n' if default else 'y/N'}] ").strip().lower()
        except EOFError:
            typer.echo()
            raise UsageError("没有人回答，这一步没有做。要不询问直接执行，请加 --yes。") from None
        if not answer:
            return default
        if answer in _YES | _NO:
            return answer in _YES
        typer.echo("请回答 y（是）或 n（否）。")
