"""How well our engine ranks on CMExam and cMedQA2: hybrid, by words alone, by nearness alone, with both bundled embedders."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

from eval.bench.made import make
from eval.bench.variants import Variant, dense_alone, embedded, lexical_alone, whole
from eval.datasets.ranking import Task, cmedqa2, cmexam
from eval.metrics.ranking import ndcg, recall, reciprocal_rank
from rag.embed import load_embedder
from rag.text.sentences import split_sentences
from rag.types import Passage, Sentence

DEPTH = 10
TASKS = {"cmexam_val": cmexam, "cmedqa2_test": cmedqa2}
# nDCG@10 measured on these tasks by others (the data's README): BM25 over words and bigrams, alone and with the published encoder.
REFERENCE = {"cmexam_val": {"bm25": 0.856, "bm25+use": 0.869}, "cmedqa2_test": {"bm25": 0.244, "bm25+use": 0.270}}


def measure(folder: Path) -> dict[str, dict[str, object]]:
    """Index both tasks below a folder and return the figures of each variant."""
    return {
        name: {"queries": len(task.queries), "documents": len(task.documents), "reference_ndcg": REFERENCE[name],
               "measured": _task(task, folder / name)}
        for name, task in ((name, read()) for name, read in TASKS.items())
    }


def _task(task: Task, index: Path) -> dict[str, dict[str, float]]:
    medical, published = load_embedder("use-medical"), load_embedder("use-multilingual")
    snapshot = make(index, [passage_of(text) for text in task.documents], medical)
    as_published, undivided = embedded(snapshot, published), embedded(snapshot, medical, whole)
    variants = {
        "hybrid": Variant(snapshot, medical),
        "lexical": lexical_alone(snapshot),
        "dense": dense_alone(snapshot, medical),
        "hybrid, use-multilingual": Variant(as_published, published),
        "dense, use-multilingual": dense_alone(as_published, published),
        "hybrid, whole documents embedded": Variant(undivided, medical),
        "dense, whole documents embedded": dense_alone(undivided, medical),
    }
    return {name: _figures(variant, task) for name, variant in variants.items()}


def passage_of(text: str) -> Passage:
    """Make a passage of a document, cut into its sentences."""
    return Passage("", "", "text", (), tuple(Sentence(text[a:b], text[a:b]) for a, b in split_sentences(text)))


def _figures(variant: Variant, task: Task) -> dict[str, float]:
    with variant.searching() as search:
        found = [[hit.passage.id for hit in search(text, DEPTH)] for text in task.queries]
    relevant = [{f"made:{number + 1}"} for number in task.gold]
    measures = {"ndcg": ndcg, "mrr": reciprocal_rank, "recall": recall}
    return {
        f"{name}@{DEPTH}": round(mean(score(ids, right, DEPTH) for ids, right in zip(found, relevant, strict=True)), 4)
        for name, score in measures.items()
    }
