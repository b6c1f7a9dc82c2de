"""Trustees after the close: what is taken, what is refused by which code, and what the last share completes."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from keys.curve import ED25519
from tally import voter_groups
from tally.shares import PartialDecryption, Share
from tally.verify import Files, verify
from tests.voting.trustees.conftest import CHOICES, GROUP, RESULT, UUID, Meeting, bent
from voting.board import service as board
from voting.errors import Code, Refused
from voting.trustees import decryption, service


def submit(meeting: Meeting, n: int, raw: bytes) -> bool:
    return decryption.submit_share(meeting.db, UUID, n, raw)


def refusal(meeting: Meeting, n: int, raw: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        submit(meeting, n, raw)
    return caught.value


def test_the_last_share_completes_a_record_that_verifies(closed):
    assert [submit(closed, n, closed.share(n).raw) for n in (2, 3, 1)] == [False, False, True]
    files = board.files(closed.db, UUID)
    report = verify(
        Files(
            files[f"{UUID}.bel"],
            files["manifest.json"],
            files["closing.json"],
            files["voids.json"],
            files["tally.json"],
            files["result.json"],
        )
    )
    assert (report.ok, report.stage, report.result) == (True, "tallied", RESULT)
    assert board.get(closed.db, UUID).state == "tallied"
    assert json.loads(files["result.json"]) == {
        "uuid": UUID,
        "result": RESULT,
        "groups": {GROUP: RESULT},
        "rest": {"labels": [[]], "result": [None]},
    }


def test_the_groups_are_added_up_once_for_all_trustees(closed, monkeypatch):
    shares = [closed.share(n).raw for n in (1, 2, 3)]
    added: list[int] = []
    add_up = voter_groups.add_up
    monkeypatch.setattr(decryption, "_SUMS", {})
    monkeypatch.setattr(voter_groups, "add_up", lambda *args: added.append(1) or add_up(*args))
    assert [submit(closed, n, raw) for n, raw in enumerate(shares, 1)] == [False, False, True]
    assert added == [1]


def test_nothing_is_opened_while_a_share_is_missing(closed):
    assert [submit(closed, n, closed.share(n).raw) for n in (1, 2)] == [False, False]
    assert board.get(closed.db, UUID).state == "closed"
    assert {"tally.json", "result.json"} & set(board.files(closed.db, UUID)) == set()


def test_the_same_share_again_gives_the_same_answer(closed):
    assert [submit(closed, 1, closed.share(1).raw) for _ in range(2)] == [False, False]
    submit(closed, 2, closed.share(2).raw)
    assert [submit(closed, 3, closed.share(3).raw) for _ in range(2)] == [True, True]


def test_a_share_made_anew_for_the_same_closing_changes_nothing(closed):
    submit(closed, 1, closed.share(1).raw)
    assert submit(closed, 1, closed.share(1, seed=999).raw) is False
    closed.db.expire_all()
    assert (
        service.authenticate(closed.db, UUID, closed.holders[0].invitation.token).share == closed.share(1).raw.decode()
    )


def factor(share: Share) -> Share:
    rows = [list(row) for row in share.partial.factors]
    rows[0][1] = rows[0][1] + ED25519.base(1)
    return replace(share, partial=PartialDecryption(tuple(map(tuple, rows)), share.partial.proofs))


def weak_proof(share: Share) -> Share:
    rows = [list(row) for row in share.partial.proofs]
    rows[0][2] = bent(rows[0][2])
    return replace(share, partial=PartialDecryption(share.partial.factors, tuple(map(tuple, rows))))


def strong_proof(share: Share) -> Share:
    rows = [list(row) for row in share.strong]
    rows[0][0] = bent(rows[0][0])
    return replace(share, strong=tuple(map(tuple, rows)))


def one_cell_short(share: Share) -> Share:
    return replace(share, strong=(share.strong[0][:2],))


def group_proof(share: Share) -> Share:
    rows = [list(row) for row in share.groups[0].proofs]
    rows[0][1] = bent(rows[0][1])
    return replace(share, groups=(replace(share.groups[0], proofs=tuple(map(tuple, rows))),))


def another_group(share: Share) -> Share:
    return replace(share, groups=(*share.groups, replace(share.groups[0], label="局领导班子")))


@pytest.mark.parametrize(
    ("tweak", "code", "detail"),
    [
        (group_proof, Code.SHARE_STRONG_PROOF, f"{GROUP}, question 1, answer 2，trustee 2 (梁静姝)"),
        (another_group, Code.SHARE_GROUPS, "局领导班子，trustee 2 (梁静姝)"),
        (lambda share: replace(share, groups=()), Code.SHARE_GROUPS, f"{GROUP}，trustee 2 (梁静姝)"),
        (factor, Code.SHARE_PROOF, "question 1, answer 2，trustee 2 (梁静姝)"),
        (weak_proof, Code.SHARE_PROOF, "question 1, answer 3，trustee 2 (梁静姝)"),
        (strong_proof, Code.SHARE_STRONG_PROOF, "total, question 1, answer 1，trustee 2 (梁静姝)"),
        (one_cell_short, Code.SHARE_MALFORMED, "share，trustee 2 (梁静姝)"),
        (lambda share: replace(share, sigma="0" * 64), Code.SHARE_SEAL, ""),
        (lambda share: replace(share, owner=1), Code.SHARE_OWNER, ""),
        (lambda share: replace(share, uuid="5rRvc7HTY5uUqY"), Code.SHARE_OTHER_POLL, ""),
    ],
)
def test_an_altered_share_is_refused_by_name(closed: Meeting, tweak: Callable[[Share], Share], code: Code, detail: str):
    refused = refusal(closed, 2, tweak(closed.share(2)).raw)
    assert (refused.code, refused.detail) == (code, detail)
    assert submit(closed, 2, closed.share(2).raw) is False  # and nothing was kept in its place


def test_strong_proofs_made_for_another_closing_are_refused(closed):
    elsewhere = closed.share(2, sigma="ab" * 32)
    assert refusal(closed, 2, replace(elsewhere, sigma=closed.closing.sigma).raw).code is Code.SHARE_STRONG_PROOF


def test_a_share_computed_with_another_trustees_key_is_refused(closed):
    stolen = replace(closed.share(1), owner=2)
    assert refusal(closed, 2, stolen.raw).code is Code.SHARE_PROOF


@pytest.mark.parametrize("raw", [b"", b"{}", b"null", b"\xff", b"[" * 900, b'{"uuid":"x"}', b"1e9"])
def test_rubbish_instead_of_a_share_is_refused(closed, raw):
    assert refusal(closed, 1, raw).code is Code.SHARE_MALFORMED


def test_a_share_with_white_space_is_not_canonical(closed):
    assert refusal(closed, 1, closed.share(1).raw + b"\n").code is Code.SHARE_MALFORMED


def test_a_share_before_the_close_is_refused(draft):
    board.advance(draft.make_keys().db, UUID, board.State.DRAFT, board.State.KEYED)
    assert refusal(draft, 1, b"{}").code is Code.WRONG_STATE
    with pytest.raises(Refused) as caught:
        decryption.record(draft.db, UUID)
    assert caught.value.code is Code.WRONG_STATE


def test_a_second_share_under_another_closing_is_refused(closed):
    submit(closed, 1, closed.share(1).raw)
    assert refusal(closed, 1, closed.share(1, sigma="cd" * 32).raw).code is Code.SECOND_HEAD


def test_after_a_share_a_swapped_closing_statement_is_noticed(closed):
    submit(closed, 1, closed.share(1).raw)
    forged = replace(closed.closing, ballots=5)
    board.put_file(closed.db, UUID, "closing.json", forged.raw)
    assert refusal(closed, 1, closed.share(1).raw).code is Code.SECOND_HEAD


def test_below_the_polls_minimum_nothing_is_decrypted(draft):
    meeting = draft.make_keys().vote_and_close(CHOICES[:4])
    assert refusal(meeting, 1, meeting.share(1).raw).code is Code.BELOW_MINIMUM


def test_a_record_that_does_not_verify_is_never_published(closed):
    # Somebody replaced the voids on the server after the close; shares do not depend on them.
    board.put_file(closed.db, UUID, "voids.json", b"[ ]")
    closed.db.commit()
    submit(closed, 1, closed.share(1).raw)
    submit(closed, 2, closed.share(2).raw)
    refused = refusal(closed, 3, closed.share(3).raw)
    assert refused.code is Code.RECORD_UNSOUND
    assert "voids" in refused.detail or "closing" in refused.detail
    assert board.get(closed.db, UUID).state == "closed"
    assert "result.json" not in board.files(closed.db, UUID)


def test_the_steps_lead_from_key_to_done(draft):
    def steps() -> list[str]:
        tokens = [one.invitation.token for one in draft.holders]
        return [decryption.step(draft.db, service.authenticate(draft.db, UUID, token)) for token in tokens]

    seen = [steps()]
    nonce = service.submit_key(draft.db, UUID, 1, draft.holders[0].message())
    seen.append(steps())
    service.confirm_opened(draft.db, UUID, 1, draft.holders[0].opening(nonce))
    seen.append(steps())
    for one in draft.holders[1:]:
        nonce = service.submit_key(draft.db, UUID, one.n, one.message())
        service.confirm_opened(draft.db, UUID, one.n, one.opening(nonce))
    draft.vote_and_close()
    seen.append(steps())
    submit(draft, 1, draft.share(1).raw)
    draft.db.expire_all()
    seen.append(steps())
    assert seen == [
        ["key", "key", "key"],
        ["open", "key", "key"],
        ["wait", "key", "key"],
        ["decrypt", "decrypt", "decrypt"],
        ["shared", "decrypt", "decrypt"],
    ]


def test_the_identity_as_a_factor_is_refused(closed):
    share = closed.share(1)
    rows = ((ED25519.identity, *share.partial.factors[0][1:]),)
    nothing = replace(share, partial=PartialDecryption(rows, share.partial.proofs))
    assert refusal(closed, 1, nothing.raw).code is Code.SHARE_PROOF
