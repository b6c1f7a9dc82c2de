"""Named tweaks of the sound record. Each returns Files that are sound but for the one thing in its name."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from nacl.signing import SigningKey

from keys import proofs
from keys.curve import ED25519, ORDER
from keys.elgamal import Ciphertext
from keys.group import Rng, Scalar
from keys.proofs import Proof
from tally import canonical, count, result, voids
from tally.ballot import Ballot, make, max_size
from tally.closing import Closing
from tally.manifest import Manifest
from tally.shares import PartialDecryption, Share, StrongProofs, StrongTally
from tally.verify import Files
from tests.tally.builders import (
    CHOICES,
    LEFT_OVER,
    QUESTIONS,
    RESULT,
    VOTERS,
    Draft,
    Poll,
    Step,
    chain,
    entries,
    grouped_files,
    poll,
    sound_files,
    steps,
    stream,
    tar,
    with_ballot,
)  # fmt: skip

TORSION = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")[::-1].hex()
IDENTITY = ED25519.identity.text

Path = tuple[str | int, ...]


def put(raw: bytes, path: Path, value: Any) -> bytes:
    """Change one value inside canonical JSON; a callable changes what stands there."""
    whole = json.loads(raw)
    at = whole
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value(at[path[-1]]) if callable(value) else value
    return canonical.dump(whole)


def drop(raw: bytes, path: Path) -> bytes:
    """Leave one field out."""
    whole = json.loads(raw)
    at = whole
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return canonical.dump(whole)


def first_voter() -> int:
    """The voter whose ballot stands first in the record."""
    return VOTERS[min(range(len(VOTERS)), key=lambda i: poll().ballots[i].tracker)]


def signed(raw: bytes, voter: int) -> bytes:
    """Sign a changed ballot anew with the voter's own key, as the voter could."""
    fields = json.loads(raw)
    del fields["signature"]
    digest = canonical.b64_hash(canonical.dump(fields))
    proof = proofs.sign(ED25519, poll().secrets[voter], f"sig|{digest}", stream("signed anew"))
    return canonical.dump({**fields, "signature": {"hash": digest, "proof": canonical.plain(proof)}})


def sound_ballot() -> bytes:
    return min(poll().ballots, key=lambda one: one.tracker).raw


def changed_ballot(path: Path, value: Any, *, sign: bool = True) -> Callable[[], Files]:
    """The record whose first ballot has one value changed and, if asked for, a fitting signature."""

    def tweak() -> Files:
        raw = put(sound_ballot(), path, value)
        return with_ballot(signed(raw, first_voter()) if sign else raw).files()

    return tweak


