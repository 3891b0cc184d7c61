"""Learn the network of `rag.answer.network` from described examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, relu

from rag.answer.network import MOST_TERMS, Described, Network

NETWORKS, HIDDEN, DIRECTIONS = 5, 24, 8
_EPOCHS, _BATCH, _RATE, _DECAY = 80, 512, 0.01, 0.001


class Examples:
    """Described examples as padded tensors; a mask tells which sentences and terms there are."""

    def __init__(self, items: Sequence[Described], directions: np.ndarray) -> None:
        sentences = max(len(i.sentences) for i in items)
        shape = (len(items), sentences, MOST_TERMS)
        features = items[0].terms.shape[2]
        self.terms = torch.zeros(*shape, features + directions.shape[1])
        self.sentences = torch.zeros(*shape[:2], items[0].sentences.shape[1])
        self.has_term, self.has_sentence = torch.zeros(shape), torch.zeros(shape[:2])
        self.whole = torch.tensor(np.stack([i.whole for i in items]), dtype=torch.float32)
        for n, item in enumerate(items):
            k, t = len(item.sentences), min(item.terms.shape[1], MOST_TERMS)
            self.sentences[n, :k] = torch.tensor(item.sentences)
            self.has_sentence[n, :k] = 1
            if t:
                self.terms[n, :k, :t, :features] = torch.tensor(item.terms[:, :t])
                self.terms[n, :k, :t, features:] = torch.tensor(item.vectors[:t] @ directions)
                self.has_term[n, :k, :t] = 1

    def __len__(self) -> int:
        return len(self.whole)


class _Learner(torch.nn.Module):
    """One network over standardised features."""

    def __init__(self, examples: Examples) -> None:
        super().__init__()
        parts = (examples.terms[examples.has_term > 0], examples.sentences[examples.has_sentence > 0], examples.whole)
        self.means = [p.mean(0) for p in parts]
        self.spreads = [torch.where(p.std(0) > 1e-4, p.std(0), torch.ones(1)) for p in parts]
        self.term_in = torch.nn.Linear(parts[0].shape[1], HIDDEN)
        self.term_out = torch.nn.Linear(HIDDEN, 1)
        self.sentence = torch.nn.Linear(parts[1].shape[1], 1)
        self.whole = torch.nn.Linear(parts[2].shape[1], 1)
        torch.nn.init.normal_(self.term_out.weight, std=0.1)
        torch.nn.init.zeros_(self.whole.weight)

    def forward(self, examples: Examples, some: torch.Tensor) -> torch.Tensor:
        terms, sentences, whole = (
            (x[some] - mean) / spread
            for x, mean, spread in zip((examples.terms, examples.sentences, examples.whole), self.means, self.spreads, strict=True)
        )
        met = self.term_out(relu(self.term_in(terms)))[..., 0] * examples.has_term[some]
        found = (met.sum(-1) + self.sentence(sentences)[..., 0]).masked_fill(examples.has_sentence[some] == 0, -1e4)
        return torch.logsumexp(found, 1) + self.whole(whole)[:, 0]

    def penalty(self) -> torch.Tensor:
        return torch.stack([(p**2).sum() for name, p in self.named_parameters() if name.endswith("weight")]).sum()

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the weights for features as they come."""
        with torch.no_grad():
            (term, sentence, whole), layers = self.spreads, (self.term_in, self.sentence, self.whole)
            plain = [layer.weight / spread for layer, spread in zip(layers, (term, sentence, whole), strict=True)]
            biases = [layer.bias - w @ mean for layer, w, mean in zip(layers, plain, self.means, strict=True)]
            return {
                "term_in": plain[0].T.numpy(), "term_in_bias": biases[0].numpy(), "term_out": self.term_out.weight[0].numpy(),
                "term_out_bias": self.term_out.bias[0].numpy(), "sentence": plain[1][0].numpy(), "whole": plain[2][0].numpy(),
                "whole_bias": (biases[1] + biases[2])[0].numpy(),
            }


def learn(items: Sequence[Described], labels: np.ndarray, worth: np.ndarray) -> Network:
    """Learn a network from examples, whether each answers, and how much each counts; not calibrated, threshold 0."""
    torch.set_num_threads(1)  # the same sums in the same order on every machine
    directions = _directions(items)
    examples = Examples(items, directions)
    learners = [_learner(examples, torch.tensor(labels, dtype=torch.float32), torch.tensor(worth, dtype=torch.float32), seed) for seed in range(NETWORKS)]
    arrays = [one.arrays() for one in learners]
    stacked = {name: np.stack([a[name] for a in arrays]).astype(np.float32) for name in arrays[0]}
    return Network(directions=directions, **stacked, calibration=np.array([1.0, 0.0], np.float32), threshold=np.array(0.0, np.float32))


def _learner(examples: Examples, labels: torch.Tensor, worth: torch.Tensor, seed: int) -> _Learner:
    torch.manual_seed(seed)
    learner = _Learner(examples)
    optimiser = torch.optim.Adam(learner.parameters(), _RATE)
    batches = -(-len(examples) // _BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, _EPOCHS * batches)
    for _ in range(_EPOCHS):
        for some in torch.randperm(len(examples)).split(_BATCH):
            each = binary_cross_entropy_with_logits(learner(examples, some), labels[some], reduction="none")
            loss = (each * worth[some]).mean() / worth.mean() + _DECAY * learner.penalty()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return learner


def _directions(items: Sequence[Described]) -> np.ndarray:
    """Return the directions in which the vectors of terms differ most, scaled alike, shape (dimension, directions)."""
    vectors = np.concatenate([i.vectors for i in items if len(i.vectors)])
    basis = np.linalg.eigh(np.cov(vectors.T))[1][:, ::-1][:, :DIRECTIONS]
    return (basis * np.sign(basis.sum(axis=0))).astype(np.float32)
