"""Guidelines typeset for the tests, and the folder of real ones where there is one."""

import importlib.util
import os
from pathlib import Path

import pytest
import typst

PREAMBLE = """
#set page(paper: "a4", margin: (x: 22mm, top: 26mm, bottom: 24mm),
  header: context [#text(8pt)[中华测试杂志 2023 年 5 月第 12 卷第 5 期 #h(1fr) 第 #counter(page).display() 期]
    #line(length: 100%, stroke: 0.5pt)],
  footer: context align(center, text(8pt, counter(page).display("— 1 —"))))
#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), size: 10pt, lang: "zh", region: "cn")
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 0.7em)
#show heading: it => block(text(11pt, font: "Noto Sans CJK SC", weight: "bold", it.body))
#let ref(n) = super(size: 6pt)[［#n］]
"""


@pytest.fixture(scope="session")
def typeset(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that typesets a source into a PDF and gives its path."""
    folder = tmp_path_factory.mktemp("typeset")
    made: dict[str, Path] = {}

    def make(source: str, preamble: str = PREAMBLE) -> Path:
        if (text := preamble + source) not in made:
            path = folder / f"{len(made)}.pdf"
            path.with_suffix(".typ").write_text(text, encoding="utf-8")
            path.write_bytes(typst.compile(path.with_suffix(".typ")))
            made[text] = path
        return made[text]

    return make


@pytest.fixture(scope="session")
def bombs():
    """Give the module that builds hostile PDFs."""
    spec = importlib.util.spec_from_file_location("bombs", Path(__file__).with_name("bombs.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def real_guidelines() -> Path:
    """Give the folder of real documents, or skip."""
    folder = Path(os.environ.get("ZHINAN_TEST_DATA", "../shared/data")) / "guidelines"
    if not folder.is_dir():
        pytest.skip("没有真实指南测试数据：设置 ZHINAN_TEST_DATA 指向该目录")
    return folder
