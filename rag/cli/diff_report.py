"""The report of `zhinan diff` as a page to print: what changed in numbers and advice first, then everything by section."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from rag.cli.diff import KINDS, pages, sections, summary
from rag.files import write_whole

if TYPE_CHECKING:
    from rag.changes import Change
    from rag.types import Document

_ISLAND = 2  # characters; shorter sameness between two differences is shown as part of one difference
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.", re.S)  # a number is marked whole
Marked = list[tuple[str, bool]]


def write_report(path: Path, old: Document, new: Document, changes: Sequence[Change]) -> None:
    """Write the report as one HTML file that needs nothing else."""
    template = Template(resources.files("rag.cli.templates").joinpath("diff.html").read_text(encoding="utf-8"))
    important = [c for c in changes if c.important]
    text = template.substitute(
        title=html.escape(new.metadata.title or "新版"),
        old=_edition(old), new=_edition(new), summary=summary(changes),
        important=_table(important, with_section=True) if important else "<p>没有。</p>",
        words=_words([c for c in changes if c.kind == "renamed"]),
        body="\n".join(f"<h3>{html.escape(heading)}</h3>\n{_table(group)}" for heading, group in sections(changes)),
    )
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def differing(old: str, new: str) -> tuple[Marked, Marked]:
    """Cut two sentences into pieces, and tell of each whether the other sentence lacks it."""
    before: Marked = []
    after: Marked = []
    had, has = _TOKEN.findall(old), _TOKEN.findall(new)
    for tag, a, b, c, d in SequenceMatcher(None, had, has, autojunk=False).get_opcodes():
        island = tag == "equal" and b - a <= _ISLAND and before and b < len(had)
        for side, text in ((before, "".join(had[a:b])), (after, "".join(has[c:d]))):
            hit = tag != "equal" or bool(island)
            if side and side[-1][1] == hit:
                side[-1] = (side[-1][0] + text, hit)
            elif text:
                side.append((text, hit))
    return before, after


def _edition(document: Document) -> str:
    said = document.metadata
    return html.escape("，".join(str(p) for p in (said.title, said.issuer, f"{said.year}年" if said.year else "") if p))


def _table(changes: Sequence[Change], with_section: bool = False) -> str:
    rows = []
    for change in changes:
        before, after = differing(change.old, change.new) if change.kind == "changed" else ([(change.old, False)], [(change.new, False)])
        section = f"<div class=where>{html.escape(' › '.join(change.section[-2:]))}</div>" if with_section else ""
        numbers = _numbers(change) if change.kind == "changed" else ""
        rows.append(
            f"<tr class={change.kind}><td class=kind>{KINDS[change.kind]}</td>"
            f"<td>{section}{_cell(before, 'del')}<span class=page>{pages(change.old_pages)}</span></td>"
            f"<td>{numbers}{_cell(after, 'ins')}<span class=page>{pages(change.new_pages)}</span></td></tr>"
        )
    return "<table><tr><th></th><th>旧版</th><th>新版</th></tr>\n" + "\n".join(rows) + "\n</table>"


def _numbers(change: Change) -> str:
    """Name the numbers that changed, in a line above the sentence."""
    had, has = ("、".join(map(html.escape, side)) for side in change.numbers)
    if not had and not has:
        return ""
    return f"<div class=numbers>{had or '（无）'} → {has or '（删去）'}</div>"


def _cell(marked: Marked, tag: str) -> str:
    return "".join(f"<{tag}>{html.escape(text)}</{tag}>" if hit else html.escape(text) for text, hit in marked)


def _words(renamed: Sequence[Change]) -> str:
    if not renamed:
        return ""
    words = "；".join(f"<del>{html.escape(c.old)}</del> → <ins>{html.escape(c.new)}</ins>" for c in renamed)
    return f"<h2>全文统一改动的用语</h2><p>{words}。只有这些用语不同的句子不再列出。</p>"
