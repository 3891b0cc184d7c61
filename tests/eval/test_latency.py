import pytest

from eval.bench.latency import search_times
from eval.bench.made import costs, make
from eval.bench.ranking import passage_of
from rag.embed import load_embedder
from rag.retrieve import query, retriever

TEXTS = ("高血压患者应当限制钠盐的摄入。每人每日食盐量不超过5g。", "糖尿病患者应当监测血糖。")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return tmp_path_factory.mktemp("timed")


@pytest.fixture(scope="module")
def snapshot(index):
    return make(index, [passage_of(t) for t in TEXTS], load_embedder("use-medical"))


def test_the_stages_of_a_search_are_within_it_and_what_was_watched_stands_again(snapshot):
    before = query.understand, retriever.lexical_scores
    times = search_times(snapshot, load_embedder("use-medical"), ["高血压吃盐", "血糖多久测一次"])
    whole = times.pop("search")
    assert set(times) == {"understand", "lexical", "embed", "dense", "passages"}
    assert 0 < sum(stage["p50_ms"] for stage in times.values()) <= whole["p95_ms"] + 0.05
    assert (query.understand, retriever.lexical_scores) == before


def test_a_snapshot_made_before_is_opened_and_its_costs_are_those_of_making_it(snapshot, index):
    again = make(index, [], load_embedder("use-medical"))
    assert again.id == snapshot.id
    assert costs(index)["windows"] == 3
    assert costs(index)["index"] == "flat"
