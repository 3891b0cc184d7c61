import pytest

from rag.text.lexicon import lexicon
from rag.text.value import implied


def units(text: str) -> list[str]:
    return [r.term for m in implied(text, lexicon().find(text)) if m.kind == "unit" for r in m.relations]


def people(text: str) -> list[str]:
    return [p for m in implied(text, lexicon().find(text)) for p in m.heads("population")]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("空腹血糖7算高吗", "7.0 mmol/L"), ("血压150/95", "150/95 mmHg"), ("尿酸560", "560 μmol/L"), ("糖化7.5", "7.5 %"), ("eGFR 25", "25 ml/(min·1.73 m²)")],
)
def test_a_bare_number_beside_a_test_gets_its_usual_unit(text: str, unit: str):
    assert unit.replace("²", "2") in units(text)


@pytest.mark.parametrize("text", ["血糖 11.1 mmol/L", "血糖一天测3次", "血糖7天测一回", "吃了3片", "HbA1c 7%"])
def test_a_number_with_a_unit_of_its_own_gets_none(text: str):
    assert units(text) == []


@pytest.mark.parametrize(
    ("text", "population"),
    [("eGFR只有25能吃二甲双胍吗", "肾功能不全"), ("72岁了", "老年"), ("七十来岁", "老年"), ("两岁半", "儿童"),
     ("3岁发烧", "儿童"), ("十五岁", "青少年"), ("8个月大", "婴儿")],
)
def test_a_value_or_an_age_names_the_population(text: str, population: str):
    assert people(text) == [population]


@pytest.mark.parametrize("text", ["eGFR 90", "40岁", "两个月后复查", "老年人72岁"])
def test_other_values_and_populations_already_named_add_nothing(text: str):
    assert people(text) == []
