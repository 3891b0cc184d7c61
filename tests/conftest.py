"""A small corpus of three written guidelines, and its index, built once with the real default embedder."""

import signal
from pathlib import Path

import pytest

from rag import KnowledgeBase

# A shell that runs the tests in the background ignores SIGINT, and the programs under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

OLD = """# 测热病诊疗指南（2019年版）

国家测试学会

## 一、诊断标准
体温≥38.5 ℃且持续3天者诊断为测热病。

## 二、药物治疗
测热病首选甲药，每次20 mg，每日3次，疗程5天。
"""
NEW = """# 测热病诊疗指南（2024年版）

国家测试学会

## 一、诊断标准
体温≥38.0 ℃且持续2天者诊断为测热病。
儿童患者体温≥37.8 ℃即可诊断为测热病。

## 二、药物治疗
测热病首选甲药，每次10 mg，每日2次，疗程7天。
孕妇禁用甲药。

表1 测热病常用药物

| 药物 | 起始剂量 | 最大剂量 |
| --- | --- | --- |
| 甲药 | 10 mg，2次/d | 40 mg/d |
| 乙药 | 5 mg，1次/d | 15 mg/d |

## 三、转诊指征
测热病患者出现抽搐或意识障碍时应立即转往上级医院。
"""
OTHER = """# 慢性咳喘病基层管理专家共识（2022年版）

中国咳喘协会

## 一、随访
慢性咳喘病患者每3个月随访1次，每年复查肺功能1次。

## 二、健康教育
戒烟是减慢慢性咳喘病进展最有效的办法。接种流感疫苗可减少急性加重。
"""


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loose folder with two editions of one guideline and another guideline."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in (("测热病2019.md", OLD), ("测热病2024.md", NEW), ("咳喘2022.md", OTHER)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def index(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the small corpus."""
    folder = tmp_path_factory.mktemp("index")
    KnowledgeBase.build(corpus, folder, workers=1)
    return folder


@pytest.fixture(scope="session")
def base(index: Path) -> KnowledgeBase:
    """The small corpus, opened."""
    return KnowledgeBase.open(index)
