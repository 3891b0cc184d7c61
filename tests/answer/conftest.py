"""Knowledge bases over guidelines written in the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import KnowledgeBase


@pytest.fixture(scope="module")
def knowing(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., KnowledgeBase]:
    """Return a function that opens a knowledge base over the texts of guidelines."""

    def build(*texts: str) -> KnowledgeBase:
        folder: Path = tmp_path_factory.mktemp("guidelines")
        for number, text in enumerate(texts):
            (folder / f"{number}.md").write_text(text, encoding="utf-8")
        KnowledgeBase.build(folder, folder / "ix")
        return KnowledgeBase.open(folder / "ix")

    return build
