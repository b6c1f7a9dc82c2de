"""The election: one encoding, its limits, and which plain choices a question allows."""

import json
from dataclasses import replace
from itertools import product

import pytest

from keys.curve import ED25519
from tally import canonical
from tally.errors import Code, Invalid
from tally.questions import Election, Question
from tests.tally.builders import poll
from tests.tally.tweaks import IDENTITY, drop, put

SMALL = Election(ED25519, "说明", "名", ED25519.base(2), (Question("问", ("甲", "乙"), 0, 1),), "111111111111uA")


def refused(raw: bytes) -> Code:
    with pytest.raises(Invalid) as error:
        Election.parse(raw)
    return error.value.code


def test_the_golden_bytes_of_a_small_election():
    key = ED25519.base(2).text
    assert SMALL.raw.decode() == (
        '{"version":1,"description":"说明","name":"名","group":"Ed25519","public_key":"' + key + '",'
        '"questions":[{"answers":["甲","乙"],"min":0,"max":1,"question":"问"}],"uuid":"111111111111uA"}'
    )
    assert Election.parse(SMALL.raw) == SMALL


def test_blank_stands_after_the_answers_and_the_offices_after_the_uuid():
    raw = poll().election.raw.decode()
    assert '],"blank":true,"min":1,"max":2,"question":"' in raw
    assert raw.endswith(',"uuid":"MiPiaoTestPo11","administrator":"局人教处","credential_authority":"机关党委"}')
    assert Election.parse(poll().election.raw) == poll().election


def test_phi_is_the_hash_of_the_exact_bytes():
    assert SMALL.phi == canonical.b64_hash(SMALL.raw)
    assert len(SMALL.phi) == 43
    assert replace(SMALL, name="名 ").phi != SMALL.phi


def test_only_the_last_line_of_the_description_names_a_manifest():
    assert SMALL.manifest_hash is None
    assert replace(SMALL, description=f"a\nmipiao-manifest:{'A' * 43}").manifest_hash == "A" * 43
    assert replace(SMALL, description=f"mipiao-manifest:{'A' * 43}").manifest_hash == "A" * 43


def test_an_election_of_too_many_ciphertexts_is_refused():
    wide = Question("q", tuple(map(str, range(500))), 0, 1)
    assert replace(SMALL, questions=(wide,) * 20).raw
    with pytest.raises(Invalid) as error:
        replace(SMALL, questions=(wide,) * 21)
    assert error.value.code is Code.TOO_LARGE


SOUND = poll().election.raw
TWEAKS = [
    (put(SOUND, ("version",), 2), Code.UNSUPPORTED_VERSION),
    (put(SOUND, ("version",), "1"), Code.MALFORMED),
    (put(SOUND, ("version",), True), Code.MALFORMED),
    (put(SOUND, ("group",), "BELENIOS-2048"), Code.UNSUPPORTED_GROUP),
    (put(SOUND, ("group",), "ed25519"), Code.UNSUPPORTED_GROUP),
    (put(SOUND, ("group",), []), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "type"), "NonHomomorphic"), Code.UNSUPPORTED_QUESTION),
    (put(SOUND, ("questions", 0), {"type": "Lists", "value": {}}), Code.UNSUPPORTED_QUESTION),
    (put(SOUND, ("questions", 0), []), Code.MALFORMED),
    (put(SOUND, ("questions",), []), Code.MALFORMED),
    (put(SOUND, ("questions",), {}), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "answers"), []), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "answers"), ["x"] * 501), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "answers", 0), None), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "min"), 3), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "min"), -1), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "max"), 4), Code.MALFORMED),
    (put(SOUND, ("questions", 0, "blank"), 1), Code.MALFORMED),
    (put(SOUND, ("questions", 1, "blank"), False), Code.NOT_CANONICAL),
    (put(SOUND, ("public_key",), IDENTITY), Code.IDENTITY),
    (put(SOUND, ("public_key",), "f" * 64), Code.POINT),
    (put(SOUND, ("uuid",), "1234567890123"), Code.MALFORMED),
    (put(SOUND, ("uuid",), "MiPiaoTestPo1l"), Code.MALFORMED),
    (put(SOUND, ("uuid",), "MiPiaoTestPo11\n"), Code.MALFORMED),
    (put(SOUND, ("extra",), 1), Code.MALFORMED),
    (drop(SOUND, ("name",)), Code.MALFORMED),
    (canonical.dump(dict(sorted(json.loads(SOUND).items()))), Code.NOT_CANONICAL),
    (json.dumps(json.loads(SOUND)).encode(), Code.NOT_CANONICAL),
    (SOUND.replace(b'"name":"', b'"name":"\\ud800'), Code.NOT_JSON),
]


@pytest.mark.parametrize(("raw", "code"), TWEAKS)
def test_a_tweaked_election_is_refused_by_name(raw, code):
    assert refused(raw) is code


def test_a_language_is_accepted_in_its_place():
    foreign = replace(SMALL, language="zh")
    assert foreign.raw.endswith(b',"language":"zh"}')
    assert Election.parse(foreign.raw) == foreign


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        (Question("", ("a", "b"), 0, 1), {(0, 0), (1, 0), (0, 1)}),
        (Question("", ("a", "b"), 1, 1), {(1, 0), (0, 1)}),
        (Question("", ("a", "b"), 1, 2, blank=True), {(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1)}),
        (Question("", ("a", "b"), 0, 0), {(0, 0)}),
    ],
)
def test_just_the_choices_of_the_rules_are_allowed(question, allowed):
    assert {one for one in product((0, 1), repeat=question.width) if question.allows(one)} == allowed
    assert not question.allows((0,) * (question.width + 1))
    assert not question.allows((2, *(0,) * (question.width - 1)))
    assert not question.allows((-1, 1, *(0,) * (question.width - 2)))
