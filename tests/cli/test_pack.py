"""`zhinan pack` and `unpack`, as one carries a knowledge base to another machine."""

from __future__ import annotations

import re


def test_a_pack_answers_elsewhere_by_file_and_unpacked(zhinan, index, corpus, tmp_path):
    out = tmp_path / "指南针.zhinan"
    packed = zhinan("pack", str(out), "--corpus", str(corpus), "--index", str(index), indexed=False)
    digest = re.search(r"[0-9a-f]{64}", packed.stdout)[0]
    unpacked = zhinan("unpack", str(out), str(tmp_path / "there"), "--digest", digest, indexed=False)

    assert (packed.returncode, unpacked.returncode) == (0, 0), packed.stderr + unpacked.stderr
    for where in (out, tmp_path / "there" / "index"):
        answer = zhinan("ask", "测热病首选什么药，每次多少毫克？", "--index", str(where), indexed=False, XDG_CACHE_HOME=str(tmp_path / "cache"))
        assert "每次10 mg" in answer.stdout


def test_an_index_that_lags_behind_is_not_packed(zhinan, index, tmp_path):
    (tmp_path / "new.md").write_text("# 新病诊疗指南（2024年版）\n\n新病用新药，每次1 mg。\n", encoding="utf-8")
    result = zhinan("pack", str(tmp_path / "p"), "--corpus", str(tmp_path), "--index", str(index), indexed=False)

    assert result.returncode == 4
    assert "没有跟上语料" in result.stderr
    assert not (tmp_path / "p").exists()
