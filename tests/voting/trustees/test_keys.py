"""Trustees before the vote: who may register which key, and that every key file opens."""

import json

import pytest

from keys.curve import ED25519
from keys.trustee import Holder
from tests.voting.trustees.conftest import SELECTION, UUID, new_keyholder
from voting.board import service as board
from voting.errors import Code, Refused
from voting.trustees import service


def refused(call, *arguments) -> Code:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.code


def test_three_trustees_make_keys_and_prove_that_they_open(draft):
    rows = service.keys_complete(draft.make_keys().db, UUID)
    assert [(row.n, row.name, row.opened) for row in rows] == [
        (1, "郑为民", True),
        (2, "梁静姝", True),
        (3, "冯立群", True),
    ]
    assert [row.key for row in rows] == [one.public["public_key"] for one in draft.holders]


def test_the_token_is_kept_as_a_hash_only(draft, database):
    draft.db.commit()
    with database.session(immediate=False) as other:
        row = service.authenticate(other, UUID, draft.holders[0].invitation.token)
        assert row.n == 1
        assert draft.holders[0].invitation.token not in str(vars(row))


def test_a_key_whose_proof_of_possession_is_bent_is_refused(draft):
    one = draft.holders[0]
    public = one.public | {"pok": {**one.public["pok"], "response": str(int(one.public["pok"]["response"]) + 1)}}
    assert refused(service.submit_key, draft.db, UUID, 1, one.message(public_key=public)) is Code.KEY_PROOF


@pytest.mark.parametrize(
    "holder",
    [
        Holder("另一次选拔", "郑为民", "机关纪委"),
        Holder(SELECTION, "梁静姝", "机关纪委"),
        Holder(SELECTION, "郑为民", "工会"),
    ],
)
def test_a_possession_proof_made_for_another_selection_name_or_role_is_refused(draft, holder):
    one = draft.holders[0]
    message = one.message(possession=one.possession(holder))
    assert refused(service.submit_key, draft.db, UUID, 1, message) is Code.KEY_POSSESSION


def test_a_key_under_another_name_is_refused(draft):
    one = draft.holders[0]
    assert (
        refused(service.submit_key, draft.db, UUID, 1, one.message(public_key=one.public | {"name": "他人"}))
        is Code.KEY_POSSESSION
    )


def test_a_copied_message_is_refused_because_it_names_its_maker(draft):
    service.submit_key(draft.db, UUID, 1, draft.holders[0].message())
    assert refused(service.submit_key, draft.db, UUID, 2, draft.holders[0].message()) is Code.KEY_POSSESSION


def test_two_trustees_cannot_share_one_key(draft):
    first, second = draft.holders[:2]
    service.submit_key(draft.db, UUID, 1, first.message())
    draft.db.commit()
    twin = new_keyholder(second.invitation, second.name, second.role, seed=0)
    assert twin.public["public_key"] == first.public["public_key"]
    assert refused(service.submit_key, draft.db, UUID, 2, twin.message()) is Code.KEY_REPEATED


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 500, b'{"public_key":1,"possession":2}', b"x" * 5000, b'{"a":NaN}',
        b'{"public_key":{},"public_key":{},"possession":{}}',
    ],
)  # fmt: skip
def test_rubbish_instead_of_a_key_is_refused(draft, raw):
    assert refused(service.submit_key, draft.db, UUID, 1, raw) is Code.KEY_MALFORMED


@pytest.mark.parametrize(
    "point",
    [
        "00" * 31 + "01",  # the identity
        "ec" + "ff" * 30 + "7f",  # not canonical
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  # a point of small order
        "6666",
        ED25519.base(3).text.upper(),
    ],
)
def test_a_key_that_is_no_member_of_the_group_is_refused(draft, point):
    one = draft.holders[0]
    message = one.message(public_key=one.public | {"public_key": point})
    assert refused(service.submit_key, draft.db, UUID, 1, message) is Code.KEY_MALFORMED


def test_the_same_key_again_gives_the_same_answer(draft):
    one = draft.holders[0]
    assert service.submit_key(draft.db, UUID, 1, one.message()) == service.submit_key(draft.db, UUID, 1, one.message())


def test_until_the_file_has_opened_a_lost_key_may_be_made_anew(draft):
    one = draft.holders[0]
    first = service.submit_key(draft.db, UUID, 1, one.message())
    again = new_keyholder(one.invitation, one.name, one.role, seed=77)
    second = service.submit_key(draft.db, UUID, 1, again.message())
    assert first != second
    service.confirm_opened(draft.db, UUID, 1, again.opening(second))
    assert service.public_trustees(draft.db, UUID)[0].key == again.public["public_key"]


def test_once_the_file_has_opened_the_key_is_fixed(draft):
    one = draft.make_keys().holders[0]
    again = new_keyholder(one.invitation, one.name, one.role, seed=77)
    assert refused(service.submit_key, draft.db, UUID, 1, again.message()) is Code.KEY_EXISTS


