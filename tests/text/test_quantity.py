"""What quantities must be read from Chinese medical text."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.equivalence import differs
from rag.text.number import chinese
from rag.text.quantity import Quantity, quantities
from rag.text.units import unit

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

CASES = [
    (text, tuple(case["says"]))
    for case in tomllib.loads(Path(__file__).with_name("quantity_cases.toml").read_text("utf-8"))["case"]
    for text in case["texts"]
]
NUMBERS = st.decimals(min_value="0.01", max_value="9999", places=2).map(lambda d: f"{d:f}".rstrip("0").rstrip("."))
UNITS = st.sampled_from(["mg", "g", "μg", "ml", "mmol/L", "mmHg", "天", "小时", "周", "岁", "%", "mg/kg", "kg/m²", "mg/(kg·d)"])
DASHES = st.sampled_from(["~", "～", "-", "–", "—", "至", "到"])


def _digits(value: Fraction) -> str:
    for places in range(5):
        if (value * 10**places).denominator == 1:
            return f"{float(value):.{places}f}"
    return str(value)


def _ends(low: Fraction | None, high: Fraction | None) -> str:
    if low is None or high is None or low == high:
        return _digits(low if low is not None else high)
    return f"{_digits(low)}~{_digits(high)}"


def show(q: Quantity) -> str:
    sign = q.comparator.removeprefix("range") if q.comparator not in ("=", "pair", "range") else ""
    number = _ends(q.low, q.high) + (f"/{_ends(*q.second)}" if q.second else "")
    return f"{sign}{number} {q.unit}".strip()


def one(text: str) -> Quantity:
    (quantity,) = quantities(text)
    return quantity


def test_there_are_at_least_300_written_cases():
    assert len(CASES) >= 300


@pytest.mark.parametrize(("text", "says"), CASES, ids=[c[0] for c in CASES])
def test_a_written_case_is_read_as_it_says(text, says):
    assert tuple(show(q) for q in quantities(text)) == says


@given(NUMBERS, UNITS)
def test_a_number_with_its_unit_is_read_back_exactly(number, name):
    quantity = one(f"用量为{number} {name}。")
    assert quantity.low == quantity.high == Fraction(number)
    assert quantity.unit == unit(name).symbol


@given(NUMBERS, NUMBERS, DASHES, UNITS)
def test_a_range_is_the_same_with_every_dash(a, b, dash, name):
    low, high = sorted((a, b), key=Fraction)
    quantity = one(f"为{low}{dash}{high} {name}")
    assert (quantity.low, quantity.high) == (Fraction(low), Fraction(high))


@given(st.text(max_size=60))
def test_spans_lie_in_the_text_in_order_and_never_overlap(text):
    end = 0
    for quantity in quantities(text):
        assert end <= quantity.span[0] < quantity.span[1] <= len(text)
        end = quantity.span[1]


@given(NUMBERS)
def test_grams_milligrams_and_micrograms_of_one_amount_are_the_same(number):
    gram = Fraction(number)
    assert not differs(one(f"{number} g"), one(f"{_digits(gram * 1000)} mg"))
    assert differs(one(f"{number} g"), one(f"{number} mg"))


@given(st.integers(1, 500))
def test_weeks_are_exactly_seven_days_and_months_are_never_days(n):
    assert not differs(one(f"{n}周"), one(f"{7 * n}天"))
    assert differs(one(f"{n}个月"), one(f"{30 * n}天"))
    assert not differs(one(f"{12 * n}个月"), one(f"{n}年"))


@given(st.integers(1, 99999))
def test_a_chinese_numeral_is_read_as_its_number(n):
    digits, places = "零一二三四五六七八九", ["", "十", "百", "千", "万"]
    text = "".join(digits[int(c)] + (places[len(str(n)) - 1 - i] if c != "0" else "") for i, c in enumerate(str(n)))
    assert chinese(text) == n


@given(NUMBERS, st.sampled_from([("≥", "不低于"), ("≤", "不超过"), (">", "超过"), ("<", "低于")]), UNITS)
def test_a_sign_and_its_words_set_the_same_bound(number, signs, name):
    assert not differs(one(f"为{signs[0]}{number}{name}"), one(f"为{signs[1]}{number}{name}"))


def test_a_strict_bound_differs_from_one_that_includes_its_end():
    assert differs(one("≥7.0 mmol/L"), one(">7.0 mmol/L")) == "comparator"
    assert not differs(one("7.0 mmol/L以上"), one(">7.0 mmol/L"))


@pytest.mark.parametrize(
    ("context", "molar", "mass"),
    [("空腹血糖", "7.0 mmol/L", "126 mg/dl"), ("LDL-C", "1.8 mmol/L", "70 mg/dl"), ("甘油三酯", "1.7 mmol/L", "150 mg/dl"),
     ("血尿酸", "420 μmol/L", "7.06 mg/dl"), ("血肌酐", "133 μmol/L", "1.5 mg/dl")],
)  # fmt: skip
def test_molar_and_mass_concentrations_convert_only_for_a_named_analyte(context, molar, mass):
    assert not differs(one(mass), one(molar), f"{context}{mass}", f"{context}{molar}")
    assert differs(one(mass), one(molar)) == "number"
    assert differs(one(mass.replace("mg/dl", "mmol/L")), one(molar), context, context)


def test_a_rate_per_day_is_the_same_as_the_dose_in_a_clause_that_says_each_day():
    assert not differs(one("2000 mg"), one("2000 mg/d"), "每天2000 mg", "2000 mg/d")
    assert differs(one("2000 mg"), one("2000 mg/d"), "2000 mg", "2000 mg/d")


def test_what_is_measured_stands_before_the_number():
    assert one("收缩压≥140 mmHg").measured == "收缩压"
    assert one("空腹血糖应控制在<7.0 mmol/L").measured == "空腹血糖"
