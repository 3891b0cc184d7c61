"""What is looked at before a question is answered: emergencies, what the tool cannot do, what must not leave the machine."""

from __future__ import annotations

from dataclasses import dataclass

from rag import privacy
from rag.answer import redflag, scope_notice
from rag.types import Notice


@dataclass(frozen=True, slots=True)
class Precautions:
    """The question as it may be passed on, the notices that come before the answer, and whether it is one to answer."""

    question: str
    warnings: tuple[Notice, ...]
    medical: bool


def take(question: str, *endpoints: bool | None) -> Precautions:
    """Look at a question first; `endpoints` tell where it will be sent (None: nowhere, else whether on this machine)."""
    asked = scope_notice.kind(question)
    masked = privacy.masked_for(question, *endpoints)
    warnings = (*redflag.warnings(question), *scope_notice.notice(asked), *privacy.notice(masked.counts))
    return Precautions(masked.text, warnings, asked is not scope_notice.Kind.NOT_MEDICAL)