def raw_ballot(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    return lambda: with_ballot(change(sound_ballot())).files()


def plus_one(text: str) -> str:
    return str((int(text) + 1) % ORDER)


def sorted_with(extra: Ballot) -> list[bytes]:
    return [one.raw for one in sorted([*poll().ballots, extra], key=lambda one: one.tracker)]


# --- ballots


def a_ballot_larger_than_any_can_be() -> Files:
    return with_ballot(b" " * (max_size(poll().election) + 1)).files()


def a_ballot_of_another_election() -> Files:
    other = Poll(edit_election=lambda election: replace(election, name="另一次"))
    return with_ballot(other.ballots[0].raw).files()


def a_ballot_by_a_stranger() -> Files:
    raw = make(poll().election, Scalar(42), ((0, 1, 0, 0), (1, 0, 0, 0)), stream("stranger")).raw
    return with_ballot(raw).files()


def a_ballot_signed_by_another_key() -> Files:
    other = next(voter for voter in VOTERS if voter != first_voter())
    return with_ballot(signed(sound_ballot(), other)).files()


def a_ballot_that_repeats_anothers_randomness() -> Files:
    """Sound in itself, but its ciphertexts could have been copied."""
    extra = poll().vote(3, ((0, 1, 0, 0), (1, 0, 0, 0)), f"ballot {VOTERS[0]}")
    return Draft(ballots=sorted_with(extra), sums=poll_sums(extra)).files()


def poll_sums(*extra: Ballot) -> count.EncryptedTally:
    return count.accumulate(poll().election, [*poll().ballots, *extra])


def the_same_ballot_twice() -> Files:
    again = poll().ballots[0]
    return Draft(ballots=sorted_with(again), sums=poll_sums(again)).files()


def a_second_vote() -> Files:
    again = poll().vote(VOTERS[0], ((0, 0, 0, 1), (0, 0, 0, 1)), "second vote")
    return Draft(ballots=sorted_with(again), sums=poll_sums(again)).files()


def two_ballots_change_places() -> Files:
    draft = Draft()
    assert draft.ballots is not None
    draft.ballots[0], draft.ballots[1] = draft.ballots[1], draft.ballots[0]
    return draft.files()


def drop_one_ballot() -> Files:
    draft = Draft()
    assert draft.ballots is not None
    del draft.ballots[3]
    return replace(draft, more_tallied=1, more_weight=1).files()


# --- the archive


def archive(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    return lambda: replace(sound_files(), bel=change(sound_files().bel))


def events(change: Callable[[list[Step]], list[Step]]) -> Callable[[], Files]:
    """Rewrite the chain of events with fitting hashes, from the sound record."""
    return archive(lambda bel: chain(change(steps(bel))))


def another_mode_in_a_header(bel: bytes) -> bytes:
    return bel[:100] + b"0000600" + bel[107:]


def first_file(content: bytes) -> Callable[[bytes], bytes]:
    """Another BELENIOS file at the archive's beginning."""
    return lambda bel: tar([("BELENIOS", content), *entries(bel)[1:]])


def last_event(content: bytes) -> Callable[[bytes], bytes]:
    """Another last event, under the name that its bytes have."""
    return lambda bel: tar([*entries(bel)[:-1], (f"{sha256(content).hexdigest()}.event.json", content)])


def a_data_file_under_another_name(bel: bytes) -> bytes:
    members = entries(bel)
    members[1] = (f"{'0' * 64}.data.json", members[1][1])
    return tar(members)


def a_vote_after_the_end_of_ballots(found: list[Step]) -> list[Step]:
    end = next(i for i, step in enumerate(found) if step.type == "EndBallots")
    return [*found[: end - 1], found[end], found[end - 1], *found[end + 1 :]]


def no_end_of_ballots(found: list[Step]) -> list[Step]:
    return [step for step in found if step.type != "EndBallots"]


def two_results(found: list[Step]) -> list[Step]:
    return [*found, found[-1]]


def an_encrypted_tally_before_the_end(found: list[Step]) -> list[Step]:
    end = next(i for i, step in enumerate(found) if step.type == "EndBallots")
    return [*found[:end], found[end + 1], found[end], *found[end + 2 :]]


def two_encrypted_tallies(found: list[Step]) -> list[Step]:
    at = next(i for i, step in enumerate(found) if step.type == "EncryptedTally")
    return [*found[: at + 1], found[at], *found[at + 1 :]]


def a_share_after_the_result(found: list[Step]) -> list[Step]:
    return [*found[:-2], found[-1], found[-2]]


def a_result_before_any_share(found: list[Step]) -> list[Step]:
    return [*(step for step in found if step.type != "PartialDecryption")]


def a_second_set_up(found: list[Step]) -> list[Step]:
    return [found[0], found[0], *found[1:]]


def no_set_up(found: list[Step]) -> list[Step]:
    return found[1:]


def an_event_of_an_unknown_type(found: list[Step]) -> list[Step]:
    return [*found[:-1], found[-1].but(type="Outcome")]


def an_event_whose_parent_is_another(found: list[Step]) -> list[Step]:
    return [*found[:5], found[5].but(claims={"parent": "0" * 64}), *found[6:]]


def an_event_whose_height_is_another(found: list[Step]) -> list[Step]:
    return [*found[:5], found[5].but(claims={"height": 6}), *found[6:]]


def an_event_with_another_payload(found: list[Step]) -> list[Step]:
    return [*found[:5], found[5].but(claims={"payload": "0" * 64}), *found[6:]]


def an_event_without_its_payload(found: list[Step]) -> list[Step]:
    return [*found[:5], found[5].but(claims={"payload": None}), *found[6:]]


def a_ballot_event_without_a_ballot(found: list[Step]) -> list[Step]:
    return [*found[:5], found[5].but(data=()), *found[6:]]


def a_data_file_too_many(found: list[Step]) -> list[Step]:
    return [*found[:5], found[5].but(data=(b"{}", *found[5].data)), *found[6:]]


def a_set_up_that_names_other_trustees(found: list[Step]) -> list[Step]:
    *data, named = found[0].data
    return [found[0].but(data=(*data, put(named, ("trustees",), "0" * 64))), *found[1:]]


def data_after_the_last_event(bel: bytes) -> bytes:
    return bel + tar([(f"{sha256(b'{}').hexdigest()}.data.json", b"{}")])


def count_more(path: str) -> Callable[[list[Step]], list[Step]]:
    def change(found: list[Step]) -> list[Step]:
        at = next(i for i, step in enumerate(found) if step.type == "EncryptedTally")
        sums, sized = found[at].data
        return [*found[:at], found[at].but(data=(sums, put(sized, (path,), str))), *found[at + 1 :]]

    return change


# --- election, trustees, credentials


def election(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    return lambda: Draft(election=change(poll().election.raw)).files()


def trustees(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    return lambda: Draft(trustees=change(poll().trustees.raw)).files()


def credentials(change: Callable[[list[str]], list[str]]) -> Callable[[], Files]:
    return lambda: Draft(credentials=canonical.dump(change(json.loads(poll().credentials)))).files()


def one_trustee_twice(raw: bytes) -> bytes:
    listed = json.loads(raw)
    return canonical.dump([listed[0], listed[1], listed[0]])


# --- what stands around


def manifest(edit: Callable[[Manifest], Manifest]) -> Callable[[], Files]:
    return lambda: Draft(poll=Poll(edit_manifest=edit)).files()


def manifest_bytes(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    return lambda: Draft(poll=Poll(manifest_bytes=change)).files()


def closing(**changes: Any) -> Callable[[], Files]:
    return lambda: Draft(edit_closing=lambda sound: replace(sound, **changes)).files()


def counts(**changes: int) -> Callable[[], Files]:
    def edit(sound: Closing) -> Closing:
        return replace(sound, counts=replace(sound.counts, **changes))

    return lambda: Draft(edit_closing=edit).files()


def sidecar(**changes: bytes | None) -> Callable[[], Files]:
    return lambda: replace(sound_files(), **changes)


def closing_signed_by_another_key() -> Files:
    return Draft(closing_key=SigningKey(b"1" * 32)).files()


def one_slip_in_two_groups(sound: Manifest) -> Manifest:
    first, second, *rest = sound.groups
    return replace(sound, groups=(first, replace(second, credentials=first.credentials), *rest))


def a_slip_in_no_group(sound: Manifest) -> Manifest:
    first, *rest = sound.groups
    return replace(sound, groups=(replace(first, credentials=first.credentials[1:]), *rest))


def a_group_unsorted(sound: Manifest) -> Manifest:
    first, *rest = sound.groups
    return replace(sound, groups=(replace(first, credentials=first.credentials[::-1]), *rest))


def a_group_of_words(sound: Manifest) -> Manifest:
    first, *rest = sound.groups
    return replace(sound, groups=(replace(first, credentials=("一", "二", "三", "四")), *rest))


def before_its_time(stage: str, name: str) -> Callable[[], Files]:
    """A record that stands where it stands, with a file beside it that comes later."""
    return lambda: replace(Draft(until=stage).files(), **{name: getattr(grouped_files(), name)})


def every_sidecar_beside_the_set_up_alone() -> Files:
    """All events after the first cut off: the box is gone, the papers about it stay."""
    return replace(sound_files(), bel=chain(steps(sound_files().bel)[:1]))


def a_certificate_of_the_credentials() -> Files:
    """Belenios' own place for bytes that we would not look at."""

    def with_certificate(found: list[Step]) -> list[Step]:
        *files, named = found[0].data
        certificate = b'{"who":"came first"}'
        told = {**json.loads(named), "credentials_certificate": canonical.hex_hash(certificate)}
        return [found[0].but(data=(*files, certificate, canonical.dump(told))), *found[1:]]

    return events(with_certificate)()


def a_language_of_the_election() -> Files:
    return Draft(Poll(edit_election=lambda election: replace(election, language="fr"))).files()


def answers_that_read_alike() -> Files:
    alike = replace(QUESTIONS[0], answers=("安怀远", "安怀远\ufe00", "岑知微"))
    return Draft(Poll(questions=(alike, QUESTIONS[1]))).files()


def sidecars_beside_a_foreign_archive() -> Files:
    whole = sound_files()
    return replace(
        a_foreign_record(), manifest=whole.manifest, closing=whole.closing, voids=whole.voids, tally=whole.tally
    )


def trustees_under_each_others_names(sound: Manifest) -> Manifest:
    first, second, third = sound.trustees
    return replace(sound, trustees=(replace(first, name=second.name), replace(second, name=first.name), third))


def a_void_whose_two_officials_look_like_one() -> Files:
    alike = replace(poll().void(LEFT_OVER[0]), officials=("监票人甲", "监票人 甲"))
    return Draft(voids=voids.encode([alike, poll().void(LEFT_OVER[1])])).files()


def a_void_that_names_a_ballot_of_the_box() -> Files:
    listed = [poll().void(LEFT_OVER[0], "contested", poll().ballots[0].tracker), poll().void(LEFT_OVER[1])]
    return Draft(voids=voids.encode(listed)).files()


def trustees_in_another_order(sound: Manifest) -> Manifest:
    return replace(sound, trustees=sound.trustees[::-1])


def a_ballot_under_a_voided_slip() -> Files:
    listed = voids.encode([poll().void(voter) for voter in (*LEFT_OVER[:1], VOTERS[0])])
    return Draft(voids=listed).files()


def a_void_that_another_slip_proved() -> Files:
    forged = replace(poll().void(LEFT_OVER[0]), credential=poll().void(LEFT_OVER[1]).credential)
    return Draft(voids=voids.encode([forged])).files()


def a_void_of_an_unknown_slip() -> Files:
    other = Poll()
    other.secrets[LEFT_OVER[0]] = Scalar(42)
    return Draft(voids=voids.encode([other.void(LEFT_OVER[0])])).files()


def a_void_with_another_reason() -> Files:
    return Draft(voids=voids.encode([replace(poll().void(LEFT_OVER[0]), reason="damaged")])).files()


# --- tally and decryption


def the_sums_of_other_ballots() -> Files:
    made = sorted(poll().ballots, key=lambda one: one.tracker)
    return Draft(sums=count.accumulate(poll().election, made[1:])).files()


def four_ballots_decrypted() -> Files:
    return Draft(poll=Poll(voters=VOTERS[:4])).files()


def foreign_poll(weight: int = 1) -> Poll:
    """The sound poll without the manifest's line, so that it is not one of ours; every slip has the weight."""
    return Poll(edit_election=lambda election: replace(election, description="测试"), weights=f",{weight}")


def a_foreign_record(weight: int = 1, more: Sequence[Ballot] = (), until: str = "tallied", first: int = 0) -> Files:
    """A sound record of a foreign poll; `more` ballots stand last, and those before `first` count no more."""
    made = foreign_poll(weight)
    box = [*made.ballots, *more]
    sums: list[list[Ciphertext]] = count.empty(made.election)
    for one in box[first:]:
        count.add(sums, one, weight)
    counted = len(box) - first
    whole = Draft(
        made, ballots=[one.raw for one in box], sums=tuple(map(tuple, sums)), until=until,
        more_tallied=counted - len(box), more_weight=counted * weight - len(box),
    ).files()  # fmt: skip
    return Files(whole.bel)


def edit_partial(owner: int, change: Callable[[PartialDecryption], PartialDecryption]) -> Callable[[], Files]:
    def edit(share: Share) -> Share:
        return replace(share, partial=change(share.partial)) if share.owner == owner else share

    return lambda: Draft(edit_share=edit, result=result.encode(RESULT)).files()


def cell(matrix: tuple[tuple[Any, ...], ...], change: Callable[[Any], Any]) -> tuple[tuple[Any, ...], ...]:
    """Change the very first cell."""
    return ((change(matrix[0][0]), *matrix[0][1:]), *matrix[1:])


def another_response(proof: Proof) -> Proof:
    return replace(proof, response=ED25519.scalar(proof.response + 1))


def another_weak_proof(partial: PartialDecryption) -> PartialDecryption:
    return replace(partial, proofs=cell(partial.proofs, another_response))


def a_row_too_few(partial: PartialDecryption) -> PartialDecryption:
    return PartialDecryption(partial.factors[1:], partial.proofs[1:])


def unreadable_partial(owner: int) -> Callable[[], Files]:
    """One trustee's share is no partial decryption at all, so nothing in it says whose it is."""

    def edit(sound: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
        return [(number, b"{}" if number == owner else raw) for number, raw in sound]

    return lambda: Draft(edit_partials=edit).files()


def strong(change: Callable[[StrongTally], StrongTally]) -> Callable[[], Files]:
    return lambda: Draft(edit_tally=change).files()


def strong_line(change: Callable[[StrongProofs], StrongProofs]) -> Callable[[], Files]:
    return strong(lambda sound: replace(sound, shares=(change(sound.shares[0]), *sound.shares[1:])))


def another_strong_proof(line: StrongProofs) -> StrongProofs:
    return replace(line, total=cell(line.total, another_response))


def strong_proofs_of_two_answers_swapped(line: StrongProofs) -> StrongProofs:
    first, *rest = line.total
    return replace(line, total=((first[1], first[0], *first[2:]), *rest))


def a_share_numbered_as_a_fourth_trustees() -> Files:
    return Draft(edit_partials=lambda sound: [*sound, (4, sound[0][1])]).files()


def a_share_twice() -> Files:
    return Draft(edit_partials=lambda sound: [*sound, sound[0]]).files()


def a_result_without_the_third_share() -> Files:
    return Draft(owners=(1, 2), result=result.encode(RESULT)).files()


def result_changed(change: Callable[[bytes], bytes]) -> Callable[[], Files]:
    def tweak() -> Files:
        return Draft(result=change(canonical.dump({"result": RESULT}))).files()

    return tweak


def empty_files_under_tally_and_result() -> Files:
    """Bytes that are no JSON at all, with fitting hashes."""
    nothing = canonical.dump({"decryption_factors": [], "decryption_proofs": []})
    return Draft(
        encrypted_tally=b"", sums=(), edit_partials=lambda sound: [(owner, nothing) for owner, _ in sound], result=b""
    ).files()


def a_result_of_unreadable_sums() -> Files:
    """The sums are no JSON, the shares open nothing, and the result is one that could be."""
    nothing = canonical.dump({"decryption_factors": [], "decryption_proofs": []})
    return Draft(
        encrypted_tally=b"", sums=(), edit_partials=lambda sound: [(owner, nothing) for owner, _ in sound],
        result=result.encode(RESULT),
    ).files()  # fmt: skip


def shift_a_count_as_last_voter_and_trustee(by: int = 1) -> Files:
    """The attack of PROTOCOL: trustee 1 casts the last ballot and moves one count without breaking a weak proof.

    It fixes its two commitments before its ballot exists, so the challenge, which hashes nothing else, is known; then
    it chooses the ballot's randomness so that the commitments fit a false factor.
    """
    made = poll()
    phi, x = made.election.phi, made.trustee_secrets[0]
    others, last, answer = made.ballots[:-1], VOTERS[-1], 1
    before = count.accumulate(made.election, others)[0][answer].alpha
    w, b = ED25519.random(stream("attack, w")), ED25519.random(stream("attack, b"))
    commitments = f"{ED25519.base(w).text},{(before * w + ED25519.base(b)).text}"
    c = ED25519.hash(f"decrypt|{phi}|{ED25519.base(x).text}|{commitments}")
    # The factor will carry g^-by, so g^(count + by) remains of the sum.
    chosen = ED25519.scalar((b + by * c) * pow(w, -1, ORDER))
    mine = make(made.election, made.secrets[last], CHOICES[-1], drawing(chosen, at=answer))
    sums = count.accumulate(made.election, [*others, mine])
    false = sums[0][answer].alpha * x - ED25519.base(by)
    proof = Proof(c, ED25519.scalar(w - x * c))

    def edit(share: Share) -> Share:
        if share.owner != 1:
            return share
        factors, weak = ([list(row) for row in rows] for rows in (share.partial.factors, share.partial.proofs))
        factors[0][answer], weak[0][answer] = false, proof
        return replace(share, partial=PartialDecryption(tuple(map(tuple, factors)), tuple(map(tuple, weak))))

    box = sorted([*others, mine], key=lambda one: one.tracker)
    shifted = [[RESULT[0][0], RESULT[0][1] + by, *RESULT[0][2:]], *RESULT[1:]]
    return Draft(ballots=[one.raw for one in box], sums=sums, edit_share=edit, result=result.encode(shifted)).files()


def drawing(chosen: Scalar, at: int) -> Rng:
    """Random bytes of which one draw is chosen by the attacker."""
    honest, draws = stream("attack, ballot"), 0

    def rng(n: int) -> bytes:
        nonlocal draws
        drawn = honest(n) if draws != at else chosen.to_bytes(n, "big")
        draws += 1
        return drawn

    return rng
