"""A ballot: encrypted, proved, signed by its credential; read, judged and made here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keys import proofs
from keys.elgamal import Ciphertext, encrypt, neutral
from keys.group import Group, Point, Rng, Scalar
from keys.proofs import Opened, Proof, Proofs
from tally import canonical
from tally.errors import Code, Invalid
from tally.questions import Election, Question

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIELDS = ("election_uuid", "election_hash", "credential", "answers", "signature")
_ANSWER = ("choices", "individual_proofs", "overall_proof")


@dataclass(frozen=True, slots=True)
class Answer:
    """The encrypted answer to one question with its proofs. Spec: BALLOT-2."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[Proofs, ...]
    overall_proof: Proofs
    blank_proof: Proofs | None = None

    def plain(self) -> dict[str, Any]:
        """Return the answer as JSON has it."""
        blank = {} if self.blank_proof is None else {"blank_proof": [canonical.plain(p) for p in self.blank_proof]}
        return {
            "choices": [{"alpha": ct.alpha.text, "beta": ct.beta.text} for ct in self.choices],
            "individual_proofs": [[canonical.plain(p) for p in pair] for pair in self.individual_proofs],
            "overall_proof": [canonical.plain(p) for p in self.overall_proof],
            **blank,
        }


@dataclass(frozen=True)
class Ballot:
    """A ballot whose form, points and scalars have been checked; its proofs only if it came from `check` or `make`."""

    election_uuid: str
    election_hash: str
    credential: Point
    answers: tuple[Answer, ...]
    signature_hash: str
    signature: Proof

    @cached_property
    def _unsigned(self) -> dict[str, Any]:
        return {
            "election_uuid": self.election_uuid,
            "election_hash": self.election_hash,
            "credential": self.credential.text,
            "answers": [answer.plain() for answer in self.answers],
        }

    @cached_property
    def raw(self) -> bytes:
        """The one canonical encoding. Spec: BALLOT-1."""
        signature = {"hash": self.signature_hash, "proof": canonical.plain(self.signature)}
        return canonical.dump({**self._unsigned, "signature": signature})

    @cached_property
    def tracker(self) -> str:
        """b64 SHA-256 of the ballot, 43 characters. Spec: BALLOT-5."""
        return tracker(self.raw)

    @property
    def alphas(self) -> list[str]:
        """The first halves of all ciphertexts, which may stand in a box only once."""
        return [ct.alpha.text for answer in self.answers for ct in answer.choices]

    @classmethod
    def parse(cls, raw: bytes, election: Election) -> "Ballot":
        """Read a ballot of this election: form, sizes, points. Raises Invalid. Spec: BALLOT-1, BALLOT-2."""
        fields = canonical.record(canonical.load(raw, "ballot", max_size(election)), "ballot", _FIELDS)
        if fields["election_uuid"] != election.uuid or fields["election_hash"] != election.phi:
            raise Invalid(Code.OTHER_ELECTION, "ballot")
        values = canonical.items(fields["answers"], "ballot, answers")
        if len(values) != len(election.questions):
            raise Invalid(Code.MALFORMED, "ballot, answers")
        signature = canonical.record(fields["signature"], "ballot, signature", ("hash", "proof"))
        group = election.group
        ballot = cls(
            election_uuid=election.uuid,
            election_hash=election.phi,
            credential=canonical.point(group, fields["credential"], "ballot, credential"),
            answers=tuple(
                _read_answer(group, question, value, f"question {number}")
                for number, (question, value) in enumerate(zip(election.questions, values, strict=True), 1)
            ),
            signature_hash=canonical.text(signature["hash"], "ballot, signature"),
            signature=canonical.proof(group, signature["proof"], "ballot, signature"),
        )
        canonical.same(raw, ballot.raw, "ballot")
        return ballot

    @classmethod
    def check(cls, raw: bytes, election: Election) -> "Ballot":
        """Read and judge a ballot. Raises Invalid. Spec: BALLOT-3, BALLOT-4."""
        ballot = cls.parse(raw, election)
        ballot.verify_signature(election)
        ballot.verify_proofs(election)
        return ballot

    def verify_signature(self, election: Election) -> None:
        """Check that the credential's holder signed just these answers. Raises Invalid(SIGNATURE). Spec: BALLOT-4."""
        if self.signature_hash != canonical.b64_hash(canonical.dump(self._unsigned)):
            raise Invalid(Code.SIGNATURE, "ballot")
        if not proofs.verify(election.group, self.credential, f"sig|{self.signature_hash}", self.signature):
            raise Invalid(Code.SIGNATURE, "ballot")

    def verify_proofs(self, election: Election) -> None:
        """Check every proof of every answer. Raises Invalid(…_PROOF, CIPHERTEXT_REPEATED). Spec: BALLOT-3."""
        if len(set(self.alphas)) != len(self.alphas):
            raise Invalid(Code.CIPHERTEXT_REPEATED, "ballot")
        context = _context(election, self.credential)
        for number, (question, answer) in enumerate(zip(election.questions, self.answers, strict=True), 1):
            _verify_answer(election, question, answer, context, f"question {number}")


