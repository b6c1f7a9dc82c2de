"""Voter groups (票种): which groups' sums may be shown, and those sums.

The rule runs per question, on the numbers of ballots cast that the closing statement publishes, once. Whoever wants to
know what may be decrypted - the server, a trustee's tool, the verifier - computes it here from the record alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keys.elgamal import Ciphertext, neutral
from tally import count
from tally.ballot import Ballot
from tally.count import EncryptedTally
from tally.manifest import Manifest
from tally.questions import Election

OTHER_MINIMUM = 20
"""Ballots that a group needs on questions outside `by_group`: the items 德能勤绩廉, finer and so easier to read back."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Indices of groups shown alone, and of those merged into 其余合计; groups without ballots are in neither."""

    shown: tuple[int, ...]
    rest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GroupSums:
    """The sums of one group's own ballots, `()` in place of each question where the group may not be shown."""

    index: int
    label: str
    sums: EncryptedTally


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything of a record that may ever be decrypted: the total, and the groups shown, in manifest order."""

    total: EncryptedTally
    groups: tuple[GroupSums, ...]


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


def question_minimum(manifest: Manifest, question: int) -> int:
    """How many ballots a group needs for this question (index from 0). Never below the poll's own. Spec: GROUPS-3."""
    return manifest.minimum if question in manifest.by_group else max(OTHER_MINIMUM, manifest.minimum)


def disclosures(manifest: Manifest, cast: Sequence[int], questions: int) -> tuple[Disclosure, ...]:
    """What is shown per question, given the ballots cast per group in manifest order. Spec: GROUPS-2, GROUPS-3.

    Below the poll's minimum nothing is: every group with ballots is in the rest, and the rest is not opened either.
    """
    if sum(cast) < manifest.minimum:
        return (Disclosure((), tuple(k for k, n in enumerate(cast) if n)),) * questions
    return tuple(disclose(cast, question_minimum(manifest, question)) for question in range(questions))


def shown_labels(manifest: Manifest, cast: Sequence[int], questions: int) -> tuple[str, ...]:
    """Labels, in manifest order, of the groups shown for at least one question: `groups` of the closing statement."""
    shown = {k for one in disclosures(manifest, cast, questions) for k in one.shown}
    return tuple(group.label for k, group in enumerate(manifest.groups) if k in shown)


class Running:
    """Sums by group of ballots that pass by; no ballot is kept. Foreign elections have one group, `None`."""

    def __init__(self, election: Election, group_of: Mapping[str, int]) -> None:
        self._election = election
        self._group_of = group_of
        self._sums: dict[int | None, list[list[Ciphertext]]] = {}
        self.cast: Counter[int | None] = Counter()

    def add(self, ballot: Ballot, weight: int = 1) -> None:
        """Add one ballot, raised to its weight. Spec: TALLY-1."""
        k = self._group_of.get(ballot.credential.text)
        count.add(self._sums.setdefault(k, count.empty(self._election)), ballot, weight)
        self.cast[k] += 1

    def take_back(self, ballot: Ballot, weight: int = 1) -> None:
        """Undo `add` for a ballot whose place a later one takes."""
        k = self._group_of.get(ballot.credential.text)
        for row, answer in zip(self._sums[k], ballot.answers, strict=True):
            row[:] = [one - ct * weight for one, ct in zip(row, answer.choices, strict=True)]
        self.cast[k] -= 1

    def total(self) -> EncryptedTally:
        """The sums of all groups together."""
        return tuple(
            tuple(sum((mine[q][i] for mine in self._sums.values()), neutral(self._election.group)) for i in range(one.width))
            for q, one in enumerate(self._election.questions)
        )  # fmt: skip

    def shown(self, manifest: Manifest) -> tuple[GroupSums, ...]:
        """The sums that the rule allows to be shown, in manifest order. Spec: GROUPS-4."""
        cast = [self.cast[k] for k in range(len(manifest.groups))]
        allowed = disclosures(manifest, cast, len(self._election.questions))
        groups = (
            GroupSums(k, group.label, tuple(tuple(row) if k in one.shown else () for row, one in zip(self._sums[k], allowed, strict=True)))
            for k, group in enumerate(manifest.groups) if self.cast[k]
        )  # fmt: skip
        return tuple(group for group in groups if any(group.sums))


def add_up(election: Election, manifest: Manifest, ballots: Iterable[Ballot]) -> Sums:
    """Add ballots up by group, withhold what the rule withholds, and the groups up to the total. Spec: TALLY-1, GROUPS-4.

    Every ballot's credential must be one of the manifest's.
    """
    running = Running(election, manifest.group_of)
    for ballot in ballots:
        running.add(ballot)
    return Sums(running.total(), running.shown(manifest))
