"""Which sentences of a new edition say something that the old one did not, and the other way round."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.changes.align import align, renamings, word_for_word
from rag.changes.pieces import (
    Item,
    Piece,
    bare,
    nearly_same,
    pieces_of,
    reworded,
    same_quantity,
    slip,
    telling,
    without_common,
)
from rag.text.quantity import Quantity
from rag.types import Document

ChangeKind = Literal["added", "removed", "changed", "renamed"]

_REACH = 8  # sentences before and after, among which a clause may have gone when sentences were joined or split
_COVERED = 0.7  # share of an item's pairs that one sentence near by must have
_ELSEWHERE = 0.85  # the same for a sentence anywhere
_LOST = 0.15  # share of a cell's characters
_LONG = 8  # pairs from which an item is recognised anywhere
_TOLD = 5  # pairs from which a number's label is
_LABEL = 0.5  # likeness of what two doses are of
_NEW = 0.45  # share of a sentence that must be news for it to count as added or removed
_LEAST = 3  # telling characters of news in a sentence that is otherwise the same


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `numbers` are the quantities that only one side has, old first.

    `turned`: what was advised is not any more, or something is advised against on one side only.

    `renamed` is a word that the new edition replaces by another throughout; such words alone make no further change.
    """

    kind: ChangeKind
    section: tuple[str, ...]
    old: str
    new: str
    old_pages: tuple[int, ...] = ()
    new_pages: tuple[int, ...] = ()
    numbers: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    turned: bool = False

    @property
    def important(self) -> bool:
        """Tell whether a number or the direction of a recommendation changed, or one came or went."""
        return self.turned or any(self.numbers)


def compare(old: Document, new: Document) -> list[Change]:
    """List what was added, removed or changed, in the new edition's order; first the words that were replaced throughout."""
    before_pieces, after_pieces = pieces_of(old), pieces_of(new)
    same = word_for_word(before_pieces, after_pieces)
    pairs = align(before_pieces, after_pieces, same)
    renamed = renamings([(before_pieces[o].text, after_pieces[n].text) for n, o in pairs.items()])
    before_pieces = [reworded(p, {x: y for x, y in renamed}) for p in before_pieces]
    before_pieces, after_pieces = without_common(before_pieces, after_pieces)
    before, after = _Side(before_pieces, old), _Side(after_pieces, new)
    before.anchor({o: n for n, o in (same | pairs).items()})
    after.anchor(same | pairs)
    changes: dict[tuple[str, str], tuple[float, Change]] = {}
    for piece in after.pieces:
        if piece.number in same:
            continue
        partner = pairs.get(piece.number)
        change = _alone(piece, after, before, "added") if partner is None else _between(before.pieces[partner], piece, before, after)
        if change:
            changes.setdefault((change.old, change.new), (piece.number, change))
    known = {*same.values(), *pairs.values()}
    for piece in before.pieces:
        if piece.number not in known and (change := _alone(piece, before, after, "removed")):
            changes.setdefault((change.old, change.new), (before.place(piece) + 0.5, change))
    words = [Change("renamed", (), x, y) for x, y in renamed]
    return words + [change for _, change in sorted(changes.values(), key=lambda item: item[0])]


class _Side:
    """One edition's sentences, where each would stand in the other edition, and where a clause may be found."""

    def __init__(self, pieces: list[Piece], document: Document) -> None:
        self.pieces = pieces
        self._headings = "\n".join({bare(h) for p in document.passages for h in p.section})
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        self._anchors: list[tuple[int, int]] = []
        self._bare = "".join(piece.key for piece in pieces)
        self._dosed = [item for piece in pieces for item in piece.items if item.doses]
        for piece in self.pieces:
            for gram in piece.grams:
                self._holders[gram].append(piece.number)

    def anchor(self, partners: dict[int, int]) -> None:
        """Take note of which sentences have a version in the other edition: {own number: its number there}."""
        self._anchors = sorted(partners.items())

    def place(self, piece: Piece) -> float:
        """Return where in the other edition a sentence would stand: with its nearest neighbour that has a version there."""
        if not self._anchors:
            return float(piece.number)
        at = bisect(self._anchors, (piece.number, len(self.pieces)))
        near = self._anchors[max(at - 2, 0) : at + 2]
        own, other = min(near, key=lambda pair: abs(pair[0] - piece.number))
        return other + piece.number - own

    def around(self, place: float) -> list[Piece]:
        """Return the sentences about a place."""
        first = max(int(place) - _REACH, 0)
        return self.pieces[first : int(place) + _REACH + 1]

    def has(self, item: Item, cell: bool) -> bool:
        """Tell whether an item is a heading or cell of this edition, or a long one stands somewhere else: it only moved."""
        if bare(item.text) in self._headings or (cell and self.holds(item.text)):
            return True
        if len(item.grams) < _LONG:
            return False
        common = Counter(n for gram in item.grams for n in self._holders.get(gram, ()))
        return bool(common) and common.most_common(1)[0][1] >= _ELSEWHERE * len(item.grams)

    def dosed(self, item: Item) -> list[Item]:
        """Return the items anywhere that are surely about the same thing."""
        if len(item.grams) < _TOLD:
            return []
        return [i for i in self._dosed if len(item.grams & i.grams) >= _ELSEWHERE * len(item.grams)]

    def holds(self, text: str) -> bool:
        """Tell whether the parts of a table's cell stand in this edition, whatever lines and cells they were saved in."""
        rest, lost, size = bare(text), 0, len(bare(text))
        while rest:
            length = next((n for n in range(len(rest), 1, -1) if rest[:n] in self._bare), 0)
            lost += not length
            rest = rest[length or 1 :]
        return lost <= _LOST * size

    def says(self, text: str) -> bool:
        """Tell whether a text stands in this edition word for word."""
        return bare(text) in self._bare

    def heads(self, piece: Piece) -> bool:
        """Tell whether a sentence is a heading of this edition."""
        return piece.key in self._headings or any(slip(piece.key, h) for h in self._headings.split("\n"))


