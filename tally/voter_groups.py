"""Which groups' sums may be shown: the disclosure rule of the voter groups (票种)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Indices of groups shown alone, and of those merged into 其余合计; groups without ballots are in neither."""

    shown: tuple[int, ...]
    rest: tuple[int, ...]


def disclose(cast: Sequence[int], minimum: int) -> Disclosure:
    """Choose what may be shown, from the number of ballots cast per group. Spec: GROUPS-1.

    A group below the minimum is merged with others until their union has at least `minimum` ballots, so that no
    difference of published figures gives a smaller union away. Ties go to the group that stands first.
    """
    shown = [k for k, n in enumerate(cast) if n >= minimum]
    rest = [k for k, n in enumerate(cast) if 0 < n < minimum]
    while shown and 0 < sum(cast[k] for k in rest) < minimum:
        smallest = min(shown, key=lambda k: (cast[k], k))
        shown.remove(smallest)
        rest.append(smallest)
    return Disclosure(tuple(shown), tuple(sorted(rest)))
