"""The receipt file: read in one form only, true only with the box's signature on that very ballot."""

import json
from base64 import b64encode
from hashlib import sha256

import pytest
from nacl.signing import SigningKey

from tally.closing import sign_receipt
from tally.errors import Code, Invalid
from tally.receipt import Receipt

KEY = SigningKey(b"k" * 32)
PHI, UUID, BALLOT = "p" * 43, "7kQmWp3xTz9LbN", '{"credential":"ab","text":"票"}'.encode()
TRACKER = b64encode(sha256(BALLOT).digest()).decode().rstrip("=")


@pytest.fixture
def receipt() -> Receipt:
    return Receipt(UUID, BALLOT, TRACKER, sign_receipt(KEY, UUID, PHI, TRACKER))


def test_a_receipt_is_read_as_it_was_written_and_holds_under_the_boxs_key(receipt):
    read = Receipt.parse(receipt.raw)
    assert read == receipt
    read.verify(KEY.verify_key.encode().hex(), PHI)


@pytest.mark.parametrize("what", ["another key", "another election", "another ballot"])
def test_a_receipt_holds_for_nothing_else(receipt, what):
    key, phi = KEY.verify_key.encode().hex(), PHI
    if what == "another key":
        key = SigningKey(b"x" * 32).verify_key.encode().hex()
    elif what == "another election":
        phi = "q" * 43
    else:
        other = BALLOT + b" "
        receipt = Receipt(UUID, other, b64encode(sha256(other).digest()).decode().rstrip("="), receipt.signature)
    with pytest.raises(Invalid) as caught:
        Receipt.parse(receipt.raw).verify(key, phi)
    assert caught.value.code == Code.RECEIPT


def test_a_tracker_that_is_not_the_ballots_is_refused(receipt):
    with pytest.raises(Invalid) as caught:
        Receipt.parse(Receipt(UUID, BALLOT + b" ", TRACKER, receipt.signature).raw)
    assert caught.value.code == Code.RECEIPT


@pytest.mark.parametrize(("tweak", "code"), [
    (lambda plain: plain | {"choice": 1}, Code.MALFORMED),
    (lambda plain: {name: plain[name] for name in ("uuid", "ballot", "tracker")}, Code.MALFORMED),
    (lambda plain: plain | {"ballot": 1}, Code.MALFORMED),
    (lambda plain: [plain], Code.MALFORMED),
])  # fmt: skip
def test_another_form_is_refused(receipt, tweak, code):
    with pytest.raises(Invalid) as caught:
        Receipt.parse(json.dumps(tweak(json.loads(receipt.raw)), ensure_ascii=False, separators=(",", ":")).encode())
    assert caught.value.code == code


@pytest.mark.parametrize("raw", [b"", b"\xff", b"PK\x03\x04", b"{" * 50])
def test_what_is_no_json_is_refused(raw):
    with pytest.raises(Invalid):
        Receipt.parse(raw)
