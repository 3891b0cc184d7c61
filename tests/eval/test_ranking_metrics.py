import random
from statistics import mean

import ir_measures
import pytest

from eval.metrics.ranking import ndcg, recall, reciprocal_rank

DEPTH = 10
MEASURES = {ndcg: ir_measures.nDCG @ DEPTH, reciprocal_rank: ir_measures.RR @ DEPTH, recall: ir_measures.R @ DEPTH}


@pytest.fixture
def lists():
    """Make 200 ranked lists of 0 to 20 items, with 1 to 15 relevant items of which some were not found."""
    draw = random.Random(7)
    items = [f"d{n}" for n in range(40)]
    return {f"q{n}": (draw.sample(items, draw.randint(0, 20)), set(draw.sample(items, draw.randint(1, 15)))) for n in range(200)}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.__name__)
def test_a_measure_agrees_with_ir_measures_query_by_query(measure, lists):
    judged = [ir_measures.Qrel(q, d, 1) for q, (_, relevant) in lists.items() for d in relevant]
    run = [ir_measures.ScoredDoc(q, d, -rank) for q, (ranked, _) in lists.items() for rank, d in enumerate(ranked)]
    theirs = {m.query_id: m.value for m in ir_measures.iter_calc([MEASURES[measure]], judged, run)}
    ours = {q: measure(ranked, relevant, DEPTH) for q, (ranked, relevant) in lists.items()}
    assert ours == pytest.approx({q: theirs.get(q, 0.0) for q in lists})
    assert 0.1 < mean(ours.values()) < 0.9


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.__name__)
def test_what_stands_below_the_depth_does_not_count(measure):
    ranked = [f"d{n}" for n in range(20)]
    assert measure(ranked, {"d9"}, DEPTH) > 0
    assert measure(ranked, {"d10"}, DEPTH) == 0


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.__name__)
def test_a_query_that_found_nothing_counts_as_zero(measure):
    assert measure([], {"d1"}, DEPTH) == 0
