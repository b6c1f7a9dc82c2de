"""A short run of every fuzz target; `make fuzz` runs them for long with atheris."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import targets

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
INTERESTING = (
    b"",
    b"0",
    b"00",
    b'"',
    b"\\",
    b"{",
    b"[" * 9,
    b"]",
    b",",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"1e9",
    b"9" * 5000,
)


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """The seed with a piece cut out, doubled, overwritten, or something interesting put in."""
    raw = seed
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(raw)))
        to = draw(st.integers(at, min(len(raw), at + 70)))
        piece = draw(st.one_of(st.sampled_from(INTERESTING), st.binary(max_size=12), st.just(raw[at:to] * 2)))
        raw = raw[:at] + piece + raw[to:]
    return raw


@pytest.mark.parametrize("name", sorted(targets.READERS))
def test_a_reader_refuses_by_name_or_reads_the_one_canonical_form(name: str) -> None:
    @QUICK
    @given(raw=mutated(targets.seeds()[name]))
    def run(raw: bytes) -> None:
        targets.READERS[name](raw)

    run()


@pytest.mark.parametrize("name", sorted(targets.READERS.keys() - {"share", "json", "typed_code"}))
def test_the_seeds_are_sound(name: str) -> None:
    raw = targets.seeds()[name]
    targets.READERS[name](raw)
    assert raw


@pytest.mark.parametrize("which", range(6))
def test_an_altered_file_of_a_record_never_verifies(which: int) -> None:
    sound = targets.sound()
    body = getattr(sound, ("bel", "manifest", "closing", "voids", "tally", "result")[which])

    @SLOW
    @given(raw=mutated(body))
    def run(raw: bytes) -> None:
        targets.altered_record(bytes([which]) + raw)

    run()


def test_a_target_that_accepts_a_second_encoding_would_be_noticed() -> None:
    tolerant = targets.refuses_or_reads_canonically(lambda raw: raw.strip())
    with pytest.raises(AssertionError):
        tolerant(b" 1")
