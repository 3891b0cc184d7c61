"""The network that learns whether evidence answers, and what it says afterwards without its trainer."""

import numpy as np
import pytest

from rag.answer.network import MOST_TERMS, Described

torch = pytest.importorskip("torch")

VECTORS = np.eye(2, 16)


@pytest.fixture(scope="module")
def learned():
    """A network that saw 200 questions of two terms, answered where the second is met."""
    from eval.network import learn

    random = np.random.default_rng(0)
    met = random.random(200) < 0.5
    items = [_item([1.0, float(m)], VECTORS + random.normal(scale=0.01, size=(2, 16))) for m in met]
    return learn(items, met, np.ones(200))


def _item(met: list[float], vectors: np.ndarray) -> Described:
    terms = np.array([[[m, 1.0] for m in met]] * 3)
    return Described(np.array([0.5, 0.1]), np.full((3, 2), 0.2), terms, vectors)


def test_what_it_learned_holds_for_others(learned):
    assert learned.probability(_item([1.0, 1.0], VECTORS)) > 0.8
    assert learned.probability(_item([1.0, 0.0], VECTORS)) < 0.2


def test_a_question_without_a_term_has_a_probability(learned):
    empty = Described(np.array([0.5, 0.1]), np.full((3, 2), 0.2), np.zeros((3, 0, 2)), np.zeros((0, 1)))
    assert 0 < learned.probability(empty) < 1


def test_of_a_long_question_no_sum_of_many_terms_outweighs_all(learned):
    def logit(count: int) -> float:
        return learned.logit(_item([0.0] * count, np.zeros((count, 16))))

    assert logit(4 * MOST_TERMS) == pytest.approx(logit(MOST_TERMS))


def test_learning_twice_gives_the_same():
    from eval.network import learn

    items = [_item([1.0, float(n % 2)], np.random.default_rng(n).normal(size=(2, 16))) for n in range(20)]
    labels = np.array([n % 2 for n in range(20)])
    one, other = learn(items, labels, np.ones(20)), learn(items, labels, np.ones(20))
    assert np.array_equal(one.term_in, other.term_in)
