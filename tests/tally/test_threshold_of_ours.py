"""A record of ours under a threshold key: any two of four members open what may be opened, and nothing else."""

from dataclasses import replace

from keys.curve import ED25519
from keys.group import Scalar
from tally import count, shares
from tally.shares import StrongTally
from tally.trustees import Trustees
from tally.verify import verify
from tests.interop.dealer import deal
from tests.tally.builders import GROUPED, GROUPED_RESULT, Draft, Poll, refusals, stream
from tests.tally.test_groups import everything
from tests.tally.tweaks import plus_one, put


def two_of_four() -> tuple[list[Scalar], Trustees]:
    dealt = deal(ED25519, 2, 4, stream("two of four"))
    return list(dealt.shares), Trustees(ED25519, (dealt.item,))


POLL = Poll(**GROUPED, keys=two_of_four)


def spoilt(found: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Members 3 and 4 send a share whose Belenios proof does not hold: set aside, since 1 and 2 are enough."""
    path = ("decryption_proofs", 0, 0, "response")
    return [(owner, put(raw, path, plus_one) if owner > 2 else raw) for owner, raw in found]


def without_them(sound: StrongTally) -> StrongTally:
    return replace(sound, shares=sound.shares[:2])


def opening_every_group(sound: StrongTally) -> StrongTally:
    sums = count.accumulate(POLL.election, POLL.ballots)
    lines = []
    for line in sound.shares:
        secret = POLL.trustee_secrets[line.owner - 1]
        more = shares.decrypt(POLL.election, sums, line.owner, secret, sound.sigma, stream("more"), everything(POLL))
        lines.append(replace(line, groups=more.groups) if line.owner > 2 else line)
    return replace(sound, shares=tuple(lines))


def test_two_members_and_all_four_open_the_same():
    for owners in ((1, 2), (2, 4), (1, 2, 3, 4)):
        report = verify(Draft(POLL, owners=owners).files())
        assert refusals(report) == []
        assert report.published is not None
        assert dict(report.published.groups) == GROUPED_RESULT


def test_shares_that_do_not_hold_are_set_aside_with_a_note_if_enough_others_do():
    report = verify(Draft(POLL, owners=(1, 2, 3, 4), edit_partials=spoilt, edit_tally=without_them).files())
    assert [note[:30] for note in report.notes] == [
        "partial_decryption 3 set aside", "partial_decryption 4 set aside",
    ]  # fmt: skip
    assert refusals(report) == []


def test_members_whose_shares_are_set_aside_may_not_open_the_groups_that_are_withheld():
    """Otherwise two members could hand round what the rule withholds in a record that verifies."""
    files = Draft(POLL, owners=(1, 2, 3, 4), edit_partials=spoilt, edit_tally=opening_every_group).files()
    assert refusals(verify(files)) == [
        "FAIL weak_decryption_proof: strong_decryptions, a share that was set aside, trustee 3 (member3)"
    ]
