"""Runs, lines and columns are found from places alone."""

import numpy as np

from rag.ingest.columns import column_of, find_gutters, reading_order
from rag.ingest.layout import Line, Run, join_runs, mend


def run(x0, x1, base, size=10.0):
    return Run([], x0, x1, base, size, False)


def column(x0, x1, rows=30, step=16):
    return [run(x0, x1, 700 - n * step) for n in range(rows)]


def test_two_columns_have_one_gutter():
    (gutter,) = find_gutters([*column(60, 280), *column(310, 530)], 0, 595)
    assert 276 <= gutter[0] <= 290
    assert 300 <= gutter[1] <= 312


def test_three_columns_have_two_gutters():
    assert len(find_gutters([*column(40, 200), *column(220, 380), *column(400, 560)], 0, 600)) == 2


def test_one_column_has_none():
    assert find_gutters(column(60, 530), 0, 595) == []


def test_narrow_number_column_is_no_text_column():
    assert find_gutters([*column(60, 75), *column(100, 530)], 0, 595) == []


def test_gutter_is_found_below_a_full_width_abstract():
    page = [
        *column(60, 530, rows=12),
        *[run(a, b, 480 - 16 * n) for n in range(20) for a, b in ((60, 280), (310, 530))],
    ]
    assert len(find_gutters(page, 0, 595)) == 1


def line(text, x0, y0, x1):
    return Line(text, x0, y0, x1, y0 + 10, 10)


def test_full_width_lines_part_the_columns_above_and_below():
    items = [
        line("左上", 60, 700, 280),
        line("右上", 310, 700, 530),
        line("通栏", 60, 600, 530),
        line("左下", 60, 500, 280),
        line("右下", 310, 500, 530),
    ]
    flows = reading_order(items, [(285, 305)])
    assert [li.text for _, flow in flows for li in flow] == ["左上", "右上", "通栏", "左下", "右下"]


def test_line_in_the_right_column_belongs_to_it():
    assert column_of(line("右", 310, 0, 530), [(285, 305)]) == 1


def test_private_dot_on_the_baseline_is_a_decimal_point():
    assert mend("\ue010", np.array([100, 50, 101.5, 51.5]), 10, 50) == "."
    assert mend("\ue011", np.array([100, 53, 105, 53.6]), 10, 50) == "-"
    assert mend("\ue012", np.array([100, 50, 108, 58]), 10, 50) == "\ue012"


def test_runs_whose_baselines_differ_by_a_hair_are_one_line():
    row = [run(60, 190, 545.97), run(196, 270, 545.46), run(274, 288, 545.95)]
    assert [len(r) for r in join_runs(row, 3.0)] == [3]
