"""A ballot that the box signed for and does not list goes in on its receipt, before two officials, while closing."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from tally.errors import Invalid
from tally.manifest import Manifest
from tally.receipt import Receipt
from voting.accounts import audit
from voting.board import service as board
from voting.board.models import State
from voting.booth import service as booth
from voting.errors import Code, Refused
from voting.polls import counting, drafts, officials
from voting.polls.officials import Official


def insert_missing(db: Session, uuid: str, raw: bytes, *, named: Sequence[Official], actor: str) -> None:
    """Insert the ballot of a receipt file, checked as at its cast. The log names neither slip nor tracker.

    Raises Refused: NO_SUCH_POLL, WRONG_STATE unless closing, OFFICIALS_INVALID, RECEIPT_MALFORMED, BALLOT_OTHER_POLL,
    RECEIPT_FALSE, BALLOT_*, UNKNOWN_CREDENTIAL, SLIP_VOIDED, CREDENTIAL_USED, ALREADY_IN_BOX, CIPHERTEXT_REPEATED,
    MUST_BE_VOID if more ballots than slips handed out would then be in the box.
    """
    on_board = drafts.locked(db, uuid)
    if on_board.state != State.CLOSING:
        raise Refused(Code.WRONG_STATE)
    pair = officials.check_pair(db, drafts.get(db, uuid), named)
    election, manifest = board.parsed(on_board.election), Manifest.parse(on_board.manifest)
    receipt = _read(raw)
    if receipt.uuid != uuid:
        raise Refused(Code.BALLOT_OTHER_POLL)
    try:
        receipt.verify(manifest.receipt_key, election.phi)
    except Invalid as invalid:
        raise Refused(Code.RECEIPT_FALSE) from invalid
    board.insert_missing(db, uuid, booth.checked(receipt.ballot, election))
    if counting.of_poll(on_board, board.count(db, uuid), board.voided(db, uuid)).too_many:
        raise Refused(Code.MUST_BE_VOID, "请先核对手中剩余")
    audit.record(db, actor, "poll.inserted", uuid, f"1 张，凭回执（{'、'.join(one.name for one in pair)}）")


def _read(raw: bytes) -> Receipt:
    try:
        return Receipt.parse(raw)
    except Invalid as invalid:
        raise Refused(Code.RECEIPT_MALFORMED, invalid.code.value) from invalid
