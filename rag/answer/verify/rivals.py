"""Which of the source's places is most like the claim's: the equal value's own, or that of a rival."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from rag.answer.verify.lexicon import PEOPLE

MARGIN, FAR = 0.3, 0.7
OWNERS = PEOPLE | {"drug"}
_MEANT = OWNERS | {"disease", "measure"}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands before a place up to the previous quantity, after it, in its clause, and earlier in its sentence."""

    before: frozenset[str]
    after: frozenset[str]
    clause: frozenset[str]
    sentence: frozenset[str]
    head: frozenset[str] = frozenset()
    key: str = ""  # the nearest quantity of another kind in the clause, by which a table or a list is entered
    keys: frozenset[str] = frozenset()  # for a rate all of them
    period: str = ""  # 每周, 每月 right before the quantity
    value: str = ""  # the quantity that is said of people of this age


def nearest_other(mine: Around, same: list[Around], rivals: list[Around], earlier: frozenset[int] = frozenset()) -> int | None:
    """Return the place of the rival whose surroundings are more like mine than those of any of `same`, or None.

    What stands before an `earlier` rival of one sentence is the topic of all (潜伏期多为 24 小时, 最长 72 小时), so only
    the nearest word counts for it.
    """
    if mine.key and (told := _by_key(mine, same, rivals)) is not None:
        return None if told < 0 else told
    if (told := _by_owner(mine, same, rivals)) is not None:
        return told
    left = [i for i, a in enumerate(rivals) if not _excluded(mine, same, a)]
    if not left or _whole(mine, same, rivals) or _figured(mine, same, rivals) or mine.value and any(a.value == mine.value for a in same):
        return None
    frequency = Counter(u for a in [*same, *rivals] for u in a.before | a.after)
    direct, total = max(similarity(mine, a, frequency) for a in same)
    topic = replace(mine, before=mine.head)
    scores = {i: similarity(topic if i in earlier else mine, rivals[i], frequency) for i in left}
    nearest = max(scores, key=lambda i: sum(scores[i]))
    owners = _people(mine)
    if owners and any(owners <= a.before for a in same) and not owners <= rivals[nearest].before:
        return None
    best = scores[nearest]
    closer = best[0] > direct or best[0] == direct and best[1] > total + FAR
    return nearest if closer and sum(best) > direct + total + MARGIN else None


def _excluded(mine: Around, same: list[Around], rival: Around) -> bool:
    """Tell whether a rival stands with other people or in another period than mine, and one of `same` with those of mine."""
    if _against(mine, rival, _MEANT) and any(_agrees(mine, a, _MEANT) for a in same):
        return True
    return bool(mine.period and rival.period) and rival.period != mine.period and any(a.period == mine.period for a in same)


def _people(place: Around) -> frozenset[str]:
    """List the people and drugs named right before a place."""
    return frozenset(u for u in place.before if u.partition(":")[0] in OWNERS)


def _agrees(mine: Around, other: Around, kinds: frozenset[str]) -> bool:
    """Tell whether both places name the same one of these kinds."""
    return any(u.partition(":")[0] in kinds for u in mine.before & other.before)


def _against(mine: Around, other: Around, kinds: frozenset[str]) -> bool:
    """Tell whether another place names others of one of these kinds: 男性 before one, 女性 before the other."""
    ours, theirs = ({u for u in a.before if u.partition(":")[0] in kinds} for a in (mine, other))
    shared = {u.partition(":")[0] for u in ours} & {u.partition(":")[0] for u in theirs}
    return any(not {u for u in ours & theirs if u.startswith(f"{kind}:")} for kind in shared)


def _by_owner(mine: Around, same: list[Around], rivals: list[Around]) -> int | None:
    """Return the rival that stands with the people of mine, where every one of `same` stands with others of their kind."""
    if not all(_against(mine, a, PEOPLE) for a in same):
        return None
    return next((i for i, a in enumerate(rivals) if _agrees(mine, a, PEOPLE) and not _against(mine, a, PEOPLE)), None)


def _whole(mine: Around, same: list[Around], rivals: list[Around]) -> bool:
    """Tell whether all that stands around mine stands, in any order, around one of `same` and around no rival.

    Words that stand around none of them are the claim's own.
    """
    said = (mine.before | mine.after) & frozenset().union(*map(_all, (*same, *rivals)))
    others = frozenset().union(*(a.after for a in rivals))  # said of a rival, though earlier in the sentence
    around = [a.before | a.after | a.clause | a.sentence - others for a in same]
    return bool(said) and any(said <= a for a in around) and not any(said <= _all(a) for a in rivals)


def _figured(mine: Around, same: list[Around], rivals: list[Around]) -> bool:
    """Tell whether the figures beside mine stand beside one of `same` and beside no rival."""
    figures = frozenset(u for u in mine.before | mine.after if u.startswith("="))
    return bool(figures) and any(figures <= a.before | a.after for a in same) and not any(figures & (a.before | a.after) for a in rivals)


def _all(place: Around) -> frozenset[str]:
    """Join what stands around a place."""
    return place.before | place.after | place.clause | place.sentence


def _by_key(mine: Around, same: list[Around], rivals: list[Around]) -> int | None:
    """Return the first rival beside the same quantity as mine, -1 where only one of `same` is, and None where that tells nothing."""
    keyed = [i for i, a in enumerate(rivals) if mine.key in (a.key, *a.keys)]
    fitting = [a for a in same if mine.key in (a.key, *a.keys)]
    if keyed and not fitting:
        return keyed[0]
    owners = {u for u in mine.before | mine.after | mine.clause if u.partition(":")[0] in OWNERS}
    if fitting and not keyed and any(owners <= a.before | a.after | a.clause | a.sentence for a in fitting):
        return -1
    return None


def similarity(mine: Around, other: Around, frequency: Counter[str]) -> tuple[float, float]:
    """Weigh what two places have in common right before and after them, and farther off; the rarer the heavier."""

    def weigh(units: frozenset[str]) -> float:
        return sum(1 / (frequency[u] or 1) for u in units)

    return weigh(mine.before & other.before) + weigh(mine.after & other.after), (
        0.4 * weigh((mine.before & other.after) | (mine.after & other.before))
        + 0.3 * weigh((mine.before | mine.after | mine.clause) & other.clause)
        + 0.5 * weigh(mine.sentence & (other.sentence | other.before))
        + 0.3 * weigh(mine.before & other.sentence)
    )