def _between(old: Piece, new: Piece, before: _Side, after: _Side) -> Change | None:
    """Return the change between two versions of a sentence, or None when only the wording differs."""
    sources, targets = before.around(old.number), after.around(new.number)
    come = _unlike(new, old, sources, before)
    gone = _unlike(old, new, targets, after)
    turned = old.negations != new.negations
    graded = nearly_same(old, new) and (_other_degree(new, old, before) or _other_degree(old, new, after))
    news = _letters(new, old, sources, before) + _letters(old, new, targets, after)
    if not come and not gone and not turned and not graded and (news < _LEAST or slip(old.text, new.text)):
        return None
    return Change("changed", new.section, old.shown, new.shown, old.pages, new.pages, (gone, come), turned or graded)


def _other_degree(piece: Piece, partner: Piece, other: _Side) -> bool:
    """Tell whether a sentence has a word of degree that its version lacks, in words that the other edition nowhere says."""
    more = piece.degrees - partner.degrees
    return any(word in item.text and not other.says(item.text) for word in more for item in piece.items)


def _alone(piece: Piece, own: _Side, other: _Side, kind: Literal["added", "removed"]) -> Change | None:
    """Return the change that an unpaired sentence makes, or None when the other edition says it in other places."""
    if other.heads(piece):
        return None
    sources = other.around(own.place(piece))
    numbers = _unlike(piece, None, sources, other)
    news = sum(item.weight for item in _news(piece, sources, other))
    size = sum(item.weight for item in piece.items)
    if not numbers and (not size or news < max(_LEAST, _NEW * size)):
        return None
    if kind == "added":
        return Change("added", piece.section, "", piece.shown, (), piece.pages, ((), numbers), bool(piece.negations))
    return Change("removed", piece.section, piece.shown, "", piece.pages, (), (numbers, ()), bool(piece.negations))


def _news(piece: Piece, sources: Sequence[Piece], other: _Side) -> list[Item]:
    """List the items that no sentence near by says, and none elsewhere."""
    held = [frozenset(source.grams) for source in sources]
    return [
        item for item in piece.items
        if item.grams and not any(len(item.grams & h) >= _COVERED * len(item.grams) for h in held)
        and not other.has(item, piece.cells)
    ]


def _letters(piece: Piece, partner: Piece, sources: Sequence[Piece], other: _Side) -> int:
    """Count the telling characters of a sentence's news that its version lacks, whatever their order."""
    there = Counter(partner.key)
    return sum((Counter(telling(item.text)) - there).total() for item in _news(piece, sources, other))


def _unlike(piece: Piece, partner: Piece | None, sources: Sequence[Piece], other: _Side) -> tuple[str, ...]:
    """List the quantities, as written, that the other edition does not give for the same thing."""
    theirs = [item for source in sources for item in source.items if item.doses and (not piece.lead or source.lead in ("", piece.lead))]
    first = [item for item in partner.items if item.doses] if partner else []

    def known(item: Item, dose: Quantity) -> bool:
        peers = [*_peers(item, first, theirs), *(() if piece.lead else other.dosed(item))]
        return (piece.cells and other.holds(item.text)) or any(same_quantity(dose, d) for peer in peers for d in peer.doses)

    return tuple(dict.fromkeys(
        item.text[slice(*dose.span)].strip() for item in piece.items for dose in item.doses if not known(item, dose)
    ))


def _peers(item: Item, partner: list[Item], others: list[Item]) -> list[Item]:
    """Return the items that are about the same thing: those of like words; without such, those of the partner."""
    alike = [o for o in [*partner, *others] if o.grams and 2 * len(item.grams & o.grams) >= _LABEL * (len(item.grams) + len(o.grams))]
    return alike if alike and item.grams else partner or others
