"""Whether the drugs, people and named things of the claim are the source's, together in one statement of it."""

from __future__ import annotations

from rag.answer.verify import lexicon
from rag.answer.verify.reading import Reading, Token
from rag.answer.verify.record import Kind, Reason


def check(claim: Reading, source: Reading) -> list[Reason]:
    """List the claim's named things that the source lacks, says of something else, or restricts further."""
    reasons = [_reason(t, source) for t in claim.tokens if _named(t) and not _has(source, t)]
    return reasons or _together(claim, source)


def _named(token: Token) -> bool:
    """Tell whether a word must be in the source itself."""
    return token.category in lexicon.STRICT or token.category == "latin"


def _has(source: Reading, token: Token) -> bool:
    """Tell whether the source names the thing; a single character may stand in a longer word (钾 in 钾补充剂)."""
    if token.ids & source.ids:
        return True
    return len(token.text) == 1 and token.category in ("organ", "measure") and token.text in source.text


def kind_of(category: str) -> Kind:
    """Name the reason for a category."""
    return "drug" if category == "drug" else "population" if category in lexicon.PEOPLE else "content"


def _reason(token: Token, source: Reading) -> Reason:
    """Set what the source has of the same category beside the claim's word."""
    other = next((t.text for t in source.tokens if t.category == token.category), "")
    return Reason(kind_of(token.category), token.text, other)


def _together(claim: Reading, source: Reading) -> list[Reason]:
    """Refuse a claim's clause whose named things the source says in different sentences about different things."""
    scopes = _scopes(source)
    if len(scopes) < 2:
        return []
    for tokens in claim.clauses:
        wanted = {i: t for t in tokens if _named(t) for i in t.ids & source.ids}
        if len(wanted) < 2 or any(wanted.keys() <= scope for scope in scopes):
            continue
        best = max(scopes, key=lambda scope: len(wanted.keys() & scope))
        missing = next(t for i, t in wanted.items() if i not in best)
        return [Reason(kind_of(missing.category), missing.text, "")]
    return []


def _scopes(source: Reading) -> list[frozenset[str]]:
    """List for each sentence what it names, with what earlier ones named of the categories it does not name itself."""
    scopes: list[frozenset[str]] = []
    carried: dict[str, set[str]] = {}
    for number in range(source.sentence[-1] + 1):
        own: dict[str, set[str]] = {}
        for clause, tokens in enumerate(source.clauses):
            if source.sentence[clause] == number:
                for token in tokens:
                    if token.ids:
                        own.setdefault(token.category, set()).update(token.ids)
        carried = carried | own
        if own:
            scopes.append(frozenset(i for ids in carried.values() for i in ids))
    return scopes
