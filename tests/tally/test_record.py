"""The archive: byte for byte Belenios' own, and nothing but it is read."""

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tally import canonical
from tally.errors import Code, Invalid
from tally.record import Log, read_weight, weight
from tests.tally.builders import TIMESTAMP, Step, chain, entries, poll, sound_files, steps, tar

BEL = sound_files().bel


def refused(raw: bytes) -> Code:
    with pytest.raises(Invalid) as error:
        Log.parse(raw)
    return error.value.code


def test_a_foreign_archive_is_written_again_byte_for_byte(foreign: Path):
    raw = next(foreign.glob("*.bel")).read_bytes()
    log = Log.parse(raw)
    assert log.encode() == raw
    assert log.stage == "tallied"
    assert log.election == (foreign / "election.json").read_bytes().strip()
    assert [one.decode() for one in log.ballots] == [
        path.read_text().strip() for path in sorted(foreign.glob("ballots/*.json"))
    ]


def test_a_foreign_archive_is_written_from_its_parts_byte_for_byte(foreign: Path):
    raw = next(foreign.glob("*.bel")).read_bytes()
    read = Log.parse(raw)
    log = Log(read.timestamp)
    log.setup(read.election, read.trustees, read.credentials)
    for one in read.ballots:
        log.ballot(one)
    log.end_ballots()
    log.add_encrypted_tally(read.encrypted_tally, read.num_tallied, read.total_weight)
    for partial in read.partials:
        log.add_partial_decryption(partial.owner, partial.raw)
    log.add_result(read.result)
    assert log.encode() == raw


def test_the_members_of_a_foreign_archive_are_those_listed_beside_it(foreign: Path):
    listed = [line.split()[-1] for line in (foreign / "bel.list").read_text().splitlines() if line.strip()]
    raw = next(foreign.glob("*.bel")).read_bytes()
    assert [name for name, _ in entries(raw)] == listed


def test_any_tar_reads_our_archive():
    with tarfile.open(fileobj=BytesIO(BEL + b"\0" * 1024)) as tape:
        found = [(member.name, member.mode, member.mtime, member.size) for member in tape.getmembers()]
    assert found == [(name, 0o644, TIMESTAMP, len(content)) for name, content in entries(BEL)]


def test_the_first_header_is_golden():
    content = b'{"version":1,"timestamp":"1795332189"}'
    header = Log(TIMESTAMP).encode()[:512]
    assert header.startswith(b"BELENIOS\0")
    assert (
        header[100:156]
        == b"0000644\x000000000\x000000000\x00" + b"00000000046\x00" + b"15300514135\x00" + header[148:156]
    )
    assert header[148:156] == f"{sum(header[:148]) + 8 * 32 + sum(header[156:]):06o}\0 ".encode()
    assert header[156:] == b"0" + b"\0" * 355
    assert Log(TIMESTAMP).encode()[512:] == content + b"\0" * (512 - len(content))


def test_the_archive_ends_without_zero_blocks():
    assert BEL[-512:].strip(b"\0")


@pytest.mark.parametrize("at", range(0, 512, 3))
def test_every_altered_byte_of_a_header_is_refused(at):
    for start in (0, 512 + 512):
        raw = bytearray(BEL)
        raw[start + at] ^= 0x01
        assert refused(bytes(raw)) is Code.ARCHIVE


def test_cutting_the_archive_at_any_block_is_refused_or_leaves_a_whole_shorter_record():
    whole = 0
    for size in range(0, len(BEL), 512):
        try:
            log = Log.parse(BEL[:size])
        except Invalid:
            continue
        assert log.encode() == BEL[:size]
        assert log.stage in {"empty", "open", "ended", "closed", "decrypting"}
        whole += 1
    # The header alone, then one for every event but the last.
    assert whole == len(steps(BEL))


@pytest.mark.parametrize("size", [1, 100, 511, 513, 700])
def test_cutting_inside_a_block_is_refused(size):
    assert refused(BEL[:size]) is Code.ARCHIVE


