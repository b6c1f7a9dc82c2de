"""Voiding slips that are in the officials' hands: two of them named, each slip proved by its own key."""

from dataclasses import replace

from sqlalchemy.orm import Session

from keys.curve import ED25519
from tally import voids
from tally.errors import Invalid
from voting.accounts import audit
from voting.board import service as board
from voting.errors import Code, Refused
from voting.polls import drafts, officials
from voting.polls.officials import Official

AT_ONCE = 50
REASONS = {"leftover": "剩余", "damaged": "污损", "contested": "有异议", "challenged": "试投核对"}


def void_slips(db: Session, uuid: str, raw: bytes, *, actor: str) -> list[int]:
    """Void what `raw` lists, all or nothing: the bytes are those of a `voids.json`, made where the slips are.

    Returns the group index of each slip, in the list's order. The log says how many and why, and names no slip. Raises
    Refused: NO_SUCH_POLL, VOID_MALFORMED, OFFICIALS_INVALID and what board.void_slip raises.
    """
    drafts.locked(db, uuid)
    poll = drafts.get(db, uuid)
    listed = _read(raw)
    pairs = {one.officials for one in listed}
    if len(pairs) != 1:
        raise Refused(Code.OFFICIALS_INVALID)
    first, second = officials.check_pair(db, poll, [Official(name) for name in pairs.pop()])
    for one in listed:
        board.void_slip(db, uuid, replace(one, officials=(first.name, second.name)))
    why = "、".join(REASONS[reason] for reason in sorted({one.reason for one in listed}, key=list(REASONS).index))
    audit.record(db, actor, "poll.slips_void", uuid, f"{len(listed)} 张，{why}（{first.name}、{second.name}）")
    groups = dict(board.credentials(db, uuid))
    return [groups[board.key_bytes(one.credential.text)] for one in listed]


def _read(raw: bytes) -> tuple[voids.Void, ...]:
    try:
        listed = voids.parse(raw, ED25519)
    except Invalid as invalid:
        raise Refused(Code.VOID_MALFORMED, invalid.code.value) from invalid
    if not 1 <= len(listed) <= AT_ONCE:
        raise Refused(Code.VOID_MALFORMED)
    return listed
