from __future__ import annotations

from eval import questions_check
from eval.gold import find


def test_every_committed_question_is_backed_by_its_page():
    assert list(questions_check.findings()) == []


def test_there_are_as_many_questions_of_each_style_as_asked_for():
    assert [name for name, have, least in questions_check.counts() if have < least] == []


def test_every_disease_has_questions():
    texts = {q["guideline"] for p in questions_check.QUESTIONS.glob("*.jsonl") for q in questions_check.read_lines(p) if "facts" in q}
    replaced = {old for name in texts for old in questions_check.guideline(name).replaces(questions_check.ROOT / "corpus" / "text")}
    every = {p.stem for p in (questions_check.ROOT / "corpus" / "text").glob("*.md")}
    assert every - texts - replaced == set()


def test_a_quote_that_runs_over_a_page_turn_stands_on_both_pages():
    assert find(["甲乙丙丁戊己", "庚辛别的话"], "丙丁戊己庚辛") == {1, 2}


def test_a_quote_that_a_column_end_parts_stands_on_its_page():
    assert find(["甲乙丙丁表格戊己庚辛"], "甲乙丙丁戊己庚辛") == {1}


def test_a_quote_that_no_page_has_stands_nowhere():
    assert find(["甲乙丙丁", "戊己庚辛"], "甲乙丙丁壬癸") == set()


def question(**changes):
    row = next(iter(questions_check.read_lines(questions_check.QUESTIONS / "gout-2019.jsonl")))
    return list(questions_check.check_question(row | changes))


def test_an_invented_fact_a_wrong_page_and_a_strange_quote_are_found():
    assert question() == []
    assert "没有这组事实" in str(question(facts=[["每次吃八片"]]))
    assert "pages 应为" in str(question(pages=[99]))
    assert "找不到 quote" in str(question(quote="这句话指南里没有"))


def test_held_out_questions_are_not_among_those_learned_from():
    written, learning, held = (
        {q["question"] for path in folder.glob("*.jsonl") for q in questions_check.read_lines(path)}
        for folder in (questions_check.QUESTIONS, questions_check.LEARNING, questions_check.HELDOUT)
    )
    learned = written | learning
    assert held and not learned & held


def test_held_out_questions_ask_about_every_disease():
    asked = {q["guideline"] for path in questions_check.HELDOUT.glob("*.jsonl") for q in questions_check.read_lines(path) if "facts" in q}
    learned = {q["guideline"] for path in questions_check.QUESTIONS.glob("*.jsonl") for q in questions_check.read_lines(path) if "facts" in q}
    assert learned - asked == set()


def test_another_digest_that_answers_too_must_say_so_on_its_pages():
    there = {"guideline": "ckd-2022", "quote": "GFR＜30 ml/(min·1.73 m²)禁用"}
    pages = sorted(find(questions_check.guideline("ckd-2022").pages, there["quote"]))
    assert question(elsewhere=[there | {"pages": pages}]) == []
    assert "pages 应为" in str(question(elsewhere=[there | {"pages": [99]}]))
    assert "找不到 quote" in str(question(elsewhere=[there | {"quote": "这句话没有", "pages": []}]))
    assert "另一份指南" in str(question(elsewhere=[there | {"guideline": "gout-2019"}]))
