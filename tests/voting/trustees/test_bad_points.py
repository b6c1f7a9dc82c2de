"""Points that are no members of the group: as a trustee's key and as a factor of a share."""

import json

import pytest

from tests.voting.bad_points import BAD_POINTS
from tests.voting.trustees.conftest import UUID
from voting.errors import Code, Refused
from voting.trustees import decryption, service

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_no_such_point_is_taken_as_a_key(draft):
    one = draft.holders[0]
    for name, point in BAD_POINTS.items():
        with pytest.raises(Refused) as refused:
            service.submit_key(draft.db, UUID, 1, one.message(public_key=one.public | {"public_key": point}))
        assert refused.value.code is Code.KEY_MALFORMED, name
    assert service.public_trustees(draft.db, UUID)[0].key is None


def test_no_such_point_is_taken_as_a_factor(closed):
    for name, point in BAD_POINTS.items():
        share = json.loads(closed.share(1).raw)
        share["partial_decryption"]["decryption_factors"][0][1] = point
        raw = json.dumps(share, ensure_ascii=False, separators=(",", ":")).encode()
        with pytest.raises(Refused) as refused:
            decryption.submit_share(closed.db, UUID, 1, raw)
        # the identity is what an empty sum decrypts to; here it fails by its proof
        wanted = Code.SHARE_PROOF if name == "the identity" else Code.SHARE_MALFORMED
        assert refused.value.code is wanted, name
    assert not service.public_trustees(closed.db, UUID)[0].shared


def test_a_share_cut_short_anywhere_is_refused_and_the_whole_one_still_taken(closed):
    raw = closed.share(1).raw
    for cut in (1, len(raw) // 3, len(raw) // 2, len(raw) - 1):
        with pytest.raises(Refused) as refused:
            decryption.submit_share(closed.db, UUID, 1, raw[:cut])
        assert refused.value.code is Code.SHARE_MALFORMED
    assert decryption.submit_share(closed.db, UUID, 1, raw) is False
