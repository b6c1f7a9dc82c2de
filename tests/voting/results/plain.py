"""A poll tallied without encrypting one ballot: the sums of a meeting's plain votes, put where the record has them."""

import datetime as dt
import secrets

from sqlalchemy.orm import Session

from keys.curve import ED25519
from keys.trustee import generate
from tally.closing import Closing, Counts
from tally.manifest import Manifest
from tally.published import Published
from tally.voter_groups import disclosures, shown_labels
from voting import sample
from voting.board import service as board
from voting.board.models import State
from voting.polls import building, drafts
from voting.trustees.service import TrusteeRow

SECRET = b"a secret that only these tests know: 0123456789"


def tally(db: Session, uuid: str, meeting: sample.Sample, now: dt.datetime) -> None:
    """Draft → tallied. Election and manifest are the real ones; the counts follow from the plain votes by the rule."""
    poll, on_board, key = drafts.get(db, uuid), board.get(db, uuid), board.receipt_key(SECRET, uuid)
    for group in poll.groups:
        publics = [board.key_bytes(ED25519.base(secrets.randbits(200)).text) for _ in range(group.printed)]
        board.add_credentials(db, uuid, group.position, publics)
    rows = []
    for n, (name, role) in enumerate(sample.TRUSTEES, 1):
        _, public = generate(ED25519, secrets.token_bytes, name)
        plain = {
            "pok": {"challenge": str(public.pok.challenge), "response": str(public.pok.response)},
            "public_key": public.key.text, "name": name,
        }  # fmt: skip
        rows.append(TrusteeRow(n, name, role, "", public.key.text, plain, opened=True, shared=True))
    frozen = building.build(
        db, poll, on_board, trustees=rows, assets=(), receipt_key=key, timestamp=int(now.timestamp())
    )
    board.freeze(
        db, uuid, election=frozen.election, trustees=frozen.trustees, credentials=frozen.credentials,
        manifest=frozen.manifest, log=frozen.log, minimum=on_board.minimum,
    )  # fmt: skip
    election, manifest = board.parsed(frozen.election), Manifest.parse(frozen.manifest)
    labels = [group.label for group in manifest.groups]
    cast = [sum(group == label for group, _ in meeting.ballots) for label in labels]
    columns = range(len(election.questions))

    def added(label: str | None, q: int) -> tuple[int, ...]:
        mine = [rows[q] for group, rows in meeting.ballots if label in (None, group)]
        return tuple(map(sum, zip(*mine, strict=True)))

    allowed = disclosures(manifest, cast, len(columns))
    shown = shown_labels(manifest, cast, len(columns))
    groups = {
        label: tuple(added(label, q) if labels.index(label) in allowed[q].shown else None for q in columns)
        for label in shown
    }
    total = [list(added(None, q)) for q in columns]
    assert all(
        question.allows(row)
        for _, rows in meeting.ballots
        for question, row in zip(election.questions, rows, strict=True)
    )
    published = Published.of(election, manifest, cast, total, groups)
    handed_out = sum(group.printed for group in poll.groups) - meeting.left_in_hand
    statement = Closing(
        uuid=uuid, phi=election.phi, manifest=manifest.hash, head="0" * 64, ballots=sum(cast),
        cast_per_group=tuple(zip(labels, cast, strict=True)), voids="0" * 64, groups=shown,
        counts=Counts(meeting.expected, meeting.present, handed_out + meeting.left_in_hand, meeting.left_in_hand, handed_out, sum(cast)),
    ).signed(key)  # fmt: skip
    for name, body in {
        "manifest.json": manifest.raw, "closing.json": statement.raw, "result.json": published.raw,
    }.items():  # fmt: skip
        board.put_file(db, uuid, name, body)
    on_board.state, on_board.closing_since = State.TALLIED, int(now.timestamp())
    db.flush()
