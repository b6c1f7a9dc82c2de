"""The sealed key file: opens with its passphrase, refuses everything else, and answers once for a poll."""

import json
from base64 import b64encode

import pytest

from keys.curve import ED25519
from keys.errors import Code, KeysError, Malformed
from keys.keyfile import Entry, KeyFile, SecondHead, seal, unseal

UUID = "4rRvc7HTY5uUqY"
PASSPHRASE = "一句只有我知道的长口令"  # 11 characters; the twelfth is added below
GOOD = PASSPHRASE + "！"
GOLDEN = (
    "CstFHp52uF+Xp2asM6Vgefl9BgJmEIpQMLcspg6MPf6g0LJlJWAK+FLVh8MlsYjQv6gSJRQ72fSBrI6U"
    "u6uDIfQd1lKLOgLXqhYjetEp2LWGAtGBxkZKEh7HVUUp3Bg"
)


def counting(n: int) -> bytes:
    return bytes(i % 256 for i in range(n))


@pytest.fixture(scope="module")
def opened() -> KeyFile:
    secret = ED25519.scalar(123456789)
    return KeyFile(UUID, "郑为民", "机关纪委", ED25519.base(secret), secret, (Entry("other-poll", "phi", "sigma"),))


@pytest.fixture(scope="module")
def sealed(opened: KeyFile) -> bytes:
    return seal(opened, GOOD, counting)


def test_a_sealed_file_opens_with_its_passphrase(opened, sealed):
    assert unseal(sealed, GOOD, ED25519) == opened


def test_the_passphrase_may_be_typed_in_another_unicode_form():
    secret = ED25519.scalar(7)
    made = seal(KeyFile(UUID, "A", "B", ED25519.base(secret), secret), "caf\u00e9 au lait 123", counting)
    assert unseal(made, "cafe\u0301 au lait 123", ED25519).secret == 7


def test_the_file_shows_who_it_belongs_to_but_not_the_key(opened, sealed):
    seen = json.loads(sealed)
    assert list(seen) == ["mipiao-key", "uuid", "name", "role", "public_key", "kdf", "nonce", "sealed"]
    assert seen["kdf"] == {"name": "argon2id", "ops": 3, "mem_kib": 65536, "salt": "AAECAwQFBgcICQoLDA0ODw"}
    assert str(opened.secret).encode() not in sealed


def test_the_bytes_of_a_file_never_change(sealed):
    # Golden: the browser's twin must open exactly this.
    assert json.loads(sealed)["sealed"] == GOLDEN


def test_a_wrong_passphrase_is_refused(sealed):
    with pytest.raises(KeysError) as refused:
        unseal(sealed, GOOD + "x", ED25519)
    assert refused.value.code is Code.PASSPHRASE


def test_a_short_passphrase_is_refused(opened):
    with pytest.raises(KeysError) as refused:
        seal(opened, PASSPHRASE, counting)
    assert refused.value.code is Code.PASSPHRASE


def change(raw: bytes, **fields: object) -> bytes:
    return json.dumps(json.loads(raw) | fields, ensure_ascii=False).encode()


@pytest.mark.parametrize("fields", [{"uuid": "another-poll-id"}, {"public_key": ED25519.base(5).text}])
def test_a_file_passed_off_as_another_polls_or_another_keys_does_not_open(sealed, fields):
    with pytest.raises(KeysError) as refused:
        unseal(change(sealed, **fields), GOOD, ED25519)
    assert refused.value.code is Code.PASSPHRASE


@pytest.mark.parametrize(
    "fields",
    [
        {"mipiao-key": 2},
        {"mipiao-key": True},
        {"kdf": {"name": "argon2id", "ops": 3, "mem_kib": 1 << 30, "salt": "AAECAwQFBgcICQoLDA0ODw"}},
        {"kdf": {"name": "argon2id", "ops": 10**9, "mem_kib": 65536, "salt": "AAECAwQFBgcICQoLDA0ODw"}},
        {"kdf": {"name": "md5", "ops": 3, "mem_kib": 65536, "salt": "AAECAwQFBgcICQoLDA0ODw"}},
        {"kdf": None},
        {"nonce": "AAEC"},
        {"nonce": "not base64!"},
        {"sealed": 5},
        {"extra": 1},
        {"name": "\ud800"},
    ],
)
def test_anything_but_the_one_form_is_malformed(sealed, fields):
    with pytest.raises(Malformed) as refused:
        unseal(json.dumps(json.loads(sealed) | fields).encode(), GOOD, ED25519)
    assert refused.value.code is Code.KEY_FILE


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"\xff", b"{" * 5000, b"[" * 60000, b"x" * 70000])
def test_a_file_of_rubbish_is_malformed(raw):
    with pytest.raises(Malformed):
        unseal(raw, GOOD, ED25519)


def test_a_truncated_file_is_malformed(sealed):
    with pytest.raises(Malformed):
        unseal(sealed[:-20], GOOD, ED25519)


def test_one_flipped_bit_of_the_sealed_part_is_noticed(sealed):
    text = json.loads(sealed)["sealed"]
    flipped = ("B" if text[0] == "A" else "A") + text[1:]
    with pytest.raises(KeysError) as refused:
        unseal(change(sealed, sealed=flipped), GOOD, ED25519)
    assert refused.value.code is Code.PASSPHRASE


def test_a_private_key_that_does_not_fit_its_public_key_is_refused():
    wrong = KeyFile(UUID, "A", "B", ED25519.base(8), ED25519.scalar(7))
    with pytest.raises(Malformed):
        unseal(seal(wrong, GOOD, counting), GOOD, ED25519)


def test_the_journal_remembers_a_decryption(opened):
    answered = opened.answering(Entry(UUID, "phi", "sigma"))
    assert answered.journal == (*opened.journal, Entry(UUID, "phi", "sigma"))
    assert unseal(seal(answered, GOOD, counting), GOOD, ED25519) == answered


def test_the_same_closing_may_be_answered_again(opened):
    entry = Entry(UUID, "phi", "sigma")
    once = opened.answering(entry)
    assert once.answering(entry) == once


@pytest.mark.parametrize("entry", [Entry(UUID, "phi", "another sigma"), Entry(UUID, "another phi", "sigma")])
def test_a_second_closing_of_the_same_poll_is_refused(opened, entry):
    with pytest.raises(SecondHead) as refused:
        opened.answering(Entry(UUID, "phi", "sigma")).answering(entry)
    assert refused.value.code is Code.SECOND_HEAD


def test_a_key_answers_only_for_its_own_poll(opened):
    with pytest.raises(Malformed):
        opened.answering(Entry("another-poll-id", "phi", "sigma"))


def test_salt_and_nonce_come_from_the_given_source(opened):
    lengths: list[int] = []

    def source(n: int) -> bytes:
        lengths.append(n)
        return b"\x01" * n

    made = json.loads(seal(opened, GOOD, source))
    assert lengths == [16, 24]
    assert made["nonce"] == b64encode(b"\x01" * 24).decode()
