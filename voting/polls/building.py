"""From the office's draft to the exact bytes that φ fixes: election, trustees, credentials, manifest, Setup event."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from keys.curve import ED25519
from tally.credentials import encode_credentials
from tally.errors import Invalid
from tally.manifest import Asset, Manifest, NamedTrustee, VoterGroup
from tally.names import distinct
from tally.questions import Election, Question
from tally.record import Log
from tally.trustees import Trustees, read_public_key
from voting.board import service as board
from voting.board.models import BoardPoll
from voting.errors import Code, Refused
from voting.polls.models import DECIDED, FINE, Kind, Poll, answers_of
from voting.selections import service as selections
from voting.trustees.service import TrusteeRow

__all__ = ["Asset", "Frozen", "booth_assets", "build", "questions", "sample_election"]

PHONE_FILES = ("css/tokens.css", "css/booth.css", "js/booth", "js/protocol", "vendor/noble-booth.js")


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that is fixed when the box opens, byte for byte, and the 启用印记 (two groups of four)."""

    election: bytes
    trustees: bytes
    credentials: bytes
    manifest: bytes
    log: bytes
    seal: str


def questions(db: Session, poll: Poll) -> tuple[Question, ...]:
    """The ballot's questions as they would be frozen now.

    A recommendation: each post with its candidates, blank = 弃权. An evaluation: person by person, the chosen items in
    their order; a decision: one question a person; in both no mark is 弃权.
    Raises Refused(CHOICES_INVALID) if two answers of a post read alike or hide something (Spec: NAME-1): the record would
    not verify. PERSONS_INVALID likewise for persons.
    """
    if poll.kind != Kind.RECOMMENDATION:
        return _of_persons(poll)
    found: list[Question] = []
    for planned in poll.questions:
        answers = tuple(c.answer for c in selections.candidates(db, planned.post_id))
        if not distinct(answers):
            raise Refused(Code.CHOICES_INVALID, planned.post.title)
        try:
            found.append(Question(text=planned.post.title, answers=answers, min=1, max=planned.max_choices, blank=True))
        except Invalid as error:
            raise Refused(Code.CHOICES_INVALID, planned.post.title) from error
    return tuple(found)


def _of_persons(poll: Poll) -> tuple[Question, ...]:
    lines = [person.answer for person in poll.persons]
    if not lines or not distinct(lines):
        raise Refused(Code.PERSONS_INVALID)
    if poll.kind == Kind.DECISION:
        return tuple(Question(text=line, answers=DECIDED, min=0, max=1) for line in lines)
    return tuple(
        Question(text=f"{line}：{item}", answers=answers_of(item), min=0, max=1)
        for line in lines
        for item in poll.asked
    )


def by_group(poll: Poll, asked: Sequence[Question]) -> tuple[int, ...]:
    """Questions of which a group needs only the poll's minimum: all, but for an evaluation's 德能勤绩廉 (Spec: GROUPS-3)."""
    if poll.kind != Kind.EVALUATION:
        return tuple(range(len(asked)))
    each = len(poll.asked)
    return tuple(q for q in range(len(asked)) if poll.asked[q % each] not in FINE)


def build(
    db: Session, poll: Poll, on_board: BoardPoll, *, trustees: Sequence[TrusteeRow], assets: Sequence[Asset],
    receipt_key: SigningKey, timestamp: int,
) -> Frozen:  # fmt: skip
    """Freeze a poll. `timestamp` (unix seconds) stands in the archive's headers: the set-up's time, nobody's cast."""
    keys = Trustees.of(ED25519, [read_public_key(ED25519, row.public_key, f"trustee {row.n}") for row in trustees])
    keys.check()
    asked = questions(db, poll)
    groups = _groups(db, poll)
    manifest = Manifest(
        uuid=poll.uuid,
        selection=poll.selection.title,
        kind=poll.kind,
        rehearsal=on_board.rehearsal,
        transport=on_board.transport,
        groups=groups,
        minimum=on_board.minimum,
        receipt_key=receipt_key.verify_key.encode().hex(),
        trustees=tuple(NamedTrustee(row.name, row.role, row.key or "") for row in trustees),
        assets=tuple(assets),
        by_group=by_group(poll, asked),
        replaces=poll.replaces or None,
    )
    credentials = [key for group in groups for key in group.credentials]
    election = Election(
        group=ED25519,
        description=_description(poll, on_board, manifest),
        name=on_board.title,
        public_key=keys.election_key,
        questions=asked,
        uuid=poll.uuid,
        administrator=poll.administrator,
        credential_authority=poll.credential_authority,
    )
    listed = encode_credentials(credentials)
    log = Log(timestamp)
    log.setup(election.raw, keys.raw, listed)
    return Frozen(election.raw, keys.raw, listed, manifest.raw, log.encode(), seal(log.setup_event or ""))


def booth_assets(static: Path) -> tuple[Asset, ...]:
    """What phones are served, each file with its SHA-256, sorted by path: the scripts and styles of the booth."""
    files = sorted(
        file
        for part in PHONE_FILES
        for file in ([static / part] if (static / part).is_file() else (static / part).rglob("*"))
        if file.suffix in {".js", ".css"}
    )
    return tuple(
        Asset(f"/static/{file.relative_to(static).as_posix()}", sha256(file.read_bytes()).hexdigest()) for file in files
    )


def seal(digest: str) -> str:
    """The first 8 hex digits in capitals, in two groups of four."""
    return f"{digest[:4]} {digest[4:8]}".upper()


def _groups(db: Session, poll: Poll) -> tuple[VoterGroup, ...]:
    """The credential list shared out among the groups, each part in the record's order."""
    parts: dict[int, list[str]] = {}
    for raw, index in board.credentials(db, poll.uuid):
        parts.setdefault(index, []).append(board.key_text(raw))
    return tuple(VoterGroup(group.label, tuple(parts.get(group.position, ()))) for group in poll.groups)


def _description(poll: Poll, on_board: BoardPoll, manifest: Manifest) -> str:
    lines = [poll.selection.bureau, poll.selection.title, poll.label]
    if on_board.rehearsal:
        lines.append("演练，不计入任何结果")
    return "\n".join([*lines, manifest.description_line])


def sample_election(db: Session, poll: Poll) -> bytes:
    """An election of this poll's shape for the test phone: another name, and a key whose secret is drawn and forgotten.

    Its φ is not the poll's, so nothing that is made for it can be cast. Raises Refused(CHOICES_INVALID).
    """
    nobody = ED25519.base(ED25519.random(secrets.token_bytes))
    return Election(
        group=ED25519, description="会前检查，不是选票", name="会前检查", public_key=nobody, questions=questions(db, poll),
        uuid=f"check{poll.uuid}"[:32], administrator=poll.administrator, credential_authority=poll.credential_authority,
    ).raw  # fmt: skip
