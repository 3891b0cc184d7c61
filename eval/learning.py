"""Small models fitted by Newton's method, and scores by folds that share no guideline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Model = tuple[np.ndarray, float]  # weights and bias
Loss = tuple[float, np.ndarray, np.ndarray]  # value, gradient, Hessian
_STEPS, _LEAST_STEP = 50, 1e-6


def fit(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None, *, ridge: float = 2.0) -> Model:
    """Fit a logistic regression with a ridge penalty on the weights of the standardised features."""
    mean, spread = _standard(rows)
    x = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    counts = np.ones(len(rows)) if weights is None else weights
    penalty = np.append(np.full(rows.shape[1], ridge), 1e-6)

    def loss(w: np.ndarray) -> Loss:
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        value = counts @ (np.logaddexp(0, z) - labels * z) + (penalty * w) @ w / 2
        return value, x.T @ (counts * (p - labels)) + penalty * w, (x * (counts * p * (1 - p))[:, None]).T @ x + np.diag(penalty)

    w = _minimum(loss, x.shape[1])
    return w[:-1] / spread, float(w[-1] - (w[:-1] * mean / spread).sum())


def fit_ranking(rows: np.ndarray, gains: np.ndarray, lists: np.ndarray, *, ridge: float = 2.0) -> Model:
    """Fit weights by which the rows with gain stand above the others of their list, and a bias that makes scores probable.

    The loss is the cross-entropy between the gains of a list, summing to 1, and the softmax of its scores (ListNet, Cao et
    al. 2007). Scale and bias then follow from a logistic regression of `gains > 0` on the scores (Platt 1999). `lists`
    numbers each row's list, ascending.
    """
    mean, spread = _standard(rows)
    x = (rows - mean) / spread
    parts = [slice(a, b) for a, b in zip(*_bounds(lists), strict=True)]

    def loss(w: np.ndarray) -> Loss:
        value, gradient, hessian = ridge * w @ w / 2, ridge * w, ridge * np.eye(len(w))
        for part in parts:
            some, target = x[part], gains[part] / gains[part].sum()
            scores = some @ w
            top = scores.max()
            total = np.exp(scores - top).sum()
            p = np.exp(scores - top) / total
            centred = some - p @ some
            value = value + top + np.log(total) - target @ scores
            gradient = gradient + some.T @ (p - target)
            hessian = hessian + (centred * p[:, None]).T @ centred
        return value, gradient, hessian

    w = _minimum(loss, x.shape[1])
    scale, bias = fit((x @ w)[:, None], gains > 0, ridge=0.0)
    return scale[0] * w / spread, float(bias - scale[0] * (w * mean / spread).sum())


def _minimum(loss: Callable[[np.ndarray], Loss], size: int) -> np.ndarray:
    """Find the minimum of a convex loss by Newton's method; a step that does not lower it is halved."""
    w = np.zeros(size)
    value, gradient, hessian = loss(w)
    for _ in range(_STEPS):
        step = np.linalg.solve(hessian, gradient)
        scale = 1.0
        while scale > _LEAST_STEP and loss(w - scale * step)[0] > value:
            scale /= 2
        w = w - scale * step
        before, (value, gradient, hessian) = value, loss(w)
        if before - value < _LEAST_STEP * abs(value):
            break
    return w


def scored(rows: np.ndarray, model: Model) -> np.ndarray:
    """Return the probability of each row."""
    return 1 / (1 + np.exp(-(rows @ model[0] + model[1])))


def cross_validated(rows: np.ndarray, groups: Sequence[str], learn: Callable[[np.ndarray], Model], folds: int = 5) -> np.ndarray:
    """Score each row by a model that `learn` made of the rows (a mask) of other groups, shape (rows,)."""
    fold_of = folds_of(groups, folds)
    scores = np.zeros(len(rows))
    for fold in range(folds):
        test = fold_of == fold
        scores[test] = scored(rows[test], learn(~test))
    return scores


def folds_of(groups: Sequence[str], folds: int = 5) -> np.ndarray:
    """Return the fold of each row, rows of one group in one fold, shape (rows,)."""
    number = {name: i % folds for i, name in enumerate(sorted(set(groups)))}
    return np.array([number[g] for g in groups])


def _standard(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    spread = rows.std(axis=0)
    return rows.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)


def _bounds(lists: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    starts = np.flatnonzero(np.diff(lists, prepend=lists[0] - 1))
    return starts, np.append(starts[1:], len(lists))
