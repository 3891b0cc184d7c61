import numpy as np
import pytest

from eval.learning import cross_validated, fit, fit_ranking, scored


@pytest.fixture
def lists():
    """Make 60 lists of 12 rows; the row with the highest first feature has the gain, the third feature is noise."""
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(720, 3)) * [1, 50, 0.01]
    number = np.repeat(np.arange(60), 12)
    gains = np.zeros(720)
    for n in range(60):
        gains[12 * n + rows[12 * n : 12 * n + 12, 0].argmax()] = 1.0
    return rows, gains, number


def test_a_ranking_puts_the_rows_with_gain_first_whatever_the_features_scale(lists):
    rows, gains, number = lists
    scores = scored(rows, fit_ranking(rows, gains, number))
    first = [scores[number == n].argmax() == gains[number == n].argmax() for n in range(60)]
    assert np.mean(first) > 0.95


def test_a_rankings_scores_are_probabilities(lists):
    rows, gains, number = lists
    assert scored(rows, fit_ranking(rows, gains, number)).sum() == pytest.approx(gains.sum(), rel=0.1)


def test_features_that_say_the_same_in_opposite_do_not_run_away(lists):
    rows, gains, number = lists
    doubled = np.column_stack([rows, -rows[:, 0] + 1e-9 * rows[:, 1]])
    weights, _ = fit_ranking(doubled, gains, number)
    assert np.abs(weights * doubled.std(axis=0)).max() < 20


def test_a_regression_states_the_observed_frequency():
    rows = np.repeat([[0.0], [1.0]], 500, axis=0)
    labels = np.concatenate([np.arange(500) < 100, np.arange(500) < 400])
    assert scored(np.array([[0.0], [1.0]]), fit(rows, labels)) == pytest.approx([0.2, 0.8], abs=0.02)


def test_weights_count_examples_many_times():
    rows, labels = np.array([[0.0], [0.0]]), np.array([True, False])
    assert scored(rows, fit(rows, labels, np.array([3.0, 1.0])))[0] == pytest.approx(0.75, abs=0.01)


def test_no_row_is_scored_by_a_model_that_saw_its_group():
    groups = [f"g{n % 10}" for n in range(100)]
    seen: list[set[str]] = []

    def learn(some):
        seen.append({g for g, s in zip(groups, some, strict=True) if s})
        return np.zeros(1), 0.0

    cross_validated(np.zeros((100, 1)), groups, learn)
    assert len(seen) == 5 and all(len(s) == 8 for s in seen)
