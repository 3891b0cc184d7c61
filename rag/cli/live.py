"""How an answer is shown while a model is still writing it: each verified statement at once, the rest at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import typer

from rag.cli.render import answer_lines, notice_line, statement_line

if TYPE_CHECKING:
    from rag.answer.answerer import AskOptions
    from rag.types import Answer


@dataclass
class Live:
    """What was shown of the answer being written; `told` are its lines."""

    told: list[str] = field(default_factory=list)

    def listening(self, options: AskOptions) -> AskOptions:
        """Return the options with which notices and statements are shown as soon as they are known."""
        return replace(options, on_notice=lambda n: self._tell(notice_line(n)), on_statement=lambda s: self._tell(statement_line(s)))

    def rest(self, answer: Answer) -> Iterator[str]:
        """Yield the lines that were not shown yet, and forget what was."""
        told, self.told = self.told, []
        yield from (line for line in answer_lines(answer) if line not in told or not line)

    def _tell(self, line: str) -> None:
        self.told.append(line)
        typer.echo(line)
