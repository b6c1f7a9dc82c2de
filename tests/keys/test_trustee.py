"""Trustees' keys: the two proofs of possession, and what each is bound to."""

from dataclasses import replace

import pytest

from keys import trustee
from keys.curve import ED25519
from keys.errors import Code, Malformed
from keys.trustee import Holder
from tests.tally.builders import stream

HOLDER = Holder("人事教育处处长选拔", "郑为民", "机关纪委")
SECRET, PUBLIC = trustee.generate(ED25519, stream("trustee"), "郑为民")
POSSESSION = trustee.prove_possession(ED25519, SECRET, HOLDER, stream("possession"))


def test_a_fresh_key_proves_its_possession():
    assert ED25519.base(SECRET) == PUBLIC.key
    assert PUBLIC.name == "郑为民"
    assert trustee.verify_pok(ED25519, PUBLIC)


@pytest.mark.parametrize("part", ["challenge", "response"])
def test_a_tweaked_proof_of_possession_fails(part):
    pok = replace(PUBLIC.pok, **{part: ED25519.scalar(getattr(PUBLIC.pok, part) + 1)})
    assert not trustee.verify_pok(ED25519, replace(PUBLIC, pok=pok))


def test_a_proof_of_possession_is_about_its_own_key():
    assert not trustee.verify_pok(ED25519, replace(PUBLIC, key=ED25519.base(SECRET + 1)))


def test_belenios_proof_can_be_copied_under_another_name_and_ours_cannot():
    """Why the possession proof exists."""
    assert trustee.verify_pok(ED25519, replace(PUBLIC, name="冒名者"))
    assert not trustee.verify_possession(ED25519, PUBLIC.key, replace(HOLDER, name="冒名者"), POSSESSION)


def test_possession_is_proved_by_the_holder():
    assert trustee.verify_possession(ED25519, PUBLIC.key, HOLDER, POSSESSION)


@pytest.mark.parametrize("part", ["selection", "name", "role"])
def test_possession_is_bound_to_selection_name_and_role(part):
    other = replace(HOLDER, **{part: "别的"})
    assert not trustee.verify_possession(ED25519, PUBLIC.key, other, POSSESSION)


def test_possession_is_bound_to_the_key_and_is_no_pok():
    assert not trustee.verify_possession(ED25519, ED25519.base(5), HOLDER, POSSESSION)
    assert not trustee.verify_possession(ED25519, PUBLIC.key, HOLDER, PUBLIC.pok)
    assert not trustee.verify_pok(ED25519, replace(PUBLIC, pok=POSSESSION))


@pytest.mark.parametrize("bad", ["", "a|b", "a\nb", "a\0", "\u202e"])
@pytest.mark.parametrize("part", ["selection", "name", "role"])
def test_a_holder_whose_parts_could_run_together_is_refused(part, bad):
    """A `|` inside a part would let two holders share one proof."""
    with pytest.raises(Malformed) as refused:
        replace(HOLDER, **{part: bad})
    assert refused.value.code is Code.TRUSTEE