def test_a_file_that_opens_to_another_key_is_refused(draft):
    one, other = draft.holders[0], new_keyholder(draft.holders[0].invitation, "郑为民", "机关纪委", seed=77)
    nonce = service.submit_key(draft.db, UUID, 1, one.message())
    assert refused(service.confirm_opened, draft.db, UUID, 1, other.opening(nonce)) is Code.KEY_NOT_OPENED


@pytest.mark.parametrize("nonce", ["", "0" * 32])
def test_an_opening_proof_over_another_nonce_is_refused(draft, nonce):
    service.submit_key(draft.db, UUID, 1, draft.holders[0].message())
    assert refused(service.confirm_opened, draft.db, UUID, 1, draft.holders[0].opening(nonce)) is Code.KEY_NOT_OPENED


def test_the_first_possession_proof_does_not_pass_for_the_opening(draft):
    one = draft.holders[0]
    service.submit_key(draft.db, UUID, 1, one.message())
    raw = json.dumps(one.possession()).encode()
    assert refused(service.confirm_opened, draft.db, UUID, 1, raw) is Code.KEY_NOT_OPENED


def test_an_opening_without_a_key_is_refused(draft):
    assert refused(service.confirm_opened, draft.db, UUID, 1, draft.holders[0].opening("00")) is Code.KEY_NOT_OPENED


def test_rubbish_instead_of_an_opening_proof_is_refused(draft):
    service.submit_key(draft.db, UUID, 1, draft.holders[0].message())
    assert (
        refused(service.confirm_opened, draft.db, UUID, 1, b'{"challenge":"01","response":"2"}') is Code.KEY_MALFORMED
    )


def test_keys_are_incomplete_while_one_file_has_not_opened(draft):
    draft.make_keys()
    late = service.invite(draft.db, UUID, SELECTION, "王某", "审计处")
    with pytest.raises(Refused) as caught:
        service.keys_complete(draft.db, UUID)
    assert (caught.value.code, caught.value.detail) == (Code.KEYS_INCOMPLETE, "王某")
    service.withdraw(draft.db, UUID, late.n)
    assert len(service.keys_complete(draft.db, UUID)) == 3


def test_one_trustee_is_too_few(draft):
    draft.make_keys()
    service.withdraw(draft.db, UUID, 3)
    service.withdraw(draft.db, UUID, 2)
    assert refused(service.keys_complete, draft.db, UUID) is Code.KEYS_INCOMPLETE


def test_a_proof_altered_in_the_database_is_found_before_the_box_opens(draft):
    row = service.authenticate(draft.make_keys().db, UUID, draft.holders[1].invitation.token)
    possession = json.loads(row.possession)
    row.possession = json.dumps(possession | {"response": str(int(possession["response"]) + 1)})
    assert refused(service.keys_complete, draft.db, UUID) is Code.KEY_POSSESSION


def test_a_key_swapped_in_the_database_is_found_before_the_box_opens(draft):
    row = service.authenticate(draft.make_keys().db, UUID, draft.holders[1].invitation.token)
    row.key = ED25519.base(9).text
    assert refused(service.keys_complete, draft.db, UUID) is Code.KEY_PROOF


def test_no_key_is_taken_after_draft(draft):
    board.advance(draft.make_keys().db, UUID, board.State.DRAFT, board.State.KEYED)
    one = draft.holders[0]
    assert refused(service.submit_key, draft.db, UUID, 1, one.message()) is Code.WRONG_STATE
    assert refused(service.invite, draft.db, UUID, SELECTION, "王某", "审计处") is Code.WRONG_STATE
    assert refused(service.withdraw, draft.db, UUID, 1) is Code.WRONG_STATE


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("郑为民", "机关纪委"),
        ("", "工会"),
        ("甲|乙", "工会"),
        ("甲", "工会#1"),
        ("甲\n", "工\n会"),
        ("甲" * 101, "工会"),
    ],
)
def test_a_name_that_is_listed_or_could_be_confused_is_refused(draft, name, role):
    draft.db.commit()
    assert refused(service.invite, draft.db, UUID, SELECTION, name, role) is Code.TRUSTEE_REPEATED


def test_when_a_trustee_is_withdrawn_the_others_links_stay_good(draft):
    service.withdraw(draft.db, UUID, 1)
    row = service.authenticate(draft.db, UUID, draft.holders[2].invitation.token)
    assert (row.n, row.name) == (2, "冯立群")


def test_a_renewed_link_replaces_the_old_one(draft):
    renewed = service.renew(draft.db, UUID, 1)
    assert service.authenticate(draft.db, UUID, renewed.token).n == 1
    assert refused(service.authenticate, draft.db, UUID, draft.holders[0].invitation.token) is Code.INVITATION


def test_a_link_of_another_poll_is_refused(draft):
    board.create(draft.db, "5rRvc7HTY5uUqY", "另一次", rehearsal=True, transport="http")
    token = draft.holders[0].invitation.token
    assert refused(service.authenticate, draft.db, "5rRvc7HTY5uUqY", token) is Code.INVITATION


def test_the_database_keeps_nothing_secret_of_a_key(draft):
    row = service.authenticate(draft.make_keys().db, UUID, draft.holders[0].invitation.token)
    assert str(draft.holders[0].secret) not in str(vars(row))
    assert row.nonce is None