def tracker(raw: bytes) -> str:
    """Return the tracker of a ballot's exact bytes. Spec: BALLOT-5."""
    return canonical.b64_hash(raw)


def short(full: str) -> str:
    """Return the 查验码: the tracker's first 40 bits as 8 Crockford characters in two groups. Spec: BALLOT-5."""
    bits = int.from_bytes(canonical.unb64(full, "tracker", 32)[:5])
    characters = "".join(_CROCKFORD[(bits >> shift) & 31] for shift in range(35, -1, -5))
    return f"{characters[:4]} {characters[4:]}"


def max_size(election: Election) -> int:
    """Return an upper bound, in bytes, of any ballot of the election: the body limit and the pigeonholes' size."""
    point, scalar = len(election.group.base(1).text) + 16, len(str(election.group.order))
    proof = 2 * scalar + len('{"challenge":"","response":""},')
    size = 600 + point + len(election.uuid) + proof
    for question in election.questions:
        branches = (question.max - question.min + 2) + 4 * question.blank
        size += question.width * (2 * point + 2 * proof + 8) + branches * proof + 120
    return size


def make(
    election: Election,
    secret: Scalar,
    choices: Sequence[Sequence[int]],
    rng: Rng,
    progress: Callable[[int], None] = lambda _: None,
) -> Ballot:
    """Encrypt and sign a ballot; `choices` holds 0/1 per ciphertext, the blank flag first. Spec: BALLOT-1 to BALLOT-4.

    Raises Invalid(MALFORMED) for choices that the questions do not allow.
    """
    credential = election.group.base(secret)
    if len(choices) != len(election.questions):
        raise Invalid(Code.MALFORMED, "choices")
    context = _context(election, credential)
    answers = []
    for number, (question, choice) in enumerate(zip(election.questions, choices, strict=True), 1):
        if not question.allows(tuple(choice)):
            raise Invalid(Code.MALFORMED, f"choices, question {number}")
        answers.append(_make_answer(election, question, choice, context, rng))
        progress(number)
    unsigned = Ballot(election.uuid, election.phi, credential, tuple(answers), "", Proof(Scalar(0), Scalar(0)))
    digest = canonical.b64_hash(canonical.dump(unsigned._unsigned))  # noqa: SLF001 - our own class
    signature = proofs.sign(election.group, secret, f"sig|{digest}", rng)
    return Ballot(election.uuid, election.phi, credential, tuple(answers), digest, signature)


def _context(election: Election, credential: Point) -> str:
    """S0: what every proof of a ballot is bound to."""
    return f"{election.phi}|{credential.text}"


