"""A small corpus with two editions of one disease, and an HTTP server that can be told to misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DIGEST = """\
+++
id = "hypertension-{year}"
title = "高血压基层诊疗要点摘编（{year}）"
disease = "高血压"
aliases = ["血压高", "HTN"]
issuer = "中华医学会"
year = {year}
edition = "{year}年版"
supersedes = {supersedes}
audience = "基层医生"
checked = 2026-11-23
+++

## 概述
高血压指未使用降压药时，非同日3次诊室血压≥140/90 mmHg[1]。
高血压是心脑血管病最主要的危险因素。

## 诊断标准
诊室血压≥140/90 mmHg可诊断高血压[1,2]。
- 家庭血压≥135/85 mmHg可诊断高血压[1]。
- 24 h动态血压平均值≥130/80 mmHg可诊断高血压[2]。

## 药物治疗
推荐：多数患者起始可用小剂量联合治疗（推荐等级Ⅰ，证据级别A）[1]。

表1 常用口服降压药
| 药物 | 起始剂量 | 常用剂量 | 最大剂量 | 主要禁忌 | 注意 |
| --- | --- | --- | --- | --- | --- |
| 氨氯地平[1] | 2.5 mg，1次/d | 5 mg，1次/d | 10 mg/d | 对二氢吡啶类过敏 | 踝部水肿 |
| 依那普利[1] | 5 mg，1次/d | 10~20 mg，1次/d | 40 mg/d | 妊娠；双侧肾动脉狭窄 | 干咳 |

## 转诊指征
### 紧急转诊
- 血压≥180/110 mmHg伴胸痛或意识改变，立即转诊[1]。
### 普通转诊
- 血压用3种药仍≥140/90 mmHg，转上级医院[1]。

## 健康教育要点
- 每天吃盐少于5 g[2]。

## 参考文献
1. 中国高血压防治指南修订委员会. 中国高血压防治指南（{year}年修订版）. 中华高血压杂志, {year}, 32(7): 603-700.
2. 国家心血管病中心. 国家基层高血压防治管理指南（2020版）. 中国循环杂志, 2021, 36(3): 209-220.
"""
SOURCES = """\
[[sources]]
id = "hypertension-guideline-2018"
title = "中国高血压防治指南（2018年修订版）"
issuer = "中国高血压防治指南修订委员会"
year = 2018
diseases = ["高血压"]
citation = "中国高血压防治指南修订委员会. 中国高血压防治指南（2018年修订版）. 2018."
url = "https://example.org/2018.html"
direct = true
kind = "html"
seen = "测试"
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write a corpus folder with sources only: two editions, their records, a catalogue, the real template."""
    root = tmp_path / "corpus"
    (root / "text").mkdir(parents=True)
    (root / "factcheck").mkdir()
    (root / "pdf").mkdir()
    for year, supersedes in ((2018, "[]"), (2024, '["hypertension-2018"]')):
        name = f"hypertension-{year}.md"
        (root / "text" / name).write_text(DIGEST.format(year=year, supersedes=supersedes), encoding="utf-8")
        (root / "factcheck" / name).write_text(f"# hypertension-{year} 核对记录\n\n- 看了原文。\n", encoding="utf-8")
    (root / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (root / "typeset").symlink_to(Path(__file__).resolve().parents[2] / "corpus" / "typeset")
    return root


@dataclass
class Site:
    """A local server: `answer` handles each request; `requests` keeps the headers of all."""

    url: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler, int], None] = lambda handler, n: handler.send_error(404)


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve on a free port until the test ends."""
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.requests.append({k.lower(): v for k, v in self.headers.items()})
            here.answer(self, len(here.requests))

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
