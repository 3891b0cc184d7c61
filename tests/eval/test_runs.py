"""A run's record says with what it was made."""

import json

from eval.datasets.questions import Question
from eval.outcome import judge
from eval.runs import configuration, digest, write
from eval.summary import by_style, worst
from rag import KnowledgeBase

ASKED = Question("q1", "测热病首选什么药？", "dose", frozenset({"new.md"}), frozenset(), (("甲药",),))
MISSED = Question("q2", "测热病首选什么药？", "near_miss")


def test_the_hash_follows_what_was_configured(index):
    told = configuration(KnowledgeBase.open(index))
    assert digest(told) == digest(dict(reversed(told.items())))
    assert digest(told) != digest(told | {"pipeline": "another"})
    assert {"embedder", "snapshot", "code", "pipeline"} <= set(told)


def test_a_line_for_each_question_with_what_was_retrieved(index, tmp_path):
    base = KnowledgeBase.open(index)
    outcomes = [judge(base, q) for q in (ASKED, MISSED)]
    write(tmp_path / "runs.jsonl", "tiny", configuration(base), outcomes)
    lines = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["q1", "q2"]
    assert {line["configuration"] for line in lines} == {digest(configuration(base))}
    assert all(line["retrieved"] for line in lines)


def test_what_went_wrong_is_listed_with_what_was_retrieved(index):
    base = KnowledgeBase.open(index)
    outcomes = [judge(base, q) for q in (ASKED, MISSED)]
    listed = worst(outcomes, [ASKED, MISSED], 5)
    assert len(listed) == sum(not o.facts_right for o in outcomes[:1]) + outcomes[1].answered
    assert all(" <- " in line for line in listed)
    assert by_style(outcomes)["all"]["auroc_near_miss"] == by_style(outcomes)["all"]["auroc"]
