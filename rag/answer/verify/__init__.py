"""Whether a sentence says nothing that its source does not say."""

from rag.answer.verify.judge import verify
from rag.answer.verify.lines import check_lines
from rag.answer.verify.record import Kind, Reason, Verdict

__all__ = ["Kind", "Reason", "Verdict", "check_lines", "verify"]