def test_padding_holds_nothing():
    end = 512 + len(entries(BEL)[0][1])
    raw = BEL[:end] + b"x" + BEL[end + 1 :]
    assert refused(raw) is Code.ARCHIVE


@pytest.mark.parametrize("field", [b"99999999999", b"00000000008", b"           ", b"-0000000001", b"77777777777"])
def test_a_size_that_is_no_size_is_refused(field):
    assert refused(BEL[:124] + field + BEL[135:]) is Code.ARCHIVE


def test_names_are_ascii_and_of_known_kinds():
    members = entries(BEL)
    assert refused(BEL[:512].replace(b"BELENIOS", b"BEL\xffNIOS") + BEL[512:]) is Code.ARCHIVE
    assert refused(tar([members[0], ("readme.txt", b"hello")])) is Code.ARCHIVE
    assert refused(tar(members[1:])) is Code.ARCHIVE
    assert refused(tar([members[0], members[0]])) is Code.ARCHIVE


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"version":1,"timestamp":1795332189}', Code.MALFORMED),
        (b'{"version":2,"timestamp":"1795332189"}', Code.UNSUPPORTED_VERSION),
        (b'{"version":"1","timestamp":"1795332189"}', Code.MALFORMED),
        (b'{"version":true,"timestamp":"1795332189"}', Code.MALFORMED),
        (b'{"timestamp":"1795332189","version":1}', Code.NOT_CANONICAL),
        (b'{"version":1,"timestamp":"01795332189"}', Code.ARCHIVE),
        (b'{"version":1,"timestamp":"-1"}', Code.ARCHIVE),
        (b'{"version":1,"timestamp":""}', Code.ARCHIVE),
        (b'{"version":1,"timestamp":"99999999999"}', Code.ARCHIVE),
        (b'{"version":1,"timestamp":"' + b"9" * 900 + b'"}', Code.ARCHIVE),
        (b"[]", Code.MALFORMED),
    ],
)
def test_the_first_file_has_one_form(content, code):
    assert refused(tar([("BELENIOS", content), *entries(BEL)[1:]])) is code


def test_another_time_in_one_header_is_refused():
    members = entries(BEL)
    assert refused(tar(members[:1]) + tar(members[1:], TIMESTAMP + 1)) is Code.ARCHIVE


def test_writing_out_of_order_is_refused_too():
    log = Log(TIMESTAMP)
    for write in (
        lambda: log.ballot(b"{}"),
        log.end_ballots,
        lambda: log.add_encrypted_tally(b"[]", 0, 0),
        lambda: log.add_partial_decryption(1, b"{}"),
        lambda: log.add_result(b"{}"),
    ):
        with pytest.raises(Invalid) as error:
            write()
        assert error.value.code is Code.EVENT_ORDER
    made = poll()
    log.setup(made.election.raw, made.trustees.raw, made.credentials)
    with pytest.raises(Invalid):
        log.setup(made.election.raw, made.trustees.raw, made.credentials)


@pytest.mark.parametrize("timestamp", [-1, 8**11])
def test_a_time_that_no_header_can_hold_is_refused(timestamp):
    with pytest.raises(Invalid):
        Log(timestamp)


FOUND = steps(BEL)
KINDS = ["Setup", "Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result"]
ALLOWED = {
    ("Setup", "Ballot"), ("Setup", "EndBallots"), ("Ballot", "Ballot"), ("Ballot", "EndBallots"), ("EndBallots", "EncryptedTally"),
    ("EncryptedTally", "PartialDecryption"), ("PartialDecryption", "PartialDecryption"), ("PartialDecryption", "Result"),
}  # fmt: skip
BEFORE = {"Setup": 1, "Ballot": 2, "EndBallots": 10, "EncryptedTally": 11, "PartialDecryption": 12, "Result": 15}