def _question_context(context: str, choices: Sequence[Ciphertext]) -> str:
    """S: S0 and all ciphertexts of the question."""
    return f"{context}|{','.join(ct.text for ct in choices)}"


def _sum(group: Group, choices: Sequence[Ciphertext]) -> Ciphertext:
    total = choices[0] if choices else neutral(group)
    for ct in choices[1:]:
        total = total + ct
    return total


def _read_answer(group: Group, question: Question, value: Any, where: str) -> Answer:
    fields = canonical.record(value, where, _ANSWER, ("blank_proof",) if question.blank else ())
    choices = canonical.items(fields["choices"], where)
    pairs = canonical.items(fields["individual_proofs"], where)
    if len(choices) != question.width or len(pairs) != question.width:
        raise Invalid(Code.MALFORMED, where)
    return Answer(
        choices=tuple(_read_ciphertext(group, one, f"{where}, answer {n}") for n, one in enumerate(choices, 1)),
        individual_proofs=tuple(canonical.proofs(group, pair, where) for pair in pairs),
        overall_proof=canonical.proofs(group, fields["overall_proof"], where),
        blank_proof=canonical.proofs(group, fields.get("blank_proof"), where) if question.blank else None,
    )


def _read_ciphertext(group: Group, value: Any, where: str) -> Ciphertext:
    fields = canonical.record(value, where, ("alpha", "beta"))
    # beta may be the identity by chance; alpha may not, it would show the vote. Spec: GROUP-3.
    return Ciphertext(
        canonical.point(group, fields["alpha"], where), canonical.point(group, fields["beta"], where, identity=True)
    )


def _verify_answer(election: Election, question: Question, answer: Answer, context: str, where: str) -> None:
    group, key = election.group, election.public_key
    for number, (ct, pair) in enumerate(zip(answer.choices, answer.individual_proofs, strict=True), 1):
        if not proofs.verify_bit(group, key, context, ct, pair):
            raise Invalid(Code.INDIVIDUAL_PROOF, f"{where}, answer {number}")
    bound = _question_context(context, answer.choices)
    if answer.blank_proof is None:
        total = _sum(group, answer.choices)
        if not proofs.verify_sum(group, key, bound, total, question.min, question.max, answer.overall_proof):
            raise Invalid(Code.OVERALL_PROOF, where)
        return
    blank, rest = answer.choices[0], _sum(group, answer.choices[1:])
    if not proofs.verify_blank_or_empty(group, key, bound, blank, rest, answer.blank_proof):
        raise Invalid(Code.BLANK_PROOF, where)
    if not proofs.verify_blank_or_sum(group, key, bound, blank, rest, question.min, question.max, answer.overall_proof):
        raise Invalid(Code.OVERALL_PROOF, where)


def _make_answer(election: Election, question: Question, choice: Sequence[int], context: str, rng: Rng) -> Answer:
    group, key = election.group, election.public_key
    opened = []
    for message in choice:
        randomness = group.random(rng)
        opened.append(Opened(encrypt(group, key, message, randomness), message, randomness))
    choices = tuple(one.ciphertext for one in opened)
    individual = tuple(proofs.prove_bit(group, key, context, one, rng) for one in opened)
    bound = _question_context(context, choices)
    if not question.blank:
        total = _opened_sum(group, opened)
        return Answer(choices, individual, proofs.prove_sum(group, key, bound, total, question.min, question.max, rng))
    blank, rest = opened[0], _opened_sum(group, opened[1:])
    return Answer(
        choices,
        individual,
        proofs.prove_blank_or_sum(group, key, bound, blank, rest, question.min, question.max, rng),
        proofs.prove_blank_or_empty(group, key, bound, blank, rest, rng),
    )


def _opened_sum(group: Group, opened: Sequence[Opened]) -> Opened:
    return Opened(
        _sum(group, [one.ciphertext for one in opened]),
        sum(one.message for one in opened),
        group.scalar(sum(one.randomness for one in opened)),
    )
