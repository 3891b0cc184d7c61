"""What a question asks for: its weighted terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.text.normalise import normalise
from rag.text.segment import bigrams, words

# Words of asking carry nothing to look for.
_ASKING = re.compile(
    r"请问|什么|多少|怎么办|怎么样|怎样|怎么|如何|哪些|哪种|哪个|哪类|是否|能不能|可不可以|可以吗|要不要|需不需要|有没有|"
    r"应该|应当|一般|通常|多久|多长时间|几天|几次|为何|为什么|呢|吗|吧|啊|的|了|是|我|你|他|她|有|和|与|或|在|对|用"
)
BIGRAM_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the terms to look for; `weights` maps each term to its weight."""

    text: str
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Tell whether nothing is left to look for."""
        return not self.weights


def understand(question: str) -> Query:
    """Reduce a question to weighted words and bigrams."""
    text = normalise(question)
    content = _ASKING.sub(" ", text)
    weights: dict[str, float] = {}
    for word in words(content):
        weights[word] = max(weights.get(word, 0.0), 1.0)
    for pair in bigrams(content):
        weights[pair] = weights.get(pair, 0.0) + BIGRAM_WEIGHT
    return Query(text, weights)
