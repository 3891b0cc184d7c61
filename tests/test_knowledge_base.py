import subprocess
import sys

import pytest

from rag import KnowledgeBase
from rag.errors import IndexUnusableError, ZhinanError

SCRIPT = """
from rag import KnowledgeBase
report = KnowledgeBase.build({corpus!r}, {index!r})
print(len(report.editions), KnowledgeBase.open({index!r}).ask("测热病首选什么药？").status)
"""


def test_a_plain_script_without_a_main_guard_can_build(corpus, tmp_path):
    script = tmp_path / "app.py"
    script.write_text(SCRIPT.format(corpus=str(corpus), index=str(tmp_path / "index")), encoding="utf-8")
    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert result.stdout == "3 answered\n", result.stderr


def test_neighbours_stay_within_their_edition(base: KnowledgeBase):
    first = base.search("慢性咳喘病随访")[0].passage
    before, after = base.neighbours(first.id)
    assert {p.guideline_id for p in [*before, *after]} <= {first.guideline_id}
    assert base.neighbours("nothing:1") == ([], [])


def test_unknown_ids_are_none(base: KnowledgeBase):
    assert base.passage("nothing:1") is None
    assert base.edition("nothing") is None


def test_opening_nothing_names_the_command(tmp_path):
    with pytest.raises(IndexUnusableError, match="zhinan index build"):
        KnowledgeBase.open(tmp_path)


def test_a_folder_without_readable_files_is_an_error(tmp_path):
    (tmp_path / "corpus").mkdir()
    with pytest.raises(ZhinanError, match="corpus"):
        KnowledgeBase.build(tmp_path / "corpus", tmp_path / "index")
