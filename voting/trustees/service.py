"""Trustees before the vote: invitations, public keys with proofs, and the proof that each key file opens.

Nothing secret arrives here. A key is accepted only with Belenios' proof of possession and with ours, which binds it to
the selection, the name and the role, so that nobody can pass off another's key. See PROTOCOL, Possession.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys import proofs
from keys.curve import ED25519
from keys.errors import Malformed
from keys.group import Rng
from keys.trustee import Holder, PublicKey, verify_pok, verify_possession
from tally import canonical
from tally.errors import Invalid
from voting.board import service as board
from voting.errors import Code, Refused
from voting.store import clock
from voting.trustees.holder import fingerprint, opening_holder
from voting.trustees.models import Trustee

MAX_MESSAGE = 4096
LEAST_TRUSTEES = 2


@dataclass(frozen=True, slots=True)
class Invitation:
    """A trustee's link. The token is shown once; the server keeps its hash."""

    uuid: str
    n: int
    token: str

    @property
    def path(self) -> str:
        """Where the trustee goes; the token stands in the fragment, which no browser sends."""
        return f"/trustee/{self.uuid}/{self.n}#{self.token}"


@dataclass(frozen=True, slots=True)
class TrusteeRow:
    """What everybody may know of a trustee. `public_key` is Belenios' object {pok, public_key, name}."""

    n: int
    name: str
    role: str
    selection: str
    key: str | None
    public_key: dict[str, Any] | None
    opened: bool
    shared: bool
    opened_at: int | None = None

    @property
    def fingerprint(self) -> str | None:
        """Sixteen hex digits of the key's hash in groups of four, to be read aloud."""
        return fingerprint(self.key) if self.key else None


def invite(db: Session, uuid: str, selection: str, name: str, role: str, rng: Rng = secrets.token_bytes) -> Invitation:
    """List a trustee and make the link. Raises Refused: NO_SUCH_POLL; WRONG_STATE after draft; TRUSTEE_REPEATED."""
    _draft(db, uuid)
    selection, name, role = selection.strip(), name.strip(), role.strip()
    try:
        Holder(selection, name, role)
    except Malformed as error:
        raise Refused(Code.TRUSTEE_REPEATED, name) from error
    if "#" in role or max(len(name), len(role)) > 100:
        raise Refused(Code.TRUSTEE_REPEATED, name)
    n = (db.scalar(select(func.max(Trustee.n)).where(Trustee.poll == uuid)) or 0) + 1
    token = rng(24).hex()
    db.add(Trustee(poll=uuid, n=n, selection=selection, name=name, role=role, token_hash=_hash(token)))
    _flush(db, Code.TRUSTEE_REPEATED)
    return Invitation(uuid, n, token)


def renew(db: Session, uuid: str, n: int, rng: Rng = secrets.token_bytes) -> Invitation:
    """Replace a lost link; the old one stops working. Raises Refused(NO_SUCH_POLL, NOT_FOUND)."""
    row = _row(db, uuid, n)
    token = rng(24).hex()
    row.token_hash = _hash(token)
    db.flush()
    return Invitation(uuid, n, token)


def withdraw(db: Session, uuid: str, n: int) -> None:
    """Take a trustee, with the key, off the list. Later numbers close up, their links stay good. Only in draft."""
    _draft(db, uuid)
    db.delete(_row(db, uuid, n))
    db.flush()
    later = select(Trustee.n).where(Trustee.poll == uuid, Trustee.n > n).order_by(Trustee.n)
    for number in db.scalars(later).all():
        db.execute(update(Trustee).where(Trustee.poll == uuid, Trustee.n == number).values(n=number - 1))


def authenticate(db: Session, uuid: str, token: str) -> Trustee:
    """The trustee whose link this is; the token alone decides, whatever number the address carries.

    Raises Refused(INVITATION), without telling what exists.
    """
    row = db.scalar(select(Trustee).where(Trustee.poll == uuid, Trustee.token_hash == _hash(token)))
    if row is None:
        raise Refused(Code.INVITATION)
    return row


def public_trustees(db: Session, uuid: str) -> list[TrusteeRow]:
    """All trustees of a poll, in order."""
    return [_public(row) for row in db.scalars(select(Trustee).where(Trustee.poll == uuid).order_by(Trustee.n))]


def submit_key(db: Session, uuid: str, n: int, raw: bytes) -> str:
    """Register a public key: `{"public_key":{pok,public_key,name},"possession":{challenge,response}}`.

    Returns the nonce for `confirm_opened`. The same key again gives the same answer. Raises Refused: WRONG_STATE after
    draft, KEY_MALFORMED, KEY_PROOF, KEY_POSSESSION, KEY_REPEATED (another trustee's), KEY_EXISTS (own, another).
    """
    _draft(db, uuid)
    row = _row(db, uuid, n)
    public, possession = _read(raw)
    _check(public, possession, row)
    if row.key == public.key.text:
        return _nonce(db, row)
    if row.key is not None and row.opened:
        raise Refused(Code.KEY_EXISTS)
    row.key, row.opened = public.key.text, False
    row.public_key, row.possession = _text(_plain(public)), _text(canonical.plain(possession))
    row.nonce = None
    _flush(db, Code.KEY_REPEATED)
    return _nonce(db, row)


