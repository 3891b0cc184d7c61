"""`zhinan show`: a cited passage with its page and neighbours."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from rag.cli.options import CorpusOption, EmbedderOption, IndexOption, JsonOption, VerboseOption, settings_from
from rag.errors import UsageError
from rag.text.normalise import normalise

_ENDS_CITATION = re.compile(r"[^\s(),]+:\d+(?=\)?\s*$)")

def show(
    passage_id: Annotated[str, typer.Argument(help="出处里括号中的编号，如 hypertension-2024:12；整行出处也可以。")],
    as_json: JsonOption = False,
    reach: Annotated[int, typer.Option("--reach", min=0, max=20, help="前后各看几段。")] = 1,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    verbose: VerboseOption = False,
) -> int:
    """Show one passage."""
    from rag.cli.render import edition_name, place
    from rag.cli.session import open_base
    from rag.codec import passage_to_json

    base = open_base(settings_from(corpus, index, embedder, verbose=verbose))
    passage_id = _named(passage_id)
    passage = base.passage(passage_id)
    if passage is None:
        raise UsageError(f"索引里没有段落 {passage_id}。编号在答案的出处里，形如 hypertension-2024:12；可用 zhinan search 查找。")
    before, after = base.neighbours(passage_id, reach)
    edition = base.edition(passage.guideline_id)
    if as_json:
        result = {
            "passage": passage_to_json(passage) | {"text": passage.text, "pages": list(passage.pages)},
            "before": [{"id": p.id, "text": p.text} for p in before],
            "after": [{"id": p.id, "text": p.text} for p in after],
            "source": edition.source if edition else "",
        }
        typer.echo(json.dumps(result, ensure_ascii=False))
        return 0
    if edition:
        typer.echo(f"{edition_name(edition)}\n文件：{edition.source}")
    paragraph = passage.sentences[0].paragraph if passage.sentences else 0
    typer.echo(f"{' > '.join(passage.section)}  {place(passage.pages, paragraph)}\n")
    for p in before:
        typer.echo(f"  {p.text}\n")
    typer.echo(f"▶ {passage.text}\n")
    for p in after:
        typer.echo(f"  {p.text}\n")
    return 0


def _named(text: str) -> str:
    """Return the id at the end of a citation as it was pasted, or the text itself."""
    found = _ENDS_CITATION.search(normalise(text))
    return found.group() if found else text
