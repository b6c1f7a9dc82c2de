"""A small meeting for the trustees' tests: three holders on machines of their own, a board, ballots, a closed box."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from keys.group import Scalar
from keys.proofs import Proof
from keys.trustee import Holder, generate, prove_possession
from tally import ballot as ballots
from tally import canonical, voter_groups
from tally.closing import Closing
from tally.credentials import encode_credentials
from tally.manifest import Manifest, NamedTrustee, VoterGroup
from tally.questions import Election, Question
from tally.record import Log
from tally.shares import Share, decrypt
from tally.trustees import Trustees, read_public_key
from voting.board import service as board
from voting.polls.closing import seal_box
from voting.polls.counting import RoomCounts
from voting.trustees import service
from voting.trustees.holder import opening_holder
from voting.trustees.service import Invitation

UUID = "4rRvc7HTY5uUqY"
SELECTION = "2026年机关科级领导职务选拔任用"
PEOPLE = (("郑为民", "机关纪委"), ("梁静姝", "工会"), ("冯立群", "财务处"))
RECEIPT = SigningKey(bytes(32))
CHOICES = ((0, 1, 0), (0, 1, 1), (0, 0, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1))
RESULT = [[1, 3, 3]]
GROUP = "机关中层正职"


def stream(seed: int) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


@dataclass
class Keyholder:
    """A trustee's own machine: the private key never leaves it."""

    invitation: Invitation
    name: str
    role: str
    secret: Scalar
    public: dict[str, object]

    @property
    def n(self) -> int:
        return self.invitation.n

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.invitation.token}"}

    @property
    def root(self) -> str:
        return self.invitation.path.partition("#")[0]

    def possession(self, holder: Holder | None = None) -> dict[str, str]:
        proof = prove_possession(ED25519, self.secret, holder or Holder(SELECTION, self.name, self.role), stream(5))
        return dict(canonical.plain(proof))

    def message(self, **changes: object) -> bytes:
        return json.dumps({"public_key": self.public, "possession": self.possession()} | changes).encode()

    def opening(self, nonce: str) -> bytes:
        holder = opening_holder(Holder(SELECTION, self.name, self.role), nonce)
        return json.dumps(self.possession(holder)).encode()


def new_keyholder(invitation: Invitation, name: str, role: str, seed: int) -> Keyholder:
    secret, public = generate(ED25519, stream(seed), name)
    plain = {"pok": dict(canonical.plain(public.pok)), "public_key": public.key.text, "name": name}
    return Keyholder(invitation, name, role, secret, plain)


@dataclass
class Meeting:
    """A poll on the board with its keyholders."""

    db: Session
    holders: list[Keyholder] = field(default_factory=list)
    uuid: str = UUID

    def invite(self) -> "Meeting":
        board.create(self.db, UUID, "会议推荐", rehearsal=True, transport="http")
        for seed, (name, role) in enumerate(PEOPLE):
            invitation = service.invite(self.db, UUID, SELECTION, name, role)
            self.holders.append(new_keyholder(invitation, name, role, seed))
        return self

    def make_keys(self) -> "Meeting":
        for one in self.holders:
            nonce = service.submit_key(self.db, UUID, one.n, one.message())
            service.confirm_opened(self.db, UUID, one.n, one.opening(nonce))
        return self

    def vote_and_close(self, choices: tuple[tuple[int, ...], ...] = CHOICES) -> "Meeting":
        db, state = self.db, board.State
        rows = service.keys_complete(db, UUID)
        board.advance(db, UUID, state.DRAFT, state.KEYED)
        codes = [credential.new(stream(100 + i)) for i in range(len(choices) + 2)]
        secrets_ = [credential.secret(ED25519, UUID, code) for code in codes]
        board.add_credentials(db, UUID, 0, [board.key_bytes(ED25519.base(one).text) for one in secrets_])
        board.advance(db, UUID, state.KEYED, state.ISSUED)
        keys = Trustees.of(ED25519, [read_public_key(ED25519, row.public_key, "t") for row in rows])
        credentials = tuple(board.key_text(raw) for raw, _ in board.credentials(db, UUID))
        manifest = Manifest(
            uuid=UUID, selection=SELECTION, kind="recommendation", rehearsal=True, transport="http",
            groups=(VoterGroup(GROUP, credentials),), minimum=5, receipt_key=RECEIPT.verify_key.encode().hex(),
            trustees=tuple(NamedTrustee(row.name, row.role, row.key or "") for row in rows), by_group=(0,),
        )  # fmt: skip
        question = Question(text="人事教育处处长", answers=("甲", "乙"), min=1, max=2, blank=True)
        election = Election(
            group=ED25519, description=f"演练\n{manifest.description_line}", name="会议推荐", public_key=keys.election_key,
            questions=(question,), uuid=UUID, administrator="局人教处", credential_authority="局人教处",
        )  # fmt: skip
        log = Log(1_795_332_189)
        log.setup(election.raw, keys.raw, encode_credentials(list(credentials)))
        board.freeze(
            db, UUID, election=election.raw, trustees=keys.raw, credentials=encode_credentials(list(credentials)),
            manifest=manifest.raw, log=log.encode(), minimum=5,
        )  # fmt: skip
        board.prepare_box(db, UUID)
        board.advance(db, UUID, state.ISSUED, state.OPEN)
        for index, choice in enumerate(choices):
            board.cast(db, UUID, ballots.make(election, secrets_[index], (choice,), stream(200 + index)))
        board.advance(db, UUID, state.OPEN, state.CLOSING)
        n = len(choices)
        counts = RoomCounts(expected=n, present=n, printed=n + 2, left_in_hand=2, returned=n)
        seal_box(db, board.get(db, UUID), counts, RECEIPT)
        board.advance(db, UUID, state.CLOSING, state.CLOSED)
        db.commit()
        return self

    @property
    def closing(self) -> Closing:
        return Closing.parse(board.get_file(self.db, UUID, "closing.json") or b"")

    def share(self, n: int, sigma: str | None = None, seed: int = 300) -> Share:
        """What the n-th trustee's own tool computes from the record."""
        election = Election.parse(board.get(self.db, UUID).election)
        log = Log.parse(board.get_file(self.db, UUID, f"{UUID}.bel") or b"")
        manifest = Manifest.parse(board.get(self.db, UUID).manifest)
        sums = voter_groups.add_up(election, manifest, [ballots.Ballot.parse(raw, election) for raw in log.ballots])
        secret = self.holders[n - 1].secret
        return decrypt(election, sums.total, n, secret, sigma or self.closing.sigma, stream(seed + n), sums.groups)


def bent(proof: Proof) -> Proof:
    """A proof that is off by one."""
    return Proof(proof.challenge, ED25519.scalar(proof.response + 1))


@pytest.fixture
def draft(db: Session) -> Meeting:
    """Three trustees invited, no key yet."""
    return Meeting(db).invite()


@pytest.fixture
def closed(db: Session) -> Meeting:
    """Six ballots in a sealed box."""
    return Meeting(db).invite().make_keys().vote_and_close()
