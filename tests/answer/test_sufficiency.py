"""What a question names and its evidence lacks makes an answer less certain."""

import pytest

TEXT = """# 测热病诊疗指南（2024年版）

## 一、药物治疗
测热病首选氨氯地平，起始剂量5 mg，1次/d。
测热病也可用缬沙坦治疗。
测热病患者宜低盐饮食，每日食盐不超过5 g。

## 二、随访
测热病患者每3个月复查1次肝功能。
"""


@pytest.fixture(scope="module")
def base(knowing):
    return knowing(TEXT)


@pytest.mark.parametrize(
    ("there", "absent"),
    [
        ("测热病用氨氯地平，起始剂量多少毫克？", "测热病用缬沙坦，起始剂量多少毫克？"),  # the drug, without its dose
        ("测热病用氨氯地平，起始剂量多少毫克？", "测热病用替米沙坦，起始剂量多少毫克？"),  # no such drug
        ("测热病用氨氯地平，起始剂量多少毫克？", "测热病用瑞托雷生，起始剂量多少毫克？"),  # no drug that any list has
        ("测热病多久复查一次肝功能？", "测热病多久复查一次胃镜检查？"),
    ],
)
def test_what_is_absent_makes_less_certain(base, there, absent):
    assert base.ask(there).confidence > base.ask(absent).confidence + 0.1