@pytest.mark.parametrize("last", KINDS)
@pytest.mark.parametrize("following", KINDS)
def test_each_event_may_follow_just_those_of_the_grammar(last, following):
    events = FOUND[: BEFORE[last]]
    assert events[-1].type == last
    extra = next(step for step in reversed(FOUND) if step.type == following)
    raw = chain([*events, extra])
    if (last, following) in ALLOWED:
        assert Log.parse(raw).events == len(events) + 1
    else:
        assert refused(raw) is Code.EVENT_ORDER


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"parent": "0" * 64}, Code.EVENT_CHAIN), ({"parent": None}, Code.EVENT_CHAIN), ({"height": 2}, Code.EVENT_CHAIN),
        ({"height": "1"}, Code.MALFORMED), ({"height": True}, Code.MALFORMED), ({"height": -1}, Code.MALFORMED),
        ({"type": "ballot"}, Code.EVENT_ORDER), ({"type": 1}, Code.MALFORMED), ({"type": ""}, Code.EVENT_ORDER),
        ({"payload": "0" * 64}, Code.EVENT_CHAIN), ({"payload": None}, Code.EVENT_CHAIN), ({"extra": 1}, Code.MALFORMED),
        ({"payload": "x" * 1000}, Code.TOO_LARGE),
    ],
)  # fmt: skip
def test_each_tweaked_field_of_an_event_is_refused_by_name(claims, code):
    assert refused(chain([FOUND[0], FOUND[1].but(claims=claims), *FOUND[2:]])) is code


def test_an_end_of_ballots_carries_nothing():
    end = next(i for i, step in enumerate(FOUND) if step.type == "EndBallots")
    assert (
        refused(chain([*FOUND[:end], FOUND[end].but(claims={"payload": "0" * 64}), *FOUND[end + 1 :]]))
        is Code.EVENT_CHAIN
    )
    assert refused(chain([*FOUND[:end], FOUND[end].but(data=(b"{}",)), *FOUND[end + 1 :]])) is Code.EXTRA_DATA


def test_an_event_in_another_spelling_is_refused():
    members = entries(BEL)
    at = next(i for i, (name, _) in enumerate(members) if name.endswith(".event.json"))
    spaced = members[at][1].replace(b",", b", ", 1)
    members[at] = (f"{canonical.hex_hash(spaced)}.event.json", spaced)
    assert refused(tar(members)) is Code.NOT_CANONICAL


def test_a_set_up_may_carry_a_foreign_certificate_of_the_credentials():
    made = poll()
    log = Log(TIMESTAMP)
    log.setup(made.election.raw, made.trustees.raw, made.credentials, b'{"certificate":1}')
    read = Log.parse(log.encode())
    assert read.certificate == b'{"certificate":1}'
    assert b"credentials_certificate" in steps(log.encode())[0].data[-1]


def test_an_owner_counts_from_one_and_is_a_number():
    at = next(i for i, step in enumerate(FOUND) if step.type == "PartialDecryption")
    share, owned = FOUND[at].data
    for owner in (b"0", b'"1"', b"true", b"-1", b"1.0"):
        changed = owned.replace(b'"owner":1', b'"owner":' + owner)
        assert changed != owned
        assert refused(chain([*FOUND[:at], FOUND[at].but(data=(share, changed)), *FOUND[at + 1 :]])) in {
            Code.MALFORMED,
            Code.NOT_JSON,
        }


@pytest.mark.parametrize("value", [0, 1, 2**30 - 1, 2**30, 2**40])
def test_large_counts_are_strings(value):
    assert isinstance(weight(value), str) == (value >= 2**30)
    assert read_weight(weight(value), "here") == value


@pytest.mark.parametrize(
    "value",
    [str(2**30 - 1), "5", 2**30, -1, True, None, "01073741824", "9" * 19, "1073741824 ", "１０７３７４１８２４", 1.0],
)
def test_a_count_in_the_other_form_is_refused(value):
    with pytest.raises(Invalid) as error:
        read_weight(value, "here")
    assert error.value.code is Code.MALFORMED


def test_a_step_is_what_the_chain_helper_writes_back():
    """The helper of these tests is itself held to the archive."""
    assert chain(FOUND) == BEL
    assert isinstance(FOUND[0], Step)