def confirm_opened(db: Session, uuid: str, n: int, raw: bytes, now: int | None = None) -> None:
    """Take the proof that the saved key file opens: `{"challenge","response"}`, a possession proof over the nonce.

    The client gets the nonce only after the key is registered and makes the proof with the private key that came out of
    the re-opened file, so a lost download or a mistyped passphrase shows now. Again ⇒ the same answer.
    Raises Refused: WRONG_STATE after draft (unless done already), KEY_MALFORMED, KEY_NOT_OPENED.
    """
    row = _row(db, uuid, n)
    if row.opened:
        return
    _draft(db, uuid)
    if row.key is None or row.nonce is None:
        raise Refused(Code.KEY_NOT_OPENED)
    proof = _read_opened(raw)
    if not verify_possession(ED25519, ED25519.parse(row.key), opening_holder(_holder(row), row.nonce), proof):
        raise Refused(Code.KEY_NOT_OPENED)
    row.opened, row.nonce, row.opened_at = True, None, clock.now() if now is None else now
    db.flush()


def keys_complete(db: Session, uuid: str) -> list[TrusteeRow]:
    """Every trustee, each proof verified anew. Call at *keyed* and again before *open*.

    Raises Refused: KEYS_INCOMPLETE for fewer than two, a missing key or one not shown to open; KEY_PROOF,
    KEY_POSSESSION, KEY_REPEATED for a row that somebody altered.
    """
    rows = list(db.scalars(select(Trustee).where(Trustee.poll == uuid).order_by(Trustee.n)))
    missing = [row.name for row in rows if row.key is None or not row.opened]
    if len(rows) < LEAST_TRUSTEES or missing or [row.n for row in rows] != list(range(1, len(rows) + 1)):
        raise Refused(Code.KEYS_INCOMPLETE, "、".join(missing))
    for row in rows:
        message = f'{{"public_key":{row.public_key},"possession":{row.possession}}}'
        public, possession = _read(message.encode())
        if public.key.text != row.key:
            raise Refused(Code.KEY_PROOF, row.name)
        _check(public, possession, row)
    if len({row.key for row in rows}) != len(rows):
        raise Refused(Code.KEY_REPEATED)
    return [_public(row) for row in rows]


def _read(raw: bytes) -> tuple[PublicKey, proofs.Proof]:
    try:
        found = canonical.record(canonical.load(raw, "key", MAX_MESSAGE), "key", ("public_key", "possession"))
        public = canonical.record(found["public_key"], "public_key", ("pok", "public_key", "name"))
        return PublicKey(
            canonical.point(ED25519, public["public_key"], "public_key"),
            canonical.proof(ED25519, public["pok"], "pok"),
            canonical.text(public["name"], "name"),
        ), canonical.proof(ED25519, found["possession"], "possession")
    except Invalid as error:
        raise Refused(Code.KEY_MALFORMED, error.where) from error


def _read_opened(raw: bytes) -> proofs.Proof:
    try:
        return canonical.proof(ED25519, canonical.load(raw, "possession", MAX_MESSAGE), "possession")
    except Invalid as error:
        raise Refused(Code.KEY_MALFORMED, error.where) from error


def _check(public: PublicKey, possession: proofs.Proof, row: Trustee) -> None:
    if not verify_pok(ED25519, public):
        raise Refused(Code.KEY_PROOF, row.name)
    if public.name != row.name or not verify_possession(ED25519, public.key, _holder(row), possession):
        raise Refused(Code.KEY_POSSESSION, row.name)


def _plain(public: PublicKey) -> dict[str, Any]:
    return {"pok": canonical.plain(public.pok), "public_key": public.key.text, "name": public.name}


def _text(value: object) -> str:
    return canonical.dump(value).decode()


def _holder(row: Trustee) -> Holder:
    return Holder(row.selection, row.name, row.role)


def _public(row: Trustee) -> TrusteeRow:
    public_key = json.loads(row.public_key) if row.public_key else None
    return TrusteeRow(
        row.n, row.name, row.role, row.selection, row.key, public_key, opened=row.opened, shared=row.share is not None,
        opened_at=row.opened_at,
    )  # fmt: skip


def _nonce(db: Session, row: Trustee) -> str:
    if row.nonce is None:
        row.nonce = secrets.token_hex(16)
        db.flush()
    return row.nonce


def _draft(db: Session, uuid: str) -> None:
    if board.get(db, uuid).state != board.State.DRAFT:
        raise Refused(Code.WRONG_STATE)


def _row(db: Session, uuid: str, n: int) -> Trustee:
    board.get(db, uuid)
    row = db.get(Trustee, (uuid, n))
    if row is None:
        raise Refused(Code.NOT_FOUND)
    return row


def _flush(db: Session, code: Code) -> None:
    try:
        db.flush()
    except IntegrityError as error:
        db.rollback()
        raise Refused(code) from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
