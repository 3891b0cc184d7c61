"""`zhinan chat`: several questions in a row; a follow-up is understood from the ones before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    CorpusOption,
    EmbedderOption,
    IndexOption,
    OfflineOption,
    QuietOption,
    VerboseOption,
    settings_from,
)
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.answer.conversation import Conversation
    from rag.cli.live import Live
    from rag.knowledge_base import KnowledgeBase
    from rag.types import Answer, Citation

HELP = """直接输入问题，回车提问；可以接着上一问问：那老年人呢？剂量呢？它的禁忌呢？
/source N  打开上一个回答的第 N 条出处，看原文和前后文
/new       换一个话题，忘掉前面的问答
/help      看这些说明
/quit      退出（也可按 Ctrl-D）"""


def chat(
    llm: Annotated[bool, typer.Option("--llm", help="让配置好的大模型起草，逐句核对后才显示（设置 ZHINAN_LLM）。")] = False,
    long: Annotated[bool, typer.Option("--long", help="多给几句。")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Talk until the input ends."""
    from rag.answer.answerer import AskOptions
    from rag.cli.live import Live
    from rag.cli.session import chat_model, open_base

    settings = settings_from(corpus, index, embedder, offline, verbose)
    model = chat_model(settings) if llm else None
    base = open_base(settings, quiet)
    live = Live()
    options = AskOptions(long=long, model=model)
    session = Session(base, base.chat(live.listening(options) if model else options), live)
    if sys.stdin.isatty() and not quiet:
        typer.echo(HELP)
    for line in _lines():
        if line == "/quit":
            break
        try:
            for text in session.reply(line):
                typer.echo(text)
        except KeyboardInterrupt:
            live.told.clear()
            typer.echo("\n这一问已停下。可以接着问；要结束请输入 /quit。")
    return 0


@dataclass
class Session:
    """A conversation at the terminal; `live` knows what was shown while the answer was being written."""

    base: KnowledgeBase
    conversation: Conversation
    live: Live

    def reply(self, line: str) -> Iterator[str]:
        """Yield the lines that answer a question or carry out a command; an unusable one gets a line that says why."""
        command, _, argument = line.partition(" ")
        try:
            if not line.startswith("/"):
                yield from self._answered(line)
            elif command == "/source":
                yield from self._source(argument.strip())
            elif command == "/new":
                self.conversation.clear()
                yield "好的，换一个话题。"
            elif command == "/help":
                yield HELP
            else:
                yield f"没有命令 {command}。可用：/source N、/new、/help、/quit。"
        except UsageError as error:
            yield str(error)

    def _answered(self, question: str) -> Iterator[str]:
        answer = self.conversation.ask(question, lambda resolved: typer.echo(f"（理解为：{resolved.replace('?', '？')}）"))
        yield from self.live.rest(answer)
        yield ""

    def _source(self, number: str) -> Iterator[str]:
        from rag.cli.render import describe

        citation = self._citation(number)
        yield describe(citation)
        before, after = self.base.neighbours(citation.passage_id)
        passage = self.base.passage(citation.passage_id)
        for mark, passages in (("  ", before), ("▶ ", [passage] if passage else []), ("  ", after)):
            for p in passages:
                yield f"{mark}{p.text}\n"

    def _citation(self, number: str) -> Citation:
        cited = self._last().citations
        found = next((c for c in cited if str(c.n) == number.strip("[]")), None)
        if found is None:
            raise UsageError(f"上一个回答没有第“{number}”条出处；有的是：{'、'.join(str(c.n) for c in cited) or '无'}。写法：/source 1")
        return found

    def _last(self) -> Answer:
        if not self.conversation.turns:
            raise UsageError("还没有问过问题。请先输入一个问题，再用 /source 1 看出处。")
        return self.conversation.turns[-1].answer


def _lines() -> Iterator[str]:
    """Yield what is typed or piped in, line by line, without empty ones."""
    asks = sys.stdin.isatty()
    while True:
        if asks:
            typer.echo("问> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        if text := line.strip():
            yield text
